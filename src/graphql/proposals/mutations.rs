//! Changes to proposals: submit, edit, withdraw.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    error::{Rejection, Result},
    graphql::{
        connects::{history::HistoryEntry, wallet::Wallet},
        job_posts::job_post::JobPost,
        kit::{
            context::request,
            ids::{IdOf, Kind},
            mutation::{Answer, Attempt, Outcome, RequiredKey, Retry, SignedIn, answer, mutate},
            scalars::{MoneyInput, int},
        },
        proposals::proposal::Proposal,
    },
    input,
    money::Connects,
    proposals::{self, Edits, Offer, Submit, Submitted, rules},
};

/// Input of `submitProposal`.
#[derive(Debug, InputObject, Serialize)]
pub struct SubmitProposalInput {
    /// The job post.
    job_post_id: IdOf<JobPost>,
    /// The price in Connects that the freelancer saw; if the price is another by now, the request is refused
    /// and nothing is charged (S-2).
    expected_connects: i32,
    /// The letter to the client, 1 to 5,000 characters.
    cover_letter: String,
    /// The amount that the freelancer asks for: in total for a fixed-price job, per hour for an hourly one.
    amount: Option<MoneyInput>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// Input of `editProposal`. A field that is left out stays as it is.
#[derive(Debug, InputObject, Serialize)]
pub struct EditProposalInput {
    /// The proposal.
    proposal_id: IdOf<Proposal>,
    /// The new letter, 1 to 5,000 characters; editable for some hours after submission, unless the client views
    /// the proposal first (S-6). A proposal always has a letter, so null is refused.
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    cover_letter: MaybeUndefined<String>,
    /// The new amount that the freelancer asks for, editable while the proposal is live; null removes it.
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    amount: MaybeUndefined<MoneyInput>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `withdrawProposal`.
#[derive(Debug, InputObject, Serialize)]
pub struct WithdrawProposalInput {
    /// The proposal.
    proposal_id: IdOf<Proposal>,
    /// The freelancer's reason, at most 1,000 characters; the client sees it.
    #[graphql(default)]
    reason: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `submitProposal`.
#[derive(SimpleObject)]
pub struct SubmitProposalPayload {
    /// The proposal; null if the request was refused.
    proposal: Option<Proposal>,
    /// The wallet after the charge; null if the request was refused.
    wallet: Option<Wallet>,
    /// The history entry of the charge; null if the proposal was free of charge or the request was refused.
    entry: Option<HistoryEntry>,
    /// The spendable Connects right after the charge; null if the request was refused.
    available_after: Option<i32>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `editProposal`.
#[derive(SimpleObject)]
pub struct EditProposalPayload {
    /// The proposal; null if the request was refused.
    proposal: Option<Proposal>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `withdrawProposal`; the proposal's Connects are not refunded (T-2).
#[derive(SimpleObject)]
pub struct WithdrawProposalPayload {
    /// The proposal; null if the request was refused.
    proposal: Option<Proposal>,
    #[graphql(flatten)]
    outcome: Outcome,
}

impl SubmitProposalInput {
    fn submit(&self, ctx: &Context<'_>, attempt: Attempt<'_>) -> Result<Submit> {
        let freelancer = request(ctx).person()?.id();
        Ok(Submit { freelancer, key: attempt.key(ctx, self)?, offer: self.offer() })
    }

    fn offer(&self) -> Result<Offer, Rejection> {
        Ok(Offer {
            job_post: self.job_post_id.key()?,
            expected_connects: Connects(input::number(
                "expectedConnects",
                self.expected_connects.into(),
                0,
                1_000,
            )?),
            cover_letter: rules::checked_letter(&self.cover_letter)?,
            amount_cents: self.amount.as_ref().map(amount).transpose()?,
        })
    }
}

impl EditProposalInput {
    fn edits(&self) -> Result<Edits> {
        let cover_letter = match &self.cover_letter {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => {
                let sentence = "A proposal must have a letter. Send a new one, or leave the field out.";
                return Err(input::invalid("coverLetter", sentence).into());
            }
            MaybeUndefined::Value(letter) => Some(rules::checked_letter(letter)?),
        };
        let amount_cents = match &self.amount {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(money) => Some(Some(amount(money)?)),
        };
        Ok(Edits { cover_letter, amount_cents })
    }
}

fn amount(money: &MoneyInput) -> Result<i64, Rejection> {
    rules::checked_amount(money.cents("amount")?)
}

impl SubmitProposalPayload {
    fn new(done: Option<Submitted>, outcome: Outcome) -> Self {
        let Some(done) = done else {
            return Self { proposal: None, wallet: None, entry: None, available_after: None, outcome };
        };
        Self {
            proposal: Some(Proposal(done.proposal)),
            wallet: done.wallet.map(Wallet),
            entry: done.entry.map(|(entry, moved)| HistoryEntry::with_movements(entry, moved)),
            available_after: Some(int(done.available_after.0)),
            outcome,
        }
    }
}

/// Changes to proposals.
#[derive(Default)]
pub struct ProposalMutation;

#[Object]
impl ProposalMutation {
    /// Submits a proposal to an open job post and spends its price in Connects, first in, first out (S-2, S-8,
    /// L-3).
    async fn submit_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal to submit.")] input: SubmitProposalInput,
    ) -> Answer<SubmitProposalPayload> {
        let attempt = Attempt::from(&input.retry);
        let done = async {
            let submit = input.submit(ctx, attempt)?;
            let request = request(ctx);
            proposals::submit(&request.db, &request.submissions, submit, attempt.dry_run).await
        };
        let (done, user_errors) = answer(ctx, done).await?;
        let outcome = Outcome { replayed: done.as_ref().is_some_and(|done| done.replayed), user_errors };
        Ok(SubmitProposalPayload::new(done, outcome))
    }

    /// Changes the letter or the amount of the viewer's proposal (S-6). For its freelancer.
    async fn edit_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal to edit, and what to change.")] input: EditProposalInput,
    ) -> Answer<EditProposalPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, freelancer| {
            proposals::edit(txn, freelancer, input.proposal_id.key()?, input.edits()?).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(EditProposalPayload { proposal: Proposal::visible(ctx, id).await?, outcome })
    }

    /// Withdraws the viewer's proposal; its Connects are not refunded (S-5, T-2). For its freelancer.
    async fn withdraw_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal to withdraw, and why.")] input: WithdrawProposalInput,
    ) -> Answer<WithdrawProposalPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, freelancer| {
            let reason = input::text("reason", &input.reason, 0, 1_000)?;
            proposals::withdraw(txn, freelancer, input.proposal_id.key()?, &reason).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(WithdrawProposalPayload { proposal: Proposal::visible(ctx, id).await?, outcome })
    }
}
