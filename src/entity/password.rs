//! What a person signs in with.

use sea_orm::entity::prelude::*;

use super::ids::AccountId;

/// What a person signs in with.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "passwords")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Its Argon2id hash with salt and parameters, as a PHC string.
    pub phc: String,
    /// Since when it is this one, by the wall clock.
    pub changed_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
