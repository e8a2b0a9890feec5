//! What a client does with a proposal: view, short-list, hide or decline it.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    engagement::{self, Flag},
    graphql::{
        kit::{
            ids::{IdOf, Kind},
            mutation::{Answer, Outcome, Retry, SignedIn, mutate},
        },
        proposals::proposal::Proposal,
    },
    input,
};

/// Input of `markProposalViewed`.
#[derive(Debug, InputObject, Serialize)]
pub struct MarkProposalViewedInput {
    /// The proposal.
    proposal_id: IdOf<Proposal>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `shortlistProposal`.
#[derive(Debug, InputObject, Serialize)]
pub struct ShortlistProposalInput {
    /// The proposal.
    proposal_id: IdOf<Proposal>,
    /// Whether to put the proposal on the short list; false takes it off.
    #[graphql(default = true)]
    on: bool,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `hideProposal`.
#[derive(Debug, InputObject, Serialize)]
pub struct HideProposalInput {
    /// The proposal.
    proposal_id: IdOf<Proposal>,
    /// Whether to hide the proposal; false shows it again.
    #[graphql(default = true)]
    on: bool,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `declineProposal`.
#[derive(Debug, InputObject, Serialize)]
pub struct DeclineProposalInput {
    /// The proposal.
    proposal_id: IdOf<Proposal>,
    /// The client's reason, 1 to 1,000 characters; the freelancer sees it.
    reason: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `markProposalViewed`.
#[derive(SimpleObject)]
pub struct MarkProposalViewedPayload {
    /// The proposal; null if the request was refused.
    proposal: Option<Proposal>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `shortlistProposal`.
#[derive(SimpleObject)]
pub struct ShortlistProposalPayload {
    /// The proposal; null if the request was refused.
    proposal: Option<Proposal>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `hideProposal`.
#[derive(SimpleObject)]
pub struct HideProposalPayload {
    /// The proposal; null if the request was refused.
    proposal: Option<Proposal>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `declineProposal`.
#[derive(SimpleObject)]
pub struct DeclineProposalPayload {
    /// The proposal; null if the request was refused.
    proposal: Option<Proposal>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// What clients do with the proposals they receive.
#[derive(Default)]
pub struct EngagementMutation;

#[Object]
impl EngagementMutation {
    /// Records that the client has viewed a proposal; from then on its letter cannot be edited (S-6). For the
    /// client.
    async fn mark_proposal_viewed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal to mark as viewed.")] input: MarkProposalViewedInput,
    ) -> Answer<MarkProposalViewedPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            engagement::view(txn, client, input.proposal_id.key()?).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(MarkProposalViewedPayload { proposal: Proposal::visible(ctx, id).await?, outcome })
    }

    /// Puts a proposal on the client's short list, or takes it off. For the client.
    async fn shortlist_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal to put on the short list or take off it.")]
        input: ShortlistProposalInput,
    ) -> Answer<ShortlistProposalPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            engagement::flag(txn, client, input.proposal_id.key()?, Flag::Shortlisted, input.on).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(ShortlistProposalPayload { proposal: Proposal::visible(ctx, id).await?, outcome })
    }

    /// Hides a proposal from the client's list, or shows it again. For the client.
    async fn hide_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal to hide or show again.")] input: HideProposalInput,
    ) -> Answer<HideProposalPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            engagement::flag(txn, client, input.proposal_id.key()?, Flag::Hidden, input.on).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(HideProposalPayload { proposal: Proposal::visible(ctx, id).await?, outcome })
    }

    /// Declines a proposal; its Connects are not refunded (S-5, T-2). For the client.
    async fn decline_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal to decline, and why.")] input: DeclineProposalInput,
    ) -> Answer<DeclineProposalPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            let reason = input::text("reason", &input.reason, 1, 1_000)?;
            engagement::decline(txn, client, input.proposal_id.key()?, &reason).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(DeclineProposalPayload { proposal: Proposal::visible(ctx, id).await?, outcome })
    }
}
