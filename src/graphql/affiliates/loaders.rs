//! The batched reads of this slice's objects.

use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    affiliates::{
        self,
        store::{self, Beside},
    },
    entity::{
        affiliate, affiliate_flag, affiliate_link, attribution,
        enums::FlagState,
        ids::{AccountId, AffiliateLinkId},
    },
    error::Error,
    graphql::kit::loader::{Batch, Loaded, many, one},
};

/// Loads a person's part in the affiliate programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AffiliateOf(pub AccountId);

/// Loads to whom the registration of a person is attributed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AttributionOf(pub AccountId);

/// Loads the clicks of the browser that brought a client, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClicksBeside(pub AccountId);

#[async_trait]
impl Loader<ClicksBeside> for Batch {
    type Value = Vec<Beside>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ClicksBeside]) -> Loaded<ClicksBeside, Self::Value> {
        let clients: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = store::list_clicks_beside(self.db.read(), &clients).await?;
        many(rows, |row| ClicksBeside(row.client))
    }
}

/// Loads whether an admin has yet to decide on the registration of a client (F-8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IsUnderReview(pub AccountId);

#[async_trait]
impl Loader<IsUnderReview> for Batch {
    type Value = bool;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[IsUnderReview]) -> Loaded<IsUnderReview, Self::Value> {
        let clients: Vec<_> = keys.iter().map(|key| key.0).collect();
        let flags = affiliates::list_flags(self.db.read(), &clients).await?;
        let is_open =
            |flags: Vec<affiliate_flag::Model>| flags.iter().any(|flag| flag.state == FlagState::Open);
        Ok(flags.into_iter().map(|(client, flags)| (IsUnderReview(client), is_open(flags))).collect())
    }
}

#[async_trait]
impl Loader<AffiliateOf> for Batch {
    type Value = affiliate::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[AffiliateOf]) -> Loaded<AffiliateOf, Self::Value> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let Some(viewer) = &self.viewer else { return Ok(Default::default()) };
        one(store::list_visible(self.db.read(), viewer, &ids).await?, |row| AffiliateOf(row.account_id))
    }
}

#[async_trait]
impl Loader<AttributionOf> for Batch {
    type Value = attribution::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[AttributionOf]) -> Loaded<AttributionOf, Self::Value> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let Some(viewer) = &self.viewer else { return Ok(Default::default()) };
        let rows = store::list_visible_attributions(self.db.read(), viewer, &ids).await?;
        one(rows, |row| AttributionOf(row.client_id))
    }
}

#[async_trait]
impl Loader<AffiliateLinkId> for Batch {
    type Value = affiliate_link::Model;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[AffiliateLinkId]) -> Loaded<AffiliateLinkId, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(Default::default()) };
        one(store::list_visible_links(self.db.read(), viewer, ids).await?, |row| row.id)
    }
}
