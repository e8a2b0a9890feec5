//! Rewards for referrals.

pub mod mutations;
