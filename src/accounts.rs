//! People: accounts, suspensions, and the tokens that prove who someone is.

pub mod hs256;
pub mod rejection;
pub mod rules;
pub mod store;
mod suspend;
pub mod token;

pub use suspend::{reinstate, suspend};
