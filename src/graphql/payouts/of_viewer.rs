//! Where and when the signed-in person is paid, and what was.

use async_graphql::{Context, Object, SimpleObject};

use crate::{
    entity::{
        enums::{Currency, PayoutSchedule},
        payout, payout_preference,
    },
    graphql::{
        kit::{
            context::request,
            page::{PageArgs, Pages},
            scalars::Money,
        },
        payouts::{
            loaders::{MethodOf, PreferenceOf},
            payout::Payout,
            payout_method::PayoutMethod,
        },
    },
    payouts::{rules::USUAL, store},
    viewer::Viewer as Person,
};

/// When an affiliate is paid (F-7).
#[derive(SimpleObject)]
pub struct PayoutPreference {
    /// The day of each month, or whether an amount decides.
    schedule: PayoutSchedule,
    /// That amount; null for a day.
    threshold: Option<Money>,
}

impl From<Option<payout_preference::Model>> for PayoutPreference {
    fn from(row: Option<payout_preference::Model>) -> Self {
        let threshold = row.as_ref().and_then(|row| row.threshold_cents);
        Self {
            schedule: row.map_or(USUAL, |row| row.schedule),
            threshold: threshold.map(|cents| Money::new(cents, Currency::Usd)),
        }
    }
}

/// Where and when the signed-in person is paid, and what was.
pub struct OfViewer<'a>(pub &'a Person);

/// Where and when the signed-in person is paid, and what was.
#[Object(name = "ViewerPayouts")]
impl OfViewer<'_> {
    /// To what this person is paid; null if they have not said (W-4).
    async fn payout_method(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<PayoutMethod>> {
        request(ctx).show(MethodOf(self.0.id()), PayoutMethod).await
    }

    /// When this person is paid their commissions (F-7).
    async fn payout_preference(&self, ctx: &Context<'_>) -> async_graphql::Result<PayoutPreference> {
        Ok(request(ctx).load(PreferenceOf(self.0.id())).await?.into())
    }

    /// The payouts to this person, newest first: commissions and withdrawals (W-1).
    async fn payouts(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Payout>> {
        use payout::Column::{CreatedAt, Id};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = store::payouts_to(self.0.id());
        let key = |row: &payout::Model| (row.created_at, row.id);
        Ok(page.load(request(ctx), rows, (CreatedAt, Id), false, key).await?.map(Payout))
    }
}
