//! All SQL of commissions.

mod checks;
mod disputes;
mod facts;
mod lists;
mod report;
mod sections;

use std::collections::HashSet;

use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, FromQueryResult, IntoActiveModel, Value};

pub use checks::CHECKS;
pub use disputes::list_in_dispute;
pub(super) use disputes::{insert_dispute, list_disputed, lock_state, settle_dispute};
pub(super) use facts::{Funded, People, list_funded, list_known, list_relations, list_standings};
pub use lists::*;
pub use report::{About, Counts, Range, list_report};
pub use sections::SECTIONS;

use super::rules::CommissionMove;
use crate::{
    clock::Instant,
    db::{Source, Sql, Txn, Writes},
    entity::{
        commission, commission_lock,
        enums::{AttributionState, CommissionReason},
        ids::{AccountId, CommissionId},
    },
    error::Result,
};

/// How long after its time an attribution is closed that has brought no hire. A hire is dated to the beginning of its
/// transaction, which may still wait for others; closed for good is only what no hire can come for any more.
const CLOSED_AFTER: TimeDelta = TimeDelta::minutes(10);

/// The earliest instant since or from which something is to be swept. SQLite joins in the order of a CROSS JOIN, from the
/// few to the many.
pub(super) async fn find_next(db: &Source<'_>) -> Result<Option<Instant>> {
    let sql = Sql::new(
        "SELECT MIN(x.at) AS at FROM (\
         SELECT MIN(m.funded_at) AS at FROM attributions a CROSS JOIN contracts c CROSS JOIN milestones m \
         WHERE a.state = 'OPEN' AND c.client_id = a.client_id AND m.contract_id = c.id AND m.funded_at IS NOT NULL \
         UNION ALL SELECT MIN(next_lock_at) FROM commissions WHERE state = 'PENDING' \
         UNION ALL SELECT MIN(s.suspended_at) FROM affiliate_suspensions s CROSS JOIN commissions c \
         WHERE c.affiliate_id = s.affiliate_id AND c.state = 'PENDING' AND s.suspended_at >= c.funded_at \
         UNION ALL SELECT MIN(f.decided_at) FROM affiliate_flags f JOIN commissions c ON c.client_id = f.client_id \
         WHERE f.state = 'UPHELD' AND c.state IN ('PENDING', 'LOCKED') \
         UNION ALL SELECT MIN(c.funded_at) FROM commissions c JOIN milestones m ON m.id = c.milestone_id \
         WHERE c.state = 'PENDING' AND m.state = 'REFUNDED') AS x",
    );
    let without_hire = Sql::new(
        "SELECT MIN(a.hire_before) AS at FROM attributions a WHERE a.state = 'OPEN' AND NOT EXISTS \
         (SELECT 1 FROM contracts c WHERE c.client_id = a.client_id AND c.started_at < a.hire_before)",
    );
    let over = find_instant(db, without_hire).await?.map(|at| at + CLOSED_AFTER);
    Ok([find_instant(db, sql).await?, over].into_iter().flatten().min())
}

async fn find_instant(db: &Source<'_>, sql: Sql) -> Result<Option<Instant>> {
    let row = db.query_one_raw(sql.on(db)?).await?;
    Ok(row.map(|row| row.try_get("", "at")).transpose()?.flatten())
}

/// Closes attributions whose client had hired nobody when their time was over (F-5).
pub(super) async fn close_without_hire(txn: &Txn) -> Result<u64> {
    let sql = Sql::new(
        "UPDATE attributions SET state = :state, closed_at = hire_before WHERE state = 'OPEN' AND hire_before <= :by \
         AND NOT EXISTS (SELECT 1 FROM contracts c WHERE c.client_id = attributions.client_id \
         AND c.started_at < attributions.hire_before)",
    );
    txn.run(sql.bind("state", AttributionState::NoHireInTime).bind("by", txn.due_by() - CLOSED_AFTER)).await
}

/// Locks the pending commissions whose month is over, the earliest first; but for those whose affiliate was suspended, or
/// that were found to be fraud, before it was.
pub(super) async fn lock_due(txn: &Txn, most: u64) -> Result<Vec<commission::Model>> {
    let sql = Sql::new(
        "SELECT c.* FROM commissions c WHERE c.state = 'PENDING' AND c.next_lock_at <= :now \
         AND NOT EXISTS (SELECT 1 FROM affiliate_suspensions s WHERE s.affiliate_id = c.affiliate_id \
         AND s.suspended_at >= c.funded_at AND s.suspended_at < c.next_lock_at) \
         AND NOT EXISTS (SELECT 1 FROM affiliate_flags f WHERE f.client_id = c.client_id AND f.state = 'UPHELD' \
         AND f.decided_at <= c.next_lock_at) ORDER BY c.next_lock_at, c.id LIMIT :most",
    );
    let sql = sql.bind("now", txn.due_by()).bind("most", most as i64).push(of_commissions(txn));
    Ok(commission::Model::find_by_statement(sql.on(txn)?).all(txn).await?)
}

