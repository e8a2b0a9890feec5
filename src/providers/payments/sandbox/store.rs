//! What the provider of a sandbox knows.

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, QueryResult};

use super::{
    CHARGED_BACK, CHARGED_BACK_AFTER, Card, Charge, Fate, Movement, Refund, WON, find, reference_of,
};
use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        enums::PaymentFailure,
        ids::{PaymentId, RefundId},
        sandbox_charge,
    },
    error::{Fault, Result},
    providers::payments::MovementKind,
};

/// What is left of a charge after its refunds.
const LEFT: &str = "CAST(c.amount_cents - COALESCE((SELECT SUM(r.amount_cents) FROM sandbox_refunds r \
                    WHERE r.charge_key = c.key AND r.accepted AND r.failure IS NULL), 0) AS BIGINT)";

/// Counts an attempt at a charge; returns how many there were, and what happens to it. One that is lost before it is heard
/// of is accepted only by the next.
pub(super) async fn count_attempt(txn: &Txn, charge: &Charge) -> Result<(i64, Fate)> {
    let fate = find(&charge.token).map(|card| card.charge);
    let sql = Sql::new(
        "INSERT INTO sandbox_charges (key, token, amount_cents, currency, attempts, accepted, failure, charged_at) \
         VALUES (:key, :token, :cents, :currency, 1, :accepted, :failure, :now) \
         ON CONFLICT (key) DO UPDATE SET attempts = sandbox_charges.attempts + 1, accepted = TRUE \
         RETURNING attempts, token, failure",
    )
    .bind("key", charge.key)
    .bind("token", charge.token.as_str())
    .bind("cents", charge.amount.minor)
    .bind("currency", charge.amount.currency.as_str())
    .bind("accepted", fate != Some(Fate::LostBefore))
    .bind("failure", failure_in(fate))
    .bind("now", txn.now());
    let row = txn.query_one_raw(sql.on(txn)?).await?;
    let row = row.ok_or_else(|| Fault::Broken("no attempt was counted".into()))?;
    Ok((row.try_get("", "attempts")?, fate_in(&row)?))
}

/// What happens to a charge: what its card does, unless somebody gave up on it before it was heard of.
fn fate_in(row: &QueryResult) -> Result<Fate> {
    match row.try_get("", "failure")? {
        Some(PaymentFailure::NotReceived) => Ok(Fate::Failed(PaymentFailure::NotReceived)),
        _ => Ok(card_in(row)?.charge),
    }
}

/// Gives up on a charge, unless it has been heard of; returns what happened to it.
pub(super) async fn abandon(txn: &Txn, charge: &Charge) -> Result<Fate> {
    let sql = Sql::new(
        "INSERT INTO sandbox_charges (key, token, amount_cents, currency, attempts, accepted, failure, charged_at) \
         VALUES (:key, :token, :cents, :currency, 0, TRUE, :failure, :now) \
         ON CONFLICT (key) DO UPDATE SET accepted = TRUE, failure = CASE WHEN sandbox_charges.accepted \
         THEN sandbox_charges.failure ELSE :failure END RETURNING token, failure",
    )
    .bind("key", charge.key)
    .bind("token", charge.token.as_str())
    .bind("cents", charge.amount.minor)
    .bind("currency", charge.amount.currency.as_str())
    .bind("failure", failure_in(Some(Fate::Failed(PaymentFailure::NotReceived))))
    .bind("now", txn.now());
    let row = txn.query_one_raw(sql.on(txn)?).await?;
    fate_in(&row.ok_or_else(|| Fault::Broken("nobody gave up".into()))?)
}

/// What happens to a charge that it has heard of.
pub(super) async fn find_fate(db: &impl ConnectionTrait, key: PaymentId) -> Result<Option<Fate>> {
    let sql = Sql::new("SELECT token, failure FROM sandbox_charges WHERE key = :key AND accepted");
    let row = db.query_one_raw(sql.bind("key", key).on(db)?).await?;
    row.as_ref().map(fate_in).transpose()
}

/// Counts an attempt at a refund as one at a charge; `None` if there is no such charge.
pub(super) async fn count_refund(txn: &Txn, refund: &Refund) -> Result<Option<(i64, Fate)>> {
    let Some(charge) = find_charge(txn, &refund.of).await? else { return Ok(None) };
    let fate = refund_of(&charge, txn.now())?;
    let sql = Sql::new(
        "INSERT INTO sandbox_refunds (key, charge_key, amount_cents, attempts, accepted, failure, refunded_at) \
         VALUES (:key, :charge, :cents, 1, :accepted, :failure, :now) \
         ON CONFLICT (key) DO UPDATE SET attempts = sandbox_refunds.attempts + 1, accepted = TRUE \
         RETURNING attempts",
    )
    .bind("key", refund.key)
    .bind("charge", charge.key)
    .bind("cents", refund.amount.minor)
    .bind("accepted", fate != Fate::LostBefore)
    .bind("failure", failure_in(Some(fate)))
    .bind("now", txn.now());
    let row = txn.query_one_raw(sql.on(txn)?).await?;
    let row = row.ok_or_else(|| Fault::Broken("no attempt was counted".into()))?;
    Ok(Some((row.try_get("", "attempts")?, fate)))
}

/// What happens to a refund of `charge` that is asked for at `now`: nothing of a charge is refunded once it was charged
/// back, whether the bank has given it back or not.
fn refund_of(charge: &sandbox_charge::Model, now: Instant) -> Result<Fate> {
    let is_gone =
        [CHARGED_BACK, WON].contains(&charge.token.as_str()) && now >= charge.charged_at + CHARGED_BACK_AFTER;
    Ok(if is_gone { Fate::Failed(PaymentFailure::Declined) } else { card_of(&charge.token)?.refund })
}

