//! What affiliates put on their pages: a picture or a text (F-2).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{CreativeKind, PictureFormat},
    ids::{AccountId, CreativeId},
};

/// What affiliates put on their pages: a picture or a text (F-2).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "creatives")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CreativeId,
    /// What it is.
    pub kind: CreativeKind,
    /// What admins and affiliates know it by.
    pub name: String,
    /// What a text link says, and what is read in place of a picture.
    pub caption: String,
    /// The digest of the file, under which it is kept; absent for a text.
    pub digest: Option<String>,
    /// The format of the file.
    pub format: Option<PictureFormat>,
    /// Pixels.
    pub width: Option<i64>,
    /// Pixels.
    pub height: Option<i64>,
    /// When it was published.
    pub published_at: DateTimeUtc,
    /// By which admin.
    pub published_by: AccountId,
    /// When it was last revised.
    pub revised_at: Option<DateTimeUtc>,
    /// Since when it is not shown any more.
    pub retired_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
