//! The books: what concerns all slices at once. Each slice says what it owes the house, its invariants
//! (`CHECKS`), what it keeps of a person (`SECTIONS`), how it forgets them (`erase_of`), and what it says to people
//! (`EVENTS`); here it is merged, by one line a slice.

mod digest;
mod erase;
mod export;
mod message;
mod store;
mod verify;

pub use digest::digest;
pub use erase::erase;
pub use export::{Export, Row};
pub use message::message_of;
pub use verify::{Breach, verify};
