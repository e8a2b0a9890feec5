//! The password of an account.

use sea_orm::entity::prelude::*;

use crate::entity::ids::AccountId;

/// The password of an account.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "passwords")]
pub struct Model {
    /// The account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Its Argon2id hash with salt and parameters, as a PHC string.
    pub phc: String,
    /// When it was set, by the wall clock.
    pub changed_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
