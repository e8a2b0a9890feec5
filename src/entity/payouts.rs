//! Payouts.

pub mod payout;
pub mod payout_approval;
pub mod payout_batch;
pub mod payout_item;
pub mod payout_method;
pub mod payout_preference;
