//! What clients do with the proposals they receive.

pub mod mutations;
