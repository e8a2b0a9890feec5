//! Notifying owners before their Connects expire (L-6).

use chrono::TimeDelta;
use sea_orm::ConnectionTrait;

use super::{WalletSet, notifications, rules, store};
use crate::{clock::Instant, db::Txn, entity::ids::WalletId, error::Result, notifications::notify_owners};

/// Wallets of one transaction.
const WALLETS_AT_ONCE: u64 = 500;

/// The progress of an announcement: thresholds are handled one after the other, the nearest first, and the wallets of
/// a threshold in the order of their ids.
#[derive(Clone, Debug)]
pub struct Announcement {
    since: Option<Instant>,
    thresholds: Vec<i64>,
    after: Option<WalletId>,
}

impl Announcement {
    /// Announces the lots that have come within a threshold of days since `since`, the last announcement.
    pub fn new(since: Option<Instant>, notice_days: &[i64]) -> Self {
        let mut thresholds = notice_days.to_vec();
        thresholds.sort_unstable_by(|a, b| b.cmp(a));
        Self { since, thresholds, after: None }
    }

    /// Notifies the owners of the next wallets, one digest each; returns how many and where it stands then, `None`
    /// when all are done. It stands where it stood until `txn` is committed.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn next(&self, txn: &Txn) -> Result<Option<(u64, Self)>> {
        let Some(&days) = self.thresholds.last() else { return Ok(None) };
        let nearer = txn.policy().lots.notice_days.iter().copied().filter(|&d| d < days).max();
        let window = rules::notice_window(days, nearer, self.since, txn.due_by());
        let wallets = store::list_expiring_wallets(txn, window, self.after, WALLETS_AT_ONCE).await?;
        let mut next = Self { after: wallets.last().copied(), ..self.clone() };
        if wallets.is_empty() {
            next.thresholds.pop();
            return Ok(Some((0, next)));
        }
        Ok(Some((announce(txn, days, window, &WalletSet::of(wallets)).await?, next)))
    }
}

/// Notifies the owners of `wallets` of their lots in `window`, each lot once per threshold.
async fn announce(txn: &Txn, days: i64, window: (Instant, Instant), wallets: &WalletSet) -> Result<u64> {
    let lots = store::list_expiring_lots(txn, window, days, wallets).await?;
    let due: Vec<_> =
        lots.into_iter().filter(|lot| lot.expires_at - lot.issued_at > TimeDelta::days(days)).collect();
    store::insert_expiry_notices(txn, days, &due).await?;
    let mut notified = 0;
    for digest in due.chunk_by(|a, b| a.wallet_id == b.wallet_id) {
        let first = digest.iter().map(|lot| lot.expires_at).min().unwrap_or_else(|| txn.now());
        let quantity: i64 = digest.iter().map(|lot| lot.remaining).sum();
        let sum = store::sum_of(digest[0].wallet_id, quantity);
        notified += notify_owners(txn, &notifications::expiring(days, first), sum).await?;
    }
    Ok(notified)
}

/// When the next lot comes within a threshold of days, `since` being the last announcement.
///
/// # Errors
/// When the database cannot be reached.
pub async fn next_announcement(
    db: &impl ConnectionTrait,
    since: Option<Instant>,
    notice_days: &[i64],
) -> Result<Option<Instant>> {
    let mut next = None;
    for &days in notice_days {
        let ahead = TimeDelta::days(days);
        let expiry = store::find_expiry_after(db, since.map(|at| at + ahead)).await?;
        let due = expiry.map(|at| at - ahead);
        next = [next, due].into_iter().flatten().min();
    }
    Ok(next)
}
