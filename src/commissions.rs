//! What affiliates earn by new clients (F-5, F-6, F-9). Nothing is written when a client pays: a sweep reads what has been
//! paid, released and taken back in the journal, as of the end of each month, so that a late run ends as one on time.

mod notifications;
pub mod rules;
pub mod store;
mod sweep;

pub use notifications::EVENTS;
pub use store::{CHECKS, SECTIONS};
pub use sweep::{Swept, exclude_outside, list_outside, next_due, sweep};
