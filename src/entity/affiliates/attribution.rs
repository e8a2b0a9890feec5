//! To whom a registration is attributed that came with a click, or why to nobody (F-4).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{AttributionRefusal, AttributionState},
    ids::{AccountId, AffiliateLinkId, AttributionId, ClickId},
};

/// To whom a registration is attributed that came with a click, or why to nobody (F-4).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "attributions")]
pub struct Model {
    /// The person who registered.
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_id: AccountId,
    /// What the affiliate knows it by.
    #[sea_orm(unique)]
    pub id: AttributionId,
    /// The last click before that.
    pub click_id: ClickId,
    /// Its link.
    pub link_id: AffiliateLinkId,
    /// The affiliate of that.
    pub affiliate_id: AccountId,
    /// When it was clicked.
    pub clicked_at: DateTimeUtc,
    /// When the person registered.
    pub registered_at: DateTimeUtc,
    /// The first hire counts strictly before this instant (F-5).
    pub hire_before: DateTimeUtc,
    /// The person's country.
    pub country: String,
    /// Where it stands.
    pub state: AttributionState,
    /// Why it counts for nobody.
    pub refusal: Option<AttributionRefusal>,
    /// When nothing more could come of it.
    pub closed_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
