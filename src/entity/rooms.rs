//! Rooms and messages.

pub mod message;
pub mod room;
