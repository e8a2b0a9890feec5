//! Offers, contracts and disputes.

pub mod contract;
pub mod dispute;
pub mod milestone;
pub mod offer;
