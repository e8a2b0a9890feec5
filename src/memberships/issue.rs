//! Issuing a cycle's Connects to all wallets whose cycle has begun (M-4).

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, Iterable};

use super::{notifications, rules, store, store::Due};
use crate::{
    clock::{Instant, midnight},
    connects::{self, Grant, Ready, grant_where},
    db::Txn,
    entity::{
        enums::{DocumentKind, HistoryKind, MembershipPlan},
        ids::WalletId,
        membership,
    },
    error::{Fault, Result},
    money::Connects,
    notifications::notify_owners,
};

/// Wallets of one transaction, at most.
const WALLETS_AT_ONCE: u64 = 5_000;

/// Issues the Connects of the earliest cycle that has begun to the next few thousand wallets with that cycle;
/// returns the number of entries, or `None` when no cycle is due.
///
/// All wallets of a batch share the cycle's start and so its expiry and its next start: what differs
/// between them is only the plan at the cycle's start. Missed cycles come one after the other, each
/// dated to its own start. The owners are notified of what they got (M-5).
///
/// # Errors
/// When the database refuses.
pub async fn issue_due(txn: &Txn) -> Result<Option<u64>> {
    match store::find_due(txn, txn.due_by(), txn.at_once(WALLETS_AT_ONCE)).await? {
        Some(due) => Ok(Some(issue(txn, due).await?)),
        None => Ok(None),
    }
}

/// Issues what has begun of `wallet` alone, so that another cycle can begin.
///
/// # Errors
/// When the database refuses.
pub async fn issue_due_of(txn: &Txn, wallet: WalletId) -> Result<membership::Model> {
    let missing = || Fault::Broken(format!("wallet {wallet} has no membership"));
    loop {
        let membership = store::find_membership(txn, wallet).await?.ok_or_else(missing)?;
        if membership.next_grant_at > txn.now() {
            return Ok(membership);
        }
        issue(txn, Due::of(&membership)).await?;
    }
}

/// Issues a cycle to a batch; returns the number of entries.
async fn issue(txn: &Txn, due: Due) -> Result<u64> {
    let members = connects::ready(txn, due.members()).await?;
    store::end_plans_of_restricted(txn, &due).await?;
    let next = midnight(rules::next_start(due.starts_at.date_naive(), due.anchor_day));
    if store::has_plans_to_renew(txn, &due).await? {
        renew(txn, &due, next).await?;
    }
    let (mut issued, mut keys) = (0, Vec::new());
    for kind in [HistoryKind::MonthlyFree, HistoryKind::Membership] {
        let part = issue_part(txn, &due, kind, &members).await?;
        if part > 0 {
            issued += part;
            keys.push(business_key(kind, &due));
        }
    }
    if issued > 0 {
        let sums = connects::store::sums_of_last(&keys, members.wallets());
        notify_owners(txn, &notifications::granted(due.starts_at), sums).await?;
    }
    store::update_cycle(txn, &due, next).await?;
    Ok(issued)
}

/// Renews the plans of a batch that no admin has granted: by a month that was given, or by a payment that is to begin. A
/// cycle that is over already, because the next one has begun, is never charged (M-14).
async fn renew(txn: &Txn, due: &Due, next: Instant) -> Result<()> {
    store::use_gifts(txn, due, next).await?;
    store::end_with_gifts(txn, due, next).await?;
    let is_over = next <= txn.now();
    if is_over {
        store::lapse(txn, due, next).await?
    } else {
        store::insert_renewals(txn, due).await?
    };
    Ok(())
}

/// Issues the free or the paid part of a cycle; returns the number of entries. Plans that give the same are one set.
async fn issue_part(txn: &Txn, due: &Due, kind: HistoryKind, members: &Ready<'_>) -> Result<u64> {
    let mut sets: BTreeMap<i64, Vec<MembershipPlan>> = BTreeMap::new();
    for plan in MembershipPlan::iter() {
        let terms = txn.policy_at(due.starts_at).terms(plan);
        let quantity = if kind == HistoryKind::MonthlyFree { terms.free } else { terms.paid };
        sets.entry(quantity).or_default().push(plan);
    }
    let mut issued = 0;
    for (quantity, these) in sets {
        let part = Grant {
            kind,
            quantity: Connects(quantity),
            effective_at: due.starts_at,
            business_key: business_key(kind, due),
            document: (DocumentKind::Cycle, due.starts_at.date_naive().to_string()),
        };
        let all = these.len() == MembershipPlan::iter().count();
        let whose = match kind {
            HistoryKind::Membership => due.gets_paid_part(&these),
            _ => due.gets_connects((!all).then_some(these.as_slice())),
        };
        issued += grant_where(txn, &part, members, whose).await?;
    }
    Ok(issued)
}

/// A part of a cycle is issued once.
fn business_key(kind: HistoryKind, due: &Due) -> String {
    format!("{kind}/{}", due.starts_at.date_naive())
}

/// When the next cycle begins, and so when there is something to issue; or when one began that is to be paid.
///
/// # Errors
/// When the database cannot be reached.
pub async fn next_due(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    let renewal = store::list_due_renewals(db, (Instant::UNIX_EPOCH, None), 1).await?.pop();
    let grant = store::find_next_grant(db).await?;
    Ok(renewal.map(|row| row.starts_at).into_iter().chain(grant).min())
}
