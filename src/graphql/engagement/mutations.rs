//! What a client does with a proposal: opens, short-lists, hides, declines it.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use serde::Serialize;

use crate::{
    engagement::{self, Flag},
    graphql::{
        kit::{
            ids::IdOf,
            mutation::{Answer, Outcome, Retry, SignedIn, mutate},
        },
        proposals::proposal::Proposal,
    },
    input,
};

/// A proposal that was opened.
#[derive(Debug, InputObject, Serialize)]
pub struct MarkProposalViewedInput {
    /// The proposal.
    proposal_id: IdOf<Proposal>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// A proposal to put on the short list, or to take off it.
#[derive(Debug, InputObject, Serialize)]
pub struct ShortlistProposalInput {
    /// The proposal.
    proposal_id: IdOf<Proposal>,
    /// On the list, or off it.
    #[graphql(default = true)]
    on: bool,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// A proposal to put out of sight, or back.
#[derive(Debug, InputObject, Serialize)]
pub struct HideProposalInput {
    /// The proposal.
    proposal_id: IdOf<Proposal>,
    /// Out of sight, or back.
    #[graphql(default = true)]
    on: bool,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// A proposal to turn down.
#[derive(Debug, InputObject, Serialize)]
pub struct DeclineProposalInput {
    /// The proposal.
    proposal_id: IdOf<Proposal>,
    /// Why, 1 to 1,000 characters; the freelancer sees it.
    reason: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `markProposalViewed`.
#[derive(SimpleObject)]
pub struct MarkProposalViewedPayload {
    /// The proposal; null when refused.
    proposal: Option<Proposal>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `shortlistProposal`.
#[derive(SimpleObject)]
pub struct ShortlistProposalPayload {
    /// The proposal; null when refused.
    proposal: Option<Proposal>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `hideProposal`.
#[derive(SimpleObject)]
pub struct HideProposalPayload {
    /// The proposal; null when refused.
    proposal: Option<Proposal>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `declineProposal`.
#[derive(SimpleObject)]
pub struct DeclineProposalPayload {
    /// The proposal; null when refused.
    proposal: Option<Proposal>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// What clients do with proposals.
#[derive(Default)]
pub struct EngagementMutation;

#[Object]
impl EngagementMutation {
    /// Notes that a proposal was opened; from then on its letter stays as it is (S-6). For the client.
    async fn mark_proposal_viewed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which proposal.")] input: MarkProposalViewedInput,
    ) -> Answer<MarkProposalViewedPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            engagement::view(txn, client, input.proposal_id.key()?).await
        });
        let (id, outcome) = done.await?;
        Ok(MarkProposalViewedPayload { proposal: Proposal::visible(ctx, id).await?, outcome })
    }

    /// Puts a proposal on the short list, or takes it off. For the client.
    async fn shortlist_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which proposal.")] input: ShortlistProposalInput,
    ) -> Answer<ShortlistProposalPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            engagement::flag(txn, client, input.proposal_id.key()?, Flag::Shortlisted, input.on).await
        });
        let (id, outcome) = done.await?;
        Ok(ShortlistProposalPayload { proposal: Proposal::visible(ctx, id).await?, outcome })
    }

    /// Puts a proposal out of sight, or back. For the client.
    async fn hide_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which proposal.")] input: HideProposalInput,
    ) -> Answer<HideProposalPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            engagement::flag(txn, client, input.proposal_id.key()?, Flag::Hidden, input.on).await
        });
        let (id, outcome) = done.await?;
        Ok(HideProposalPayload { proposal: Proposal::visible(ctx, id).await?, outcome })
    }

    /// Turns a proposal down; its Connects do not come back now (S-5, T-2). For the client.
    async fn decline_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which proposal.")] input: DeclineProposalInput,
    ) -> Answer<DeclineProposalPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            let reason = input::text("reason", &input.reason, 1, 1_000)?;
            engagement::decline(txn, client, input.proposal_id.key()?, &reason).await
        });
        let (id, outcome) = done.await?;
        Ok(DeclineProposalPayload { proposal: Proposal::visible(ctx, id).await?, outcome })
    }
}
