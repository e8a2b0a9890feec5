//! Notices to a person.

pub mod mutations;
pub mod notification;
