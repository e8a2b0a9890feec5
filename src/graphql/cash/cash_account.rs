//! A person's cash.

use async_graphql::{Context, ID, Object};

use crate::{
    cash::store::{self, Shown},
    entity::{
        cash_account, cash_posting,
        enums::{CashAccountKind, CashKind, Currency},
        ids::AccountId,
    },
    error::Result,
    graphql::{
        accounts::loaders::RestrictionsOf,
        cash::cash_entry::CashEntry,
        connects::history::HistoryWindow,
        contracts::loaders::PendingOf,
        kit::{
            context::{Request, request},
            ids::Kind,
            page::{PageArgs, Pages},
            scalars::{DateTime, Money},
        },
    },
    viewer::Viewer,
};

/// A person's cash (P-3). Visible to that person, and to admins, support and auditors.
#[derive(Clone)]
pub struct CashAccount {
    person: AccountId,
    cash: Option<cash_account::Model>,
    debt: Option<cash_account::Model>,
}

impl CashAccount {
    /// The cash of `person`, of whose accounts these are all that exist.
    pub fn of(person: AccountId, rows: &[cash_account::Model]) -> Self {
        let find = |kind| rows.iter().find(|row| row.account_id == Some(person) && row.kind == kind).cloned();
        Self { person, cash: find(CashAccountKind::Person), debt: find(CashAccountKind::Receivable) }
    }

    /// The cash of the signed-in person after a mutation that was done; none after a refusal.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn of_viewer(ctx: &Context<'_>, is_done: bool) -> async_graphql::Result<Option<Self>> {
        let viewer = request(ctx).viewer.as_ref().filter(|_| is_done);
        Self::visible(ctx, viewer.map(Viewer::id)).await
    }
}

impl Kind for CashAccount {
    type Key = AccountId;

    fn key(&self) -> Self::Key {
        self.person
    }

    async fn find(request: &Request, people: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible(request.db.read(), viewer, people).await?;
        let exists = |person: &&AccountId| {
            **person == viewer.id() || rows.iter().any(|row| row.account_id == Some(**person))
        };
        Ok(people.iter().filter(exists).map(|person| Self::of(*person, &rows)).collect())
    }
}

/// A person's cash (P-3). Visible to that person, and to admins, support and auditors.
#[Object]
impl CashAccount {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The money that the platform owes to the person; never below zero (O-5).
    async fn balance(&self) -> Money {
        money(self.cash.as_ref().map_or(0, |row| row.balance))
    }

    /// What clients have funded for this person's work and not released yet, before the service fee; it is in escrow (O-2).
    async fn pending(&self, ctx: &Context<'_>) -> async_graphql::Result<Money> {
        Ok(money(request(ctx).load(PendingOf(self.person)).await?.unwrap_or_default()))
    }

    /// What of the balance is held: all of it while the person is suspended or has closed the account (P-4), and nothing
    /// otherwise.
    async fn held(&self, ctx: &Context<'_>) -> async_graphql::Result<Money> {
        let restrictions = request(ctx).load(RestrictionsOf(self.person)).await?.unwrap_or_default();
        let is_held = !restrictions.is_empty();
        Ok(money(self.cash.as_ref().filter(|_| is_held).map_or(0, |row| row.balance)))
    }

    /// What the person owes after a reversal that their cash did not cover; any later income settles it first (O-5).
    async fn receivable(&self) -> Money {
        money(-self.debt.as_ref().map_or(0, |row| row.balance))
    }

    /// The entries of the account's history, newest first (O-4).
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only entries that count within this rolling window.")] window: Option<
            HistoryWindow,
        >,
        #[graphql(desc = "Only entries that count at or after this instant.")] from: Option<DateTime>,
        #[graphql(desc = "Only entries that count before this instant.")] to: Option<DateTime>,
        #[graphql(desc = "Only entries of these kinds.")] kinds: Option<Vec<CashKind>>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<CashEntry>> {
        let page = PageArgs { first, after, last, before }.checked()?;
        let Some(cash) = &self.cash else { return Ok(Pages::new(false, false)) };
        let request = request(ctx);
        let shown = Shown {
            after: window.map(|window| window.since(request.now)),
            from: from.map(|from| from.0),
            to: to.map(|to| to.0),
            kinds,
        };
        let rows = store::shown_postings(cash.id, shown);
        let rows = page.load(request, rows, cash_posting::Column::Seq, false, |row| row.seq).await?;
        Ok(rows.map(CashEntry))
    }
}

/// An amount of the journal, which is in one currency (W-5).
pub fn money(minor: i64) -> Money {
    Money::new(minor, Currency::Usd)
}
