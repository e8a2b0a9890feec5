//! Notifications to a person (N-1).
use async_graphql::{Context, ID, Object};

use crate::{
    books::message_of,
    entity::{enums::NotificationKind, ids::AccountId, notification},
    error::Result,
    graphql::{
        job_posts::{job_post::JobPost, loaders::VisiblePost},
        kit::{
            context::{Request, request},
            ids::{Kind, Pair},
            scalars::{DateTime, int},
        },
    },
    notifications,
};

/// A notification to a person (N-1). Visible to that person only.
#[derive(Clone)]
pub struct Notification(pub notification::Model);

impl Kind for Notification {
    type Key = Pair<AccountId, String>;

    fn key(&self) -> Self::Key {
        Pair(self.0.account_id, self.0.key.clone())
    }

    async fn find(request: &Request, keys: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let mine = keys.iter().filter(|key| key.0 == viewer.id()).map(|key| key.1.clone());
        let rows = notifications::store::list_visible(request.db.read(), viewer.id(), mine).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A notification to a person (N-1). Visible to that person only.
#[Object]
impl Notification {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// What the notification is about.
    async fn kind(&self) -> NotificationKind {
        self.0.kind
    }

    /// The notification as a sentence.
    async fn message(&self) -> String {
        message_of(&self.0)
    }

    /// The number of Connects concerned; null if the notification is not about Connects.
    async fn quantity(&self) -> Option<i32> {
        self.0.quantity.map(int)
    }

    /// The job post concerned; null if there is none, or if the viewer can no longer see it.
    async fn job_post(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<JobPost>> {
        request(ctx).show(VisiblePost(self.0.job_post_id?), JobPost).await
    }

    /// The instant that the notification is about, such as the start of a billing cycle, the first expiry, or
    /// the end of a job post.
    async fn about_at(&self) -> DateTime {
        DateTime(self.0.about_at)
    }

    /// How many days ahead an expiry was announced (L-6); null for other notifications.
    async fn threshold_days(&self) -> Option<i32> {
        self.0.threshold_days.map(int)
    }

    /// When the notification was written.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When the person read the notification; null until then.
    async fn read_at(&self) -> Option<DateTime> {
        self.0.read_at.map(DateTime)
    }
}
