//! A fingerprint of the whole ledger in business terms: equal histories have equal digests, on any
//! database, whatever ids and recording times they got.

use std::collections::{BTreeMap, HashMap};

use sea_orm::{ConnectionTrait, QueryResult};
use sha2::{Digest, Sha256};

use crate::{
    clock::Instant,
    db::Sql,
    entity::ids::{AccountId, WalletId},
    error::Result,
};

/// Wallets read at once.
const WALLETS_AT_ONCE: usize = 200;

/// SHA-256, in hex, over every entry and every lot, by owner's e-mail, or what stands in its place once he
/// was erased, and number. Run it on a snapshot.
///
/// # Errors
/// When the database cannot be reached.
pub async fn digest(db: &impl ConnectionTrait) -> Result<String> {
    let mut owners = list_owners(db).await?;
    owners.sort();
    let clients = list_clients(db).await?;
    let mut hasher = Sha256::new();
    for chunk in owners.chunks(WALLETS_AT_ONCE) {
        let lines = list_lines(db, chunk, &clients).await?;
        for (email, wallet) in chunk {
            hasher.update(format!("{email}\n"));
            for (_, line) in lines.get(wallet).into_iter().flatten() {
                hasher.update(line);
            }
        }
    }
    Ok(hex::encode(hasher.finalize()))
}

/// Who a person is in business terms: his address, or his pseudonym.
const LABEL: &str = "CASE WHEN a.erased_at IS NULL THEN a.email ELSE a.name END AS label";

async fn list_owners(db: &impl ConnectionTrait) -> Result<Vec<(String, WalletId)>> {
    let sql = format!("SELECT {LABEL}, w.id FROM wallets w JOIN accounts a ON a.id = w.account_id");
    let rows = db.query_all_raw(Sql::new(sql).on(db)?).await?;
    rows.iter().map(|row| Ok((row.try_get("", "label")?, row.try_get("", "id")?))).collect()
}

/// Who has posted jobs, by the id that stands in the keys of their posts.
async fn list_clients(db: &impl ConnectionTrait) -> Result<HashMap<String, String>> {
    let sql = format!("SELECT {LABEL}, a.id FROM accounts a WHERE a.is_client");
    let rows = db.query_all_raw(Sql::new(sql).on(db)?).await?;
    let client = |row: &QueryResult| {
        let id: AccountId = row.try_get("", "id")?;
        Ok((id.0.simple().to_string(), row.try_get("", "label")?))
    };
    rows.iter().map(client).collect()
}

/// A key without the random id of the client in it. An imported post is known by its row alone.
fn in_business_terms(key: &str, clients: &HashMap<String, String>) -> String {
    let imported = key.split_once("import-").and_then(|(what, rest)| Some((what, rest.split_once('-')?)));
    if let Some((what, (id, row))) = imported
        && clients.contains_key(id)
    {
        return format!("{what}import-{row}");
    }
    let client = key.split_once("post-").and_then(|(_, rest)| rest.split_once('-'));
    match client.and_then(|(id, _)| Some((id, clients.get(id)?))) {
        Some((id, label)) => key.replacen(id, label, 1),
        None => key.to_owned(),
    }
}

/// Lines by wallet, each with its kind and number for sorting: no database's collation counts.
type Lines = BTreeMap<WalletId, BTreeMap<(char, i64), String>>;

/// The entries and lots of `owners` as lines.
async fn list_lines(
    db: &impl ConnectionTrait,
    owners: &[(String, WalletId)],
    clients: &HashMap<String, String>,
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
