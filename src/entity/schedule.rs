//! Scheduled work.

pub mod lease;
pub mod task_run;
pub mod task_state;
