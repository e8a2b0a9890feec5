//! The SQL of plans: what is due to whom, and what is known of them.

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel};

use crate::{
    accounts,
    clock::Instant,
    commissions::Stopped,
    db::{Source, Sql, Txn},
    entity::{
        enums::{PayoutHold, PayoutPurpose, PayoutState},
        ids::{AccountId, PayoutId},
        payout_approval,
    },
    error::Result,
    payouts::plan::Plan,
};

/// People that one statement asks about.
pub(super) const PEOPLE_AT_ONCE: usize = 5_000;

/// Something that waits to be paid.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Waiting {
    /// To whom.
    pub account_id: AccountId,
    /// The withdrawal, if it is one.
    pub payout_id: Option<PayoutId>,
    /// How much, in minor units.
    pub cents: i64,
    /// Of how many parts.
    pub items: i64,
    /// Since when the first of it is due.
    pub since: Instant,
    /// Why it is not paid at all: it may be fraud, or is outside the terms (F-8, F-9).
    pub stopped: Option<PayoutHold>,
}

/// The commissions that are due by `now` and not paid, by affiliate, and since when so much is due that it can be paid; those
/// that are outside the terms, under review, or `stopped` by now, apart.
pub(in crate::payouts) async fn list_due_commissions(
    db: &impl ConnectionTrait,
    now: Instant,
    minimum_cents: i64,
    stopped: &Stopped,
) -> Result<Vec<Waiting>> {
    let sql = Sql::new(
        "SELECT x.affiliate_id AS account_id, NULL AS payout_id, CAST(SUM(x.amount_cents) AS BIGINT) AS cents, \
         COUNT(*) AS items, NULLIF(x.stopped, '') AS stopped, \
         COALESCE(MIN(CASE WHEN x.running >= :minimum THEN x.due_at END), MIN(x.due_at)) AS since FROM (\
         SELECT y.*, SUM(y.amount_cents) OVER (PARTITION BY y.affiliate_id, y.stopped ORDER BY y.due_at, y.id) AS running \
         FROM (SELECT l.*, CASE WHEN c.state = 'OUTSIDE_TERMS' OR c.id IN (",
    );
    let sql =
        sql.push(Sql::list(stopped.outside.iter().copied())).push(") THEN 'OUTSIDE_TERMS' WHEN c.id IN (");
    let sql = sql.push(Sql::list(stopped.suspected.iter().copied())).push(
        Sql::new(
            ") OR EXISTS (SELECT 1 FROM affiliate_flags f WHERE f.client_id = c.client_id AND f.state = 'OPEN') \
         THEN 'UNDER_REVIEW' ELSE '' END AS stopped FROM commission_locks l JOIN commissions c ON c.id = l.commission_id \
         WHERE l.payout_id IS NULL AND l.due_at <= :now) AS y) AS x \
         GROUP BY x.affiliate_id, x.stopped ORDER BY x.affiliate_id, x.stopped",
        )
        .bind("now", now),
    );
    waiting(db, sql.bind("minimum", minimum_cents)).await
}

/// The withdrawals that wait at `now`.
pub(in crate::payouts) async fn list_waiting_withdrawals(
    db: &impl ConnectionTrait,
    now: Instant,
) -> Result<Vec<Waiting>> {
    let sql = Sql::new(
        "SELECT account_id, id AS payout_id, amount_cents AS cents, 1 AS items, created_at AS since, \
         NULLIF('', '') AS stopped FROM payouts WHERE state IN ('SCHEDULED', 'HELD') AND created_at <= :now \
         ORDER BY account_id, id",
    );
    waiting(db, sql.bind("now", now)).await
}

async fn waiting(db: &impl ConnectionTrait, sql: Sql) -> Result<Vec<Waiting>> {
    let rows = db.query_all_raw(sql.on(db)?).await?;
    let of = |row: &sea_orm::QueryResult| {
        // A number that a statement writes itself is of another width on PostgreSQL.
        let items =
            row.try_get::<i64>("", "items").or_else(|_| row.try_get::<i32>("", "items").map(i64::from))?;
        Ok(Waiting {
            account_id: row.try_get("", "account_id")?,
            payout_id: row.try_get::<Option<PayoutId>>("", "payout_id").unwrap_or_default(),
            cents: row.try_get("", "cents")?,
            items,
            since: row.try_get("", "since")?,
            stopped: row.try_get("", "stopped")?,
        })
    };
    rows.iter().map(of).collect()
}

/// The first instant since which something for `purpose` waits.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_waiting_since(db: &Source<'_>, purpose: PayoutPurpose) -> Result<Option<Instant>> {
    let sql = Sql::new(match purpose {
        PayoutPurpose::Commissions => {
            "SELECT MIN(l.due_at) AS at FROM commission_locks l JOIN commissions c ON c.id = l.commission_id \
             WHERE l.payout_id IS NULL AND c.state <> 'OUTSIDE_TERMS'"
        }
        PayoutPurpose::Withdrawal => {
            "SELECT MIN(created_at) AS at FROM payouts WHERE state IN ('SCHEDULED', 'HELD')"
        }
    });
    let row = db.query_one_raw(sql.on(db)?).await?;
    Ok(row.map(|row| row.try_get("", "at")).transpose()?.flatten())
}

/// Those of `people` who are suspended affiliates, sorted.
pub(in crate::payouts) async fn list_suspended_affiliates(
    db: &impl ConnectionTrait,
    people: &[AccountId],
) -> Result<Vec<AccountId>> {
    listed(db, "SELECT account_id FROM affiliates WHERE state = 'SUSPENDED' AND account_id IN (", people)
        .await
}

