//! Rewards are paid (C-4): in batches, each in a transaction of its own.

use super::{notifications, rules, store};
use crate::{
    accounts,
    cash::{Entry, Holder, Journal},
    db::Txn,
    entity::{
        enums::{CashDocumentKind, CashKind},
        referral,
    },
    error::Result,
    notifications::notify,
};

/// Rewards of one batch.
const AT_ONCE: u64 = 200;

/// Pays some of the rewards that are due; returns how many. What is due to somebody who is suspended, or whose account is
/// closed, is kept for them (P-4).
///
/// # Errors
/// When the database refuses.
pub async fn pay(txn: &Txn) -> Result<u64> {
    let due = store::list_payable(txn, txn.at_once(AT_ONCE)).await?;
    let mut people: Vec<_> = due.iter().map(|(row, _)| row.referrer_id).collect();
    people.sort_unstable();
    people.dedup();
    accounts::store::lock_accounts(txn, &people).await?;
    // By now somebody may be suspended, or a payment refunded.
    let due = store::lock_payable(txn, &due).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let holders: Vec<_> = due.iter().map(|(row, _)| Holder::Person(row.referrer_id)).collect();
    let mut journal = Journal::lock(txn, &[&holders[..], &[Holder::Promotions]].concat()).await?;
    let mut news = Vec::with_capacity(due.len());
    for (row, cents) in &due {
        let legs = [(Holder::Promotions, -cents), (Holder::Person(row.referrer_id), *cents)];
        journal.post(&entry_of(txn, row), &legs)?;
        news.push(notifications::paid(row, *cents, txn.now()));
    }
    let mut writes = txn.writes();
    journal.write(&mut writes);
    writes.run().await?;
    let count = due.len() as u64;
    let paid = due.iter().map(|(row, _)| rules::paid(row, txn.now()));
    store::update_referrals(txn, paid.collect()).await?;
    notify(txn, news).await?;
    Ok(count)
}

/// A referral is paid once.
fn entry_of(txn: &Txn, row: &referral::Model) -> Entry {
    Entry {
        kind: CashKind::ReferralReward,
        business_key: format!("{}/{}", CashKind::ReferralReward, row.id),
        document: (CashDocumentKind::Referral, row.id.0),
        actor: None,
        reverses: None,
        effective_at: txn.now(),
    }
}
