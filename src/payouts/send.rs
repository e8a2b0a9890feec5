//! The provider is asked to carry payouts out, or what became of them, outside of any transaction; and what it says takes
//! effect (W-1).

use super::{
    notifications::failed,
    pay::entry_of,
    rules::{self, PayoutMove},
    store,
};
use crate::{
    cash::{self, Entry, Holder, Journal},
    clock::Instant,
    db::Txn,
    entity::{
        enums::{CashKind, Currency, PayoutFailure, PayoutPurpose, PayoutState},
        ids::PayoutId,
        payout, payout_method,
    },
    error::{Fault, Result},
    keys::{Keys, Sealed},
    money::Money,
    notifications::insert_notifications,
    payouts::rules::details::Details,
    providers::payouts::{Payee, Payouts, Sent, Transfer},
};

/// What a provider, or a bank's answer, says of a payout.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Of which.
    pub id: PayoutId,
    /// What it says.
    pub sent: Sent,
}

/// Takes payouts that the provider is to be asked about by `by`; nobody else takes them for a while.
///
/// # Errors
/// When the database refuses.
pub async fn claim(txn: &Txn, by: Instant, limit: u64) -> Result<Vec<(payout::Model, payout_method::Model)>> {
    store::claim_due(txn, by, limit, |attempts| rules::asked_again_at(attempts, txn.now())).await
}

/// Asks `provider` about a payout that was claimed: one that it may have heard of is looked up first.
///
/// # Errors
/// When its details cannot be decrypted.
pub async fn ask(
    provider: &dyn Payouts,
    keys: &Keys,
    (payout, method): (payout::Model, payout_method::Model),
) -> Result<Outcome> {
    let id = payout.id;
    let transfer = transfer_of(keys, &payout, &method)?;
    let known = if payout.attempts > 0 { provider.find(&transfer).await } else { None };
    let sent = match known {
        Some(known) => known,
        None => provider.pay(&transfer).await,
    };
    Ok(Outcome { id, sent })
}

/// What a provider is told of a payout.
///
/// # Errors
/// When its details cannot be decrypted.
pub(super) fn transfer_of(
    keys: &Keys,
    payout: &payout::Model,
    method: &payout_method::Model,
) -> Result<Transfer> {
    let missing = || Fault::Broken(format!("payout {} has no amount", payout.id));
    let details = details_of(keys, method)?;
    let (minor, currency) = payout.paid_minor.zip(payout.paid_currency).ok_or_else(missing)?;
    let payee = Payee { holder: details.holder().to_owned(), account: details.account() };
    Ok(Transfer { key: payout.id, amount: Money::new(minor, currency), payee })
}

/// The details of a payout method.
///
/// # Errors
/// [`Fault::Broken`] when they cannot be decrypted, or were erased.
pub(super) fn details_of(keys: &Keys, method: &payout_method::Model) -> Result<Details> {
    let missing = || Fault::Broken(format!("payout method {} has no details", method.id));
    let text = method.sealed.clone().ok_or_else(missing)?;
    let opened = keys.open_details(method.id, &Sealed { key: method.key_id, text })?;
    Ok(serde_json::from_slice(&opened).map_err(|_| missing())?)
}

/// Writes what was said of payouts, with all that follows from it; returns how many are over now. What comes twice does
/// nothing.
///
/// # Errors
/// When the database refuses.
pub async fn settle(txn: &Txn, outcomes: &[Outcome]) -> Result<u64> {
    let ids: Vec<_> = outcomes.iter().map(|outcome| outcome.id).collect();
    let rows = store::lock_payouts(txn, &ids).await?;
    let mut changed = Vec::new();
    for row in rows {
        let said = outcomes.iter().find(|outcome| outcome.id == row.id);
        changed.extend(said.and_then(|said| after(row, &said.sent, txn.now())));
    }
    book(txn, &changed).await?;
    let (paid, failed_now) = (ids_of(&changed, PayoutState::Paid), ids_of(&changed, PayoutState::Failed));
    let told: Vec<_> = changed
        .iter()
        .filter(|(row, _)| row.state == PayoutState::Failed)
        .map(|(row, _)| failed(row, txn.now()))
        .collect();
    let mut writes = txn.writes();
    store::update_payouts(&mut writes, changed.iter().map(|(row, _)| row.clone()).collect());
    insert_notifications(&mut writes, &told);
    writes.run().await?;
    store::update_paid(txn, &paid).await?;
    store::release_locks(txn, &failed_now).await?;
    Ok((paid.len() + failed_now.len()) as u64)
}

