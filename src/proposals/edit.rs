//! Editing a proposal: its letter for some hours, its terms as long as it is live (S-6).

use super::{lock::lock_sent, rules::life, store};
use crate::{accounts, db::Txn, entity::ids::ProposalId, error::Result, viewer::Viewer};

/// The parts of a proposal to change; absent parts stay as they are. Values are checked.
#[derive(Clone, Debug, Default)]
pub struct Edits {
    /// The letter.
    pub cover_letter: Option<String>,
    /// The freelancer's new bid in minor units; `Some(None)` removes the bid.
    pub amount_cents: Option<Option<i64>>,
}

/// Changes a proposal of `freelancer`.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`, `EDIT_WINDOW_CLOSED`, `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn edit(txn: &Txn, freelancer: &Viewer, id: ProposalId, edits: Edits) -> Result<ProposalId> {
    let freelancer = accounts::acting(txn, freelancer.id()).await?;
    let locked = lock_sent(txn, &freelancer, id).await?;
    life::must_be_undecided(locked.state)?;
    let mut proposal = locked.row;
    if edits.cover_letter.is_none() && edits.amount_cents.is_none() {
        return Ok(id);
    }
    if let Some(letter) = edits.cover_letter {
        let policy = &txn.policy().proposals;
        life::may_edit_letter(proposal.submitted_at, proposal.viewed_at, policy, txn.now())?;
        proposal.cover_letter = letter;
    }
    proposal.amount_cents = edits.amount_cents.unwrap_or(proposal.amount_cents);
    proposal.edited_at = Some(txn.now());
    store::update_proposal(txn, proposal).await?;
    Ok(id)
}
