//! The key ring.

pub mod key;
