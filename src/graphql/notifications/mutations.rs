//! Marking notifications as read (N-1).

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use serde::Serialize;

use crate::{
    entity::ids::AccountId,
    error::{Code, Rejection},
    graphql::{
        kit::{
            context::request,
            ids::Kind,
            mutation::{Answer, Outcome, Retry, SignedIn, mutate},
            scalars::count,
        },
        notifications::notification::Notification,
        viewer::Viewer,
    },
    input::invalid,
    notifications,
};

/// Which notices were read.
#[derive(Debug, InputObject, Serialize)]
pub struct MarkNotificationsReadInput {
    /// Ids of notices, at most 100; all of them when absent.
    ids: Option<Vec<ID>>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `markNotificationsRead`.
#[derive(SimpleObject)]
pub struct MarkNotificationsReadPayload {
    /// How many notices had not been read before.
    count: Option<i32>,
    /// The person, with what is left unread.
    viewer: Option<Viewer>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Changes to notices.
#[derive(Default)]
pub struct NotificationMutation;

#[Object]
impl NotificationMutation {
    /// Notes that the viewer has read notices (N-1).
    async fn mark_notifications_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: MarkNotificationsReadInput,
    ) -> Answer<MarkNotificationsReadPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, reader| {
            let me = reader.id();
            let keys = input.ids.as_deref().map(|ids| keys_of_mine(ids, me)).transpose()?;
            notifications::mark_read(txn, me, keys).await
        });
        let (read, outcome) = done.await?;
        let viewer = read.and_then(|_| request(ctx).viewer.clone()).map(Viewer);
        Ok(MarkNotificationsReadPayload { count: read.map(count), viewer, outcome })
    }
}

/// The keys in the ids of the reader's own notices.
fn keys_of_mine(ids: &[ID], reader: AccountId) -> Result<Vec<String>, Rejection> {
    if ids.len() > 100 {
        return Err(invalid("ids", "At most 100 ids are taken at once; leave them out for all."));
    }
    let absent = || Rejection::new(Code::NotFound, "There is no such notice; take its id from a query.");
    let key = |id: &ID| {
        let mine = Notification::key_in(id).filter(|key| key.0 == reader);
        mine.map(|key| key.1).ok_or_else(|| absent().at("ids"))
    };
    ids.iter().map(key).collect()
}
