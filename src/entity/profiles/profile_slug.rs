//! The addresses of profiles (M-11).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::ids::AccountId;

/// The last part of a profile's address (M-11). It stays its owner's after they have given it up.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "profile_slugs")]
pub struct Model {
    /// What the address ends with.
    #[sea_orm(primary_key, auto_increment = false)]
    pub slug: String,
    /// Whose it is.
    pub account_id: AccountId,
    /// When they chose it last.
    pub chosen_at: DateTimeUtc,
    /// When they gave it up; absent while it is in use.
    pub given_up_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
