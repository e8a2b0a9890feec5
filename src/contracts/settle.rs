//! What a provider said of a milestone's payment takes effect: the money is in escrow, or the milestone waits for another
//! payment (O-2, B-3).

use super::{
    notifications::{failed, funded},
    rules::{self, Move},
    store,
};
use crate::{
    cash::{Entry, Holder, Journal},
    db::Txn,
    entity::{
        contract,
        enums::{CashDocumentKind, CashKind, PaymentState},
        ids::MilestoneId,
        payment,
    },
    error::{Fault, Result},
    notifications::notify,
    payments::{self, Outcome},
};

/// Writes what the provider said of a payment, with all that follows from it; returns whether it is over now. An outcome
/// that comes twice does nothing.
///
/// # Errors
/// When the database refuses.
pub async fn settle(txn: &Txn, outcome: &Outcome) -> Result<bool> {
    let missing = || Fault::Broken(format!("payment {} has no milestone", outcome.id));
    let payment = payments::store::find_payment(txn, outcome.id).await?.ok_or_else(missing)?;
    let milestone = store::lock_milestone(txn, MilestoneId(payment.document_id)).await?;
    let (contract, mut milestone) = milestone.ok_or_else(missing)?;
    let Some(payment) = payments::record(txn, outcome).await? else { return Ok(false) };
    let now = txn.now();
    let notification = match payment.state {
        PaymentState::Paid => {
            (milestone.state, milestone.funded_at) =
                (rules::moved(milestone.state, Move::Arrive)?, Some(now));
            into_escrow(txn, &contract, &payment).await?;
            funded(&contract, &milestone, now)
        }
        PaymentState::Failed => {
            milestone.state = rules::moved(milestone.state, Move::Fail)?;
            failed(&contract, payment.id, now)
        }
        PaymentState::Pending | PaymentState::Unknown => return Ok(false),
    };
    store::update_milestone(txn, milestone).await?;
    notify(txn, vec![notification]).await?;
    Ok(true)
}

/// The provider owes us the money now, and we owe it to the contract.
async fn into_escrow(txn: &Txn, contract: &contract::Model, payment: &payment::Model) -> Result<()> {
    let (bank, escrow) = (Holder::Clearing(payment.provider), Holder::Escrow(contract.id));
    let mut journal = Journal::lock(txn, &[bank, escrow]).await?;
    let entry = Entry {
        kind: CashKind::Funding,
        business_key: format!("{}/{}", CashKind::Funding, payment.id),
        document: (CashDocumentKind::Payment, payment.id.0),
        actor: Some(payment.account_id),
        reverses: None,
        effective_at: txn.now(),
    };
    journal.post(&entry, &[(bank, -payment.amount_cents), (escrow, payment.amount_cents)])?;
    let mut writes = txn.writes();
    journal.write(&mut writes);
    writes.run().await
}
