//! Notices to a person (N-1).
use async_graphql::{Context, ID, Object};

use crate::{
    books::message_of,
    entity::{enums::NotificationKind, notification},
    graphql::{
        job_posts::{job_post::JobPost, loaders::VisiblePost},
        kit::{
            context::request,
            ids::global_id,
            scalars::{DateTime, int},
        },
    },
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
