//! The Connects history (H-2): every row says what, why, which document, who, which lots, and the
//! balance after.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::TimeDelta;
use sea_orm::{ColumnTrait, Condition};

use crate::{
    clock::Instant,
    connects::rules::reason_of,
    entity::{
        entry,
        enums::{DocumentKind, HistoryKind},
        movement,
    },
    graphql::{
        connects::{loaders::MovedBy, lot::LotMovement},
        kit::{
            context::request,
            ids::global_id,
            page::{PageArgs, Pages},
            scalars::{DateTime, int},
        },
    },
};

/// A rolling window up to now (H-2).
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

/// The document that caused a row.
#[derive(SimpleObject)]
pub struct HistoryDocument {
    /// What kind of document.
    kind: DocumentKind,
    /// Which one, within its kind.
    reference: String,
}

/// Which rows to show.
#[derive(Debug)]
pub struct HistoryFilter {
    /// Only this rolling window.
    pub window: Option<HistoryWindow>,
    /// Only what counts at or after this instant.
    pub from: Option<DateTime>,
    /// Only what counts before this instant.
    pub to: Option<DateTime>,
    /// Only these kinds.
    pub kinds: Option<Vec<HistoryKind>>,
}

impl HistoryFilter {
    /// As a condition; windows look at when things count (H-5).
    pub fn condition(self, now: Instant) -> Condition {
        use entry::Column::{EffectiveAt, Kind};
        let days = self.window.map(|window| match window {
            HistoryWindow::Last7Days => 7,
            HistoryWindow::Last30Days => 30,
            HistoryWindow::Last90Days => 90,
        });
        let kinds = self.kinds.map(|kinds| kinds.into_iter().collect::<Vec<_>>());
        Condition::all()
            .add_option(days.map(|days| EffectiveAt.gt(now - TimeDelta::days(days))))
            .add_option(self.from.map(|from| EffectiveAt.gte(from.0)))
            .add_option(self.to.map(|to| EffectiveAt.lt(to.0)))
            .add_option(kinds.map(|kinds| Kind.is_in(kinds)))
    }
}

/// One row of the Connects history.
#[derive(Clone)]
pub struct HistoryEntry {
    entry: entry::Model,
    /// Known beforehand for a row that a dry run would write.
    movements: Option<Vec<movement::Model>>,
}

impl HistoryEntry {
    /// A row of the database.
    pub fn new(entry: entry::Model) -> Self {
        Self { entry, movements: None }
    }

    /// A row that was just written, or would be.
    pub fn with_movements(entry: entry::Model, movements: Vec<movement::Model>) -> Self {
        Self { entry, movements: Some(movements) }
    }
}

/// One row of the Connects history.
#[Object]
impl HistoryEntry {
    /// Opaque, globally unique, stable.
    pub async fn id(&self) -> ID {
        global_id("HistoryEntry", &[&self.entry.wallet_id, &self.entry.seq])
    }

    /// Its place in the wallet's history, from 1, in recording order (H-5).
    async fn seq(&self) -> i32 {
        int(self.entry.seq)
    }

    /// What happened.
    async fn kind(&self) -> HistoryKind {
        self.entry.kind
    }

    /// Why, with the rule, as a sentence.
    async fn reason(&self) -> &'static str {
        reason_of(self.entry.kind)
    }

    /// Connects added to (positive) or taken from (negative) the spendable ones.
    async fn quantity(&self) -> i32 {
        int(self.entry.available_change)
    }

    /// Spendable Connects after this row, in recording order (H-5).
    async fn available_after(&self) -> i32 {
        int(self.entry.available_after)
    }

    /// Held Connects after this row, in recording order.
    async fn held_after(&self) -> i32 {
        int(self.entry.held_after)
    }

    /// The document that caused it.
    async fn document(&self) -> HistoryDocument {
        HistoryDocument { kind: self.entry.document_kind, reference: self.entry.document_id.clone() }
    }

    /// Who acted, by name; null for the system.
    async fn actor(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<String>> {
        let request = request(ctx);
        let loaded = request.loaders.load_one(self.entry.actor_id?).await;
        match loaded {
            Ok(account) => account.map(|account| Ok(account.name)),
            Err(error) => Some(Err(request.shared(&error))),
        }
    }

    /// When it counts.
    async fn effective_at(&self) -> DateTime {
        DateTime(self.entry.effective_at)
    }

    /// When it was written.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.entry.recorded_at)
    }

    /// Which lots it issued, took from or gave back to, and how many.
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
                let loaded = request.loaders.load_one(key).await.map_err(|error| request.shared(&error))?;
                loaded.unwrap_or_default()
            }
        };
        Ok(page.slice(moved, |m| m.lot_seq)?.map(LotMovement))
    }
}
