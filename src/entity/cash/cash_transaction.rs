//! What happened to money, once for each business key. Its postings move the money.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{CashDocumentKind, CashKind, Currency},
    ids::{AccountId, CashTransactionId},
};

/// What happened to money, once for each business key. Its postings move the money.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "cash_transactions")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CashTransactionId,
    /// What happened.
    pub kind: CashKind,
    /// The business key, unique, so that a second attempt does nothing.
    #[sea_orm(unique)]
    pub business_key: String,
    /// Of which currency.
    pub currency: Currency,
    /// How many postings it has.
    pub lines: i64,
    /// What kind of document caused it.
    pub document_kind: CashDocumentKind,
    /// Which document.
    pub document_id: Uuid,
    /// Who acted; absent for the system.
    pub actor_id: Option<AccountId>,
    /// The transaction that this one reverses, wholly or in part.
    pub reverses_id: Option<CashTransactionId>,
    /// When it counts.
    pub effective_at: DateTimeUtc,
    /// When it was written.
    pub recorded_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
