//! What the provider of a sandbox knows.

use sea_orm::{ConnectionTrait, QueryResult};

use super::{Charge, Fate, find};
use crate::{
    db::{Sql, Txn},
    entity::{enums::PaymentFailure, ids::PaymentId},
    error::{Fault, Result},
};

/// Counts an attempt at a charge; returns how many there were, and what happens to it. One that is lost before it is heard
/// of is accepted only by the next.
pub(super) async fn count_attempt(txn: &Txn, charge: &Charge) -> Result<(i64, Fate)> {
    let fate = find(&charge.token).map(|(_, fate)| fate);
    let failure = match fate {
        Some(Fate::Failed(why)) => Some(why),
        _ => None,
    };
    let sql = Sql::new(
        "INSERT INTO sandbox_charges (key, token, amount_cents, currency, attempts, accepted, failure, charged_at) \
         VALUES (:key, :token, :cents, :currency, 1, :accepted, :failure, :now) \
         ON CONFLICT (key) DO UPDATE SET attempts = sandbox_charges.attempts + 1, accepted = TRUE \
         RETURNING attempts, token",
    )
    .bind("key", charge.key)
    .bind("token", charge.token.as_str())
    .bind("cents", charge.amount.minor)
    .bind("currency", charge.amount.currency.as_str())
    .bind("accepted", fate != Some(Fate::LostBefore))
    .bind("failure", failure.map(PaymentFailure::as_str))
    .bind("now", txn.now());
    let row = txn.query_one_raw(sql.on(txn)?).await?;
    let row = row.ok_or_else(|| Fault::Broken("no attempt was counted".into()))?;
    Ok((row.try_get("", "attempts")?, fate_in(&row)?))
}

/// What happens to a charge that it has heard of.
pub(super) async fn find_fate(db: &impl ConnectionTrait, key: PaymentId) -> Result<Option<Fate>> {
    let sql = Sql::new("SELECT token FROM sandbox_charges WHERE key = :key AND accepted").bind("key", key);
    db.query_one_raw(sql.on(db)?).await?.as_ref().map(fate_in).transpose()
}

/// By the token with which it was first asked.
fn fate_in(row: &QueryResult) -> Result<Fate> {
    let token: String = row.try_get("", "token")?;
    Ok(find(&token).ok_or_else(|| Fault::Broken(format!("no token {token}")))?.1)
}
