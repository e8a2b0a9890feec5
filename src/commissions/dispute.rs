//! Affiliates dispute pending commissions, which lock later (F-10).

use super::{rules::CommissionMove, store};
use crate::{
    db::Txn,
    entity::ids::{CommissionId, TicketId},
    error::{Code, Rejection, Result},
};

/// Locks a commission, and refuses one of which nothing can lock any more, or whose month is over: it locks as it stood
/// then.
///
/// # Errors
/// `ILLEGAL_STATE`, `COMMISSION_LOCKING`.
pub async fn must_be_disputable(txn: &Txn, id: CommissionId) -> Result<()> {
    let ((state, next_lock_at), may_lock) = (store::lock_state(txn, id).await?, CommissionMove::Lock.from());
    if !may_lock.contains(&state) {
        return Err(Rejection::illegal_state("This commission", state, may_lock)
            .at("documentId")
            .by("F-10")
            .into());
    }
    if next_lock_at.is_some_and(|at| at < txn.now()) {
        let sentence =
            "The month is over at whose end this commission locks. Ask about it without a dispute.";
        return Err(Rejection::new(Code::CommissionLocking, sentence).at("documentId").by("F-10").into());
    }
    Ok(())
}

/// Disputes a commission that was locked for that by a ticket: nothing of it locks until the ticket is closed.
///
/// # Errors
/// When the database refuses.
pub async fn dispute(txn: &Txn, id: CommissionId, ticket: TicketId) -> Result<()> {
    store::insert_dispute(txn, id, ticket).await
}

/// Ends what a ticket disputes.
///
/// # Errors
/// When the database refuses.
pub async fn settle_dispute(txn: &Txn, ticket: TicketId) -> Result<()> {
    store::settle_dispute(txn, ticket).await
}
