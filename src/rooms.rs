//! Rooms: client and freelancer talk about a proposal (S-9).
//!
//! The client opens the room with the first message, which starts the interview (S-5); from then on both may write, until
//! the proposal is over. Nobody changes when a message was sent.

mod notifications;
pub mod rejection;
mod send;
pub mod store;

pub use notifications::EVENTS;
pub use send::send;
pub use store::{CHECKS, SECTIONS, erase_of};
