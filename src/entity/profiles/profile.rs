//! What a freelancer has chosen to show of themselves (M-11).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::ids::AccountId;

/// What a freelancer has chosen to show of themselves (M-11); there is none for anyone who has chosen nothing.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "profiles")]
pub struct Model {
    /// The freelancer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Whether they hide what they have earned, as long as their plan lets them.
    pub hides_earnings: bool,
}

impl ActiveModelBehavior for ActiveModel {}
