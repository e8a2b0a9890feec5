//! The SQL of the ledger's digest.

use std::collections::{BTreeMap, HashMap};

use sea_orm::{ConnectionTrait, QueryResult};

use crate::{
    clock::Instant,
    db::Sql,
    entity::ids::{AccountId, WalletId},
    error::Result,
    job_posts::rules::key::in_business_terms,
};

/// How a person is identified in business terms: by their address or pseudonym.
const LABEL: &str = "CASE WHEN a.erased_at IS NULL THEN a.email ELSE a.name END AS label";

/// The owners of wallets, by label.
pub(super) async fn list_owners(db: &impl ConnectionTrait) -> Result<Vec<(String, WalletId)>> {
    let sql = format!("SELECT {LABEL}, w.id FROM wallets w JOIN accounts a ON a.id = w.account_id");
    let rows = db.query_all_raw(Sql::new(sql).on(db)?).await?;
    rows.iter().map(|row| Ok((row.try_get("", "label")?, row.try_get("", "id")?))).collect()
}

/// The labels of clients.
pub(super) async fn list_clients(db: &impl ConnectionTrait) -> Result<HashMap<AccountId, String>> {
    let sql = format!("SELECT {LABEL}, a.id FROM accounts a WHERE a.is_client");
    let rows = db.query_all_raw(Sql::new(sql).on(db)?).await?;
    let client = |row: &QueryResult| Ok((row.try_get("", "id")?, row.try_get("", "label")?));
    rows.iter().map(client).collect()
}

/// Lines by wallet, each with its kind and number for sorting, so that no database's collation matters.
pub(super) type Lines = BTreeMap<WalletId, BTreeMap<(char, i64), String>>;

/// The entries and lots of `owners` as lines.
pub(super) async fn list_lines(
    db: &impl ConnectionTrait,
    owners: &[(String, WalletId)],
    clients: &HashMap<AccountId, String>,
) -> Result<Lines> {
    let ids = || Sql::list(owners.iter().map(|(_, id)| *id));
    let entries = Sql::new(
        "SELECT wallet_id, seq, kind, available_change, held_change, available_after, business_key, effective_at \
         FROM entries WHERE wallet_id IN (",
    );
    let mut lines = Lines::new();
    for row in db.query_all_raw(entries.push(ids()).push(")").on(db)?).await? {
        let seq: i64 = row.try_get("", "seq")?;
        let kind: String = row.try_get("", "kind")?;
        let change: i64 = row.try_get("", "available_change")?;
        let held: i64 = row.try_get("", "held_change")?;
        let after: i64 = row.try_get("", "available_after")?;
        let key = in_business_terms(&row.try_get::<String>("", "business_key")?, clients);
        let at: Instant = row.try_get("", "effective_at")?;
        let line = format!("entry {seq} {kind} {change} {held} {after} {key} {}\n", at.timestamp_micros());
        lines.entry(row.try_get("", "wallet_id")?).or_default().insert(('e', seq), line);
    }
    let lots = Sql::new("SELECT * FROM lots WHERE wallet_id IN (");
    for row in db.query_all_raw(lots.push(ids()).push(")").on(db)?).await? {
        let seq: i64 = row.try_get("", "seq")?;
        let source: String = row.try_get("", "source")?;
        let (quantity, remaining): (i64, i64) = (row.try_get("", "quantity")?, row.try_get("", "remaining")?);
        let (issued, expires): (Instant, Instant) =
            (row.try_get("", "issued_at")?, row.try_get("", "expires_at")?);
        let (issued, expires) = (issued.timestamp_micros(), expires.timestamp_micros());
        let line = format!("lot {seq} {source} {quantity} {remaining} {issued} {expires}\n");
        lines.entry(row.try_get("", "wallet_id")?).or_default().insert(('l', seq), line);
    }
    Ok(lines)
}
