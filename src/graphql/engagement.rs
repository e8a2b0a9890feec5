//! What a client does with proposals.

pub mod mutations;