/// What happened to a refund that it has heard of.
pub(super) async fn find_refund_fate(db: &impl ConnectionTrait, key: RefundId) -> Result<Option<Fate>> {
    let sql = Sql::new(
        "SELECT c.token, r.failure FROM sandbox_refunds r JOIN sandbox_charges c ON c.key = r.charge_key \
         WHERE r.key = :key AND r.accepted",
    );
    let Some(row) = db.query_one_raw(sql.bind("key", key).on(db)?).await? else { return Ok(None) };
    let failure: Option<PaymentFailure> = row.try_get("", "failure")?;
    Ok(Some(failure.map_or(card_in(&row)?.refund, Fate::Failed)))
}

/// The charges from `since` to `by` that banks take back, oldest first, with what is left of each.
pub(super) async fn list_charged_back(
    db: &impl ConnectionTrait,
    since: Instant,
    by: Instant,
) -> Result<Vec<(sandbox_charge::Model, i64)>> {
    let sql = Sql::new(format!(
        "SELECT * FROM (SELECT c.*, {LEFT} AS left_cents FROM sandbox_charges c \
         JOIN payments p ON p.id = c.key AND p.state = 'PAID' WHERE c.token IN (:token, :won) AND c.charged_at BETWEEN :since AND :by) AS x \
         WHERE left_cents > 0 ORDER BY charged_at, key"
    ));
    let sql = sql.bind("token", CHARGED_BACK).bind("won", WON).bind("since", since).bind("by", by);
    let rows = db.query_all_raw(sql.on(db)?).await?;
    let read = |row: &QueryResult| {
        Ok((sandbox_charge::Model::from_query_result(row, "")?, row.try_get("", "left_cents")?))
    };
    rows.iter().map(read).collect()
}

/// When the first charge was made that a bank takes back and whose charge-back was not written down.
pub(super) async fn find_next_charged_back(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    let sql = Sql::new(format!(
        "SELECT MIN(c.charged_at) AS charged_at FROM sandbox_charges c \
         JOIN payments p ON p.id = c.key AND p.state = 'PAID' \
         WHERE c.token IN (:token, :won) AND {LEFT} > 0 \
         AND NOT EXISTS (SELECT 1 FROM chargebacks b WHERE b.payment_id = p.id)"
    ));
    let row = db.query_one_raw(sql.bind("token", CHARGED_BACK).bind("won", WON).on(db)?).await?;
    Ok(row.map(|row| row.try_get("", "charged_at")).transpose()?.flatten())
}

/// When the first charge was made that a bank gives back and of which that was not written down.
pub(super) async fn find_next_won(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    let sql = Sql::new(
        "SELECT MIN(c.charged_at) AS charged_at FROM sandbox_charges c \
         JOIN chargebacks b ON b.payment_id = c.key AND b.won_at IS NULL WHERE c.token = :won",
    );
    let row = db.query_one_raw(sql.bind("won", WON).on(db)?).await?;
    Ok(row.map(|row| row.try_get("", "charged_at")).transpose()?.flatten())
}

/// The charges and refunds that were carried out at `since` or later.
pub(super) async fn list_moved(
    db: &impl ConnectionTrait,
    since: Instant,
    settled: Instant,
) -> Result<Vec<Movement>> {
    let mut moved = Vec::new();
    for (kind, rows) in [
        (
            MovementKind::Charge,
            "SELECT key, NULL AS of_key, amount_cents, currency, charged_at AS at FROM sandbox_charges \
             WHERE accepted AND failure IS NULL AND charged_at >= :since",
        ),
        (
            MovementKind::Refund,
            "SELECT r.key, c.key AS of_key, r.amount_cents, c.currency, r.refunded_at AS at FROM sandbox_refunds r \
             JOIN sandbox_charges c ON c.key = r.charge_key \
             WHERE r.accepted AND r.failure IS NULL AND r.refunded_at >= :since",
        ),
    ] {
        let found = db.query_all_raw(Sql::new(rows).bind("since", since).on(db)?).await?;
        let read = |row: &QueryResult| {
            let (key, of): (uuid::Uuid, Option<uuid::Uuid>) =
                (row.try_get("", "key")?, row.try_get("", "of_key")?);
            Ok(Movement {
                kind,
                reference: reference_of(key),
                key: Some(key.to_string()),
                of: of.map(reference_of),
                cents: row.try_get("", "amount_cents")?,
                currency: row.try_get("", "currency")?,
                is_settled: row.try_get::<Instant>("", "at")? < settled,
            })
        };
        moved.extend(found.iter().map(read).collect::<Result<Vec<_>>>()?);
    }
    Ok(moved)
}

/// The charge of this name.
async fn find_charge(txn: &Txn, reference: &str) -> Result<Option<sandbox_charge::Model>> {
    let Some(key) = reference.strip_prefix(&reference_of("")).and_then(|key| key.parse().ok()) else {
        return Ok(None);
    };
    Ok(sandbox_charge::Entity::find_by_id(PaymentId(key)).one(txn).await?)
}

fn failure_in(fate: Option<Fate>) -> Option<&'static str> {
    match fate {
        Some(Fate::Failed(why) | Fate::LostFailure(why)) => Some(PaymentFailure::as_str(why)),
        _ => None,
    }
}

/// By the token with which it was first asked.
fn card_in(row: &QueryResult) -> Result<&'static Card> {
    card_of(&row.try_get::<String>("", "token")?)
}

fn card_of(token: &str) -> Result<&'static Card> {
    Ok(find(token).ok_or_else(|| Fault::Broken(format!("no token {token}")))?)
}
