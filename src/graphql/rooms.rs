//! Rooms and messages.

pub mod loaders;
pub mod message;
pub mod mutations;
pub mod of_viewer;
pub mod room;
