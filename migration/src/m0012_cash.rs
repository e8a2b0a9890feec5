//! Clients pay from their cash account, without a payment method (P-3), and what a bank gave back counts (O-5).

use sea_orm_migration::prelude::*;

use crate::dialect::{self, Redefined};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let cash = "CHECK ((method_id IS NULL) = (provider = 'CASH_ACCOUNT') \
                    AND (provider <> 'CASH_ACCOUNT' OR state = 'PAID'))";
        let redefined = Redefined {
            table: "payments",
            from: "method_id BLOB NOT NULL REFERENCES payment_methods",
            to: &format!("method_id BLOB {cash} REFERENCES payment_methods"),
            postgres: &format!("ALTER TABLE payments ALTER COLUMN method_id DROP NOT NULL, ADD {cash}"),
        };
        dialect::redefine(manager, &redefined).await?;
        dialect::run(manager, include_str!("m0012_cash.sql")).await?;
        dialect::refuse(manager, "refunds", "UPDATE OF payment_id, provider, amount_cents", "other_money")
            .await
    }
}
