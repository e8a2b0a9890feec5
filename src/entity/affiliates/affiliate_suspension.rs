//! A time in which an affiliate was suspended (F-8).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::ids::AccountId;

/// A time in which an affiliate was suspended, or since which they are out of the programme (F-8).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "affiliate_suspensions")]
pub struct Model {
    /// The affiliate.
    #[sea_orm(primary_key, auto_increment = false)]
    pub affiliate_id: AccountId,
    /// When it began.
    #[sea_orm(primary_key, auto_increment = false)]
    pub suspended_at: DateTimeUtc,
    /// When it was lifted, if it was.
    pub reinstated_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
