//! Purchases of Connects.

pub mod billing_details;
pub mod loaders;
pub mod mutations;
pub mod of_admin;
pub mod of_viewer;
pub mod purchase;
pub mod quote;
