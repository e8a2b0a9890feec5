//! Payments, and what the sandbox's provider knows of them.

pub mod payment;
pub mod payment_method;