/// Locks the commissions of `affiliate` of which anything may still be paid.
pub(super) async fn lock_unpaid_of(txn: &Txn, affiliate: AccountId) -> Result<Vec<commission::Model>> {
    let sql = Sql::new(
        "SELECT c.* FROM commissions c WHERE c.affiliate_id = :affiliate AND (c.state = 'PENDING' OR c.state = 'LOCKED' \
         AND EXISTS (SELECT 1 FROM commission_locks l WHERE l.commission_id = c.id AND l.payout_id IS NULL)) ORDER BY c.id",
    );
    let sql = sql.bind("affiliate", affiliate).push(of_commissions(txn));
    Ok(commission::Model::find_by_statement(sql.on(txn)?).all(txn).await?)
}

/// Those of `rows`, which are locked, that lock as a whole: all of the payment was released before the month was over, and
/// nothing speaks against it, no refund, charge-back or dispute, nor anything about the people. A statement of its own: one
/// that waits for locks does not see what was committed meanwhile.
pub(super) async fn list_plain(txn: &Txn, rows: &[commission::Model]) -> Result<HashSet<CommissionId>> {
    if rows.is_empty() {
        return Ok(HashSet::new());
    }
    let sql = Sql::new("SELECT c.id FROM commissions c WHERE c.id IN (");
    let sql = sql.push(Sql::list(rows.iter().map(|row| row.id))).push(
        ") AND CASE WHEN EXISTS (SELECT 1 FROM cash_transactions t CROSS JOIN cash_postings p \
         WHERE t.document_id = c.milestone_id AND t.kind = 'RELEASE' AND t.recorded_at < c.next_lock_at \
         AND p.transaction_id = t.id AND p.amount = -c.base_cents) \
         AND NOT EXISTS (SELECT 1 FROM refunds r WHERE r.payment_id = c.payment_id) \
         AND NOT EXISTS (SELECT 1 FROM chargebacks b WHERE b.payment_id = c.payment_id) \
         AND NOT EXISTS (SELECT 1 FROM commission_disputes d WHERE d.commission_id = c.id) AND ",
    );
    let found = txn.query_all_raw(sql.push(UNSUSPICIOUS).push(" THEN 1 ELSE 0 END = 1").on(txn)?).await?;
    found.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}

/// That nothing speaks against the people of a commission, which a select calls `c`: the affiliate was not hired, the client
/// was never flagged, and neither client nor freelancer shares anything with anyone. All that `outside_of` and
/// `connections_of` know rests on one of these. SQLite joins in the order of a CROSS JOIN: from the traces of one person.
/// Within a CASE, PostgreSQL asks for one commission after another; otherwise it would read all traces.
const UNSUSPICIOUS: &str = "c.freelancer_id <> c.affiliate_id \
     AND NOT EXISTS (SELECT 1 FROM affiliate_flags f WHERE f.client_id = c.client_id) \
     AND NOT EXISTS (SELECT 1 FROM traces t CROSS JOIN traces o WHERE t.account_id IN (c.client_id, c.freelancer_id) \
     AND o.kind = t.kind AND o.hash = t.hash AND o.account_id <> t.account_id)";

/// The lock of the commissions that a select calls `c`.
fn of_commissions(txn: &Txn) -> String {
    let lock = txn.for_update();
    if lock.is_empty() { String::new() } else { format!("{lock} OF c") }
}

/// Locks pending commissions of affiliates who were suspended after they were earned (F-8).
pub(super) async fn list_suspended(
    txn: &Txn,
    most: u64,
) -> Result<Vec<(commission::Model, CommissionReason, Instant)>> {
    let sql = Sql::new(
        "SELECT c.*, (SELECT MIN(s.suspended_at) FROM affiliate_suspensions s WHERE s.affiliate_id = c.affiliate_id \
         AND s.suspended_at >= c.funded_at) AS since FROM commissions c WHERE c.state = 'PENDING' \
         AND EXISTS (SELECT 1 FROM affiliate_suspensions s WHERE s.affiliate_id = c.affiliate_id \
         AND s.suspended_at >= c.funded_at AND s.suspended_at <= :now) ORDER BY c.next_lock_at, c.id LIMIT :most",
    );
    ending(txn, sql.bind("now", txn.due_by()).bind("most", most as i64), CommissionReason::AffiliateSuspended)
        .await
}

/// Locks pending commissions whose payment was refunded as a whole (F-6).
pub(super) async fn list_refunded(
    txn: &Txn,
    most: u64,
) -> Result<Vec<(commission::Model, CommissionReason, Instant)>> {
    let sql = Sql::new(
        "SELECT c.*, (SELECT MAX(r.begun_at) FROM refunds r WHERE r.payment_id = c.payment_id) AS since \
         FROM commissions c JOIN milestones m ON m.id = c.milestone_id \
         WHERE c.state = 'PENDING' AND m.state = 'REFUNDED' ORDER BY c.next_lock_at, c.id LIMIT :most",
    );
    ending(txn, sql.bind("most", most as i64), CommissionReason::Refunded).await
}

