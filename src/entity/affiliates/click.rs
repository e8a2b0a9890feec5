//! A click on an affiliate's link that counts (F-3).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::ids::{AffiliateLinkId, ClickId, VisitorId};

/// A click on an affiliate's link that counts (F-3).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "clicks")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ClickId,
    /// The link.
    pub link_id: AffiliateLinkId,
    /// The browser, as far as its cookie says.
    pub visitor_id: VisitorId,
    /// When.
    pub clicked_at: DateTimeUtc,
    /// The network that it came from, as a keyed hash.
    pub network: String,
    /// What an ad was found by, if it comes from one.
    pub ad_term: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
