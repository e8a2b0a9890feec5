//! The Connects history (H-2). Every entry states what happened, why, which document caused it, who acted,
//! which lots it changed, and the balance after it.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::TimeDelta;

use crate::{
    clock::Instant,
    connects::{self, rules::reason_of},
    entity::{
        entry,
        enums::{DocumentKind, HistoryKind},
        ids::WalletId,
        movement,
    },
    error::Result,
    graphql::{
        connects::{loaders::MovedBy, lot::LotMovement},
        kit::{
            context::{Request, request},
            ids::{Kind, Pair},
            page::{PageArgs, Pages},
            scalars::{DateTime, int},
        },
    },
};

/// A rolling window that ends now (H-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum HistoryWindow {
    /// The last 7 x 24 hours.
    #[graphql(name = "LAST_7_DAYS")]
    Last7Days,
    /// The last 30 x 24 hours.
    #[graphql(name = "LAST_30_DAYS")]
    Last30Days,
    /// The last 90 x 24 hours.
    #[graphql(name = "LAST_90_DAYS")]
    Last90Days,
}

/// The document that caused a history entry.
#[derive(SimpleObject)]
pub struct HistoryDocument {
    /// The kind of document.
    kind: DocumentKind,
    /// What identifies the document within its kind, such as an id or a date.
    reference: String,
}

impl HistoryWindow {
    /// The instant after which the entries of this window count.
    pub fn since(self, now: Instant) -> Instant {
        let days = match self {
            Self::Last7Days => 7,
            Self::Last30Days => 30,
            Self::Last90Days => 90,
        };
        now - TimeDelta::days(days)
    }
}

/// An entry of the Connects history.
#[derive(Clone)]
pub struct HistoryEntry {
    entry: entry::Model,
    /// Known beforehand for an entry that was just written, or that a dry run would write.
    movements: Option<Vec<movement::Model>>,
}

impl HistoryEntry {
    /// An entry of the database.
    pub fn new(entry: entry::Model) -> Self {
        Self { entry, movements: None }
    }

    /// An entry that was just written, or that a dry run would write.
    pub fn with_movements(entry: entry::Model, movements: Vec<movement::Model>) -> Self {
        Self { entry, movements: Some(movements) }
    }
}

impl Kind for HistoryEntry {
    type Key = Pair<WalletId, i64>;

    fn key(&self) -> Self::Key {
        Pair(self.entry.wallet_id, self.entry.seq)
    }

    async fn find(request: &Request, keys: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let keys: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let rows = connects::store::list_visible_entries(request.db.read(), viewer, &keys).await?;
        Ok(rows.into_iter().map(Self::new).collect())
    }
}

/// An entry of the Connects history.
#[Object]
impl HistoryEntry {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The number of the entry in the wallet's history, from 1, in recording order (H-5).
    async fn seq(&self) -> i32 {
        int(self.entry.seq)
    }

    /// The kind of the entry: what happened.
    async fn kind(&self) -> HistoryKind {
        self.entry.kind
    }

    /// The reason and its rule, as a sentence.
    async fn reason(&self) -> &'static str {
        reason_of(self.entry.kind)
    }

    /// The change of the spendable Connects: positive if some were added, negative if some were taken.
    async fn quantity(&self) -> i32 {
        int(self.entry.available_change)
    }

    /// The spendable Connects after this entry, in recording order (H-5).
    async fn available_after(&self) -> i32 {
        int(self.entry.available_after)
    }

    /// The held Connects after this entry, in recording order.
    async fn held_after(&self) -> i32 {
        int(self.entry.held_after)
    }

    /// The document that caused the entry.
    async fn document(&self) -> HistoryDocument {
        HistoryDocument { kind: self.entry.document_kind, reference: self.entry.document_id.clone() }
    }

    /// The name of the person who acted; null if the system did.
    async fn actor(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<String>> {
        request(ctx).show(self.entry.actor_id?, |account| account.name).await
    }

    /// When the entry counts.
    async fn effective_at(&self) -> DateTime {
        DateTime(self.entry.effective_at)
    }

    /// When the entry was written.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.entry.recorded_at)
    }

    /// The lots that the entry issued, took from or gave back to, each with the number of Connects.
    async fn movements(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<LotMovement>> {
        let page = PageArgs { first, after, last, before }.checked()?;
        let request = request(ctx);
        let moved = match &self.movements {
            Some(movements) => movements.clone(),
            None => {
                let key = MovedBy(self.entry.wallet_id, self.entry.seq);
                let loaded = request.load(key).await?;
                loaded.unwrap_or_default()
            }
        };
        Ok(page.slice(moved, |m| m.lot_seq)?.map(LotMovement))
    }
}
