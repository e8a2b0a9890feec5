//! That an admin has approved a plan, by what it says (W-1).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::ids::AccountId;

/// That an admin has approved a plan, by what it says (W-1).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "payout_approvals")]
pub struct Model {
    /// The digest of the plan.
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: String,
    /// The admin.
    #[sea_orm(primary_key, auto_increment = false)]
    pub admin_id: AccountId,
    /// When.
    #[sea_orm(primary_key, auto_increment = false)]
    pub approved_at: DateTimeUtc,
    /// When the plan was carried out; it counts once.
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
