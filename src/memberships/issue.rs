//! Issuing a cycle's Connects to all wallets whose cycle has begun (M-4).

use sea_orm::ConnectionTrait;

use super::{notifications, rules, store};
use crate::{
    clock::Instant,
    connects::{self, Grant, WalletSet, grant},
    db::Txn,
    entity::enums::{DocumentKind, HistoryKind},
    error::Result,
    money::Connects,
    notifications::notify_owners,
};

/// Wallets of one transaction.
const WALLETS_AT_ONCE: u64 = 5_000;

/// Issues the Connects of the earliest cycle that has begun to the next few thousand wallets with that cycle;
/// returns the number of entries, or `None` when no cycle is due.
///
/// All wallets of a batch share the cycle's start and so its expiry and its next start: what differs
/// between them is only the plan at the cycle's start. Missed cycles come one after the other, each
/// dated to its own start.
///
/// # Errors
/// When the database refuses.
pub async fn issue_due(txn: &Txn) -> Result<Option<u64>> {
    let Some(due) = store::find_due(txn, txn.due_by(), WALLETS_AT_ONCE).await? else { return Ok(None) };
    let members = connects::ready(txn, due.members()).await?;
    store::end_plans_of_restricted(txn, &due).await?;
    let day = due.starts_at.date_naive();
    let mut issued = 0;
    for (plan, terms) in &txn.policy_at(due.starts_at).plans {
        let on_plan = members.filter(due.on_plan(*plan));
        for (kind, quantity) in
            [(HistoryKind::MonthlyFree, terms.free), (HistoryKind::Membership, terms.paid)]
        {
            let part = Grant {
                kind,
                quantity: Connects(quantity),
                effective_at: due.starts_at,
                business_key: format!("{kind}/{day}"),
                document: (DocumentKind::Cycle, day.to_string()),
            };
            issued += grant(txn, &part, &on_plan).await?;
        }
    }
    notify(txn, due.starts_at, members.wallets()).await?;
    store::update_cycle(txn, &due, rules::start_of(rules::next_start(day, due.anchor_day))).await?;
    Ok(Some(issued))
}

/// When the next cycle begins, and so when there is something to issue.
///
/// # Errors
/// When the database cannot be reached.
pub async fn next_due(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    store::find_next_grant(db).await
}

/// Notifies the owners of what they got (M-5).
async fn notify(txn: &Txn, starts_at: Instant, members: &WalletSet) -> Result<u64> {
    let day = starts_at.date_naive();
    let keys = [HistoryKind::MonthlyFree, HistoryKind::Membership].map(|kind| format!("{kind}/{day}"));
    let sums = connects::store::sums_by_wallet(&keys, members);
    notify_owners(txn, &notifications::granted(starts_at), sums).await
}
