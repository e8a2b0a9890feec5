//! Campaigns in which freelancers refer friends.

pub mod referral;
pub mod referral_campaign;
pub mod referral_link;
