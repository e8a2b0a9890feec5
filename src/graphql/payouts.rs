//! Payouts.

pub mod loaders;
pub mod mutations;
pub mod of_admin;
pub mod of_viewer;
pub mod payout;
pub mod payout_method;
pub mod plan;
pub mod plans;
