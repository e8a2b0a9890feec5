//! The SQL of what people are seen with.

use std::collections::BTreeSet;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, sea_query::OnConflict,
};

use crate::{
    accounts::Bond,
    clock::Instant,
    db::{Sql, Txn},
    entity::{account, enums::TraceKind, ids::AccountId, trace},
    error::Result,
};

/// Inserts a trace, unless it is known.
pub(in crate::accounts) async fn insert_trace(
    txn: &Txn,
    account_id: AccountId,
    kind: TraceKind,
    hash: String,
) -> Result<()> {
    use trace::Column::{AccountId, Hash, Kind};
    let row = trace::Model { account_id, kind, hash, seen_at: txn.now() };
    let once = OnConflict::columns([AccountId, Kind, Hash]).do_nothing().to_owned();
    let insert = trace::Entity::insert(row.into_active_model()).on_conflict(once);
    insert.exec_without_returning(txn).await?;
    Ok(())
}

/// The kinds of what `account` shares with any other account.
pub(in crate::accounts) async fn list_shared(txn: &Txn, account: AccountId) -> Result<BTreeSet<TraceKind>> {
    let sql = Sql::new(
        "SELECT DISTINCT t.kind FROM traces t WHERE t.account_id = :account AND EXISTS (SELECT 1 FROM traces o \
         WHERE o.kind = t.kind AND o.hash = t.hash AND o.account_id <> t.account_id)",
    );
    let rows = txn.query_all_raw(sql.bind("account", account).on(txn)?).await?;
    rows.iter().map(|row| Ok(row.try_get("", "kind")?)).collect()
}

/// Whether two accounts share anything.
pub(in crate::accounts) async fn share_anything(txn: &Txn, one: AccountId, other: AccountId) -> Result<bool> {
    let sql = Sql::new(
        "SELECT t.kind FROM traces t CROSS JOIN traces o WHERE t.account_id = :one AND o.account_id = :other \
         AND o.kind = t.kind AND o.hash = t.hash LIMIT 1",
    );
    Ok(txn.query_one_raw(sql.bind("one", one).bind("other", other).on(txn)?).await?.is_some())
}

/// Accounts that one statement asks about.
const PEOPLE_AT_ONCE: usize = 5_000;

/// Everyone who was seen with what one of `accounts` was seen with, unless more than `common_above` people were.
pub(in crate::accounts) async fn list_bonds(
    db: &impl ConnectionTrait,
    accounts: &[AccountId],
    common_above: u64,
) -> Result<Vec<Bond>> {
    let mut bonds = Vec::new();
    for some in accounts.chunks(PEOPLE_AT_ONCE) {
        // What nobody shares, or too many do, is left out before anything is joined: thousands may share it.
        let sql = Sql::new(
            "WITH shared AS MATERIALIZED (SELECT m.kind, m.hash FROM traces m WHERE m.account_id IN (",
        );
        let sql = sql.push(Sql::list(some.iter().copied())).push(
            Sql::new(
                ") AND (SELECT COUNT(*) FROM (SELECT 1 AS seen FROM traces c WHERE c.kind = m.kind AND c.hash = m.hash \
                 LIMIT :most) AS y) BETWEEN 2 AND :common) \
                 SELECT t.account_id AS one, o.account_id AS other, t.kind, t.seen_at AS seen_at, o.seen_at AS also_at \
                 FROM (SELECT DISTINCT kind, hash FROM shared) AS s CROSS JOIN traces t CROSS JOIN traces o \
                 WHERE t.kind = s.kind AND t.hash = s.hash AND o.kind = s.kind AND o.hash = s.hash \
                 AND o.account_id <> t.account_id AND t.account_id IN (",
            )
            .bind("most", common_above as i64 + 1)
            .bind("common", common_above as i64),
        );
        let sql = sql.push(Sql::list(some.iter().copied())).push(") ORDER BY one, other, t.kind");
        for row in db.query_all_raw(sql.on(db)?).await? {
            let (seen, also): (Instant, Instant) = (row.try_get("", "seen_at")?, row.try_get("", "also_at")?);
            bonds.push(Bond {
                of: row.try_get("", "one")?,
                with: row.try_get("", "other")?,
                kind: row.try_get("", "kind")?,
                since: seen.max(also),
            });
        }
    }
    Ok(bonds)
}

/// Whether all accounts of before have their traces.
pub(in crate::accounts) async fn is_traced(db: &impl ConnectionTrait) -> Result<bool> {
    let sql = Sql::new("SELECT id FROM instance WHERE traced_at IS NOT NULL");
    Ok(db.query_one_raw(sql.on(db)?).await?.is_some())
}

/// Notes that they have.
pub(in crate::accounts) async fn note_traced(txn: &Txn) -> Result<()> {
    let sql = Sql::new("UPDATE instance SET traced_at = :now WHERE traced_at IS NULL");
    txn.run(sql.bind("now", txn.wall_now().await?)).await?;
    Ok(())
}

/// Accounts in the order of their ids, after one of them.
pub(in crate::accounts) async fn list_accounts_after(
    db: &impl ConnectionTrait,
    after: Option<AccountId>,
    limit: u64,
) -> Result<Vec<account::Model>> {
    use account::Column::Id;
    let rows = account::Entity::find().filter(Condition::all().add_option(after.map(|id| Id.gt(id))));
    Ok(rows.order_by_asc(Id).limit(limit).all(db).await?)
}
