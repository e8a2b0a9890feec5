//! An affiliate's link (F-2).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::LinkTarget,
    ids::{AccountId, AffiliateLinkId},
};

/// An affiliate's link (F-2).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "affiliate_links")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AffiliateLinkId,
    /// What follows `/r/` in its address.
    #[sea_orm(unique)]
    pub code: String,
    /// Whose it is.
    pub affiliate_id: AccountId,
    /// What the affiliate knows it by.
    pub label: String,
    /// Where it leads.
    pub target: LinkTarget,
    /// The path and query there, beginning with a slash.
    pub path: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// Since when its clicks do not count.
    pub retired_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
