//! Notifications to a person.

pub mod mutations;
pub mod notification;
pub mod of_viewer;
