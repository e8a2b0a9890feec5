//! What a client does with a proposal: opens, short-lists, hides, declines it.

use async_graphql::{Context, ID, Object};

use crate::{
    db::Txn,
    engagement::{self, Flag},
    graphql::{
        kit::{
            context::request,
            errors::payload,
            mutation::{inputs, payloads},
        },
        proposals::{
            mutations::{changed, person_and_proposal},
            proposal::Proposal,
        },
    },
    input,
};

inputs! {
    /// A proposal that was opened.
    MarkProposalViewedInput {
        /// The proposal.
        proposal_id: ID,
    }

    /// A proposal to put on the short list, or to take off it.
    ShortlistProposalInput {
        /// The proposal.
        proposal_id: ID,
        /// On the list, or off it.
        #[graphql(default = true)]
        on: bool,
    }

    /// A proposal to put out of sight, or back.
    HideProposalInput {
        /// The proposal.
        proposal_id: ID,
        /// Out of sight, or back.
        #[graphql(default = true)]
        on: bool,
    }

    /// A proposal to turn down.
    DeclineProposalInput {
        /// The proposal.
        proposal_id: ID,
        /// Why, 1 to 1,000 characters; the freelancer sees it.
        reason: String,
    }
}

payloads! {
    /// What became of it.
    MarkProposalViewedPayload {
        /// The proposal, unless refused.
        proposal: Proposal,
    }

    /// What became of it.
    ShortlistProposalPayload {
        /// The proposal, unless refused.
        proposal: Proposal,
    }

    /// What became of it.
    HideProposalPayload {
        /// The proposal, unless refused.
        proposal: Proposal,
    }

    /// What became of a refusal by the client.
    DeclineProposalPayload {
        /// The proposal, unless refused.
        proposal: Proposal,
    }
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
    ) -> async_graphql::Result<MarkProposalViewedPayload> {
        let request = request(ctx);
        let work = async {
            let (person, id) = person_and_proposal(request, &input.proposal_id)?;
            let key = (input.idempotency_key.as_deref(), input.dry_run);
            let work = async |txn: &Txn| engagement::view(txn, &person, id).await;
            changed(request, "markProposalViewed", key, &input, work).await
        };
        Ok(match payload(request, work.await)? {
            Ok((proposal, replayed)) => MarkProposalViewedPayload::done(proposal, replayed),
            Err(refused) => MarkProposalViewedPayload::refused(refused),
        })
    }

    /// Puts a proposal on the short list, or takes it off. For the client.
    async fn shortlist_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which proposal.")] input: ShortlistProposalInput,
    ) -> async_graphql::Result<ShortlistProposalPayload> {
        let request = request(ctx);
        let work = async {
            let (person, id) = person_and_proposal(request, &input.proposal_id)?;
            let key = (input.idempotency_key.as_deref(), input.dry_run);
            let work =
                async |txn: &Txn| engagement::flag(txn, &person, id, Flag::Shortlisted, input.on).await;
            changed(request, "shortlistProposal", key, &input, work).await
        };
        Ok(match payload(request, work.await)? {
            Ok((proposal, replayed)) => ShortlistProposalPayload::done(proposal, replayed),
            Err(refused) => ShortlistProposalPayload::refused(refused),
        })
    }

    /// Puts a proposal out of sight, or back. For the client.
    async fn hide_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which proposal.")] input: HideProposalInput,
    ) -> async_graphql::Result<HideProposalPayload> {
        let request = request(ctx);
        let work = async {
            let (person, id) = person_and_proposal(request, &input.proposal_id)?;
            let key = (input.idempotency_key.as_deref(), input.dry_run);
            let work = async |txn: &Txn| engagement::flag(txn, &person, id, Flag::Hidden, input.on).await;
            changed(request, "hideProposal", key, &input, work).await
        };
        Ok(match payload(request, work.await)? {
            Ok((proposal, replayed)) => HideProposalPayload::done(proposal, replayed),
            Err(refused) => HideProposalPayload::refused(refused),
        })
    }

    /// Turns a proposal down; its Connects do not come back now (S-5, T-2). For the client.
    async fn decline_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which proposal.")] input: DeclineProposalInput,
    ) -> async_graphql::Result<DeclineProposalPayload> {
        let request = request(ctx);
        let work = async {
            let (person, id) = person_and_proposal(request, &input.proposal_id)?;
            let reason = input::text("input.reason", &input.reason, 1, 1_000)?;
            let key = (input.idempotency_key.as_deref(), input.dry_run);
            let work = async |txn: &Txn| engagement::decline(txn, &person, id, &reason).await;
            changed(request, "declineProposal", key, &input, work).await
        };
        Ok(match payload(request, work.await)? {
            Ok((proposal, replayed)) => DeclineProposalPayload::done(proposal, replayed),
            Err(refused) => DeclineProposalPayload::refused(refused),
        })
    }
}