fn ids_of(changed: &[(payout::Model, PayoutState)], state: PayoutState) -> Vec<PayoutId> {
    changed.iter().filter(|(row, _)| row.state == state).map(|(row, _)| row.id).collect()
}

/// The payout after what was said at `now`, and its state before; nothing if that changes nothing.
fn after(row: payout::Model, sent: &Sent, now: Instant) -> Option<(payout::Model, PayoutState)> {
    let before = row.state;
    let way = match (sent, before) {
        (Sent::Paid(_), _) => PayoutMove::Pay,
        (Sent::Failed(_), PayoutState::Paid) => PayoutMove::Return,
        (Sent::Failed(_), _) => PayoutMove::Fail,
        (Sent::Unknown, _) => PayoutMove::Doubt,
    };
    let state = way.after(before)?;
    let changed = match sent {
        Sent::Paid(reference) => payout::Model {
            state,
            reference: Some(reference.clone()),
            ask_at: None,
            ended_at: Some(now),
            ..row
        },
        Sent::Failed(why) => {
            payout::Model { state, failure: Some(*why), ask_at: None, ended_at: Some(now), ..row }
        }
        Sent::Unknown => {
            let ask_at = Some(rules::asked_again_at(row.attempts, now));
            payout::Model { state, ask_at, ..row }
        }
    };
    Some((changed, before))
}

/// The journal of payouts that are over: paid, or back where the money came from.
async fn book(txn: &Txn, changed: &[(payout::Model, PayoutState)]) -> Result<()> {
    let over: Vec<_> = changed.iter().filter(|(row, _)| row.ended_at.is_some()).collect();
    if over.is_empty() {
        return Ok(());
    }
    let mut holders = vec![Holder::PayoutsInTransit, Holder::PaidOut, Holder::Promotions];
    holders.extend(over.iter().filter_map(|(row, _)| person_of(row)));
    let mut journal = Journal::lock(txn, &holders).await?;
    for (row, before) in over {
        let cents = row.amount_cents;
        let from = if *before == PayoutState::Paid { Holder::PaidOut } else { Holder::PayoutsInTransit };
        let (kind, to) = match row.state {
            PayoutState::Paid => (CashKind::PayoutPaid, Holder::PaidOut),
            _ => (CashKind::PayoutReturned, source_of(row)),
        };
        journal.post(&entry(txn, row.id, kind).await?, &[(from, -cents), (to, cents)])?;
    }
    let mut writes = txn.writes();
    journal.write(&mut writes);
    writes.run().await
}

/// What is returned reverses the payout.
async fn entry(txn: &Txn, id: PayoutId, kind: CashKind) -> Result<Entry> {
    let reverses = match kind {
        CashKind::PayoutReturned => {
            cash::store::find_by_key(txn, &format!("{}/{id}", CashKind::Payout)).await?
        }
        _ => None,
    };
    Ok(Entry { reverses, ..entry_of(txn, id, kind, None) })
}

/// Where the money of a payout came from.
pub(super) fn source_of(row: &payout::Model) -> Holder {
    person_of(row).unwrap_or(Holder::Promotions)
}

fn person_of(row: &payout::Model) -> Option<Holder> {
    (row.purpose == PayoutPurpose::Withdrawal).then_some(Holder::Person(row.account_id))
}

/// Puts a payout that never went out back where its money came from.
pub(super) async fn give_back(txn: &Txn, row: payout::Model, why: PayoutFailure) -> Result<()> {
    let state = PayoutMove::Cancel.to();
    let cancelled = payout::Model { state, hold: None, failure: Some(why), ended_at: Some(txn.now()), ..row };
    let before = PayoutState::Scheduled;
    book(txn, &[(cancelled.clone(), before)]).await?;
    let mut writes = txn.writes();
    store::update_payouts(&mut writes, vec![cancelled]);
    writes.run().await
}

/// US dollars, in which all of it is booked.
pub(super) const fn dollars(cents: i64) -> Money {
    Money::new(cents, Currency::Usd)
}
