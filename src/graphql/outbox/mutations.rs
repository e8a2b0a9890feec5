//! Marking notifications as read (N-1).

use async_graphql::{Context, ID, InputObject, Object};
use serde::Serialize;

use crate::{
    db::Txn,
    error::{Code, Rejection},
    graphql::{
        kit::{context::request, errors::payload, ids::keys_of, mutation::payloads},
        viewer::Viewer,
    },
    input::invalid,
    outbox,
};

/// Which notices were read.
#[derive(Debug, InputObject, Serialize)]
pub struct MarkNotificationsReadInput {
    /// Ids of notices, at most 100; all of them when absent.
    ids: Option<Vec<ID>>,
    /// Makes a retry safe (1 to 255 characters).
    #[serde(skip)]
    idempotency_key: Option<String>,
    /// Answers as the real run would, and changes nothing.
    #[graphql(default)]
    #[serde(skip)]
    dry_run: bool,
}

payloads! {
    /// What became of it.
    MarkNotificationsReadPayload {
        /// How many notices had not been read before.
        count: i32,
        /// The person, with what is left unread.
        viewer: Viewer,
    }
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
    ) -> async_graphql::Result<MarkNotificationsReadPayload> {
        let request = request(ctx);
        let work = async {
            let reader = request.person()?.clone();
            let keys =
                input.ids.as_deref().map(|ids| keys_of_mine(ids, &reader.id().to_string())).transpose()?;
            let read = async |txn: &Txn| outbox::mark_read(txn, reader.id(), keys).await;
            let key = (input.idempotency_key.as_deref(), input.dry_run);
            let (count, replayed) = request.write_once("markNotificationsRead", key, &input, read).await?;
            Ok((count, reader.clone(), replayed))
        };
        Ok(match payload(request, work.await)? {
            Ok((count, reader, replayed)) => {
                let count = i32::try_from(count).unwrap_or(i32::MAX);
                MarkNotificationsReadPayload::done(Some(count), Some(Viewer(reader)), replayed)
            }
            Err(refused) => MarkNotificationsReadPayload::refused(refused),
        })
    }
}

/// The keys in the ids of the reader's own notices.
fn keys_of_mine(ids: &[ID], reader: &str) -> Result<Vec<String>, Rejection> {
    if ids.len() > 100 {
        return Err(invalid("input.ids", "At most 100 ids are taken at once; leave them out for all."));
    }
    let absent = || Rejection::new(Code::NotFound, "There is no such notice; take its id from a query.");
    let key = |id: &ID| {
        let keys =
            keys_of("Notification", id).filter(|keys| keys.first().is_some_and(|owner| owner == reader));
        keys.map(|keys| keys[1..].join(":")).ok_or_else(|| absent().at("input.ids"))
    };
    ids.iter().map(key).collect()
}
