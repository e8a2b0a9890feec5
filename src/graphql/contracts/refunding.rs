//! Money that goes back: refunds by freelancers, disputes, and the decisions on them.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    contracts::{self, Decision, Refunding},
    error::Result,
    graphql::{
        cash::cash_account::CashAccount,
        contracts::{dispute::Dispute, milestone::Milestone, refund::Refund},
        kit::{
            context::{Request, request},
            ids::{IdOf, Kind},
            mutation::{Answer, Need, Outcome, RequiredKey, Retry, SignedIn, mutate},
            scalars::MoneyInput,
        },
    },
    input, settlement,
    viewer::Permission::Arbitrate,
};

/// Input of `refundMilestone`.
#[derive(Debug, InputObject, Serialize)]
pub struct RefundMilestoneInput {
    /// The milestone.
    milestone_id: IdOf<Milestone>,
    /// How much of what was released goes back; all that is left if it is left out. Out of escrow goes all of it.
    amount: Option<MoneyInput>,
    /// The freelancer's reason, at most 1,000 characters; the client sees it.
    #[graphql(default)]
    reason: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// Result of `refundMilestone`.
#[derive(SimpleObject)]
pub struct RefundMilestonePayload {
    /// The milestone; null if the request was refused.
    milestone: Option<Milestone>,
    /// The refund; null if the request was refused. Look at its state: it may have failed, or its outcome may not be known
    /// yet.
    refund: Option<Refund>,
    /// The freelancer's cash account; null if the request was refused.
    cash_account: Option<CashAccount>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Input of `openDispute`.
#[derive(Debug, InputObject, Serialize)]
pub struct OpenDisputeInput {
    /// The milestone.
    milestone_id: IdOf<Milestone>,
    /// The reason, 1 to 2,000 characters; the other side and admins see it.
    reason: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `openDispute`.
#[derive(SimpleObject)]
pub struct OpenDisputePayload {
    /// The dispute; null if the request was refused.
    dispute: Option<Dispute>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Input of `withdrawDispute`.
#[derive(Debug, InputObject, Serialize)]
pub struct WithdrawDisputeInput {
    /// The dispute.
    dispute_id: IdOf<Dispute>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `withdrawDispute`.
#[derive(SimpleObject)]
pub struct WithdrawDisputePayload {
    /// The dispute; null if the request was refused.
    dispute: Option<Dispute>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Input of `decideDispute`.
#[derive(Debug, InputObject, Serialize)]
pub struct DecideDisputeInput {
    /// The dispute.
    dispute_id: IdOf<Dispute>,
    /// What goes back to the client; what is left of escrow is released to the freelancer.
    refund: MoneyInput,
    /// The reason, 1 to 2,000 characters; both sides see it.
    reason: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// Result of `decideDispute`.
#[derive(SimpleObject)]
pub struct DecideDisputePayload {
    /// The dispute; null if the request was refused.
    dispute: Option<Dispute>,
    #[graphql(flatten)]
    outcome: Outcome,
}

impl DecideDisputeInput {
    fn decision(&self) -> Result<Decision> {
        let refund_cents = self.refund.cents("refund")?;
        Ok(Decision { refund_cents, reason: input::text("reason", &self.reason, 1, 2_000)? })
    }
}

/// Refunds and disputes.
#[derive(Default)]
pub struct RefundMutation;

#[Object]
impl RefundMutation {
    /// Refunds a milestone: its money goes back to the client out of escrow, or out of the freelancer's cash with the
    /// service fee in it (O-2). A dry run shows the refund before the provider is asked. For the freelancer.
    async fn refund_milestone(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The milestone to refund, how much of it, and why.")] input: RefundMilestoneInput,
    ) -> Answer<RefundMilestonePayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, freelancer| {
            let cents = input.amount.as_ref().map(|amount| amount.cents("amount")).transpose()?;
            let reason = input::text("reason", &input.reason, 0, 1_000)?;
            contracts::refund(txn, freelancer, input.milestone_id.key()?, cents, &reason).await
        });
        let (begun, outcome) = done.boxed().await?;
        give_back(request(ctx), begun.filter(|_| !input.retry.is_dry_run())).boxed().await;
        let milestone = Milestone::visible(ctx, begun.map(|begun| begun.milestone)).await?;
        let cash_account = CashAccount::of_viewer(ctx, milestone.is_some()).await?;
        let refund = Refund::visible(ctx, begun.map(|begun| begun.refund)).await?;
        Ok(RefundMilestonePayload { milestone, refund, cash_account, outcome })
    }

    /// Opens a dispute over a milestone, which an admin decides (O-2). For both sides while the money is in escrow, for the
    /// client for 30 days (policy) after it was released, and for admins in both cases.
    async fn open_dispute(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The milestone to dispute, and why.")] input: OpenDisputeInput,
    ) -> Answer<OpenDisputePayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            let reason = input::text("reason", &input.reason, 1, 2_000)?;
            contracts::open_dispute(txn, person, input.milestone_id.key()?, &reason).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(OpenDisputePayload { dispute: Dispute::visible(ctx, id).await?, outcome })
    }

    /// Withdraws a dispute (O-2). For the person who opened it.
    async fn withdraw_dispute(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The dispute to withdraw.")] input: WithdrawDisputeInput,
    ) -> Answer<WithdrawDisputePayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            contracts::withdraw_dispute(txn, person, input.dispute_id.key()?).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(WithdrawDisputePayload { dispute: Dispute::visible(ctx, id).await?, outcome })
    }

    /// Decides a dispute: what goes back to the client, and what the freelancer keeps (O-2). What the freelancer does not
    /// have, they owe (O-5). For admins who have no part in it.
    async fn decide_dispute(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The dispute to decide, how, and why.")] input: DecideDisputeInput,
    ) -> Answer<DecideDisputePayload> {
        let done = mutate(ctx, &input, &input.retry, Need(Arbitrate), async |txn, admin| {
            let id = input.dispute_id.key()?;
            Ok((id, contracts::decide(txn, admin, id, input.decision()?).await?))
        });
        let (decided, outcome) = done.boxed().await?;
        let (id, begun) = decided.unzip();
        give_back(request(ctx), begun.flatten().filter(|_| !input.retry.is_dry_run())).boxed().await;
        Ok(DecideDisputePayload { dispute: Dispute::visible(ctx, id).await?, outcome })
    }
}

/// Asks the provider for a refund that has begun. It stays as it is if that fails, and the task `payments` asks again.
async fn give_back(request: &Request, begun: Option<Refunding>) {
    let Some(Refunding { refund, .. }) = begun else { return };
    // Without a provider, the task `payments` says of a refund that it waits for one.
    let Ok(provider) = request.payments() else { return };
    if let Err(error) = settlement::give_back(&request.db, provider, &[refund]).await {
        tracing::warn!(request_id = request.id, %refund, %error, "a refund was not settled at once");
    }
}
