//! Verifying the books (H-4): the invariants of all slices, over all data.

use sea_orm::ConnectionTrait;
use serde::Serialize;

use crate::{
    cash, closing, commissions, connects, contracts,
    db::{Check, Sql},
    error::Result,
    memberships, payouts, promo_codes, proposals, purchases, referral_rewards, rooms, subscriptions, tickets,
};

/// The invariants of each slice.
const CHECKS: &[&[Check]] = &[
    connects::CHECKS,
    cash::CHECKS,
    memberships::CHECKS,
    promo_codes::CHECKS,
    purchases::CHECKS,
    subscriptions::CHECKS,
    proposals::CHECKS,
    rooms::CHECKS,
    contracts::CHECKS,
    contracts::JOURNAL_CHECKS,
    commissions::CHECKS,
    payouts::CHECKS,
    referral_rewards::CHECKS,
    tickets::CHECKS,
    closing::CHECKS,
];

/// An invariant and what breaks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Breach {
    /// The invariant.
    pub invariant: &'static str,
    /// The id of the wallet, the cash account or the transaction.
    pub subject: String,
    /// The number of the entry, the lot or the posting at fault, or an amount.
    pub detail: String,
}

/// Maximum reported breaches of one invariant; more of the same add nothing.
const BREACHES_AT_MOST: usize = 100;

/// Every breach of an invariant; empty when all hold. Run it on a snapshot.
///
/// # Errors
/// When the database cannot be reached.
pub async fn verify(db: &impl ConnectionTrait) -> Result<Vec<Breach>> {
    let mut found = Vec::new();
    for check in CHECKS.concat() {
        let (invariant, sql) = (check.invariant, check.listing(BREACHES_AT_MOST));
        for row in db.query_all_raw(Sql::new(sql).on(db)?).await? {
            let subject: uuid::Uuid = row.try_get("", "subject")?;
            let detail: i64 = row.try_get("", "detail")?;
            found.push(Breach { invariant, subject: subject.to_string(), detail: detail.to_string() });
        }
    }
    Ok(found)
}