/// Those of `people` whose account is suspended or closed at `now`, sorted.
pub(in crate::payouts) async fn list_restricted(
    db: &impl ConnectionTrait,
    people: &[AccountId],
    now: Instant,
) -> Result<Vec<AccountId>> {
    let mut found = Vec::new();
    for some in people.chunks(PEOPLE_AT_ONCE) {
        let rows = accounts::store::list_restrictions(db, some, now).await?;
        found.extend(rows.into_iter().map(|row| row.account_id));
    }
    found.sort_unstable();
    Ok(found)
}

/// Those of `people` where the last payout to the method in use was refused, sorted.
pub(in crate::payouts) async fn list_failed(
    db: &impl ConnectionTrait,
    people: &[AccountId],
) -> Result<Vec<AccountId>> {
    let sql = "SELECT p.account_id FROM payouts p JOIN payout_methods m ON m.id = p.method_id AND m.replaced_at IS NULL \
               WHERE p.state = 'FAILED' AND p.failure IN ('INVALID_DETAILS', 'ACCOUNT_CLOSED', 'REFUSED') \
               AND NOT EXISTS (SELECT 1 FROM payouts o WHERE o.method_id = p.method_id AND (o.sent_at > p.sent_at \
               OR o.sent_at = p.sent_at AND o.created_at > p.created_at)) \
               AND p.account_id IN (";
    listed(db, sql, people).await
}

/// Those of `people` who owe money, sorted.
pub(in crate::payouts) async fn list_owing(
    db: &impl ConnectionTrait,
    people: &[AccountId],
) -> Result<Vec<AccountId>> {
    let sql =
        "SELECT account_id FROM cash_accounts WHERE kind = 'RECEIVABLE' AND balance < 0 AND account_id IN (";
    listed(db, sql, people).await
}

async fn listed(db: &impl ConnectionTrait, sql: &str, people: &[AccountId]) -> Result<Vec<AccountId>> {
    let mut found = Vec::new();
    for some in people.chunks(PEOPLE_AT_ONCE) {
        let sql = Sql::new(sql).push(Sql::list(some.iter().copied())).push(")");
        for row in db.query_all_raw(sql.on(db)?).await? {
            found.push(row.try_get("", "account_id")?);
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Notes of each withdrawal of `plan` what holds it, or that nothing does any more.
pub(in crate::payouts) async fn hold_withdrawals(txn: &Txn, plan: &Plan) -> Result<()> {
    let free = plan.paying().filter_map(|line| line.payout).collect::<Vec<_>>();
    for some in free.chunks(PEOPLE_AT_ONCE) {
        let sql = Sql::new("UPDATE payouts SET state = :waits, hold = NULL WHERE state = 'HELD' AND id IN (");
        let sql = sql.push(Sql::list(some.iter().copied())).push(")");
        txn.run(sql.bind("waits", PayoutState::Scheduled)).await?;
    }
    let held = plan.lines.iter().filter_map(|line| Some((line.payout?, line.hold?)));
    let rows = held.map(|(id, hold)| vec![id.into(), hold.into()]).collect();
    let mut writes = txn.writes();
    writes.push_rows(&["id", "hold"], rows, |rows| {
        let sql = Sql::new("WITH c (id, hold) AS (").push(rows).push(
            ") UPDATE payouts SET state = :held, hold = c.hold FROM c \
             WHERE payouts.id = c.id AND payouts.state IN ('SCHEDULED', 'HELD')",
        );
        sql.bind("held", PayoutState::Held)
    });
    writes.run().await
}

/// Notes that `admin` has approved a plan; a second time renews it.
pub(in crate::payouts) async fn insert_approval(txn: &Txn, admin: AccountId, digest: &str) -> Result<()> {
    use payout_approval::Column::{AdminId, ApprovedAt, Digest, UsedAt};
    use sea_orm::sea_query::OnConflict;
    let (digest, approved_at) = (digest.to_owned(), txn.now());
    let row = payout_approval::Model { digest, admin_id: admin, approved_at, used_at: None };
    let mut once = OnConflict::columns([Digest, AdminId, ApprovedAt]);
    let insert = payout_approval::Entity::insert(row.into_active_model());
    insert.on_conflict(once.update_column(UsedAt).to_owned()).exec_without_returning(txn).await?;
    Ok(())
}

/// Notes that a plan was carried out: what has its digest later wants approvals of its own.
pub(in crate::payouts) async fn use_approvals(txn: &Txn, digest: &str) -> Result<()> {
    let sql =
        Sql::new("UPDATE payout_approvals SET used_at = :now WHERE digest = :digest AND used_at IS NULL");
    txn.run(sql.bind("now", txn.now()).bind("digest", digest)).await.map(drop)
}

/// Whether another admin than `admin` has approved a plan at `since` or later, and is an admin still.
pub(in crate::payouts) async fn is_approved_by_other(
    txn: &Txn,
    admin: AccountId,
    digest: &str,
    since: Instant,
) -> Result<bool> {
    let approvals = list_approvals(txn, digest).await?;
    let others = approvals.iter().filter(|one| one.admin_id != admin && one.approved_at >= since);
    let others: Vec<_> = others.map(|one| one.admin_id).collect();
    let restricted = list_restricted(txn, &others, txn.now()).await?;
    let accounts = accounts::store::list_accounts(txn, &others).await?;
    Ok(accounts.iter().any(|one| one.is_admin && restricted.binary_search(&one.id).is_err()))
}

/// Who has approved a plan that was not carried out since, the earliest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_approvals(db: &impl ConnectionTrait, digest: &str) -> Result<Vec<payout_approval::Model>> {
    let sql = Sql::new(
        "SELECT * FROM payout_approvals WHERE digest = :digest AND used_at IS NULL ORDER BY approved_at, admin_id",
    );
    Ok(payout_approval::Model::find_by_statement(sql.bind("digest", digest).on(db)?).all(db).await?)
}
