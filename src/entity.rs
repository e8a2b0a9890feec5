//! SeaORM models and nothing else: columns, enums, typed ids. No rules, and no GraphQL but for the enums.

#![allow(
    clippy::disallowed_methods,
    reason = "what the entity macro writes can open transactions; nobody calls it"
)]

pub mod account;
pub mod account_role;
pub mod attempt;
pub mod audit_entry;
pub mod entry;
pub mod enums;
pub mod expiry_notice;
pub mod idempotency_key;
pub mod ids;
pub mod instance;
pub mod job_post;
pub mod job_post_report;
pub mod lease;
pub mod lot;
pub mod mail;
pub mod membership;
pub mod movement;
pub mod notification;
pub mod one_time_token;
pub mod password;
pub mod plan_period;
pub mod policy;
pub mod proposal;
pub mod removal;
pub mod restriction;
pub mod reward_claim;
pub mod session;
pub mod task_run;
pub mod task_state;
pub mod values;
pub mod wallet;
