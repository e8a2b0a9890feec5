//! Scheduled work under an admin's hand.

pub mod task;
