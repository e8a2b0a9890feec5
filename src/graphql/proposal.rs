//! Proposals: reading them, and submitting one.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use serde::Serialize;

use super::{
    context::request,
    error::{UserError, payload, top_level},
    history::HistoryEntry,
    job_post::JobPost,
    node::{global_id, input_id},
    scalars::{DateTime, int},
    wallet::Wallet,
};
use crate::{
    entity::{enums, ids::JobPostId, proposal},
    error::Fault,
    input,
    proposals::{self, Submit, rules},
};

/// Where a proposal stands (S-5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::ProposalState")]
pub enum ProposalState {
    /// Sent.
    Submitted,
}

/// A freelancer's proposal to a job post (S-1). Visible to both sides and to admins.
#[derive(Clone)]
pub struct Proposal(pub proposal::Model);

/// A freelancer's proposal to a job post (S-1). Visible to both sides and to admins.
#[Object]
impl Proposal {
    /// Opaque, globally unique, stable.
    pub async fn id(&self) -> ID {
        global_id("Proposal", &[&self.0.id])
    }

    /// The job post.
    async fn job_post(&self, ctx: &Context<'_>) -> async_graphql::Result<JobPost> {
        let request = request(ctx);
        let post =
            request.loaders.load_one(self.0.job_post_id).await.map_err(|error| request.shared(&error))?;
        let missing = || Fault::Broken("a proposal without a job post".into());
        post.map(JobPost).ok_or_else(|| top_level(request, missing().into()))
    }

    /// Name of the freelancer.
    async fn freelancer_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        let request = request(ctx);
        let person =
            request.loaders.load_one(self.0.freelancer_id).await.map_err(|error| request.shared(&error))?;
        Ok(person.map(|person| person.name).unwrap_or_default())
    }

    /// Letter to the client.
    async fn cover_letter(&self) -> &str {
        &self.0.cover_letter
    }

    /// Connects charged for it; later prices never touch it (S-4).
    async fn connects_charged(&self) -> i32 {
        int(self.0.connects_charged)
    }

    /// Where it stands.
    async fn state(&self) -> ProposalState {
        self.0.state.into()
    }

    /// When it was submitted.
    async fn submitted_at(&self) -> DateTime {
        DateTime(self.0.submitted_at)
    }
}

/// A proposal to submit.
#[derive(Debug, InputObject, Serialize)]
pub struct SubmitProposalInput {
    /// The job post.
    job_post_id: ID,
    /// The price that the person saw, in Connects; at another price nothing is charged (S-2).
    expected_connects: i32,
    /// Letter to the client, 1 to 5,000 characters.
    cover_letter: String,
    /// Makes a retry safe: the same key never submits twice (1 to 255 characters).
    #[serde(skip)]
    idempotency_key: String,
    /// Answers as the real run would, and changes nothing.
    #[graphql(default)]
    #[serde(skip)]
    dry_run: bool,
}

/// What became of a submission.
#[derive(SimpleObject)]
pub struct SubmitProposalPayload {
    /// The proposal, unless refused.
    proposal: Option<Proposal>,
    /// The wallet after the charge, unless refused.
    wallet: Option<Wallet>,
    /// The history row of the charge; null when it was free or refused.
    entry: Option<HistoryEntry>,
    /// Connects that could be spent right after the charge, unless refused.
    available_after: Option<i32>,
    /// Whether this is the stored answer of an earlier call with the same key.
    replayed: bool,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// Changes to proposals.
#[derive(Default)]
pub struct ProposalMutation;

#[Object]
impl ProposalMutation {
    /// Submits a proposal to an open job post and spends its price, first in, first out (S-2, S-8, L-3).
    async fn submit_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to submit.")] input: SubmitProposalInput,
    ) -> async_graphql::Result<SubmitProposalPayload> {
        let request = request(ctx);
        let work = async {
            let freelancer = request.person()?.clone();
            input::idempotency_key(&input.idempotency_key)?;
            let submit = Submit {
                freelancer,
                job_post: input_id::<JobPostId>("JobPost", &input.job_post_id, "input.jobPostId")?,
                expected_connects: input::number(
                    "input.expectedConnects",
                    input.expected_connects.into(),
                    0,
                    1_000,
                )?,
                cover_letter: rules::checked_letter(&input.cover_letter)?,
                key: request.key("submitProposal", Some(&input.idempotency_key), input.dry_run, &input)?,
            };
            proposals::submit(&request.db, submit, input.dry_run).await
        };
        Ok(match payload(request, work.await)? {
            Ok(done) => SubmitProposalPayload {
                proposal: Some(Proposal(done.proposal)),
                wallet: done.wallet.map(Wallet),
                entry: done.entry.map(|(entry, moved)| HistoryEntry::with_movements(entry, moved)),
                available_after: Some(int(done.available_after)),
                replayed: done.replayed,
                user_errors: Vec::new(),
            },
            Err(user_errors) => SubmitProposalPayload {
                proposal: None,
                wallet: None,
                entry: None,
                available_after: None,
                replayed: false,
                user_errors,
            },
        })
    }
}
