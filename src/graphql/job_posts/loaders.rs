//! The batched reads of this slice's objects.

use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    entity::{
        ids::{AccountId, JobPostId},
        job_post, removal,
    },
    error::Error,
    graphql::kit::loader::{Batch, Loaded, one},
    job_posts::{self, store::ClientHistory},
};

/// Loads what a client has done so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HistoryOf(pub AccountId);

/// Loads a job post, if the viewer may see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VisiblePost(pub JobPostId);

/// Loads the removal of a job post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RemovalOf(pub JobPostId);

#[async_trait]
impl Loader<JobPostId> for Batch {
    type Value = job_post::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[JobPostId]) -> Loaded<JobPostId, Self::Value> {
        one(job_posts::store::list_posts(self.db.read(), keys).await?, |row| row.id)
    }
}

#[async_trait]
impl Loader<HistoryOf> for Batch {
    type Value = ClientHistory;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[HistoryOf]) -> Loaded<HistoryOf, Self::Value> {
        let clients: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = job_posts::store::list_client_histories(self.db.read(), &clients, self.now).await?;
        one(rows, |row| HistoryOf(row.client_id))
    }
}

#[async_trait]
impl Loader<VisiblePost> for Batch {
    type Value = job_post::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[VisiblePost]) -> Loaded<VisiblePost, Self::Value> {
        let posts: Vec<_> = keys.iter().map(|key| key.0).collect();
        let viewer = self.viewer.as_ref();
        let rows = job_posts::store::list_visible(self.db.read(), viewer, &posts, self.now).await?;
        one(rows, |row| VisiblePost(row.id))
    }
}

#[async_trait]
impl Loader<RemovalOf> for Batch {
    type Value = removal::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[RemovalOf]) -> Loaded<RemovalOf, Self::Value> {
        let posts: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = job_posts::store::list_removals(self.db.read(), &posts).await?;
        one(rows, |row| RemovalOf(row.job_post_id))
    }
}
