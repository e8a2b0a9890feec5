//! Hiring and paying: offers and their answers, funding and releasing milestones.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    contracts::{self, Draft, rules::terms},
    error::Result,
    graphql::{
        cash::cash_account::CashAccount,
        connects::wallet::Wallet,
        contracts::{contract::Contract, funding::settled, milestone::Milestone, offer::Offer},
        kit::{
            context::request,
            ids::{IdOf, Kind},
            mutation::{Answer, Outcome, RequiredKey, Retry, SignedIn, mutate},
            scalars::MoneyInput,
        },
        payments::{paying::Paying, payment::Payment},
        proposals::proposal::Proposal,
    },
    input,
};

/// A milestone to offer.
#[derive(Debug, InputObject, Serialize)]
pub struct MilestoneInput {
    /// What is to be done, 1 to 100 characters.
    title: String,
    /// What the client pays for it, 5.00 to 1,000,000.00.
    amount: MoneyInput,
}

/// Input of `sendOffer`.
#[derive(Debug, InputObject, Serialize)]
pub struct SendOfferInput {
    /// The proposal that the offer answers.
    proposal_id: IdOf<Proposal>,
    /// The title that the contract will have, 1 to 100 characters; that of the job post if it is left out.
    title: Option<String>,
    /// A message to the freelancer, at most 5,000 characters.
    #[graphql(default)]
    message: String,
    /// The milestones that the contract will have, 1 to 20; none for an hourly one.
    #[graphql(default)]
    milestones: Vec<MilestoneInput>,
    /// What an hour costs, 3.00 to 1,000.00; left out for a contract with milestones.
    // The hash of a request that was sent before there was this field stays the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    hourly_rate: Option<MoneyInput>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `acceptOffer`.
#[derive(Debug, InputObject, Serialize)]
pub struct AcceptOfferInput {
    /// The offer.
    offer_id: IdOf<Offer>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// Input of `declineOffer`.
#[derive(Debug, InputObject, Serialize)]
pub struct DeclineOfferInput {
    /// The offer.
    offer_id: IdOf<Offer>,
    /// The freelancer's reason, at most 1,000 characters; the client sees it.
    #[graphql(default)]
    reason: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `withdrawOffer`.
#[derive(Debug, InputObject, Serialize)]
pub struct WithdrawOfferInput {
    /// The offer.
    offer_id: IdOf<Offer>,
    /// The client's reason, at most 1,000 characters; the freelancer sees it.
    #[graphql(default)]
    reason: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `fundMilestone`.
#[derive(Debug, InputObject, Serialize)]
pub struct FundMilestoneInput {
    /// The milestone.
    milestone_id: IdOf<Milestone>,
    #[graphql(flatten)]
    #[serde(flatten)]
    paying: Paying,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// Input of `endContract`.
#[derive(Debug, InputObject, Serialize)]
pub struct EndContractInput {
    /// The contract.
    contract_id: IdOf<Contract>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `endContract`.
#[derive(SimpleObject)]
pub struct EndContractPayload {
    /// The contract; null if the request was refused.
    contract: Option<Contract>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Input of `releaseMilestone`.
#[derive(Debug, InputObject, Serialize)]
pub struct ReleaseMilestoneInput {
    /// The milestone.
    milestone_id: IdOf<Milestone>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// Result of `sendOffer`.
#[derive(SimpleObject)]
pub struct SendOfferPayload {
    /// The offer; null if the request was refused.
    offer: Option<Offer>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `acceptOffer`.
#[derive(SimpleObject)]
pub struct AcceptOfferPayload {
    /// The contract; null if the request was refused.
    contract: Option<Contract>,
    /// The freelancer's wallet, from which a returned refund may have gone back (T-6); null if the request was refused.
    wallet: Option<Wallet>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `declineOffer`.
#[derive(SimpleObject)]
pub struct DeclineOfferPayload {
    /// The offer; null if the request was refused.
    offer: Option<Offer>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `withdrawOffer`.
#[derive(SimpleObject)]
pub struct WithdrawOfferPayload {
    /// The offer; null if the request was refused.
    offer: Option<Offer>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `fundMilestone`.
#[derive(SimpleObject)]
pub struct FundMilestonePayload {
    /// The milestone; null if the request was refused.
    milestone: Option<Milestone>,
    /// The payment; null if the request was refused. Look at its state: it may have failed, or its outcome may not be
    /// known yet.
    payment: Option<Payment>,
    /// The client's cash account; null if the request was refused.
    cash_account: Option<CashAccount>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `releaseMilestone`.
#[derive(SimpleObject)]
pub struct ReleaseMilestonePayload {
    /// The milestone; null if the request was refused.
    milestone: Option<Milestone>,
    #[graphql(flatten)]
    outcome: Outcome,
}

impl SendOfferInput {
    fn draft(&self) -> Result<Draft> {
        draft_of(self.title.as_deref(), &self.message, (&self.milestones, self.hourly_rate.as_ref()))
    }
}

/// What a client offers, checked: title, message, and milestones or an hourly rate.
///
/// # Errors
/// `INVALID_INPUT`.
pub fn draft_of(
    title: Option<&str>,
    message: &str,
    (milestones, hourly_rate): (&[MilestoneInput], Option<&MoneyInput>),
) -> Result<Draft> {
    let title = title.map(|title| input::line("title", title, 1, 100)).transpose()?;
    let message = input::text("message", message, 0, 5_000)?;
    let mut parts = Vec::new();
    for (n, part) in milestones.iter().enumerate() {
        let cents = part.amount.cents(&format!("milestones.{n}.amount"))?;
        parts.push((part.title.clone(), cents));
    }
    let hourly = hourly_rate.map(|rate| rate.cents("hourlyRate")).transpose()?;
    Ok(Draft { title, message, terms: terms::checked_terms(parts, hourly)? })
}

/// Hiring and paying.
#[derive(Default)]
pub struct ContractMutation;

#[Object]
impl ContractMutation {
    /// Offers a contract to the freelancer of a proposal (O-1). For the client.
    async fn send_offer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The offer to send.")] input: SendOfferInput,
    ) -> Answer<SendOfferPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            contracts::offer(txn, client, input.proposal_id.key()?, input.draft()?).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(SendOfferPayload { offer: Offer::visible(ctx, id).await?, outcome })
    }

