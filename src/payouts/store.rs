//! All SQL of payouts.

mod checks;
mod commissions;
mod lists;
mod methods;
mod planning;
mod reaches;
mod sections;

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, Value};

pub use checks::CHECKS;
pub(super) use commissions::{release_locks, update_paid};
pub use lists::*;
pub use methods::*;
pub use planning::*;
pub use reaches::REACHES;
pub use sections::SECTIONS;

use crate::{
    clock::Instant,
    db::{Sql, Txn, Writes},
    entity::{
        enums::{Currency, PayoutFailure, PayoutHold, PayoutProvider, PayoutRail, PayoutState},
        ids::{PayoutBatchId, PayoutId, PayoutMethodId},
        payout, payout_batch, payout_method,
    },
    error::{Fault, Result},
};

/// Locks payouts, in the order of their ids.
pub(super) async fn lock_payouts(txn: &Txn, ids: &[PayoutId]) -> Result<Vec<payout::Model>> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    let mut found = Vec::new();
    for some in ids.chunks(PEOPLE_AT_ONCE) {
        let sql = Sql::new("SELECT * FROM payouts WHERE id IN (").push(Sql::list(some.iter().copied()));
        let sql = sql.push(") ORDER BY id").push(txn.for_update());
        found.extend(payout::Model::find_by_statement(sql.on(txn)?).all(txn).await?);
    }
    Ok(found)
}

pub(super) fn insert_payouts(writes: &mut Writes<'_>, rows: Vec<payout::Model>) {
    writes.insert(rows.into_iter().map(IntoActiveModel::into_active_model));
}

pub(super) fn insert_batches(writes: &mut Writes<'_>, rows: Vec<payout_batch::Model>) {
    writes.insert(rows.into_iter().map(IntoActiveModel::into_active_model));
}

/// The columns of a payout that change.
const CHANGING: [&str; 15] = [
    "id",
    "state",
    "hold",
    "failure",
    "method_id",
    "provider",
    "batch_id",
    "paid_currency",
    "paid_minor",
    "rate_micros",
    "rate_source",
    "reference",
    "ask_at",
    "sent_at",
    "ended_at",
];

/// Writes how these payouts stand.
pub(super) fn update_payouts(writes: &mut Writes<'_>, rows: Vec<payout::Model>) {
    let word = |word: Option<&'static str>| Value::from(word.map(str::to_owned));
    let row = |row: payout::Model| -> Vec<Value> {
        vec![
            row.id.into(),
            row.state.into(),
            word(row.hold.map(PayoutHold::as_str)),
            word(row.failure.map(PayoutFailure::as_str)),
            row.method_id.map(|id| id.0).into(),
            word(row.provider.map(PayoutProvider::as_str)),
            row.batch_id.map(|id| id.0).into(),
            word(row.paid_currency.map(Currency::as_str)),
            row.paid_minor.into(),
            row.rate_micros.into(),
            row.rate_source.into(),
            row.reference.into(),
            row.ask_at.into(),
            row.sent_at.into(),
            row.ended_at.into(),
        ]
    };
    let set: Vec<_> = CHANGING[1..].iter().map(|name| format!("{name} = c.{name}")).collect();
    writes.push_rows(&CHANGING, rows.into_iter().map(row).collect(), |rows| {
        let sql = Sql::new(format!("WITH c ({}) AS (", CHANGING.join(", "))).push(rows);
        sql.push(format!(") UPDATE payouts SET {} FROM c WHERE payouts.id = c.id", set.join(", ")))
    });
}

/// Takes the parts of commissions that were due when the payouts `rows` were made, each for the payout of its affiliate, but
/// for those that are outside the terms or under review; returns how many.
pub(super) async fn take_locks(txn: &Txn, rows: &[payout::Model]) -> Result<u64> {
    let mut taken = 0;
    for some in rows.chunks(1_000) {
        let pairs = some.iter().map(|row| vec![row.account_id.into(), row.id.into()]).collect();
        let sql = Sql::new("WITH c (affiliate_id, payout_id) AS (")
            .push(Sql::rows(&["affiliate_id", "payout_id"], pairs))
            .push(
                ") UPDATE commission_locks SET payout_id = c.payout_id FROM c \
             WHERE commission_locks.affiliate_id = c.affiliate_id AND commission_locks.payout_id IS NULL \
             AND commission_locks.due_at <= :now AND NOT EXISTS (SELECT 1 FROM commissions o \
             WHERE o.id = commission_locks.commission_id AND (o.state = 'OUTSIDE_TERMS' OR EXISTS \
             (SELECT 1 FROM affiliate_flags f WHERE f.client_id = o.client_id AND f.state = 'OPEN')))",
            );
        taken += txn.run(sql.bind("now", txn.due_by())).await?;
        let sql = Sql::new(
            "INSERT INTO payout_items (payout_id, lock_id, amount_cents) \
             SELECT payout_id, id, amount_cents FROM commission_locks WHERE payout_id IN (",
        );
        txn.run(sql.push(Sql::list(some.iter().map(|row| row.id))).push(")")).await?;
        must_sum_up(txn, some).await?;
    }
    Ok(taken)
}

