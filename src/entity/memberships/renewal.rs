//! Cycles that have begun and are to be paid by the person (M-7).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{MembershipPlan, RenewalState},
    ids::WalletId,
};

/// A cycle that has begun and is to be paid by the person (M-7).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "renewals")]
pub struct Model {
    /// The wallet.
    #[sea_orm(primary_key, auto_increment = false)]
    pub wallet_id: WalletId,
    /// When the cycle starts.
    #[sea_orm(primary_key, auto_increment = false)]
    pub starts_at: DateTimeUtc,
    /// The plan.
    pub plan: MembershipPlan,
    /// How it stands.
    pub state: RenewalState,
    /// When it was paid, or could not be.
    pub ended_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
