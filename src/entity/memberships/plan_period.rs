//! A period [from, until) on a plan other than the default one (M-1).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{MembershipPlan, PlanBasis},
    ids::{AccountId, WalletId},
};

/// A period [from, until) on a plan other than the default one (M-1).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "plan_periods")]
pub struct Model {
    /// The wallet.
    #[sea_orm(primary_key, auto_increment = false)]
    pub wallet_id: WalletId,
    /// First instant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_at: DateTimeUtc,
    /// The plan.
    pub plan: MembershipPlan,
    /// First instant after it; absent while it has no end.
    pub until_at: Option<DateTimeUtc>,
    /// How its cycles are paid.
    pub basis: PlanBasis,
    /// When the person cancelled it, if they did.
    pub cancelled_at: Option<DateTimeUtc>,
    /// Who set it.
    pub actor_id: Option<AccountId>,
    /// When it was written.
    pub recorded_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
