//! A plan begins in the middle of a cycle, and a new cycle with it (M-6, M-13).

use super::{issue::issue_due_of, notifications, rules, store};
use crate::{
    clock::midnight,
    connects::{self, Grant, WalletSet, grant},
    db::Txn,
    entity::{
        enums::{DocumentKind, HistoryKind, MembershipPlan, PlanBasis},
        ids::{AccountId, WalletId},
        membership, plan_period,
    },
    error::Result,
    money::Connects,
    notifications::notify,
};

/// A plan that begins.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// The owner of the wallet.
    pub owner: AccountId,
    /// The plan.
    pub plan: MembershipPlan,
    /// How its cycles are paid.
    pub basis: PlanBasis,
    /// The paid part of the first cycle: what was bought, even if the policy has changed since.
    pub paid: Connects,
    /// Whether the plan ends with its first cycle.
    pub ends_with_cycle: bool,
    /// The document that begins it.
    pub document: (DocumentKind, String),
}

/// Begins a plan in `wallet` now, with a new cycle from today: its paid part is issued in full, and its free part by the days of
/// the old cycle that have passed. Returns the number of the entry of the paid part, if there is one.
///
/// # Errors
/// When the database refuses.
pub async fn begin_plan(txn: &Txn, wallet: WalletId, beginning: &Beginning) -> Result<Option<i64>> {
    connects::store::lock_all(txn, &WalletSet::of([wallet])).await?;
    let old = issue_due_of(txn, wallet).await?;
    let (now, terms) = (txn.now(), txn.policy().terms(beginning.plan));
    let cycle = rules::cycle_at(old.cycle_started_at, old.next_grant_at, old.anchor_day, now);
    let parts = [
        (HistoryKind::Membership, beginning.paid.0),
        (HistoryKind::MembershipProrated, rules::prorated(terms.free, cycle, now.date_naive())),
    ];
    let ready = connects::ready(txn, WalletSet::of([wallet])).await?;
    for (kind, quantity) in parts {
        let part = Grant {
            kind,
            quantity: Connects(quantity),
            effective_at: now,
            business_key: business_key(kind, &beginning.document),
            document: beginning.document.clone(),
        };
        grant(txn, &part, &ready).await?;
    }
    let new = new_cycle(txn, &old);
    begin_period(txn, &new, beginning).await?;
    store::update_membership(txn, new).await?;
    let issued = Connects(parts.iter().map(|(_, quantity)| quantity).sum());
    notify(txn, vec![notifications::begun(beginning, issued, now)]).await?;
    let paid = business_key(HistoryKind::Membership, &beginning.document);
    connects::store::find_entry_seq(txn, wallet, &paid).await
}

/// The cycle that begins today, on whose day of the month later ones begin (M-2, M-3).
fn new_cycle(txn: &Txn, old: &membership::Model) -> membership::Model {
    let today = txn.now().date_naive();
    let anchor_day = rules::anchor_day_of(today, txn.policy().billing.short_months);
    let next_grant_at = midnight(rules::next_start(today, anchor_day));
    membership::Model { wallet_id: old.wallet_id, anchor_day, cycle_started_at: txn.now(), next_grant_at }
}

/// Puts the plan in the place of the one in force. What an admin has granted stays, now or from when on it was granted.
async fn begin_period(txn: &Txn, cycle: &membership::Model, beginning: &Beginning) -> Result<()> {
    let (now, wallet) = (txn.now(), cycle.wallet_id);
    let periods = store::list_plan_periods(txn, &[wallet], now).await?;
    if let Some(current) = rules::period_at(&periods, now) {
        if current.basis == PlanBasis::Granted {
            return Ok(());
        }
        store::end_plan_period(txn, current, now).await?;
    }
    let granted = periods.iter().map(|period| period.from_at).filter(|from| *from > now);
    let only = beginning.ends_with_cycle.then_some(cycle.next_grant_at);
    let period = plan_period::Model {
        wallet_id: wallet,
        plan: beginning.plan,
        from_at: now,
        until_at: granted.chain(only).min(),
        basis: beginning.basis,
        cancelled_at: None,
        actor_id: None,
        recorded_at: now,
    };
    store::insert_plan_period(txn, period).await
}

/// A document begins a plan once.
fn business_key(kind: HistoryKind, document: &(DocumentKind, String)) -> String {
    format!("{kind}/{}/{}", document.0, document.1)
}
