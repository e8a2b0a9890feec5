//! What a person was seen with, as a keyed hash: who shares one is related (F-8, F-9).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{enums::TraceKind, ids::AccountId};

/// What a person was seen with, as a keyed hash: who shares one is related (F-8, F-9).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "traces")]
pub struct Model {
    /// The person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// What kind of thing.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: TraceKind,
    /// Its keyed hash.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    /// When they were first seen with it.
    pub seen_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
