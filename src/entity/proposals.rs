//! Proposals.

pub mod proposal;
