//! Scheduled work: tasks, runs and the sandbox clock.

pub mod clock;
pub mod mutations;
pub mod of_admin;
pub mod task;
