//! Commissions.

pub mod commission;
pub mod loaders;
pub mod report;
