//! A client's bank took a payment back: it is reversed from where the money is. If the bank gives it back, so is that (O-5).

use super::{
    disputes,
    notifications::{charged_back, won},
    postings::{self, Reversal},
    rules::{self, Move},
    store,
};
use crate::{
    db::Txn,
    entity::{
        chargeback, contract,
        enums::MilestoneState::{ChargedBack, Funded, Released},
        ids::MilestoneId,
        milestone, payment,
    },
    error::{Fault, Result},
    notifications::notify,
    payments::{self, Fall},
    providers::payments::Chargeback,
};

/// What a charge-back is about: rows that are locked.
struct Case {
    contract: contract::Model,
    milestone: milestone::Model,
    payment: payment::Model,
}

/// Writes that a bank took back, or gave back, what `told` says of `named`, a payment for a milestone, with all that follows
/// from it; returns whether it was news. One that comes twice does nothing.
///
/// # Errors
/// [`Fault::Broken`] when the payment failed, or was in another currency; when the database refuses.
pub async fn charge_back(txn: &Txn, named: &payment::Model, told: &Chargeback) -> Result<bool> {
    let case = lock(txn, named, told).await?;
    let news = payments::news_of(txn, named, told).await?;
    if news.is_taken {
        take(txn, case, told).await?;
    }
    if news.is_won {
        win(txn, named, told).await?;
    }
    Ok(news.is_taken || news.is_won)
}

/// Locks the contract, the milestone and the payment that a charge-back is about.
async fn lock(txn: &Txn, named: &payment::Model, told: &Chargeback) -> Result<Case> {
    let missing = || Fault::Broken(format!("charge-back {} is of no payment", told.reference));
    let found = store::lock_milestone(txn, MilestoneId(named.document_id)).await?;
    let (contract, milestone) = found.ok_or_else(missing)?;
    Ok(Case { contract, milestone, payment: payments::lock_told(txn, named, told).await? })
}

/// A bank took money back.
async fn take(txn: &Txn, case: Case, told: &Chargeback) -> Result<()> {
    let Case { contract, mut milestone, payment } = case;
    let (id, cents) = (milestone.id, told.amount.minor);
    let from_escrow = if milestone.state == Funded { cents.min(rules::left_of(&milestone)) } else { 0 };
    let taken = if milestone.state == Released { take_back(&mut milestone, cents) } else { Reversal::NONE };
    let fall = Fall { escrow_cents: from_escrow, reversed_cents: taken.cents, fee_cents: taken.fee };
    let chargeback = payments::record_chargeback(txn, payment, told, fall).await?;
    milestone.charged_back_cents = (milestone.charged_back_cents + cents).min(milestone.amount_cents);
    postings::charge_back(txn, &contract, &chargeback, from_escrow, taken).await?;
    if matches!(milestone.state, Funded | Released) && rules::left_of(&milestone) == 0 {
        milestone.state = rules::moved(milestone.state, Move::ChargeBack)?;
    }
    let is_over = milestone.state == ChargedBack;
    store::update_milestone(txn, milestone).await?;
    if is_over {
        disputes::settle(txn, id).await?;
    }
    let told = [contract.client_id, contract.freelancer_id];
    notify(txn, told.map(|to| charged_back(&contract, chargeback.id, to, txn.now())).to_vec()).await
}

/// A bank gave back what it had taken: what was in escrow is there again, unless some of the milestone was released
/// meanwhile; then it is the client's.
async fn win(txn: &Txn, named: &payment::Model, told: &Chargeback) -> Result<()> {
    // Read again: it may just have been taken.
    let Case { contract, mut milestone, payment } = lock(txn, named, told).await?;
    let missing = || Fault::Broken(format!("charge-back {} vanished", told.reference));
    let known = payments::store::find_chargeback(txn, named.provider, &told.reference).await?;
    let known = known.ok_or_else(missing)?;
    let is_in_escrow = matches!(milestone.state, Funded | ChargedBack) && milestone.released_cents == 0;
    // Of several that took more than there was, each gives back what the others have not taken.
    let lost = payments::store::sum_lost_but(txn, payment.id, known.id).await?.min(milestone.amount_cents);
    let restored = if is_in_escrow { milestone.charged_back_cents - lost } else { 0 };
    let payments::Won { chargeback, payment } = payments::record_win(txn, payment, known, restored).await?;
    milestone.charged_back_cents = payment.charged_back_cents;
    give_back(&mut milestone, &chargeback)?;
    postings::win(txn, &contract, &chargeback).await?;
    store::update_milestone(txn, milestone).await?;
    let told = [contract.client_id, contract.freelancer_id];
    notify(txn, told.map(|to| won(&contract, chargeback.id, to, txn.now())).to_vec()).await
}

/// Undoes, in `milestone`, what a charge-back took that was won.
fn give_back(milestone: &mut milestone::Model, won: &chargeback::Model) -> Result<()> {
    milestone.reversed_cents -= won.reversed_cents;
    milestone.fee_reversed_cents -= won.fee_cents;
    let way = if won.restored_cents > 0 { Move::Restore } else { Move::Reinstate };
    if won.restored_cents + won.reversed_cents > 0 && !matches!(milestone.state, Funded | Released) {
        milestone.state = rules::moved(milestone.state, way)?;
    }
    Ok(())
}

/// Takes what it can of `cents` out of what was released of `milestone`.
fn take_back(milestone: &mut milestone::Model, cents: i64) -> Reversal {
    let cents = cents.min(rules::left_of(milestone));
    let fee = rules::fee_in(milestone, cents);
    milestone.reversed_cents += cents;
    milestone.fee_reversed_cents += fee;
    Reversal { cents, fee }
}
