//! Starting a membership at registration (M-2).

use super::{rules, store};
use crate::{
    clock::midnight,
    connects::{Grant, Ready, grant},
    db::Txn,
    entity::{
        enums::{DocumentKind, HistoryKind, MembershipPlan},
        ids::WalletId,
        membership,
    },
    error::Result,
    money::Connects,
};

/// Starts the first cycle of a new wallet today, on the default plan, and issues its free Connects at
/// once (M-4).
///
/// # Errors
/// When the database refuses.
pub async fn start(txn: &Txn, wallet: WalletId, ready: &Ready<'_>) -> Result<membership::Model> {
    let today = txn.now().date_naive();
    let anchor_day = rules::anchor_day_of(today, txn.policy().billing.short_months);
    let membership = membership::Model {
        wallet_id: wallet,
        anchor_day,
        cycle_started_at: txn.now(),
        next_grant_at: midnight(rules::next_start(today, anchor_day)),
    };
    store::insert_membership(txn, membership.clone()).await?;
    let first = Grant {
        kind: HistoryKind::MonthlyFree,
        quantity: Connects(txn.policy().terms(MembershipPlan::Basic).free),
        effective_at: txn.now(),
        business_key: format!("{}/{today}", HistoryKind::MonthlyFree),
        document: (DocumentKind::Cycle, today.to_string()),
    };
    grant(txn, &first, ready).await?;
    Ok(membership)
}
