//! What a provider said of a milestone's payment or refund takes effect: the money is in escrow, or the milestone waits
//! for another payment; it is back, or in the client's cash (O-2, B-3).

use super::{
    notifications::{Offered, failed, funded, in_cash, offered},
    postings, return_reversal,
    rules::{self, Move},
    store,
};
use crate::{
    db::Txn,
    entity::{
        contract,
        enums::PaymentState,
        ids::{MilestoneId, PaymentId, RefundId},
        milestone, payment,
    },
    error::{Fault, Result},
    notifications::{Notification, notify},
    payments::{self, Outcome, Recorded},
};

/// Writes what the provider said of `payment`, which is for a milestone, with all that follows from it; returns whether it is
/// over now. An outcome that comes twice does nothing.
///
/// # Errors
/// When the database refuses.
pub async fn settle(txn: &Txn, payment: &payment::Model, outcome: &Outcome<PaymentId>) -> Result<bool> {
    let missing = || Fault::Broken(format!("payment {} has no milestone", outcome.id));
    let milestone = store::lock_milestone(txn, MilestoneId(payment.document_id)).await?;
    let (contract, mut milestone) = milestone.ok_or_else(missing)?;
    let Some(payment) = payments::record(txn, outcome).await? else { return Ok(false) };
    let notification = match payment.state {
        PaymentState::Paid => arrive(txn, &contract, &mut milestone, &payment).await?,
        PaymentState::Failed => {
            milestone.state = rules::moved(milestone.state, Move::Fail)?;
            failed(&contract, payment.id, txn.now())
        }
        PaymentState::Pending | PaymentState::Unknown => return Ok(false),
    };
    store::update_milestone(txn, milestone).await?;
    notify(txn, vec![notification]).await?;
    Ok(true)
}

/// Puts the money of a payment for `milestone`, which is locked and being funded, into escrow; returns what its freelancer
/// is told. The caller writes the milestone.
///
/// # Errors
/// `INSUFFICIENT_CASH` when it is paid from a cash account that has less.
pub(super) async fn arrive(
    txn: &Txn,
    contract: &contract::Model,
    milestone: &mut milestone::Model,
    payment: &payment::Model,
) -> Result<Notification> {
    let now = txn.now();
    (milestone.state, milestone.funded_at) = (rules::moved(milestone.state, Move::Arrive)?, Some(now));
    // Nobody has agreed to an order but by paying for it (T-6).
    let order = store::find_order(txn, contract).await?;
    if order.is_some() {
        return_reversal::reverse(txn, contract).await?;
    }
    postings::fund(txn, contract, payment).await?;
    Ok(order.map_or_else(|| funded(contract, milestone, now), |offer| offered(Offered::Ordered, &offer, now)))
}

/// Writes what the provider said of a refund, in the same way: it is paid, or it goes into the client's cash, whether the
/// provider says so at once or long after it was paid.
///
/// # Errors
/// When the database refuses.
pub async fn settle_refund(txn: &Txn, outcome: &Outcome<RefundId>) -> Result<bool> {
    let missing = || Fault::Broken(format!("refund {} has no milestone", outcome.id));
    let refund = payments::store::find_refund(txn, outcome.id).await?.ok_or_else(missing)?;
    let payment = payments::store::find_payment(txn, refund.payment_id).await?.ok_or_else(missing)?;
    let milestone = store::lock_milestone(txn, MilestoneId(payment.document_id)).await?;
    let (contract, _) = milestone.ok_or_else(missing)?;
    let refund = match payments::record_refund(txn, outcome).await? {
        None => return Ok(false),
        Some(Recorded::On(refund)) if refund.ask_at.is_some() => return Ok(false),
        Some(Recorded::On(refund)) => {
            postings::end_refund(txn, &refund, &payment).await?;
            refund
        }
        Some(Recorded::Returned(refund)) => {
            postings::return_refund(txn, &refund, &payment).await?;
            refund
        }
    };
    if refund.state == PaymentState::Failed {
        notify(txn, vec![in_cash(&contract, refund.id, txn.now())]).await?;
    }
    Ok(true)
}
