//! Changes to proposals: submitting, editing, withdrawing, and what the client does with them.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use serde::Serialize;

use super::{
    context::{Request, request},
    error::{UserError, payload},
    history::HistoryEntry,
    node::input_id,
    payload::{inputs, payloads},
    proposal::Proposal,
    scalars::{MoneyInput, int},
    wallet::Wallet,
};
use crate::{
    db::Txn,
    engagement::{self, Flag},
    entity::ids::{JobPostId, ProposalId},
    error::{Rejection, Result},
    input,
    proposals::{self, Edits, Submit, rules},
    viewer::Viewer,
};

/// A proposal to submit.
#[derive(Debug, InputObject, Serialize)]
pub struct SubmitProposalInput {
    /// The job post.
    job_post_id: ID,
    /// The price that the person saw, in Connects; at another price nothing is charged (S-2).
    expected_connects: i32,
    /// Letter to the client, 1 to 5,000 characters.
    cover_letter: String,
    /// What the person asks for: for all of a fixed-price job, for an hour of an hourly one.
    amount: Option<MoneyInput>,
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

inputs! {
    /// What to change of a proposal; what is left out stays.
    EditProposalInput {
        /// The proposal.
        proposal_id: ID,
        /// The letter, 1 to 5,000 characters; for some hours, and until the client has opened it (S-6). It
        /// cannot be taken away: null is refused.
        #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
        cover_letter: MaybeUndefined<String>,
        /// What the person asks for, as long as the proposal lives; null takes it away.
        #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
        amount: MaybeUndefined<MoneyInput>,
    }

    /// A proposal to take back.
    WithdrawProposalInput {
        /// The proposal.
        proposal_id: ID,
        /// Why, at most 1,000 characters; the client sees it.
        #[graphql(default)]
        reason: String,
    }

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
    /// What became of an edit.
    EditProposalPayload {
        /// The proposal, unless refused.
        proposal: Proposal,
    }

    /// What became of a withdrawal; its Connects do not come back (T-2).
    WithdrawProposalPayload {
        /// The proposal, unless refused.
        proposal: Proposal,
    }

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

impl EditProposalInput {
    fn edits(&self) -> Result<Edits> {
        let cover_letter = match &self.cover_letter {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => {
                let sentence = "A proposal keeps a letter; send another one, or leave it out.";
                return Err(input::invalid("input.coverLetter", sentence).into());
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
    rules::checked_amount(money.cents("input.amount")?)
}

/// The signed-in person and the proposal that an input names.
fn person_and_proposal(request: &Request, id: &ID) -> Result<(Viewer, ProposalId)> {
    Ok((request.person()?.clone(), input_id("Proposal", id, "input.proposalId")?))
}

/// Changes by `work` once for the key, and reads the proposal that it names.
async fn changed(
    request: &Request,
    mutation: &'static str,
    key: (Option<&str>, bool),
    arguments: &impl Serialize,
    work: impl AsyncFnOnce(&Txn) -> Result<ProposalId> + Clone,
) -> Result<(Option<Proposal>, bool)> {
    let (id, replayed) = request.write_once(mutation, key, arguments, work).await?;
    let viewer = request.person()?;
    let row = proposals::store::find_visible(request.db.read(), viewer, id, request.now).await?;
    Ok((row.map(Proposal), replayed))
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
                amount_cents: input.amount.as_ref().map(amount).transpose()?,
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

    /// Changes the letter or the terms of one's proposal (S-6). For its freelancer.
    async fn edit_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which proposal.")] input: EditProposalInput,
    ) -> async_graphql::Result<EditProposalPayload> {
        let request = request(ctx);
        let work = async {
            let (person, id) = person_and_proposal(request, &input.proposal_id)?;
            let edits = input.edits()?;
            let key = (input.idempotency_key.as_deref(), input.dry_run);
            let work = async |txn: &Txn| proposals::edit(txn, &person, id, edits).await;
            changed(request, "editProposal", key, &input, work).await
        };
        Ok(match payload(request, work.await)? {
            Ok((proposal, replayed)) => EditProposalPayload::done(proposal, replayed),
            Err(refused) => EditProposalPayload::refused(refused),
        })
    }

    /// Takes one's proposal back; its Connects do not come back (S-5, T-2). For its freelancer.
    async fn withdraw_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which proposal.")] input: WithdrawProposalInput,
    ) -> async_graphql::Result<WithdrawProposalPayload> {
        let request = request(ctx);
        let work = async {
            let (person, id) = person_and_proposal(request, &input.proposal_id)?;
            let reason = input::text("input.reason", &input.reason, 0, 1_000)?;
            let key = (input.idempotency_key.as_deref(), input.dry_run);
            let work = async |txn: &Txn| proposals::withdraw(txn, &person, id, &reason).await;
            changed(request, "withdrawProposal", key, &input, work).await
        };
        Ok(match payload(request, work.await)? {
            Ok((proposal, replayed)) => WithdrawProposalPayload::done(proposal, replayed),
            Err(refused) => WithdrawProposalPayload::refused(refused),
        })
    }

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
