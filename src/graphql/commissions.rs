//! Commissions.

pub mod commission;
pub mod loaders;
