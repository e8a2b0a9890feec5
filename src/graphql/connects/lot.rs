//! Lots, and the movements of entries into and out of them.

use async_graphql::{Context, ID, Object};

use crate::{
    connects,
    entity::{enums::HistoryKind, ids::WalletId, lot, movement},
    error::Result,
    graphql::{
        connects::{
            history::HistoryEntry,
            loaders::{EntryOf, LotOf, MovesOf},
        },
        kit::{
            context::{Request, request},
            ids::{Kind, Pair},
            page::{PageArgs, Pages},
            scalars::{DateTime, int},
        },
    },
};

/// A batch of Connects with one origin and one expiry (L-1).
#[derive(Clone)]
pub struct Lot(pub lot::Model);

impl Kind for Lot {
    type Key = Pair<WalletId, i64>;

    fn key(&self) -> Self::Key {
        Pair(self.0.wallet_id, self.0.seq)
    }

    async fn find(request: &Request, keys: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let keys: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let rows = connects::store::list_visible_lots(request.db.read(), viewer, &keys).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A batch of Connects with one origin and one expiry (L-1).
#[Object]
impl Lot {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The kind of entry that issued the lot.
    async fn source(&self) -> HistoryKind {
        self.0.source
    }

    /// The number of Connects issued.
    async fn quantity(&self) -> i32 {
        int(self.0.quantity)
    }

    /// The number of Connects left; 0 once the lot has expired (L-2).
    async fn remaining(&self, ctx: &Context<'_>) -> i32 {
        if self.0.expires_at <= request(ctx).now { 0 } else { int(self.0.remaining) }
    }

    /// When the lot was issued.
    async fn issued_at(&self) -> DateTime {
        DateTime(self.0.issued_at)
    }

    /// When the lot expires; it can be spent strictly before this instant (L-2).
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// How the lot was issued, how much of it is left and when it expires, with the arithmetic, as a sentence.
    async fn explanation(&self, ctx: &Context<'_>) -> String {
        let lot = &self.0;
        let is_over = lot.expires_at <= request(ctx).now;
        let left = if is_over { 0 } else { lot.remaining };
        let gone = lot.quantity - left;
        let (by, fate) = if is_over { ("taken or expired", "expired") } else { ("taken", "expires") };
        format!(
            "{} issued as {} at {}; {gone} {by}, {} - {gone} = {left} left; {fate} at {} (L-2).",
            lot.quantity, lot.source, lot.issued_at, lot.quantity, lot.expires_at
        )
    }

    /// Everything that was added to or taken from the lot, its issue included, oldest first.
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
        let moved = request.load(key).await?.unwrap_or_default();
        Ok(page.slice(moved, |m| m.entry_seq)?.map(LotMovement))
    }
}

/// The change that one history entry made to one lot.
#[derive(Clone)]
pub struct LotMovement(pub movement::Model);

impl Kind for LotMovement {
    type Key = Pair<WalletId, Pair<i64, i64>>;

    fn key(&self) -> Self::Key {
        Pair(self.0.wallet_id, Pair(self.0.entry_seq, self.0.lot_seq))
    }

    async fn find(request: &Request, keys: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let entries: Vec<_> = keys.iter().map(|key| (key.0, key.1.0)).collect();
        let rows = connects::store::list_visible_moves(request.db.read(), viewer, &entries).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// The change that one history entry made to one lot.
#[Object]
impl LotMovement {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The Connects that the entry added to the lot (positive: issued or given back) or took from it
    /// (negative).
    async fn quantity(&self) -> i32 {
        int(self.0.quantity)
    }

    /// The lot; null only in the result of a dry run that would issue it.
    async fn lot(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Lot>> {
        request(ctx).show(LotOf(self.0.wallet_id, self.0.lot_seq), Lot).await
    }

    /// The history entry; null only in the result of a dry run that would write it.
    async fn entry(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<HistoryEntry>> {
        request(ctx).show(EntryOf(self.0.wallet_id, self.0.entry_seq), HistoryEntry::new).await
    }
}
