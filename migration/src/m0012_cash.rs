//! Clients pay from their cash account, without a payment method (P-3).

use sea_orm_migration::prelude::*;

use crate::dialect::{self, Redefined};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let cash = "CHECK ((method_id IS NULL) = (provider = 'CASH_ACCOUNT'))";
        let redefined = Redefined {
            table: "payments",
            from: "method_id BLOB NOT NULL REFERENCES payment_methods",
            to: &format!("method_id BLOB {cash} REFERENCES payment_methods"),
            postgres: &format!("ALTER TABLE payments ALTER COLUMN method_id DROP NOT NULL, ADD {cash}"),
        };
        dialect::redefine(manager, &redefined).await
    }
}
