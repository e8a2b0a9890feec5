//! What a provider said is written down, by the slice whose document is paid.

use super::{collect::Outcome, rules, store};
use crate::{db::Txn, entity::payment, error::Result};

/// Writes what the provider said of a payment, which this locks. Returns the payment as it is now; `None` if it was over
/// already, so that an outcome that comes twice does nothing.
///
/// # Errors
/// When the database refuses.
pub async fn record(txn: &Txn, outcome: &Outcome) -> Result<Option<payment::Model>> {
    let Some(payment) = store::lock_payment(txn, outcome.id).await? else { return Ok(None) };
    let Some(payment) = rules::after(payment, &outcome.charged, txn.now()) else { return Ok(None) };
    store::update_payment(txn, payment.clone()).await?;
    Ok(Some(payment))
}
