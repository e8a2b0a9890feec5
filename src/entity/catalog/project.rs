//! A freelancer's work at a fixed price, which clients order without a proposal (O-3).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{Currency, JobCategory, ProjectState},
    ids::{AccountId, ProjectId},
};

/// A freelancer's work at a fixed price, which clients order without a proposal (O-3).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "projects")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProjectId,
    /// Whose it is.
    pub freelancer_id: AccountId,
    /// Its title.
    pub title: String,
    /// What a client gets.
    pub description: String,
    /// Its category.
    pub category: JobCategory,
    /// What it costs, in minor units.
    pub price_cents: i64,
    /// The currency of the price.
    pub currency: Currency,
    /// Where it stands.
    pub state: ProjectState,
    /// Goes up with each change.
    pub version: i64,
    /// When it was published.
    pub published_at: DateTimeUtc,
    /// When it was last changed.
    pub changed_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
