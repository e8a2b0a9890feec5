//! Why a registration that an affiliate brought may be fraud (F-8).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{FlagKind, FlagState},
    ids::{AccountId, AffiliateFlagId},
};

/// Why a registration that an affiliate brought may be fraud (F-8).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "affiliate_flags")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AffiliateFlagId,
    /// Who registered.
    pub client_id: AccountId,
    /// Who brought them.
    pub affiliate_id: AccountId,
    /// What kind of fraud it may be.
    pub kind: FlagKind,
    /// What says so, in JSON.
    pub evidence: String,
    /// Since when that is known.
    pub raised_at: DateTimeUtc,
    /// Where it stands.
    pub state: FlagState,
    /// When it was decided.
    pub decided_at: Option<DateTimeUtc>,
    /// By whom.
    pub decided_by: Option<AccountId>,
    /// Why, in words of that person.
    pub reason: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