    /// Accepts an offer, which becomes a contract (O-1). For the freelancer.
    async fn accept_offer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The offer to accept.")] input: AcceptOfferInput,
    ) -> Answer<AcceptOfferPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, freelancer| {
            contracts::accept(txn, freelancer, input.offer_id.key()?).await
        });
        let (id, outcome) = done.boxed().await?;
        let contract = Contract::visible(ctx, id).await?;
        Ok(AcceptOfferPayload {
            wallet: Wallet::of_viewer(ctx, contract.is_some()).await?,
            contract,
            outcome,
        })
    }

    /// Declines an offer; the proposal is back where it was (S-5). For the freelancer.
    async fn decline_offer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The offer to decline, and why.")] input: DeclineOfferInput,
    ) -> Answer<DeclineOfferPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, freelancer| {
            let reason = input::text("reason", &input.reason, 0, 1_000)?;
            contracts::decline(txn, freelancer, input.offer_id.key()?, &reason).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(DeclineOfferPayload { offer: Offer::visible(ctx, id).await?, outcome })
    }

    /// Withdraws an offer; the proposal is back where it was (S-5). For the client.
    async fn withdraw_offer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The offer to withdraw, and why.")] input: WithdrawOfferInput,
    ) -> Answer<WithdrawOfferPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            let reason = input::text("reason", &input.reason, 0, 1_000)?;
            contracts::withdraw(txn, client, input.offer_id.key()?, &reason).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(WithdrawOfferPayload { offer: Offer::visible(ctx, id).await?, outcome })
    }

    /// Funds a milestone: the payment method is charged, or the money is taken from the client's cash account, and it is
    /// kept in escrow (O-2). A dry run shows the payment before the provider is asked. For the client.
    async fn fund_milestone(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The milestone to fund, and by what.")] input: FundMilestoneInput,
    ) -> Answer<FundMilestonePayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            let by = input.paying.by(request(ctx))?;
            contracts::fund(txn, client, input.milestone_id.key()?, by).await
        });
        let (funding, outcome) = done.boxed().await?;
        let (milestone, payment) = settled(ctx, funding, input.retry.is_dry_run()).await?;
        let cash_account = CashAccount::of_viewer(ctx, funding.is_some()).await?;
        Ok(FundMilestonePayload { milestone, payment, cash_account, outcome })
    }

    /// Ends a contract of which no money is in escrow; milestones that were not funded are not owed (O-1). For both sides.
    async fn end_contract(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contract to end.")] input: EndContractInput,
    ) -> Answer<EndContractPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            contracts::end(txn, person, input.contract_id.key()?).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(EndContractPayload { contract: Contract::visible(ctx, id).await?, outcome })
    }

    /// Releases a milestone: its money leaves escrow for the freelancer's cash, less the service fee (O-2). For the
    /// client.
    async fn release_milestone(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The milestone to release.")] input: ReleaseMilestoneInput,
    ) -> Answer<ReleaseMilestonePayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            contracts::release(txn, client, input.milestone_id.key()?).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(ReleaseMilestonePayload { milestone: Milestone::visible(ctx, id).await?, outcome })
    }
}
