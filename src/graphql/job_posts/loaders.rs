//! What the objects of this slice read many at once.

use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_trait::async_trait;
use sea_orm::{ColumnTrait, QueryFilter};

use crate::{
    entity::{
        ids::{AccountId, JobPostId},
        job_post, removal,
    },
    error::Error,
    graphql::kit::loader::{Batch, Loaded},
    job_posts::{self, store::ClientHistory},
};

/// A client: what he has done so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HistoryOf(pub AccountId);

/// A job post that the viewer may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VisiblePost(pub JobPostId);

/// A job post: why it was taken down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RemovalOf(pub JobPostId);

#[async_trait]
impl Loader<JobPostId> for Batch {
    type Value = job_post::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[JobPostId]) -> Loaded<JobPostId, job_post::Model> {
        let rows = job_posts::store::list_posts(self.db.read(), keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

#[async_trait]
impl Loader<HistoryOf> for Batch {
    type Value = ClientHistory;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[HistoryOf]) -> Loaded<HistoryOf, ClientHistory> {
        let clients: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = job_posts::store::list_client_histories(self.db.read(), &clients, self.now).await?;
        Ok(rows.into_iter().map(|row| (HistoryOf(row.client_id), row)).collect())
    }
}

#[async_trait]
impl Loader<VisiblePost> for Batch {
    type Value = job_post::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[VisiblePost]) -> Loaded<VisiblePost, job_post::Model> {
        let posts = keys.iter().map(|key| key.0);
        let visible = job_posts::store::visible_to(self.viewer.as_ref(), self.now);
        let rows = visible.filter(job_post::Column::Id.is_in(posts)).all(self.db.read()).await;
        Ok(rows.map_err(Error::from)?.into_iter().map(|row| (VisiblePost(row.id), row)).collect())
    }
}

#[async_trait]
impl Loader<RemovalOf> for Batch {
    type Value = removal::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[RemovalOf]) -> Loaded<RemovalOf, removal::Model> {
        let posts: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = job_posts::store::list_removals(self.db.read(), &posts).await?;
        Ok(rows.into_iter().map(|row| (RemovalOf(row.job_post_id), row)).collect())
    }
}
