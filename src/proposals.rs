//! Proposals: what freelancers send to job posts, and pay Connects for.

pub mod rejection;
pub mod rules;
pub mod store;
mod submit;

pub use submit::{Submit, Submitted, submit, submit_many};
