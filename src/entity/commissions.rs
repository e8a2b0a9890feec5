//! Commissions.

pub mod commission;
pub mod commission_lock;
