//! The batched reads of this slice's objects.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    entity::{
        ids::{JobPostId, ProposalId},
        proposal,
    },
    error::Error,
    graphql::kit::loader::{Batch, Loaded, one},
    proposals::{
        self,
        store::{Bids, Wanted},
    },
};

/// Loads the viewer's own proposal to a job post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MineTo(pub JobPostId);

/// Loads the range of what others than the viewer ask for in their proposals to a job post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BidsTo(pub JobPostId);

/// Loads how many Connects of a proposal were refunded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReturnedOf(pub ProposalId);

/// Loads the first or the last proposals to a job post, of those that its client wants to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReceivedBy {
    /// The job post.
    pub post: JobPostId,
    /// Which proposals of the job post.
    pub wanted: Wanted,
    /// The count.
    pub limit: u64,
    /// Whether from the end.
    pub backwards: bool,
}

#[async_trait]
impl Loader<ProposalId> for Batch {
    type Value = proposal::Model;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[ProposalId]) -> Loaded<ProposalId, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        one(proposals::store::list_visible(self.db.read(), viewer, ids, self.now).await?, |row| row.id)
    }
}

#[async_trait]
impl Loader<BidsTo> for Batch {
    type Value = Bids;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[BidsTo]) -> Loaded<BidsTo, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        let posts: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = proposals::store::list_bids(self.db.read(), viewer.id(), &posts, self.now).await?;
        one(rows, |row| BidsTo(row.job_post_id))
    }
}

#[async_trait]
impl Loader<MineTo> for Batch {
    type Value = proposal::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[MineTo]) -> Loaded<MineTo, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        let posts: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = proposals::store::list_mine(self.db.read(), viewer, &posts, self.now).await?;
        one(rows, |row| MineTo(row.job_post_id))
    }
}

#[async_trait]
impl Loader<ReturnedOf> for Batch {
    type Value = i64;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ReturnedOf]) -> Loaded<ReturnedOf, i64> {
        let proposals: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = proposals::store::list_returned(self.db.read(), &proposals).await?;
        Ok(rows.into_iter().map(|(id, returned)| (ReturnedOf(id), returned)).collect())
    }
}

#[async_trait]
impl Loader<ReceivedBy> for Batch {
    type Value = Vec<proposal::Model>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ReceivedBy]) -> Loaded<ReceivedBy, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        let mut asked: HashMap<(Wanted, u64, bool), Vec<JobPostId>> = HashMap::new();
        for ReceivedBy { post, wanted, limit, backwards } in keys {
            asked.entry((*wanted, *limit, *backwards)).or_default().push(*post);
        }
        let mut loaded: HashMap<_, Vec<_>> = HashMap::new();
        for ((wanted, limit, backwards), posts) in asked {
            let rows = proposals::store::received(viewer, &posts, wanted, self.now);
            for row in proposals::store::list_first_of_each(self.db.read(), rows, limit, backwards).await? {
                let key = ReceivedBy { post: row.job_post_id, wanted, limit, backwards };
                loaded.entry(key).or_default().push(row);
            }
        }
        Ok(loaded)
    }
}
