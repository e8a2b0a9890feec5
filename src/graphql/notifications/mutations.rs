//! Marking notifications as read (N-1).

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
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

/// Input of `markNotificationsRead`.
#[derive(Debug, InputObject, Serialize)]
pub struct MarkNotificationsReadInput {
    /// The ids of at most 100 notifications; if left out, all of the viewer's notifications.
    ids: Option<Vec<ID>>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `markNotificationsRead`.
#[derive(SimpleObject)]
pub struct MarkNotificationsReadPayload {
    /// How many notifications this request marked as read; null if the request was refused.
    count: Option<i32>,
    /// The viewer, with the notifications that are still unread; null if the request was refused.
    viewer: Option<Viewer>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Changes to notifications.
#[derive(Default)]
pub struct NotificationMutation;

#[Object]
impl NotificationMutation {
    /// Marks notifications of the viewer as read (N-1).
    async fn mark_notifications_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The notifications to mark as read.")] input: MarkNotificationsReadInput,
    ) -> Answer<MarkNotificationsReadPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, reader| {
            let me = reader.id();
            let keys = input.ids.as_deref().map(|ids| keys_of_mine(ids, me)).transpose()?;
            notifications::mark_read(txn, me, keys).await
        });
        let (read, outcome) = done.boxed().await?;
        let viewer = read.and_then(|_| request(ctx).viewer.clone()).map(Viewer);
        Ok(MarkNotificationsReadPayload { count: read.map(count), viewer, outcome })
    }
}

/// The keys in the ids of the reader's own notifications.
fn keys_of_mine(ids: &[ID], reader: AccountId) -> Result<Vec<String>, Rejection> {
    if ids.len() > 100 {
        return Err(invalid(
            "ids",
            "There are more than 100 ids. Send fewer, or leave them out to mark all notifications as read.",
        ));
    }
    let absent =
        || Rejection::new(Code::NotFound, "There is no such notification. Take its id from a query.");
    let key = |id: &ID| {
        let mine = Notification::key_in(id).filter(|key| key.0 == reader);
        mine.map(|key| key.1).ok_or_else(|| absent().at("ids"))
    };
    ids.iter().map(key).collect()
}
