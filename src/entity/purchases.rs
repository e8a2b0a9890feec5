//! Purchases, and where buyers are taxed.

pub mod billing_detail;
pub mod purchase;
