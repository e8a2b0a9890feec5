//! Offers and contracts.

pub mod contract;
pub mod loaders;
pub mod milestone;
pub mod mutations;
pub mod of_viewer;
pub mod offer;
