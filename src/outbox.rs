//! Facts to be told to people, written in the same transaction as the fact (N-1).
//!
//! This is the in-app part. A notice has a key that is unique for the person: telling it twice is
//! telling it once.

pub mod store;

pub use store::{Notice, tell};
