//! The batched reads of this slice's objects.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use async_trait::async_trait;

use crate::{
    entity::{
        ids::{JobPostId, ProposalId, RoomId},
        room,
    },
    error::Error,
    graphql::kit::loader::{Batch, Loaded, one},
    rooms::store,
};

/// Loads the room of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RoomOf(pub ProposalId);

/// Loads how many freelancers are being interviewed for a job post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InterviewingFor(pub JobPostId);

#[async_trait]
impl Loader<RoomId> for Batch {
    type Value = room::Model;
    type Error = Arc<Error>;

    async fn load(&self, ids: &[RoomId]) -> Loaded<RoomId, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        one(store::list_visible(self.db.read(), viewer, ids).await?, |row| row.id)
    }
}

#[async_trait]
impl Loader<RoomOf> for Batch {
    type Value = room::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[RoomOf]) -> Loaded<RoomOf, Self::Value> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        let proposals: Vec<_> = keys.iter().map(|key| key.0).collect();
        one(store::list_of_proposals(self.db.read(), viewer, &proposals).await?, |row| {
            RoomOf(row.proposal_id)
        })
    }
}

#[async_trait]
impl Loader<InterviewingFor> for Batch {
    type Value = i64;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[InterviewingFor]) -> Loaded<InterviewingFor, i64> {
        let posts: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = store::list_interviewing(self.db.read(), &posts, self.now).await?;
        Ok(rows.into_iter().map(|(post, count)| (InterviewingFor(post), count)).collect())
    }
}
