//! What affiliates earn by new clients (F-5, F-6, F-9). Nothing is written when a client pays: a sweep reads what has been
//! paid, released and taken back in the journal, as of the end of each month, so that a late run ends as one on time.

mod dispute;
mod give_up;
mod judge;
mod notifications;
pub mod rules;
pub mod store;
mod sweep;

pub use dispute::{dispute, must_be_disputable, settle_dispute};
pub use give_up::give_up;
pub use judge::{Stopped, judge_unpaid, list_stopped};
pub use notifications::EVENTS;
pub use store::{CHECKS, SECTIONS};
pub use sweep::{Swept, next_due, sweep};
