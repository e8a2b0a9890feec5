//! A client's bank took a payment back: it is reversed from where the money is (O-5).

use super::{
    disputes,
    notifications::charged_back,
    postings::{self, Reversal},
    rules::{self, Move},
    store,
};
use crate::{
    db::{Database, Txn},
    entity::{
        enums::{
            MilestoneState::{Funded, Released},
            PaymentProvider, PaymentPurpose,
        },
        ids::MilestoneId,
        milestone,
    },
    error::{Fault, Result},
    notifications::notify,
    payments,
    providers::payments::{Chargeback, Payments},
};

/// How far before the last charge-back that is known the provider is asked for others: they may become known out of
/// order.
const OVERLAP: chrono::TimeDelta = chrono::TimeDelta::days(1);

/// Asks `provider`, outside of any transaction, what banks took back since the last time.
///
/// # Errors
/// When the provider or the database cannot be reached.
pub async fn list_chargebacks(db: &Database, provider: &dyn Payments) -> Result<Vec<Chargeback>> {
    let last = payments::store::find_last_chargeback(db.read(), provider.provider()).await?;
    provider.chargebacks(last.map_or(crate::clock::Instant::UNIX_EPOCH, |last| last - OVERLAP)).await
}

/// Writes that a bank took back what `told` says of a payment to `provider`, with all that follows from it; returns
/// whether it was news. One that comes twice does nothing.
///
/// # Errors
/// [`Fault::Broken`] when there is no such payment; when the database refuses.
pub async fn charge_back(txn: &Txn, provider: PaymentProvider, told: &Chargeback) -> Result<bool> {
    let missing = || Fault::Broken(format!("charge-back {} is of no payment", told.reference));
    let payment = payments::store::find_by_reference(txn, provider, &told.of).await?;
    let document = payment.ok_or_else(missing)?.document_id;
    let found = store::lock_milestone(txn, MilestoneId(document)).await?;
    let (contract, mut milestone) = found.ok_or_else(missing)?;
    let payment = payments::store::lock_paid_for(txn, PaymentPurpose::Milestone, document)
        .await?
        .ok_or_else(missing)?;
    let Some(chargeback) = payments::record_chargeback(txn, payment, told).await? else { return Ok(false) };
    let in_escrow = if milestone.state == Funded { milestone.amount_cents } else { 0 };
    let taken = take_back(&mut milestone, chargeback.amount_cents);
    postings::charge_back(txn, &contract, &chargeback, in_escrow, taken).await?;
    if matches!(milestone.state, Funded | Released) {
        milestone.state = rules::moved(milestone.state, Move::ChargeBack)?;
        disputes::settle(txn, milestone.id).await?;
    }
    store::update_milestone(txn, milestone).await?;
    let told = [contract.client_id, contract.freelancer_id];
    notify(txn, told.map(|to| charged_back(&contract, chargeback.id, to, txn.now())).to_vec()).await?;
    Ok(true)
}

/// Takes what it can of `cents` out of what was released of `milestone`.
fn take_back(milestone: &mut milestone::Model, cents: i64) -> Reversal {
    let cents = cents.min(milestone.released_cents - milestone.reversed_cents);
    let fee = rules::fee_in(milestone, cents);
    milestone.reversed_cents += cents;
    milestone.fee_reversed_cents += fee;
    Reversal { cents, fee }
}
