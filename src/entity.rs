//! SeaORM models and nothing else: columns, enums, typed ids. No rules, and no GraphQL but for the enums.

#![allow(
    clippy::disallowed_methods,
    reason = "what the entity macro writes can open transactions; nobody calls it"
)]

mod accounts;
mod affiliates;
mod audit;
mod cash;
mod catalog;
mod commissions;
mod connects;
mod contracts;
mod job_posts;
mod keyring;
mod mails;
mod memberships;
mod notifications;
mod payments;
mod payouts;
mod profiles;
mod promo_codes;
mod proposals;
mod purchases;
mod referrals;
mod rooms;
mod schedule;
mod talent_badges;
mod tickets;

pub mod enums;
pub mod idempotency_key;
pub mod ids;
pub mod instance;
pub mod policy;
pub mod sandbox_charge;
pub mod sandbox_refund;
pub mod sandbox_transfer;
pub mod values;

pub use self::{
    accounts::*, affiliates::*, audit::*, cash::*, catalog::*, commissions::*, connects::*, contracts::*,
    job_posts::*, keyring::*, mails::*, memberships::*, notifications::*, payments::*, payouts::*,
    profiles::*, promo_codes::*, proposals::*, purchases::*, referrals::*, rooms::*, schedule::*,
    talent_badges::*, tickets::*,
};
