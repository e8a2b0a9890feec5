//! A client's bank took a payment back: it is reversed from where the money is (O-5).

use std::collections::HashSet;

use super::{
    disputes,
    notifications::charged_back,
    postings::{self, Reversal},
    rules::{self, Move},
    store,
};
use crate::{
    clock::Instant,
    db::{Database, Txn},
    entity::{
        enums::{
            MilestoneState::{ChargedBack, Funded, Released},
            PaymentProvider, PaymentPurpose,
        },
        ids::MilestoneId,
        milestone, payment,
    },
    error::{Fault, Result},
    notifications::notify,
    payments,
    providers::payments::{Chargeback, Payments},
};

/// How far before the last charge-back that is known the provider is asked for others: they become known out of order,
/// and one that cannot be settled must not be forgotten over the next.
const OVERLAP: chrono::TimeDelta = chrono::TimeDelta::days(60);

/// Asks `provider`, outside of any transaction, what banks took back, and leaves out what is known.
///
/// # Errors
/// When the provider or the database cannot be reached.
pub async fn list_chargebacks(db: &Database, provider: &dyn Payments) -> Result<Vec<Chargeback>> {
    let last = payments::store::find_last_chargeback(db.read(), provider.provider()).await?;
    let since = last.map_or(Instant::UNIX_EPOCH, |last| last - OVERLAP);
    let silent = |_| Fault::Setup("the payment provider does not answer".into());
    let mut told = provider.chargebacks(since).await.map_err(silent)?;
    let known = payments::store::list_references_since(db.read(), provider.provider(), since).await?;
    let known: HashSet<_> = known.into_iter().collect();
    told.retain(|one| !known.contains(&one.reference));
    Ok(told)
}

/// Writes that a bank took back what `told` says of a payment to `provider`, with all that follows from it; returns
/// whether it was news. One that comes twice does nothing.
///
/// # Errors
/// [`Fault::Broken`] when there is no such payment, it failed, or it was in another currency; when the database refuses.
pub async fn charge_back(txn: &Txn, provider: PaymentProvider, told: &Chargeback) -> Result<bool> {
    let missing = || Fault::Broken(format!("charge-back {} is of no payment", told.reference));
    let named = payments::store::find_by_reference(txn, provider, &told.of).await?.ok_or_else(missing)?;
    let document = named.document_id;
    let found = store::lock_milestone(txn, MilestoneId(document)).await?;
    let (contract, mut milestone) = found.ok_or_else(missing)?;
    let paid = payments::store::lock_paid_for(txn, PaymentPurpose::Milestone, document).await?;
    // Another payment for the same milestone may have failed, and have a name all the same.
    let is_meant = |paid: &payment::Model| paid.id == named.id && paid.currency == told.amount.currency;
    let payment = paid.filter(is_meant).ok_or_else(missing)?;
    let Some(chargeback) = payments::record_chargeback(txn, payment, told).await? else { return Ok(false) };
    let cents = chargeback.amount_cents;
    let from_escrow = if milestone.state == Funded { cents.min(rules::left_of(&milestone)) } else { 0 };
    let taken = if milestone.state == Released { take_back(&mut milestone, cents) } else { Reversal::NONE };
    milestone.charged_back_cents = (milestone.charged_back_cents + cents).min(milestone.amount_cents);
    postings::charge_back(txn, &contract, &chargeback, from_escrow, taken).await?;
    if matches!(milestone.state, Funded | Released) && rules::left_of(&milestone) == 0 {
        milestone.state = rules::moved(milestone.state, Move::ChargeBack)?;
    }
    let is_over = milestone.state == ChargedBack;
    store::update_milestone(txn, milestone).await?;
    if is_over {
        disputes::settle(txn, MilestoneId(document)).await?;
    }
    let told = [contract.client_id, contract.freelancer_id];
    notify(txn, told.map(|to| charged_back(&contract, chargeback.id, to, txn.now())).to_vec()).await?;
    Ok(true)
}

/// Takes what it can of `cents` out of what was released of `milestone`.
fn take_back(milestone: &mut milestone::Model, cents: i64) -> Reversal {
    let cents = cents.min(rules::left_of(milestone));
    let fee = rules::fee_in(milestone, cents);
    milestone.reversed_cents += cents;
    milestone.fee_reversed_cents += fee;
    Reversal { cents, fee }
}
