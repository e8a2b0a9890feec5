//! A person withdraws money from their cash account (O-4): it leaves the account at once and goes out with the next run.

use super::{
    pay::entry_of,
    rejection,
    rules::PayoutMove,
    send::{dollars, give_back},
    store,
};
use crate::{
    accounts,
    cash::{Holder, Journal},
    db::Txn,
    entity::{
        enums::{CashKind, Currency, PayoutFailure, PayoutPurpose, PayoutState},
        ids::{AccountId, PayoutId},
        payout,
    },
    error::Result,
    input,
    viewer::Viewer,
};

/// The most that is withdrawn at once, in minor units.
const MOST_CENTS: i64 = 100_000_000;

/// Withdraws `cents` of the cash of `person`.
///
/// # Errors
/// `INVALID_INPUT`, `NO_PAYOUT_METHOD`, `INSUFFICIENT_CASH`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn request_withdrawal(txn: &Txn, person: &Viewer, cents: i64) -> Result<PayoutId> {
    let person = accounts::acting(txn, person.id()).await?;
    let cents = input::amount("amount", cents, txn.policy().payouts.minimum_cents, MOST_CENTS)?;
    if store::list_methods(txn, &[person.id()]).await?.is_empty() {
        return Err(rejection::no_payout_method().into());
    }
    let cash = Holder::Person(person.id());
    let mut journal = Journal::lock(txn, &[cash, Holder::PayoutsInTransit]).await?;
    if journal.balance(cash) < cents {
        return Err(rejection::insufficient_cash(dollars(cents), dollars(journal.balance(cash))).into());
    }
    let row = payout::Model {
        id: PayoutId::new(),
        purpose: PayoutPurpose::Withdrawal,
        account_id: person.id(),
        amount_cents: cents,
        currency: Currency::Usd,
        state: PayoutState::Scheduled,
        hold: None,
        failure: None,
        method_id: None,
        provider: None,
        batch_id: None,
        paid_currency: None,
        paid_minor: None,
        rate_micros: None,
        rate_source: None,
        reference: None,
        attempts: 0,
        ask_at: None,
        created_at: txn.now(),
        sent_at: None,
        ended_at: None,
    };
    let id = row.id;
    let legs = [(cash, -cents), (Holder::PayoutsInTransit, cents)];
    journal.post(&entry_of(txn, id, CashKind::Payout, Some(person.id())), &legs)?;
    let mut writes = txn.writes();
    store::insert_payouts(&mut writes, vec![row]);
    journal.write(&mut writes);
    writes.run().await?;
    Ok(id)
}

/// Cancels all withdrawals of `person`, who leaves, that have not gone out; returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn cancel_all(txn: &Txn, person: AccountId) -> Result<u64> {
    let ids = store::list_waiting_of(txn, person).await?;
    let rows = store::lock_payouts(txn, &ids).await?;
    let waiting = rows.into_iter().filter(|row| PayoutMove::Cancel.after(row.state).is_some());
    let mut count = 0;
    for row in waiting {
        give_back(txn, row, PayoutFailure::Cancelled).await?;
        count += 1;
    }
    Ok(count)
}

/// Cancels a withdrawal of `person` that has not gone out; the money is in their cash account again.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`; `ACCOUNT_CLOSED`.
pub async fn cancel_withdrawal(txn: &Txn, person: &Viewer, id: PayoutId) -> Result<PayoutId> {
    let person = accounts::acting_even_suspended(txn, person.id()).await?;
    let found = store::lock_payouts(txn, &[id]).await?.pop();
    let own = found.filter(|row| row.account_id == person.id() && row.purpose == PayoutPurpose::Withdrawal);
    let row = own.ok_or_else(rejection::no_such_payout)?;
    if PayoutMove::Cancel.after(row.state).is_none() {
        return Err(rejection::illegal_state(row.state, PayoutMove::Cancel.from()).into());
    }
    give_back(txn, row, PayoutFailure::Cancelled).await?;
    Ok(id)
}
