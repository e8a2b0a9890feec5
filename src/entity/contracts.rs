//! Offers and contracts.

pub mod contract;
pub mod milestone;
pub mod offer;
