//! SeaORM models and nothing else: columns, enums, typed ids. No rules, and no GraphQL but for the enums.

#![allow(
    clippy::disallowed_methods,
    reason = "what the entity macro writes can open transactions; nobody calls it"
)]

mod accounts;
mod audit;
mod connects;
mod job_posts;
mod keyring;
mod mails;
mod memberships;
mod notifications;
mod proposals;
mod schedule;

pub mod enums;
pub mod idempotency_key;
pub mod ids;
pub mod instance;
pub mod policy;
pub mod values;

pub use self::{
    accounts::*, audit::*, connects::*, job_posts::*, keyring::*, mails::*, memberships::*, notifications::*,
    proposals::*, schedule::*,
};
