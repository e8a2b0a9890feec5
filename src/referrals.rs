//! Campaigns in which freelancers refer friends, up to the friend's registration (C-1, C-2): who may refer, who is invited
//! and reminded, and which friend counts for whom. What is earned by it is the matter of `referral_rewards`.
//!
//! A campaign is locked before its referrals.

mod create;
mod end;
mod invite;
mod join;
mod notifications;
mod refer;
pub mod rejection;
pub mod rules;
pub mod store;

pub use create::{Creating, create};
pub use end::end;
pub use invite::{invite, next_due, remind};
pub use join::{candidate, join};
pub use notifications::EVENTS;
pub use refer::{announce, find_link, refer};
pub use store::{REACHES, SECTIONS};
