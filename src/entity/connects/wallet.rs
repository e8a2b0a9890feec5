//! A holder of Connects (P-2). Its totals are kept in the same transaction as the entries.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::ids::{AccountId, WalletId};

/// A holder of Connects (P-2). Its totals are kept in the same transaction as the entries.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "wallets")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WalletId,
    /// The freelancer who owns it.
    #[sea_orm(unique)]
    pub account_id: AccountId,
    /// Connects in open lots, including those that have expired but are not yet booked as expired.
    pub available: i64,
    /// Connects held in open auctions.
    pub held: i64,
    /// Sequence number of the last entry.
    pub last_entry_seq: i64,
    /// Sequence number of the last lot.
    pub last_lot_seq: i64,
    /// The earliest expiry of the open lots.
    pub next_expiry_at: Option<DateTimeUtc>,
    /// When the last entry was recorded; no entry is recorded earlier.
    pub last_recorded_at: DateTimeUtc,
    /// When the wallet was created.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
