//! An affiliate's link.

use async_graphql::{ID, Object};

use crate::{
    affiliates::store,
    entity::{affiliate_link, enums::LinkTarget, ids::AffiliateLinkId},
    error::Result,
    graphql::kit::{context::Request, ids::Kind, scalars::DateTime},
};

/// An affiliate's link (F-2). Visible to the affiliate, to admins, support and auditors.
#[derive(Clone)]
pub struct AffiliateLink(pub affiliate_link::Model);

impl Kind for AffiliateLink {
    type Key = AffiliateLinkId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible_links(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// An affiliate's link (F-2). Visible to the affiliate, to admins, support and auditors.
#[Object]
impl AffiliateLink {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// What the affiliate knows the link by.
    async fn label(&self) -> &str {
        &self.0.label
    }

    /// The path of the link on this server, such as `/r/9f3c2a7d41b0c8e6`; visitors who follow it are counted and led on
    /// (F-3).
    async fn path(&self) -> String {
        format!("/r/{}", self.0.code)
    }

    /// Which page the link leads to.
    async fn target(&self) -> LinkTarget {
        self.0.target
    }

    /// The path of that page on the platform's site.
    async fn target_path(&self) -> &str {
        &self.0.path
    }

    /// When the link was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Since when clicks on it do not count; null while they do.
    async fn retired_at(&self) -> Option<DateTime> {
        self.0.retired_at.map(DateTime)
    }
}
