//! Notices to a person (N-1).

use async_graphql::{Enum, ID, Object};

use super::{
    node::global_id,
    scalars::{DateTime, int},
};
use crate::{
    entity::{enums, notification},
    outbox::message_of,
};

/// What a notice is about (N-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::NotificationKind")]
pub enum NotificationKind {
    /// A cycle's Connects were issued (M-5).
    ConnectsGranted,
    /// Connects are about to expire (L-6).
    ConnectsExpiring,
}

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
        self.0.kind.into()
    }

    /// The notice as a sentence.
    async fn message(&self) -> String {
        message_of(&self.0)
    }

    /// Connects concerned.
    async fn quantity(&self) -> i32 {
        int(self.0.quantity)
    }

    /// The instant it is about: the start of the cycle, or the first expiry.
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
