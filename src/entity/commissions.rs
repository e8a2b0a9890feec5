//! Commissions.

pub mod commission;
pub mod commission_dispute;
pub mod commission_lock;
