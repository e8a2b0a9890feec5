//! Upgrading, and cancelling a plan.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    accounts,
    entity::enums::{Currency, MembershipPlan},
    graphql::{
        cash::cash_account::CashAccount,
        connects::wallet::Wallet,
        kit::{
            context::request,
            ids::Kind,
            mutation::{Answer, Outcome, RequiredKey, Retry, SignedIn, mutate},
            scalars::{Date, MoneyInput},
        },
        payments::{collecting::collect, paying::Paying, payment::Payment},
        purchases::purchase::Purchase,
    },
    idempotency::by_variant,
    memberships,
    money::Money,
    subscriptions::{self, Upgrading},
};

/// Input of `upgradePlan`.
#[derive(Debug, InputObject, Serialize)]
pub struct UpgradePlanInput {
    /// The plan.
    #[serde(serialize_with = "by_variant")]
    plan: MembershipPlan,
    /// What `upgradePreview` said that is charged; if it is another amount by now, nothing happens.
    expected_total: MoneyInput,
    /// The Connects that `upgradePreview` said it brings; if it is another number by now, such as after midnight, nothing
    /// happens. Left out, any number is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_connects: Option<i32>,
    /// How the person pays. If nothing is said, their cash account pays if it has all of it, and otherwise all of it is
    /// charged to their primary payment method (M-7).
    #[graphql(flatten)]
    #[serde(flatten)]
    paying: Paying,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// Input of `cancelPlan`.
#[derive(Debug, InputObject, Serialize)]
pub struct CancelPlanInput {
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `keepPlan`.
#[derive(Debug, InputObject, Serialize)]
pub struct KeepPlanInput {
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `upgradePlan`.
#[derive(SimpleObject)]
pub struct UpgradePlanPayload {
    /// The wallet, whose plan has begun if it is paid; null if the request was refused.
    wallet: Option<Wallet>,
    /// The purchase of the first cycle; null if a month that was given is used, or the request was refused.
    purchase: Option<Purchase>,
    /// Its payment; null with the purchase.
    payment: Option<Payment>,
    /// The person's cash account, from which they may have paid; null if the request was refused.
    cash_account: Option<CashAccount>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `cancelPlan`.
#[derive(SimpleObject)]
pub struct CancelPlanPayload {
    /// The wallet; null if the request was refused.
    wallet: Option<Wallet>,
    /// The first day on the free plan; null if the request was refused.
    effective_on: Option<Date>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `keepPlan`.
#[derive(SimpleObject)]
pub struct KeepPlanPayload {
    /// The wallet; null if the request was refused.
    wallet: Option<Wallet>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Upgrading, and cancelling a plan.
#[derive(Default)]
pub struct SubscriptionMutation;

#[Object]
impl SubscriptionMutation {
    /// Upgrades to a plan (M-6): it is charged at once, and once it is paid, a new billing cycle begins with its Connects. It is
    /// renewed with each cycle until it is cancelled. A dry run shows the purchase before the provider is asked. For freelancers.
    async fn upgrade_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The plan, what is charged, and by what.")] input: UpgradePlanInput,
    ) -> Answer<UpgradePlanPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            let expected = Money::new(input.expected_total.cents("expectedTotal")?, Currency::Usd);
            let paying = input.paying.or_as_usual(request(ctx))?;
            let expected_connects = input.expected_connects.map(i64::from);
            let upgrading = Upgrading { plan: input.plan, expected, expected_connects, paying };
            subscriptions::upgrade(txn, person, upgrading).await
        });
        let (upgraded, outcome) = done.boxed().await?;
        let (purchase, payment) = upgraded.and_then(|upgraded| upgraded.bought).unzip();
        if let Some(payment) = payment.filter(|_| !input.retry.is_dry_run()) {
            collect(request(ctx), payment).boxed().await;
        }
        Ok(UpgradePlanPayload {
            wallet: Wallet::of_viewer(ctx, upgraded.is_some()).await?,
            purchase: Purchase::visible(ctx, purchase).await?,
            payment: Payment::visible(ctx, payment).await?,
            cash_account: CashAccount::of_viewer(ctx, upgraded.is_some()).await?,
            outcome,
        })
    }

    /// Cancels the person's plan from the next billing cycle on (M-8): what was issued stays. The cycle in force is still
    /// charged if it has not been yet; no later one is. It can be undone until then.
    async fn cancel_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A key, and whether it is a dry run.")] input: CancelPlanInput,
    ) -> Answer<CancelPlanPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            let person = accounts::acting(txn, person.id()).await?;
            memberships::cancel_plan(txn, &person).await
        });
        let (done, outcome) = done.boxed().await?;
        let (wallet, ends_at) = done.unzip();
        let effective_on = ends_at.map(|at| Date(at.date_naive()));
        Ok(CancelPlanPayload { wallet: Wallet::visible(ctx, wallet).await?, effective_on, outcome })
    }

    /// Keeps a plan that the person cancelled and that has not ended, unless an admin has put another one in its place (M-13).
    async fn keep_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A key, and whether it is a dry run.")] input: KeepPlanInput,
    ) -> Answer<KeepPlanPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            let person = accounts::acting(txn, person.id()).await?;
            memberships::keep_plan(txn, &person).await
        });
        let (wallet, outcome) = done.boxed().await?;
        Ok(KeepPlanPayload { wallet: Wallet::visible(ctx, wallet).await?, outcome })
    }
}
