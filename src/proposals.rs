//! Proposals: what freelancers send to job posts, and pay Connects for.

mod edit;
mod lock;
mod notifications;
pub mod rejection;
pub mod rules;
pub mod store;
mod submit;
mod withdraw;

pub use edit::{Edits, edit};
pub use lock::{LockedProposal, lock};
pub use notifications::EVENTS;
pub use store::{CHECKS, REACHES, SECTIONS, erase_of};
pub use submit::{Offer, Submit, Submitted, submit, submit_many};
pub use withdraw::{withdraw, withdraw_all};
