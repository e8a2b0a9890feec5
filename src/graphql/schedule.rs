//! Scheduled work under an admin's hand.

pub mod clock;
pub mod mutations;
pub mod of_admin;
pub mod task;
