//! Connects: a freelance marketplace's token economy behind GraphQL.
//!
//! ```text
//! cli, app        the command line; settings -> database, keys, schema, scheduler
//! demo            a small marketplace to look at
//! http            the GraphQL endpoint, the playground, exports, health; a request -> a viewer and a time
//! graphql         a thin skin over the entities; one resolver, one use case
//! ```
//!
//! All below is another crate, `core.rs`, so that a change above compiles without it; it is named here as if it were
//! this one. `docs/ARCHITECTURE.md` says who may call whom; `tests/it/tidy.rs` checks it.

pub mod app;
pub mod cli;
pub mod demo;
pub mod graphql;
pub mod http;

pub use connects_core::{
    accounts, affiliates, audit, books, cash, catalog, clock, closing, commissions, config, connects,
    contracts, db, engagement, entity, error, html, idempotency, input, job_posts, keyring, keys, mails,
    memberships, money, notifications, onboarding, payments, payouts, policy, policy_versions, private,
    profiles, promo_codes, proposals, providers, purchases, referral_rewards, referrals, rooms, schedule,
    settlement, subscriptions, talent_badges, tickets, viewer,
};