/// Checks that the parts that were taken for each of `rows` are what it pays: since it was planned, one may have come under
/// review, and one of another person may have been freed.
async fn must_sum_up(txn: &Txn, rows: &[payout::Model]) -> Result<()> {
    let sql = Sql::new(
        "SELECT COUNT(*) AS count FROM payouts p WHERE p.amount_cents <> (SELECT COALESCE(SUM(i.amount_cents), 0) \
         FROM payout_items i WHERE i.payout_id = p.id) AND p.id IN (",
    );
    let row =
        txn.query_one_raw(sql.push(Sql::list(rows.iter().map(|row| row.id))).push(")").on(txn)?).await?;
    let wrong: i64 = row.map(|row| row.try_get("", "count")).transpose()?.unwrap_or_default();
    if wrong > 0 { Err(Fault::Conflict.into()) } else { Ok(()) }
}

/// Sends withdrawals out: they are locked, and were waiting.
pub(super) async fn send_withdrawals(txn: &Txn, rows: &[payout::Model]) -> Result<()> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let waiting = lock_payouts(txn, &ids).await?;
    let waits = |row: &payout::Model| matches!(row.state, PayoutState::Scheduled | PayoutState::Held);
    if waiting.len() != rows.len() || !waiting.iter().all(waits) {
        return Err(Fault::Conflict.into());
    }
    let mut writes = txn.writes();
    update_payouts(&mut writes, rows.to_vec());
    writes.run().await
}

/// Takes payouts that a provider is to be asked about by `by`, with where they go.
pub(super) async fn claim_due(
    txn: &Txn,
    by: Instant,
    limit: u64,
    again_at: impl Fn(i64) -> Instant,
) -> Result<Vec<(payout::Model, payout_method::Model)>> {
    let sql = Sql::new("SELECT * FROM payouts WHERE ask_at <= :by ORDER BY ask_at, id LIMIT :limit");
    let sql = sql.bind("by", by).bind("limit", limit as i64).push(txn.for_update());
    let rows = payout::Model::find_by_statement(sql.on(txn)?).all(txn).await?;
    let methods: Vec<_> = rows.iter().filter_map(|row| row.method_id).collect();
    let methods = list_methods_by_id(txn, &methods).await?;
    let claims = rows.iter().map(|row| vec![row.id.into(), again_at(row.attempts).into()]).collect();
    let mut writes = txn.writes();
    let now = txn.now();
    writes.push_rows(&["id", "ask_at"], claims, |rows| {
        let sql = Sql::new("WITH c (id, ask_at) AS (").push(rows).push(
            ") UPDATE payouts SET ask_at = c.ask_at, attempts = attempts + 1, sent_at = COALESCE(sent_at, :now) \
             FROM c WHERE payouts.id = c.id",
        );
        sql.bind("now", now)
    });
    writes.run().await?;
    let with = |row: payout::Model| {
        let method = methods.iter().find(|method| Some(method.id) == row.method_id)?;
        Some((row, method.clone()))
    };
    Ok(rows.into_iter().filter_map(with).collect())
}

/// The payouts of a batch, in the order of their ids, with where they go.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_of_batch(
    db: &impl ConnectionTrait,
    batch: PayoutBatchId,
) -> Result<Vec<(payout::Model, payout_method::Model)>> {
    let sql = Sql::new("SELECT * FROM payouts WHERE batch_id = :batch ORDER BY id").bind("batch", batch);
    let rows = payout::Model::find_by_statement(sql.on(db)?).all(db).await?;
    let methods: Vec<PayoutMethodId> = rows.iter().filter_map(|row| row.method_id).collect();
    let methods = list_methods_by_id(db, &methods).await?;
    let with = |row: payout::Model| {
        let method = methods.iter().find(|method| Some(method.id) == row.method_id)?;
        Some((row, method.clone()))
    };
    Ok(rows.into_iter().filter_map(with).collect())
}

