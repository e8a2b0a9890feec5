//! A place where money is (P-3). Its balance is kept in the same transaction as the postings.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{CashAccountKind, Currency},
    ids::{AccountId, CashAccountId, ContractId},
};

/// A place where money is (P-3). Its balance is kept in the same transaction as the postings.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "cash_accounts")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CashAccountId,
    /// What kind of place.
    pub kind: CashAccountKind,
    /// Whose it is within its kind: the id of a person or of a contract, the name of a provider; empty for the platform.
    pub holder: String,
    /// The person, if it is a person's.
    pub account_id: Option<AccountId>,
    /// The contract, if it is the escrow of one.
    pub contract_id: Option<ContractId>,
    /// Of which currency.
    pub currency: Currency,
    /// What it holds, in minor units.
    pub balance: i64,
    /// Sequence number of the last posting.
    pub last_seq: i64,
    /// When the last posting was recorded; none is recorded earlier.
    pub last_recorded_at: DateTimeUtc,
    /// When it was opened.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
