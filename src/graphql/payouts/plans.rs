//! Approving plans of payouts, and having them carried out.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    entity::enums::{Currency, PayoutPurpose},
    graphql::{
        kit::{
            context::request,
            mutation::{Answer, Need, Outcome, RequiredKey, Retry, mutate},
            scalars::{Money, count},
        },
        payouts::plan::PayoutPlan,
    },
    payouts::{self, Application},
    viewer::Permission::PayOut,
};

/// Input of `approvePayoutPlan`.
#[derive(Debug, InputObject, Serialize)]
pub struct ApprovePayoutPlanInput {
    /// What would be paid.
    purpose: PayoutPurpose,
    /// The `digest` of the plan that was read.
    digest: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `approvePayoutPlan`.
#[derive(SimpleObject)]
pub struct ApprovePayoutPlanPayload {
    /// The plan; null if the request was refused.
    payout_plan: Option<PayoutPlan>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Input of `applyPayoutPlan`.
#[derive(Debug, InputObject, Serialize)]
pub struct ApplyPayoutPlanInput {
    /// What is paid.
    purpose: PayoutPurpose,
    /// The `digest` of the plan that was read: if it would not be the same by now, nothing is paid, and the request is
    /// refused with `PAYOUT_PLAN_CHANGED`.
    digest: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// Result of `applyPayoutPlan`.
#[derive(SimpleObject)]
pub struct ApplyPayoutPlanPayload {
    /// How many payouts were made; null if the request was refused.
    payout_count: Option<i32>,
    /// How much they are together; null if the request was refused.
    total: Option<Money>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Plans of payouts.
#[derive(Default)]
pub struct PayoutPlanMutation;

#[Object]
impl PayoutPlanMutation {
    /// Approves a plan of payouts, so that another admin can have it carried out (W-1). It counts for three days, and only
    /// for exactly these payouts. For admins.
    async fn approve_payout_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The plan.")] input: ApprovePayoutPlanInput,
    ) -> Answer<ApprovePayoutPlanPayload> {
        let done = mutate(ctx, &input, &input.retry, Need(PayOut), async |txn, admin| {
            payouts::approve_plan(txn, admin, (input.purpose, &input.digest)).await
        });
        let (done, outcome) = done.boxed().await?;
        let payout_plan = match done {
            Some(()) => Some(PayoutPlan::now(ctx, input.purpose).await?),
            None => None,
        };
        Ok(ApprovePayoutPlanPayload { payout_plan, outcome })
    }

    /// Has a plan of payouts carried out, all of it or nothing, if it is still what was read (W-1). Above a limit (policy)
    /// another admin must have approved it. The payouts go out with the next run of the task `payments`, or at once
    /// if a task that pays runs. For admins whom it does not pay.
    async fn apply_payout_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The plan.")] input: ApplyPayoutPlanInput,
    ) -> Answer<ApplyPayoutPlanPayload> {
        let request = request(ctx);
        let done = mutate(ctx, &input, &input.retry, Need(PayOut), async |txn, admin| {
            let provider = request.pays_by()?;
            let application = Application { purpose: input.purpose, digest: &input.digest, provider };
            payouts::apply_plan(txn, admin, application).await
        });
        let (done, outcome) = done.boxed().await?;
        let total = done.map(|applied| Money::new(applied.cents, Currency::Usd));
        Ok(ApplyPayoutPlanPayload {
            payout_count: done.map(|applied| count(applied.payouts)),
            total,
            outcome,
        })
    }
}
