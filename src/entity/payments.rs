//! Payments, and what went back of them.

pub mod chargeback;
pub mod payment;
pub mod payment_method;
pub mod provider_event;
pub mod refund;
