//! What the objects of this slice read many at once.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use async_trait::async_trait;
use sea_orm::{ColumnTrait, QueryFilter};

use crate::{
    entity::{
        ids::{JobPostId, ProposalId},
        proposal,
    },
    error::Error,
    graphql::{
        kit::loader::{Batch, Loaded},
        proposals::proposal::Received,
    },
    proposals,
};

/// A job post: the viewer's own proposal to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MineTo(pub JobPostId);

/// A proposal: how many of its Connects have come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReturnedOf(pub ProposalId);

/// The first proposals to a post, or the last: what its client wants to see, how many, and whether from the
/// end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReceivedBy(pub Received, pub (u64, bool));

#[async_trait]
impl Loader<MineTo> for Batch {
    type Value = proposal::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[MineTo]) -> Loaded<MineTo, proposal::Model> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        let posts = keys.iter().map(|key| key.0);
        let mine = proposals::store::visible_to(viewer, self.now)
            .filter(proposal::Column::FreelancerId.eq(viewer.id()))
            .filter(proposal::Column::JobPostId.is_in(posts));
        let rows = mine.all(self.db.read()).await.map_err(Error::from)?;
        Ok(rows.into_iter().map(|row| (MineTo(row.job_post_id), row)).collect())
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

    async fn load(&self, keys: &[ReceivedBy]) -> Loaded<ReceivedBy, Vec<proposal::Model>> {
        let Some(viewer) = &self.viewer else { return Ok(HashMap::new()) };
        // What differs in more than the post was asked for by another field.
        let mut asked: HashMap<ReceivedBy, Vec<&ReceivedBy>> = HashMap::new();
        for key in keys {
            let alike = Received { post: keys[0].0.post, ..key.0.clone() };
            asked.entry(ReceivedBy(alike, key.1)).or_default().push(key);
        }
        let mut loaded: HashMap<_, Vec<_>> = HashMap::new();
        for (ReceivedBy(alike, (limit, backwards)), keys) in asked {
            let posts = keys.iter().map(|key| key.0.post);
            let rows = proposals::store::visible_to(viewer, self.now)
                .filter(alike.condition(self.now))
                .filter(proposal::Column::JobPostId.is_in(posts));
            for row in proposals::store::list_first_of_each(self.db.read(), rows, limit, backwards).await? {
                let key = ReceivedBy(Received { post: row.job_post_id, ..alike.clone() }, (limit, backwards));
                loaded.entry(key).or_default().push(row);
            }
        }
        Ok(loaded)
    }
}
