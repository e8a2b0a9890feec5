//! Notices to a person (N-1).

use async_graphql::{Context, ID, InputObject, Object};
use serde::Serialize;

use super::{
    account::Viewer,
    context::request,
    error::payload,
    job_post::JobPost,
    loaders::VisiblePost,
    node::{global_id, keys_of},
    payload::payloads,
    scalars::{DateTime, int},
};
use crate::{
    db::Txn,
    entity::{enums::NotificationKind, notification},
    error::{Code, Rejection},
    input::invalid,
    outbox::{self, message_of},
};

/// A fact told to a person (N-1). Visible to that person only.
#[derive(Clone)]
pub struct Notification(pub notification::Model);

/// A fact told to a person (N-1). Visible to that person only.
#[Object]
impl Notification {
    /// Opaque, globally unique, stable.
    pub async fn id(&self) -> ID {
        global_id("Notification", &[&self.0.account_id, &self.0.key])
    }

    /// What it is about.
    async fn kind(&self) -> NotificationKind {
        self.0.kind
    }

    /// The notice as a sentence.
    async fn message(&self) -> String {
        message_of(&self.0)
    }

    /// Connects concerned; null when none are.
    async fn quantity(&self) -> Option<i32> {
        self.0.quantity.map(int)
    }

    /// The job post concerned; null when none is, or it is no longer there to see.
    async fn job_post(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<JobPost>> {
        let request = request(ctx);
        match request.loaders.load_one(VisiblePost(self.0.job_post_id?)).await {
            Ok(post) => post.map(|post| Ok(JobPost(post))),
            Err(error) => Some(Err(request.shared(&error))),
        }
    }

    /// The instant it is about, such as the start of the cycle, the first expiry, or the end of the job.
    async fn about_at(&self) -> DateTime {
        DateTime(self.0.about_at)
    }

    /// Days ahead, for an expiry notice (L-6); null for others.
    async fn threshold_days(&self) -> Option<i32> {
        self.0.threshold_days.map(int)
    }

    /// When it was written.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was read; null until then.
    async fn read_at(&self) -> Option<DateTime> {
        self.0.read_at.map(DateTime)
    }
}

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
