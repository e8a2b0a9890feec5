//! Hiring without a proposal, and hours: direct offers and invoices.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    contracts::{self, Draft, Job},
    entity::enums::JobCategory,
    error::Result,
    graphql::{
        contracts::{
            contract::Contract,
            milestone::Milestone,
            mutations::{MilestoneInput, draft_of},
            offer::Offer,
        },
        job_posts::job_post::JobPost,
        kit::{
            ids::{IdOf, Kind},
            mutation::{Answer, Outcome, Retry, SignedIn, mutate},
            scalars::MoneyInput,
        },
        profiles::freelancer::Freelancer,
    },
    input,
};

/// Input of `sendDirectOffer`.
#[derive(Debug, InputObject, Serialize)]
pub struct SendDirectOfferInput {
    /// The freelancer.
    freelancer_id: IdOf<Freelancer>,
    /// The open job post that the offer is for; if it is left out, the offer needs a title and a category.
    job_post_id: Option<IdOf<JobPost>>,
    /// The category of the work, for an offer without a job post.
    category: Option<JobCategory>,
    /// The title that the contract will have, 1 to 100 characters; that of the job post if it is left out.
    title: Option<String>,
    /// A message to the freelancer, at most 5,000 characters.
    #[graphql(default)]
    message: String,
    /// The milestones that the contract will have, 1 to 20; none for an hourly one.
    #[graphql(default)]
    milestones: Vec<MilestoneInput>,
    /// What an hour costs, 3.00 to 1,000.00; left out for a contract with milestones.
    hourly_rate: Option<MoneyInput>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `sendDirectOffer`.
#[derive(SimpleObject)]
pub struct SendDirectOfferPayload {
    /// The offer; null if the request was refused.
    offer: Option<Offer>,
    #[graphql(flatten)]
    outcome: Outcome,
}

impl SendDirectOfferInput {
    fn draft(&self) -> Result<Draft> {
        draft_of(self.title.as_deref(), &self.message, (&self.milestones, self.hourly_rate.as_ref()))
    }

    fn job(&self) -> Result<Job> {
        let post = self.job_post_id.as_ref().map(IdOf::key).transpose()?;
        match (post, self.category) {
            (Some(post), None) => Ok(Job::Post(post)),
            (None, Some(category)) => Ok(Job::Of(category)),
            _ => {
                let sentence = "An offer is for a job post or has a category. Send exactly one of them.";
                Err(input::invalid("category", sentence).into())
            }
        }
    }
}

/// Input of `submitInvoice`.
#[derive(Debug, InputObject, Serialize)]
pub struct SubmitInvoiceInput {
    /// The hourly contract.
    contract_id: IdOf<Contract>,
    /// What was done, 1 to 100 characters.
    title: String,
    /// The time in minutes, at most a week.
    minutes: i32,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `submitInvoice`.
#[derive(SimpleObject)]
pub struct SubmitInvoicePayload {
    /// The invoice, which is a milestone; null if the request was refused.
    milestone: Option<Milestone>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Input of `withdrawInvoice`.
#[derive(Debug, InputObject, Serialize)]
pub struct WithdrawInvoiceInput {
    /// The invoice.
    milestone_id: IdOf<Milestone>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `withdrawInvoice`.
#[derive(SimpleObject)]
pub struct WithdrawInvoicePayload {
    /// The invoice; null if the request was refused.
    milestone: Option<Milestone>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Direct offers and invoices.
#[derive(Default)]
pub struct DirectMutation;

#[Object]
impl DirectMutation {
    /// Offers a contract to a freelancer who has not proposed, for one of the client's job posts or for none (O-1). It
    /// costs nobody Connects (S-3). For clients.
    async fn send_direct_offer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The offer to send, and to whom.")] input: SendDirectOfferInput,
    ) -> Answer<SendDirectOfferPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            let (freelancer, draft) = (input.freelancer_id.key()?, input.draft()?);
            contracts::offer_directly(txn, client, freelancer, input.job()?, draft).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(SendDirectOfferPayload { offer: Offer::visible(ctx, id).await?, outcome })
    }

    /// Invoices time on an hourly contract: the client funds and releases the invoice like a milestone (O-2). For the
    /// freelancer.
    async fn submit_invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contract, and what to invoice.")] input: SubmitInvoiceInput,
    ) -> Answer<SubmitInvoicePayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, freelancer| {
            let title = input::line("title", &input.title, 1, 100)?;
            contracts::invoice(txn, freelancer, input.contract_id.key()?, title, input.minutes.into()).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(SubmitInvoicePayload { milestone: Milestone::visible(ctx, id).await?, outcome })
    }

    /// Withdraws an invoice that has not been funded (O-2). For the freelancer.
    async fn withdraw_invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The invoice to withdraw.")] input: WithdrawInvoiceInput,
    ) -> Answer<WithdrawInvoicePayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, freelancer| {
            contracts::withdraw_invoice(txn, freelancer, input.milestone_id.key()?).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(WithdrawInvoicePayload { milestone: Milestone::visible(ctx, id).await?, outcome })
    }
}
