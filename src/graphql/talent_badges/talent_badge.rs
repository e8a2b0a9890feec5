//! A talent badge of a freelancer.

use async_graphql::{Context, ID, Object};

use crate::{
    entity::{
        enums::TalentBadgeKind,
        ids::{AccountId, TalentBadgeId},
        talent_badge,
    },
    error::Result,
    graphql::{
        kit::{
            context::{Request, request},
            ids::Kind,
            scalars::DateTime,
        },
        talent_badges::loaders::BadgesOf,
    },
    talent_badges::store,
};

/// A talent badge of a freelancer (K-1). Those that a freelancer has now are visible to anyone who sees the freelancer; by its
/// id, to its owner, to admins, support and auditors.
#[derive(Clone)]
pub struct TalentBadge(pub talent_badge::Model);

impl Kind for TalentBadge {
    type Key = TalentBadgeId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A talent badge of a freelancer (K-1). Those that a freelancer has now are visible to anyone who sees the freelancer; by its
/// id, to its owner, to admins, support and auditors.
#[Object]
impl TalentBadge {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// Which badge.
    async fn kind(&self) -> TalentBadgeKind {
        self.0.kind
    }

    /// From when on the freelancer has it.
    async fn awarded_at(&self) -> DateTime {
        DateTime(self.0.awarded_at)
    }

    /// Until when the freelancer had it; null while they have it.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }
}

impl TalentBadge {
    /// The badges that a freelancer has now.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn held_by(ctx: &Context<'_>, account: AccountId) -> async_graphql::Result<Vec<Self>> {
        let rows = request(ctx).load(BadgesOf(account)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(Self).collect())
    }
}
