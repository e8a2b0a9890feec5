//! Tickets: people ask support about a commission, a payout or an entry of their Connects history, and dispute pending
//! commissions (F-10). What is disputed locks later.

mod notifications;
mod open;
pub mod rejection;
pub mod rules;
pub mod store;
mod write;

pub use notifications::EVENTS;
pub use open::{NewTicket, open};
pub use store::{CHECKS, SECTIONS, erase_of};
pub use write::{close, write};