/// The payouts that files of this rail call so.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_by_reference(
    db: &impl ConnectionTrait,
    rail: PayoutRail,
    references: &[&str],
) -> Result<Vec<payout::Model>> {
    let sql = Sql::new(
        "SELECT p.* FROM payouts p JOIN payout_batches b ON b.id = p.batch_id \
         WHERE b.rail = :rail AND p.reference IN (",
    );
    let sql =
        sql.bind("rail", rail).push(Sql::list(references.iter().map(|one| (*one).to_owned()))).push(")");
    Ok(payout::Model::find_by_statement(sql.on(db)?).all(db).await?)
}

/// The batches that were put together by `by`, were not refused, and whose file is not complete, the oldest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_unwritten(db: &impl ConnectionTrait, by: Instant) -> Result<Vec<payout_batch::Model>> {
    let sql = Sql::new(
        "SELECT * FROM payout_batches WHERE written_at IS NULL AND refused_at IS NULL AND created_at <= :by \
         ORDER BY created_at, id",
    );
    Ok(payout_batch::Model::find_by_statement(sql.bind("by", by).on(db)?).all(db).await?)
}

/// A batch.
pub(super) async fn find_batch(
    db: &impl ConnectionTrait,
    id: PayoutBatchId,
) -> Result<Option<payout_batch::Model>> {
    Ok(payout_batch::Entity::find_by_id(id).one(db).await?)
}

/// Locks a batch.
pub(super) async fn lock_batch(txn: &Txn, id: PayoutBatchId) -> Result<Option<payout_batch::Model>> {
    let sql = Sql::new("SELECT * FROM payout_batches WHERE id = :id").bind("id", id).push(txn.for_update());
    Ok(payout_batch::Model::find_by_statement(sql.on(txn)?).one(txn).await?)
}

/// Notes that nothing of a batch is paid.
pub(super) async fn note_refused(txn: &Txn, id: PayoutBatchId) -> Result<()> {
    let sql = Sql::new("UPDATE payout_batches SET refused_at = COALESCE(refused_at, :now) WHERE id = :id");
    txn.run(sql.bind("now", txn.now()).bind("id", id)).await.map(drop)
}

/// Notes that a draft has got the name of its file.
pub(super) async fn note_published(txn: &Txn, id: PayoutBatchId) -> Result<()> {
    let sql =
        Sql::new("UPDATE payout_batches SET published_at = COALESCE(published_at, :now) WHERE id = :id");
    txn.run(sql.bind("now", txn.now()).bind("id", id)).await.map(drop)
}

/// The batches of which a draft counts that has not got the name of its file, and that were not refused.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_unpublished(db: &impl ConnectionTrait) -> Result<Vec<payout_batch::Model>> {
    let sql = Sql::new(
        "SELECT * FROM payout_batches WHERE written_at IS NOT NULL AND published_at IS NULL \
         AND refused_at IS NULL ORDER BY written_at, id",
    );
    Ok(payout_batch::Model::find_by_statement(sql.on(db)?).all(db).await?)
}

/// Notes that the file of a batch is complete, and of which draft it comes, unless another one is noted or it was refused.
///
/// # Errors
/// When the database refuses.
pub async fn note_written(txn: &Txn, batch: PayoutBatchId, (file, draft): (&str, &str)) -> Result<()> {
    let sql = Sql::new(
        "UPDATE payout_batches SET file = :file, draft = :draft, written_at = :now \
         WHERE id = :id AND written_at IS NULL AND refused_at IS NULL",
    );
    let sql = sql.bind("file", file).bind("draft", draft).bind("now", txn.now());
    if txn.run(sql.bind("id", batch)).await? == 0 {
        return Ok(());
    }
    let sql = Sql::new("UPDATE payouts SET sent_at = :now WHERE batch_id = :id AND sent_at IS NULL");
    txn.run(sql.bind("now", txn.now()).bind("id", batch)).await.map(drop)
}

/// A payout.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_payout(db: &impl ConnectionTrait, id: PayoutId) -> Result<Option<payout::Model>> {
    Ok(payout::Entity::find_by_id(id).one(db).await?)
}

/// The earliest instant at which a provider is to be asked, or since which a file is to be written or named.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_next_question(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    let sql = Sql::new(
        "SELECT MIN(x.at) AS at FROM (SELECT MIN(ask_at) AS at FROM payouts WHERE ask_at IS NOT NULL \
         UNION ALL SELECT MIN(created_at) FROM payout_batches WHERE written_at IS NULL AND refused_at IS NULL \
         UNION ALL SELECT MIN(b.written_at) FROM payout_batches b WHERE b.published_at IS NULL AND b.refused_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM payouts p WHERE p.batch_id = b.id AND p.state <> 'PROCESSING')) AS x",
    );
    let row = db.query_one_raw(sql.on(db)?).await?;
    Ok(row.map(|row| row.try_get("", "at")).transpose()?.flatten())
}
