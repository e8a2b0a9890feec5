//! Versions of the policy: an admin writes a new one, and every process follows it without a restart.
//!
//! A version has the whole document and an instant from which it is in force, never in the past. What happened before keeps
//! the version of its time: rules ask for the one in force at the instant that they judge.

mod apply;
pub mod rejection;
pub mod rules;
pub mod store;

pub use apply::{Applied, Applying, apply};
