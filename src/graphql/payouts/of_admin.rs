//! Payouts, and what would be paid out now.

use async_graphql::{Context, Object};

use crate::{
    entity::{
        enums::{PayoutPurpose, PayoutState},
        payout,
    },
    graphql::{
        kit::{
            context::request,
            page::{PageArgs, Pages},
        },
        payouts::{payout::Payout, plan::PayoutPlan},
    },
    payouts::store,
    viewer::{Permission, Viewer as Person},
};

/// Payouts, and what would be paid out now.
pub struct OfAdmin<'a>(pub &'a Person);

/// Payouts, and what would be paid out now.
#[Object(name = "AdminPayouts")]
impl OfAdmin<'_> {
    /// What would be paid out now, to whom, and why the rest is not; null for anyone but admins and auditors (W-1).
    async fn payout_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What would be paid.")] purpose: PayoutPurpose,
    ) -> Option<async_graphql::Result<PayoutPlan>> {
        if !self.0.may(Permission::ReadPayouts) {
            return None;
        }
        Some(PayoutPlan::now(ctx, purpose).await)
    }

    /// All payouts, newest first (W-1). For admins and auditors.
    async fn payouts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only payouts in this state.")] state: Option<PayoutState>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Payout>> {
        use payout::Column::{CreatedAt, Id};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = store::visible_in(self.0, state);
        let key = |row: &payout::Model| (row.created_at, row.id);
        Ok(page.load(request(ctx), rows, (CreatedAt, Id), false, key).await?.map(Payout))
    }
}
