//! Affiliates dispute pending commissions, which lock later (F-10).

use super::{rules::CommissionMove, store};
use crate::{
    db::Txn,
    entity::ids::{CommissionId, TicketId},
    error::{Rejection, Result},
};

/// Locks a commission, and refuses one of which nothing can lock any more.
///
/// # Errors
/// `ILLEGAL_STATE`.
pub async fn must_be_disputable(txn: &Txn, id: CommissionId) -> Result<()> {
    let (state, may_lock) = (store::lock_state(txn, id).await?, CommissionMove::Lock.from());
    if may_lock.contains(&state) {
        return Ok(());
    }
    Err(Rejection::illegal_state("This commission", state, may_lock).at("documentId").by("F-10").into())
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
