//! A freelancer gives a milestone's money back to the client (O-2).

use serde::{Deserialize, Serialize};

use super::{
    disputes,
    notifications::refunded,
    postings, rejection,
    rules::{self, Move},
    store,
};
use crate::{
    accounts,
    db::Txn,
    entity::{
        enums::{MilestoneState, PaymentPurpose},
        ids::{MilestoneId, RefundId},
        milestone, refund,
    },
    error::Result,
    notifications::notify,
    payments::{self, Refunded},
    viewer::Viewer,
};

/// A milestone of which some money is on its way back.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Refunding {
    /// The milestone.
    pub milestone: MilestoneId,
    /// The refund, for which the provider is to be asked once this is committed.
    pub refund: RefundId,
}

/// Begins the refund of a milestone by its `freelancer`: of all that is in escrow, or of `cents` of what was released;
/// absent: of all that is left. Nobody gives back what they do not have. A suspended freelancer gives back what is in
/// escrow, without a word. A dispute over a milestone of which nothing is left is settled.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`, `INVALID_INPUT`, `INSUFFICIENT_CASH`, `TOO_MANY_REFUNDS`; `ACCOUNT_SUSPENDED`,
/// `ACCOUNT_CLOSED`.
pub async fn refund(
    txn: &Txn,
    freelancer: &Viewer,
    id: MilestoneId,
    cents: Option<i64>,
    reason: &str,
) -> Result<Refunding> {
    let freelancer = accounts::acting_even_suspended(txn, freelancer.id()).await?;
    let (contract, mut milestone) =
        store::lock_milestone(txn, id).await?.ok_or_else(rejection::no_such_milestone)?;
    if contract.freelancer_id != freelancer.id() {
        return Err(rejection::no_such_milestone().into());
    }
    if milestone.state != MilestoneState::Funded || !reason.is_empty() {
        accounts::acting(txn, freelancer.id()).await.map(drop)?;
    }
    let cents = rules::refundable(&milestone, cents)?;
    must_be_few(txn, &milestone, cents).await?;
    let refund = begin(txn, &milestone, cents, reason).await?;
    if milestone.state == MilestoneState::Funded {
        postings::divide(txn, &contract, Some(&refund), None, freelancer.id()).await?;
        milestone.state = rules::moved(milestone.state, Move::Refund)?;
    } else {
        let fee = reverse(&mut milestone, cents)?;
        postings::refund_earnings(txn, &contract, &refund, (id, fee), freelancer.id()).await?;
    }
    milestone.refunded_cents += cents;
    let is_over = milestone.state == MilestoneState::Refunded;
    notify(txn, vec![refunded(&contract, refund.id, txn.now())]).await?;
    store::update_milestone(txn, milestone).await?;
    if is_over {
        disputes::settle(txn, id).await?;
    }
    Ok(Refunding { milestone: id, refund: refund.id })
}

/// Checks that there are not too many refunds, so that a list of them is short; all that is left can always go back.
async fn must_be_few(txn: &Txn, milestone: &milestone::Model, cents: i64) -> Result<()> {
    let (purpose, most) = (PaymentPurpose::Milestone, rules::REFUNDS_AT_MOST);
    let is_last = cents == rules::left_of(milestone);
    if !is_last && payments::store::count_refunds_for(txn, purpose, milestone.id.0).await? >= most {
        return Err(rejection::too_many_refunds(most).into());
    }
    Ok(())
}

/// Writes a refund of `cents` of `milestone`, which is locked.
pub(super) async fn begin(
    txn: &Txn,
    milestone: &milestone::Model,
    cents: i64,
    reason: &str,
) -> Result<refund::Model> {
    let (purpose, document) = (PaymentPurpose::Milestone, milestone.id.0);
    payments::begin_refund(txn, &Refunded { purpose, document, cents, reason }).await
}

/// Takes `cents` of what was released back, in `milestone`; returns the fee in it. Once nothing is left, all of it is
/// refunded.
pub(super) fn reverse(milestone: &mut milestone::Model, cents: i64) -> Result<i64> {
    let fee = rules::fee_in(milestone, cents);
    milestone.reversed_cents += cents;
    milestone.fee_reversed_cents += fee;
    if milestone.reversed_cents == milestone.released_cents {
        milestone.state = rules::moved(milestone.state, Move::Refund)?;
    }
    Ok(fee)
}
