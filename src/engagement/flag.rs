//! Flags of a proposal that only its client sees and sets: opened, short-listed, hidden (S-5).

use super::lock_received;
use crate::{
    db::Txn,
    entity::ids::ProposalId,
    error::Result,
    proposals::{rules::life, store},
    viewer::Viewer,
};

/// A flag that a client can set and clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// On the client's short list.
    Shortlisted,
    /// Hidden from the client's list.
    Hidden,
}

/// Records that `client` has opened a proposal; from then on its letter cannot be edited (S-6). Opening it again
/// changes nothing.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn view(txn: &Txn, client: &Viewer, id: ProposalId) -> Result<ProposalId> {
    let mut proposal = lock_received(txn, client, id, life::must_be_live).await?.row;
    if proposal.viewed_at.is_none() {
        proposal.viewed_at = Some(txn.now());
        store::update_proposal(txn, proposal).await?;
    }
    Ok(id)
}

/// Sets or clears a flag of a proposal to a post of `client`.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn flag(txn: &Txn, client: &Viewer, id: ProposalId, flag: Flag, on: bool) -> Result<ProposalId> {
    let mut proposal = lock_received(txn, client, id, life::must_be_live).await?.row;
    let now = txn.now();
    let since = match flag {
        Flag::Shortlisted => &mut proposal.shortlisted_at,
        Flag::Hidden => &mut proposal.hidden_at,
    };
    if since.is_some() != on {
        *since = on.then_some(now);
        store::update_proposal(txn, proposal).await?;
    }
    Ok(id)
}
