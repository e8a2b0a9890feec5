//! The database schema, as an ordered list of migrations that run on SQLite and on PostgreSQL.
//!
//! A migration is one SQL text with a few dialect words in braces (see `dialect.rs`): the two
//! databases get the same tables, the same constraints and the same triggers, and a reader sees them
//! as they are.

mod dialect;
mod m0001_foundation;
mod m0002_sign_in;
mod m0003_reports;
mod m0004_keys;
mod m0005_cash;
mod m0006_payments;
mod m0007_contracts;
mod m0008_refunds;
mod m0009_rooms;
mod m0010_direct;
mod m0011_won;
mod m0012_cash;
mod m0013_affiliates;
mod m0014_payouts;
mod m0015_reviews;
mod m0016_creatives;
mod m0017_drafts;
mod m0018_publishing;
mod m0019_purchases;
mod m0020_promo_codes;
mod m0021_billing;
mod m0022_referrals;
mod m0023_profiles;
mod search;

use sea_orm_migration::prelude::MigrationTrait;
pub use sea_orm_migration::prelude::{MigratorTrait, SchemaManager};

/// All migrations, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_foundation::Migration),
            Box::new(m0002_sign_in::Migration),
            Box::new(m0003_reports::Migration),
            Box::new(m0004_keys::Migration),
            Box::new(m0005_cash::Migration),
            Box::new(m0006_payments::Migration),
            Box::new(m0007_contracts::Migration),
            Box::new(m0008_refunds::Migration),
            Box::new(m0009_rooms::Migration),
            Box::new(m0010_direct::Migration),
            Box::new(m0011_won::Migration),
            Box::new(m0012_cash::Migration),
            Box::new(m0013_affiliates::Migration),
            Box::new(m0014_payouts::Migration),
            Box::new(m0015_reviews::Migration),
            Box::new(m0016_creatives::Migration),
            Box::new(m0017_drafts::Migration),
            Box::new(m0018_publishing::Migration),
            Box::new(m0019_purchases::Migration),
            Box::new(m0020_promo_codes::Migration),
            Box::new(m0021_billing::Migration),
            Box::new(m0022_referrals::Migration),
            Box::new(m0023_profiles::Migration),
        ]
    }
}
