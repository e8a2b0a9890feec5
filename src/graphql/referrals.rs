//! Campaigns in which freelancers refer friends.

pub mod loaders;
pub mod mutations;
pub mod of_admin;
pub mod of_viewer;
pub mod referral;
pub mod referral_campaign;
pub mod referral_link;
