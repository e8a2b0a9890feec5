//! Submitting proposals, editing and withdrawing them.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use serde::Serialize;

use crate::{
    db::Txn,
    entity::ids::{JobPostId, ProposalId},
    error::{Rejection, Result},
    graphql::{
        connects::{history::HistoryEntry, wallet::Wallet},
        kit::{
            context::{Request, request},
            errors::{UserError, payload},
            ids::input_id,
            mutation::{inputs, payloads},
            scalars::{MoneyInput, int},
        },
        proposals::proposal::Proposal,
    },
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
pub(in crate::graphql) fn person_and_proposal(request: &Request, id: &ID) -> Result<(Viewer, ProposalId)> {
    Ok((request.person()?.clone(), input_id("Proposal", id, "input.proposalId")?))
}

/// Changes by `work` once for the key, and reads the proposal that it names.
pub(in crate::graphql) async fn changed(
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
}
