//! The books: what concerns all slices at once. Each slice declares its invariants (`CHECKS`), what it stores about a
//! person (`SECTIONS`), how it erases that (`erase_of`), what it notifies people of (`EVENTS`), and whom the policy
//! reaches (`REACHES`); here this is merged, with one line per slice.

mod digest;
mod erase;
mod export;
mod message;
mod preview;
mod store;
mod verify;

pub use digest::digest;
pub use erase::{Erasing, erase};
pub use export::{Export, Row};
pub use message::message_of;
pub use preview::{PolicyPreview, Reached, preview};
pub use verify::{Breach, verify};
