//! What a marketplace does, without GraphQL and HTTP: rules, ledger, tables, schedule.
//!
//! ```text
//! schedule        what runs when, the runner, the sandbox clock
//!   -- slices, which import only those before them --
//! audit           who changed roles, money and security
//! keyring         the keys of a database: made, wrapped again, rotated, retired
//! policy_versions the versions of the policy, and writing a new one
//! notifications   what people are notified of
//! mails           mails written with the fact, and their delivery
//! connects        the ledger
//! cash            the journal of money
//! accounts        people, suspensions, roles, signing in
//! payments        what people pay with, and what providers collect
//! memberships     plans, billing cycles, monthly grants
//! promo_codes     promo codes: what they give, to whom, and how often
//! purchases       Connects that people buy: quotes, taxes, charge-backs
//! subscriptions   plans that people pay for
//! job_posts       posts, prices, search, reports, imports
//! proposals       submitting, editing, withdrawing
//! affiliates      the affiliate programme: links, clicks, to whom a registration is attributed
//! talent_badges   badges of freelancers
//! profiles        what freelancers show of themselves
//! referrals       campaigns in which freelancers refer friends: links, invitations, who counts
//! onboarding      registration and verification
//! engagement      what the client does with a proposal
//! catalog         projects at a fixed price, which clients order without a proposal
//! rooms           client and freelancer talk about a proposal
//! contracts       offers, contracts, milestones: hiring, funding, releasing, refunds, disputes
//! settlement      what payment providers say, to the slice whose document was paid
//! commissions     what affiliates earn by new clients
//! payouts         money that goes out to people: commissions and withdrawals
//! referral_rewards what referrers earn by friends, and when it is paid
//! tickets         what people ask support about their documents
//! closing         how a post ends, and what is returned then
//! books           what concerns all slices: proving, digest, export, erasure
//!   -- the ground, which every slice may import --
//! entity          SeaORM models, enums, typed ids
//! db, clock       transactions and time
//! policy, config  the marketplace's values; the server's settings
//! keys, providers what is signed with the secret; outside services behind traits
//! error, html, input, idempotency, money, moves, private, viewer
//! ```

pub mod accounts;
pub mod affiliates;
pub mod audit;
pub mod books;
pub mod cash;
pub mod catalog;
pub mod clock;
pub mod closing;
pub mod commissions;
pub mod config;
pub mod connects;
pub mod contracts;
pub mod db;
pub mod engagement;
pub mod entity;
pub mod error;
pub mod html;
pub mod idempotency;
pub mod input;
pub mod job_posts;
pub mod keyring;
pub mod keys;
pub mod mails;
pub mod memberships;
pub mod money;
mod moves;
pub mod notifications;
pub mod onboarding;
pub mod payments;
pub mod payouts;
pub mod policy;
pub mod policy_versions;
pub mod private;
pub mod profiles;
pub mod promo_codes;
pub mod proposals;
pub mod providers;
pub mod purchases;
pub mod referral_rewards;
pub mod referrals;
pub mod rooms;
pub mod schedule;
pub mod settlement;
pub mod subscriptions;
pub mod talent_badges;
pub mod tickets;
pub mod viewer;