/// Locks commissions of registrations that an admin has found to be fraud, unless they are paid (F-8).
pub(super) async fn list_upheld(
    txn: &Txn,
    most: u64,
) -> Result<Vec<(commission::Model, CommissionReason, Instant)>> {
    let sql = Sql::new(
        "SELECT c.*, (SELECT MIN(f.decided_at) FROM affiliate_flags f WHERE f.client_id = c.client_id \
         AND f.state = 'UPHELD') AS since FROM commissions c WHERE c.state IN ('PENDING', 'LOCKED') \
         AND c.client_id IN (SELECT f.client_id FROM affiliate_flags f WHERE f.state = 'UPHELD' \
         AND f.decided_at <= :now) ORDER BY c.id LIMIT :most",
    );
    ending(txn, sql.bind("now", txn.due_by()).bind("most", most as i64), CommissionReason::Fraud).await
}

async fn ending(
    txn: &Txn,
    sql: Sql,
    why: CommissionReason,
) -> Result<Vec<(commission::Model, CommissionReason, Instant)>> {
    let rows = txn.query_all_raw(sql.push(of_commissions(txn)).on(txn)?).await?;
    let of = |row: &sea_orm::QueryResult| {
        let since: Option<Instant> = row.try_get("", "since")?;
        Ok((commission::Model::from_query_result(row, "")?, why, since.unwrap_or(txn.now())))
    };
    rows.iter().map(of).collect()
}

/// Closes the attributions of these clients, each at an instant.
pub(super) fn close(writes: &mut Writes<'_>, state: AttributionState, clients: Vec<(AccountId, Instant)>) {
    let rows = clients.into_iter().map(|(client, at)| vec![client.into(), at.into()]).collect();
    writes.push_rows(&["client", "at"], rows, |rows| {
        let sql = Sql::new("WITH c (client, at) AS (").push(rows).push(
            ") UPDATE attributions SET state = :state, closed_at = c.at FROM c WHERE attributions.client_id = c.client",
        );
        sql.bind("state", state)
    });
}

pub(super) fn insert_commissions(writes: &mut Writes<'_>, rows: Vec<commission::Model>) {
    writes.insert(rows.into_iter().map(IntoActiveModel::into_active_model));
}

pub(super) fn insert_locks(writes: &mut Writes<'_>, rows: Vec<commission_lock::Model>) {
    writes.insert(rows.into_iter().map(IntoActiveModel::into_active_model));
}

/// Writes how these commissions stand.
pub(super) fn update_commissions(writes: &mut Writes<'_>, rows: Vec<commission::Model>) {
    let row = |row: commission::Model| -> Vec<Value> {
        let reason = row.reason.map(|reason| reason.as_str().to_owned());
        vec![
            row.id.into(),
            row.state.into(),
            reason.into(),
            row.locked_cents.into(),
            row.next_lock_at.into(),
            row.ended_at.into(),
        ]
    };
    let columns = ["id", "state", "reason", "locked_cents", "next_lock_at", "ended_at"];
    writes.push_rows(&columns, rows.into_iter().map(row).collect(), |rows| {
        Sql::new(format!("WITH c ({}) AS (", columns.join(", "))).push(rows).push(
            ") UPDATE commissions SET state = c.state, reason = c.reason, locked_cents = c.locked_cents, \
             next_lock_at = c.next_lock_at, ended_at = c.ended_at FROM c WHERE commissions.id = c.id",
        )
    });
}

/// Those of these commissions of which every part was paid before nothing more could lock.
pub(super) async fn update_paid(txn: &Txn, ids: &[CommissionId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let sql = Sql::new("UPDATE commissions SET state = :paid WHERE state = 'LOCKED' AND id IN (");
    let sql = sql.push(Sql::list(ids.iter().copied())).push(
        ") AND NOT EXISTS (SELECT 1 FROM commission_locks l WHERE l.commission_id = commissions.id AND l.paid_at IS NULL)",
    );
    txn.run(sql.bind("paid", CommissionMove::Pay.to())).await.map(drop)
}

/// The commissions of which something is due by `now` and not paid, unless nothing speaks against their people.
pub(super) async fn list_doubtful(db: &impl ConnectionTrait, now: Instant) -> Result<Vec<commission::Model>> {
    Ok(commission::Model::find_by_statement(doubtful(now).on(db)?).all(db).await?)
}

/// The same, locked.
pub(super) async fn lock_doubtful(txn: &Txn) -> Result<Vec<commission::Model>> {
    let sql = doubtful(txn.due_by()).push(of_commissions(txn));
    Ok(commission::Model::find_by_statement(sql.on(txn)?).all(txn).await?)
}

fn doubtful(now: Instant) -> Sql {
    let sql = Sql::new(
        "SELECT c.* FROM commissions c WHERE c.state IN ('PENDING', 'LOCKED') AND c.id IN \
         (SELECT l.commission_id FROM commission_locks l WHERE l.payout_id IS NULL AND l.due_at <= :now) \
         AND CASE WHEN ",
    );
    sql.bind("now", now).push(UNSUSPICIOUS).push(" THEN 0 ELSE 1 END = 1 ORDER BY c.id")
}
