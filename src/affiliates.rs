//! The affiliate programme up to the registration of a new client: who is in it, their links, clicks on them, and to whom
//! a registration is attributed (F-1 to F-4). What is earned by it is the matter of `commissions`.

mod apply;
mod attribute;
mod click;
mod creative;
mod decide;
mod flag;
mod link;
mod notifications;
pub mod rejection;
pub mod rules;
pub mod store;

pub use apply::{Application, apply};
pub use attribute::{Came, attribute};
pub use click::{Click, Visit};
pub use creative::{
    Kept, NewCreative, Revision, Sent, keep_picture, publish_creative, retire_creative, revise_creative,
};
pub use decide::{Decision, decide};
pub use flag::{Judgement, decide_flag, list_flags, list_suspicions, suspect};
pub use link::{NewLink, create_link, retire_link};
pub use notifications::EVENTS;
pub use store::{REACHES, SECTIONS, erase_of};
