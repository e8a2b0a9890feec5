//! Changes to the plan of a membership (M-8).

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    entity::enums::MembershipPlan,
    graphql::{
        accounts::account::Account,
        connects::wallet::Wallet,
        kit::{
            ids::{IdOf, Kind},
            mutation::{Answer, Need, Outcome, RequiredKey, Retry, mutate},
            scalars::Date,
        },
    },
    idempotency::by_variant,
    memberships,
    viewer::Permission::ChangePlan,
};

/// Input of `changeMembershipPlan`.
#[derive(Debug, InputObject, Serialize)]
pub struct ChangeMembershipPlanInput {
    /// The account whose membership changes.
    account_id: IdOf<Account>,
    /// The plan that applies from the next billing cycle on.
    #[serde(serialize_with = "by_variant")]
    plan: MembershipPlan,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `givePlanMonths`.
#[derive(Debug, InputObject, Serialize)]
pub struct GivePlanMonthsInput {
    /// The account.
    account_id: IdOf<Account>,
    /// The plan.
    #[serde(serialize_with = "by_variant")]
    plan: MembershipPlan,
    /// How many months, 1 to 24.
    months: i32,
    /// The reason, 1 to 500 characters; the audit log keeps it.
    reason: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// Result of `givePlanMonths`.
#[derive(SimpleObject)]
pub struct GivePlanMonthsPayload {
    /// The wallet; null if the request was refused.
    wallet: Option<Wallet>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `changeMembershipPlan`.
#[derive(SimpleObject)]
pub struct ChangeMembershipPlanPayload {
    /// The wallet; null if the request was refused.
    wallet: Option<Wallet>,
    /// The first day on the new plan; null if the request was refused.
    effective_on: Option<Date>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Changes to memberships.
#[derive(Default)]
pub struct MembershipMutation;

#[Object]
impl MembershipMutation {
    /// Changes the plan of a membership from its next billing cycle on; nothing is charged (M-8). For admins.
    async fn change_membership_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account, and its new plan.")] input: ChangeMembershipPlanInput,
    ) -> Answer<ChangeMembershipPlanPayload> {
        let done = mutate(ctx, &input, &input.retry, Need(ChangePlan), async |txn, admin| {
            let account = input.account_id.key()?;
            let (wallet, starts_at) = memberships::change_plan(txn, admin, account, input.plan).await?;
            Ok((wallet, starts_at.date_naive()))
        });
        let (done, outcome) = done.boxed().await?;
        let (wallet, day) = done.unzip();
        let wallet = Wallet::visible(ctx, wallet).await?;
        Ok(ChangeMembershipPlanPayload { wallet, effective_on: day.map(Date), outcome })
    }

    /// Gives a person months of a plan without a charge (M-13). On the free plan, the first one begins at once; otherwise they
    /// take the place of the next charges; on a plan that an admin granted, they wait until it ends. For admins.
    async fn give_plan_months(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account, the plan, how many months, and why.")] input: GivePlanMonthsInput,
    ) -> Answer<GivePlanMonthsPayload> {
        let done = mutate(ctx, &input, &input.retry, Need(ChangePlan), async |txn, admin| {
            let given = (input.plan, input.months.into(), input.reason.as_str());
            memberships::give_by_admin(txn, admin, input.account_id.key()?, given).await
        });
        let (wallet, outcome) = done.boxed().await?;
        Ok(GivePlanMonthsPayload { wallet: Wallet::visible(ctx, wallet).await?, outcome })
    }
}
