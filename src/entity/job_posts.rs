//! Job posts, reports of them and removals.

pub mod job_post;
pub mod job_post_report;
pub mod removal;
