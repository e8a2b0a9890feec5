//! One immutable, balanced change of a wallet.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{DocumentKind, HistoryKind},
    ids::{AccountId, WalletId},
};

/// One immutable, balanced change of a wallet.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "entries")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub wallet_id: WalletId,
    /// Place in the wallet's history, from 1, in recording order (H-5).
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// What happened (H-7).
    pub kind: HistoryKind,
    /// Change of the spendable Connects.
    pub available_change: i64,
    /// Change of the held Connects.
    pub held_change: i64,
    /// Change of the world outside; the three sum to zero.
    pub outside_change: i64,
    /// Spendable Connects after this entry.
    pub available_after: i64,
    /// Held Connects after this entry.
    pub held_after: i64,
    /// The business key, unique in the wallet, so that a second attempt does nothing.
    pub business_key: String,
    /// What kind of document caused it.
    pub document_kind: DocumentKind,
    /// Which document.
    pub document_id: String,
    /// Who acted; absent for the system.
    pub actor_id: Option<AccountId>,
    /// The entry that this one reverses.
    pub reverses_seq: Option<i64>,
    /// When it counts.
    pub effective_at: DateTimeUtc,
    /// When it was written.
    pub recorded_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
