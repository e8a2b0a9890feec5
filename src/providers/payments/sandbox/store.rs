//! What the provider of a sandbox knows.

use sea_orm::ConnectionTrait;

use super::{Charge, Fate, find};
use crate::{
    db::{Sql, Txn},
    entity::enums::PaymentFailure,
    error::{Fault, Result},
};

/// Counts an attempt at a charge; returns how many there were. One that is lost before it is heard of is accepted only
/// by the next.
pub(super) async fn count_attempt(
    txn: &Txn,
    charge: &Charge,
    failure: Option<PaymentFailure>,
) -> Result<i64> {
    let is_lost = matches!(find(&charge.token), Some((_, Fate::LostBefore)));
    let sql = Sql::new(
        "INSERT INTO sandbox_charges (key, token, amount_cents, currency, attempts, accepted, failure, charged_at) \
         VALUES (:key, :token, :cents, :currency, 1, :accepted, :failure, :now) \
         ON CONFLICT (key) DO UPDATE SET attempts = sandbox_charges.attempts + 1, accepted = TRUE \
         RETURNING attempts",
    )
    .bind("key", charge.key)
    .bind("token", charge.token.as_str())
    .bind("cents", charge.amount.minor)
    .bind("currency", charge.amount.currency.as_str())
    .bind("accepted", !is_lost)
    .bind("failure", failure.map(PaymentFailure::as_str))
    .bind("now", txn.now());
    let row = txn.query_one_raw(sql.on(txn)?).await?;
    Ok(row.ok_or_else(|| Fault::Broken("no attempt was counted".into()))?.try_get("", "attempts")?)
}
