//! A batch of Connects with one origin and one expiry (L-1). `remaining`, `open` and `revoked_at` alone change.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{enums::HistoryKind, ids::WalletId};

/// A batch of Connects with one origin and one expiry (L-1). `remaining`, `open` and `revoked_at` alone change.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "lots")]
pub struct Model {
    /// The wallet.
    #[sea_orm(primary_key, auto_increment = false)]
    pub wallet_id: WalletId,
    /// Number among the wallet's lots, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// The entry that issued it.
    pub entry_seq: i64,
    /// Its origin.
    pub source: HistoryKind,
    /// Connects issued.
    pub quantity: i64,
    /// Connects left.
    pub remaining: i64,
    /// Whether any are left.
    pub open: bool,
    /// When it was issued.
    pub issued_at: DateTimeUtc,
    /// Its key in the order of use: `issued_at`, or that of the source lot for a returned one (T-7).
    pub order_at: DateTimeUtc,
    /// It can be spent strictly before this instant (L-2).
    pub expires_at: DateTimeUtc,
    /// Whether its Connects have had the grace that a return gives once (T-4).
    pub grace_used: bool,
    /// The lot from which its Connects first came; absent for a lot of their own.
    pub origin_seq: Option<i64>,
    /// When a charge-back took back what issued it: what returns to it is taken away at once (B-4).
    pub revoked_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
