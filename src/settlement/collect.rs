//! The provider is asked for payments and refunds, and what it says takes effect.

use super::{settle, settle_refund};
use crate::{
    db::Database,
    entity::ids::{PaymentId, RefundId},
    error::Result,
    payments,
    providers::payments::Payments,
};

/// Asks `provider` for `ids`, outside of any transaction, and writes what it says, each in a transaction of its own. If
/// this fails midway, the task `payments` does the rest.
///
/// # Errors
/// When the database cannot be reached.
pub async fn collect(db: &Database, provider: &dyn Payments, ids: &[PaymentId]) -> Result<()> {
    for outcome in payments::collect(db, provider, ids).await? {
        db.write(async |txn| settle(txn, &outcome).await).await?;
    }
    Ok(())
}

/// Asks `provider` for refunds in the same way.
///
/// # Errors
/// When the database cannot be reached.
pub async fn give_back(db: &Database, provider: &dyn Payments, ids: &[RefundId]) -> Result<()> {
    for outcome in payments::give_back(db, provider, ids).await? {
        db.write(async |txn| settle_refund(txn, &outcome).await).await?;
    }
    Ok(())
}
