//! Stories over the whole: one database a test, SQLite by default, PostgreSQL where
//! `TEST_DATABASE_URL` names a server. Rules are tested where they stand; here is what needs a database.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    reason = "a test that fails should"
)]

mod affiliates;
mod audit;
mod backup;
mod bodies;
mod browsers;
mod card_testing;
mod cash;
mod cash_batches;
mod cash_payments;
mod catalog;
mod changed_secrets;
mod charge_backs;
mod circles;
mod clock;
mod closing;
mod closure;
mod command_line;
mod commissions;
mod contracts;
mod creatives;
mod demo;
mod direct_offers;
mod disputes;
mod early_charge_backs;
mod engagement;
mod every_deed;
mod expiry;
mod faults;
mod fields;
mod flags;
mod gifts;
mod grants;
mod group_commit;
mod history;
mod http;
mod import;
mod invoices;
mod job_posts;
mod keys;
mod language;
mod leaving_affiliates;
mod ledger;
mod ledger_oracle;
mod mails;
mod map_of_rules;
mod money_screens;
mod nodes;
mod offers;
mod operations;
mod outages;
mod payments;
mod payout_answers;
mod payout_files;
mod payouts;
mod people;
mod personal_data;
mod policy_versions;
mod profiles;
mod programme_deeds;
mod promo_codes;
mod proposals;
mod proration;
mod purchases;
mod purchases_charged_back;
mod queues;
mod races;
mod reconciling;
mod referral_rewards;
mod referrals;
mod refunds;
mod renewals;
mod reports;
mod retries;
mod return_reversals;
mod rooms;
mod schedule;
mod schema;
mod search;
mod secrets;
mod sessions;
mod shared_commits;
mod shared_reads;
mod sign_in;
mod statement_plans;
mod statements;
mod states;
mod subscriptions;
mod support;
mod suspensions;
mod tables;
mod texts;
mod tickets;
mod tidy;
mod verifying;
mod withdrawals;
mod words;
