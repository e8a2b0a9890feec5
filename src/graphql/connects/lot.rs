//! Lots, and what entries did to them.

use async_graphql::{Context, ID, Object};

use crate::{
    entity::{enums::HistoryKind, lot, movement},
    graphql::{
        connects::{
            history::HistoryEntry,
            loaders::{EntryOf, LotOf, MovesOf},
        },
        kit::{
            context::request,
            ids::global_id,
            page::{PageArgs, Pages},
            scalars::{DateTime, int},
        },
    },
};

/// A batch of Connects with one origin and one expiry (L-1).
#[derive(Clone)]
pub struct Lot(pub lot::Model);

/// A batch of Connects with one origin and one expiry (L-1).
#[Object]
impl Lot {
    /// Opaque, globally unique, stable.
    pub async fn id(&self) -> ID {
        global_id("Lot", &[&self.0.wallet_id, &self.0.seq])
    }

    /// Where it came from.
    async fn source(&self) -> HistoryKind {
        self.0.source
    }

    /// How many Connects were issued.
    async fn quantity(&self) -> i32 {
        int(self.0.quantity)
    }

    /// How many are left; none once it has expired (L-2).
    async fn remaining(&self, ctx: &Context<'_>) -> i32 {
        if self.0.expires_at <= request(ctx).now { 0 } else { int(self.0.remaining) }
    }

    /// When it was issued.
    async fn issued_at(&self) -> DateTime {
        DateTime(self.0.issued_at)
    }

    /// It can be spent strictly before this instant (L-2).
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// How it came, what became of it and when it expires, with the arithmetic, as a sentence.
    async fn explanation(&self, ctx: &Context<'_>) -> String {
        let lot = &self.0;
        let gone = lot.quantity - lot.remaining;
        let fate = if lot.expires_at <= request(ctx).now { "expired" } else { "expires" };
        format!(
            "{} issued as {} at {}; {gone} taken, {} - {gone} = {} left; {fate} at {} (L-2).",
            lot.quantity, lot.source, lot.issued_at, lot.quantity, lot.remaining, lot.expires_at
        )
    }

    /// Everything that was taken from it or came back to it, oldest first, its issue included.
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
        let key = MovesOf(self.0.wallet_id, self.0.seq);
        let moved =
            request.loaders.load_one(key).await.map_err(|error| request.shared(&error))?.unwrap_or_default();
        Ok(page.slice(moved, |m| m.entry_seq)?.map(LotMovement))
    }
}

/// What one history row did to one lot.
#[derive(Clone)]
pub struct LotMovement(pub movement::Model);

/// What one history row did to one lot.
#[Object]
impl LotMovement {
    /// Opaque, globally unique, stable.
    pub async fn id(&self) -> ID {
        global_id("LotMovement", &[&self.0.wallet_id, &self.0.entry_seq, &self.0.lot_seq])
    }

    /// Connects that the row added to the lot (positive: issued or given back) or took (negative).
    async fn quantity(&self) -> i32 {
        int(self.0.quantity)
    }

    /// The lot; null only in the answer of a dry run that would make it.
    async fn lot(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Lot>> {
        let request = request(ctx);
        match request.loaders.load_one(LotOf(self.0.wallet_id, self.0.lot_seq)).await {
            Ok(lot) => lot.map(|lot| Ok(Lot(lot))),
            Err(error) => Some(Err(request.shared(&error))),
        }
    }

    /// The history row; null only in the answer of a dry run that would make it.
    async fn entry(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<HistoryEntry>> {
        let request = request(ctx);
        match request.loaders.load_one(EntryOf(self.0.wallet_id, self.0.entry_seq)).await {
            Ok(entry) => entry.map(|entry| Ok(HistoryEntry::new(entry))),
            Err(error) => Some(Err(request.shared(&error))),
        }
    }
}
