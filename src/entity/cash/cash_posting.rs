//! How much an account gets or gives in a transaction.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::Currency,
    ids::{CashAccountId, CashTransactionId},
};

/// How much an account gets or gives in a transaction. The postings of a transaction are a ring, by which the
/// database refuses one that does not sum to zero.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "cash_postings")]
pub struct Model {
    /// The account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub cash_account_id: CashAccountId,
    /// Place in the account's history, from 1, in recording order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// The transaction.
    pub transaction_id: CashTransactionId,
    /// Place in the transaction, from 1.
    pub line: i64,
    /// How many postings the transaction has.
    pub lines: i64,
    /// The place of the next one; after the last comes the first.
    pub next_line: i64,
    /// The sum of the transaction's postings before this one.
    pub sum_before: i64,
    /// The sum up to this one.
    pub sum_after: i64,
    /// Of which currency.
    pub currency: Currency,
    /// What the account gets, or, negative, gives, in minor units.
    pub amount: i64,
    /// What the account holds afterwards.
    pub balance_after: i64,
}

impl ActiveModelBehavior for ActiveModel {}
