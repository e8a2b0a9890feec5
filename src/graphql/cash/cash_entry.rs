//! The history of a person's cash. Every entry states what happened, why, which document caused it, who acted, and the
//! balance after it.

use async_graphql::{Context, ID, Object, SimpleObject};

use crate::{
    cash::{
        rules::reason_of,
        store::{self, Part},
    },
    entity::{
        cash_posting, cash_transaction,
        enums::{CashAccountKind, CashDocumentKind, CashKind},
        ids::CashAccountId,
    },
    error::{Fault, Result},
    graphql::{
        cash::{cash_account::money, loaders::PartsOf},
        contracts::{loaders::MilestoneBehind, milestone::Milestone},
        kit::{
            context::{Request, request},
            errors::top_level,
            ids::{Kind, Pair},
            scalars::{DateTime, Money, int},
        },
    },
};

/// An entry in the history of a person's cash.
#[derive(Clone)]
pub struct CashEntry(pub cash_posting::Model);

/// The document that caused an entry.
#[derive(SimpleObject)]
pub struct CashDocument {
    /// The kind of document.
    kind: CashDocumentKind,
    /// What identifies the document within its kind.
    reference: String,
}

/// What a kind of account got or gave in a transaction.
#[derive(SimpleObject)]
pub struct CashLeg {
    /// The kind of the account.
    account: CashAccountKind,
    /// What the account got, or, negative, gave.
    amount: Money,
}

impl From<Part> for CashLeg {
    fn from(part: Part) -> Self {
        Self { account: part.kind, amount: money(part.amount) }
    }
}

impl Kind for CashEntry {
    type Key = Pair<CashAccountId, i64>;

    fn key(&self) -> Self::Key {
        Pair(self.0.cash_account_id, self.0.seq)
    }

    async fn find(request: &Request, keys: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let keys: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let rows = store::list_visible_postings(request.db.read(), viewer, &keys).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// An entry in the history of a person's cash.
#[Object]
impl CashEntry {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The number of the entry in the account's history, from 1, in recording order.
    async fn seq(&self) -> i32 {
        int(self.0.seq)
    }

    /// The kind of the entry: what happened.
    async fn kind(&self, ctx: &Context<'_>) -> async_graphql::Result<CashKind> {
        Ok(self.transaction(ctx).await?.kind)
    }

    /// The reason and its rule, as a sentence.
    async fn reason(&self, ctx: &Context<'_>) -> async_graphql::Result<&'static str> {
        Ok(reason_of(self.transaction(ctx).await?.kind))
    }

    /// What the person got, or, negative, gave.
    async fn amount(&self) -> Money {
        money(self.0.amount)
    }

    /// The balance after this entry, in recording order.
    async fn balance_after(&self) -> Money {
        money(self.0.balance_after)
    }

    /// Where all of the money came from and went to: the amounts sum to zero. At most as many as the
    /// transaction touches accounts, a handful.
    async fn legs(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<CashLeg>> {
        let parts = request(ctx).load(PartsOf(self.0.transaction_id)).await?.unwrap_or_default();
        Ok(parts.into_iter().map(CashLeg::from).collect())
    }

    /// The document that caused the entry.
    async fn document(&self, ctx: &Context<'_>) -> async_graphql::Result<CashDocument> {
        let row = self.transaction(ctx).await?;
        Ok(CashDocument { kind: row.document_kind, reference: row.document_id.to_string() })
    }

    /// The milestone that it is about; null if it is not about one.
    async fn milestone(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Milestone>> {
        async {
            let (request, document) = (request(ctx), self.transaction(ctx).await?.document_id);
            let Some(id) = request.load(MilestoneBehind(document)).await? else { return Ok(None) };
            Ok(request.load(id).await?.map(Milestone))
        }
        .await
        .transpose()
    }

    /// The name of the person who acted; null if the system did.
    async fn actor(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<String>> {
        async {
            let Some(actor) = self.transaction(ctx).await?.actor_id else { return Ok(None) };
            Ok(request(ctx).load(actor).await?.map(|account| account.name))
        }
        .await
        .transpose()
    }

    /// When the entry counts.
    async fn effective_at(&self, ctx: &Context<'_>) -> async_graphql::Result<DateTime> {
        Ok(DateTime(self.transaction(ctx).await?.effective_at))
    }

    /// When the entry was written.
    async fn recorded_at(&self, ctx: &Context<'_>) -> async_graphql::Result<DateTime> {
        Ok(DateTime(self.transaction(ctx).await?.recorded_at))
    }
}

impl CashEntry {
    async fn transaction(&self, ctx: &Context<'_>) -> async_graphql::Result<cash_transaction::Model> {
        let request = request(ctx);
        let row = request.load(self.0.transaction_id).await?;
        row.ok_or_else(|| top_level(request, Fault::Broken("a posting without a transaction".into()).into()))
    }
}
