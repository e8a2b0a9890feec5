//! Offers and contracts.

pub mod contract;
pub mod direct;
pub mod dispute;
pub mod funding;
pub mod loaders;
pub mod milestone;
pub mod mutations;
pub mod of_admin;
pub mod of_viewer;
pub mod offer;
pub mod refund;
pub mod refunding;
