//! Months of a plan that were given to a person (M-10, M-13).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{GiftSource, MembershipPlan},
    ids::{AccountId, WalletId},
};

/// A month of a plan that was given to a person (M-10, M-13). The first one is used first.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "gift_months")]
pub struct Model {
    /// The wallet.
    #[sea_orm(primary_key, auto_increment = false)]
    pub wallet_id: WalletId,
    /// Its number in the wallet, from one on.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// The plan.
    pub plan: MembershipPlan,
    /// From where it comes.
    pub source: GiftSource,
    /// The admin who gave it.
    pub actor_id: Option<AccountId>,
    /// When it was given.
    pub given_at: DateTimeUtc,
    /// The start of the cycle for which it was used.
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
