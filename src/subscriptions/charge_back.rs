//! A bank took back the payment of a cycle: the person is on the free plan at once (B-4).

use crate::{
    db::Txn, entity::payment, error::Result, memberships, providers::payments::Chargeback, purchases,
};

/// Writes that a bank took back, or gave back, what `told` says of `named`, a payment for a cycle, with all that follows from
/// it; returns whether it was news. What is left of the paid part is removed, as of any purchase; a plan that has ended by it
/// does not come back.
///
/// # Errors
/// As [`purchases::charge_back`].
pub async fn charge_back(txn: &Txn, named: &payment::Model, told: &Chargeback) -> Result<bool> {
    let purchase = purchases::lock_of(txn, named).await?;
    let is_news = purchases::charge_back(txn, named, told).await?;
    if is_news && !told.is_won {
        memberships::end_plan(txn, purchase.wallet_id).await?;
    }
    Ok(is_news)
}
