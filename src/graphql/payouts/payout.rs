//! Money that goes out to a person.

use async_graphql::{Context, ID, Object};

use crate::{
    entity::{
        commission_lock,
        enums::{PayoutFailure, PayoutHold, PayoutPurpose, PayoutState},
        ids::PayoutId,
        payout,
    },
    error::Result,
    graphql::{
        accounts::account::Account,
        commissions::commission::CommissionLock,
        kit::{
            context::{Request, request},
            ids::Kind,
            page::{PageArgs, Pages},
            scalars::{DateTime, Decimal, Money},
        },
        payouts::payout_method::PayoutMethod,
    },
    payouts::store,
};

/// Money that goes out to a person (W-1). Visible to them, to admins and auditors.
#[derive(Clone)]
pub struct Payout(pub payout::Model);

impl Kind for Payout {
    type Key = PayoutId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// Money that goes out to a person (W-1). Visible to them, to admins and auditors.
#[Object]
impl Payout {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// What the payout pays.
    async fn purpose(&self) -> PayoutPurpose {
        self.0.purpose
    }

    /// The person.
    async fn account(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Account>> {
        request(ctx).show(self.0.account_id, Account).await
    }

    /// How much leaves the platform.
    async fn amount(&self) -> Money {
        Money::new(self.0.amount_cents, self.0.currency)
    }

    /// The state of the payout.
    async fn state(&self) -> PayoutState {
        self.0.state
    }

    /// What stands in its way; null if nothing does.
    async fn hold(&self) -> Option<PayoutHold> {
        self.0.hold
    }

    /// Why it failed; null if it did not.
    async fn failure(&self) -> Option<PayoutFailure> {
        self.0.failure
    }

    /// Where it goes; null until it goes out.
    async fn method(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<PayoutMethod>> {
        request(ctx).show(self.0.method_id?, PayoutMethod).await
    }

    /// What the person gets, in the currency of the payout method; null until it goes out (W-5).
    async fn paid(&self) -> Option<Money> {
        self.0.paid_minor.zip(self.0.paid_currency).map(|(minor, currency)| Money::new(minor, currency))
    }

    /// What a US dollar was in that currency, with six decimals; null until it goes out (W-5).
    async fn rate(&self) -> Option<Decimal> {
        let micros = self.0.rate_micros?;
        Some(Decimal(format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)))
    }

    /// Where that rate comes from; null until it goes out.
    async fn rate_source(&self) -> Option<&str> {
        self.0.rate_source.as_deref()
    }

    /// What its file calls it, or the provider; null until it goes out.
    async fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }

    /// When it was made, or requested.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it first went out; null before.
    async fn sent_at(&self) -> Option<DateTime> {
        self.0.sent_at.map(DateTime)
    }

    /// When it was paid or failed; null before.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// The parts of commissions that it pays, the earliest first; none for a withdrawal.
    async fn items(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<CommissionLock>> {
        use commission_lock::Column::{Id, LockedAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = store::locks_of(self.0.id);
        let key = |row: &commission_lock::Model| (row.locked_at, row.id);
        Ok(page.load(request(ctx), rows, (LockedAt, Id), true, key).await?.map(CommissionLock))
    }
}
