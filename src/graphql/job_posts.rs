//! Job posts: search, reports and removals.

pub mod client;
pub mod job_post;
pub mod loaders;
pub mod moderation;
pub mod mutations;
pub mod of_admin;
pub mod of_viewer;
pub mod report;
pub mod search;
