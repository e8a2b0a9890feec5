//! A fingerprint of the whole ledger in business terms: equal histories have equal digests, on any
//! database, whatever ids and recording times they got.

use std::collections::BTreeMap;

use sea_orm::ConnectionTrait;
use sha2::{Digest, Sha256};

use crate::{clock::Instant, db::Sql, entity::ids::WalletId, error::Result};

/// Wallets read at once.
const WALLETS_AT_ONCE: usize = 200;

/// SHA-256, in hex, over every entry and every lot, by owner's e-mail and number. Run it on a snapshot.
///
/// # Errors
/// When the database cannot be reached.
pub async fn digest(db: &impl ConnectionTrait) -> Result<String> {
    let mut owners = list_owners(db).await?;
    owners.sort();
    let mut hasher = Sha256::new();
    for chunk in owners.chunks(WALLETS_AT_ONCE) {
        let lines = list_lines(db, chunk).await?;
        for (email, wallet) in chunk {
            hasher.update(format!("{email}\n"));
            for (_, line) in lines.get(wallet).into_iter().flatten() {
                hasher.update(line);
            }
        }
    }
    Ok(hex::encode(hasher.finalize()))
}

async fn list_owners(db: &impl ConnectionTrait) -> Result<Vec<(String, WalletId)>> {
    let sql = Sql::new("SELECT a.email, w.id FROM wallets w JOIN accounts a ON a.id = w.account_id");
    let rows = db.query_all_raw(sql.on(db)).await?;
    rows.iter().map(|row| Ok((row.try_get("", "email")?, row.try_get("", "id")?))).collect()
}

/// Lines by wallet, each with its kind and number for sorting: no database's collation counts.
type Lines = BTreeMap<WalletId, BTreeMap<(char, i64), String>>;

/// The entries and lots of `owners` as lines.
async fn list_lines(db: &impl ConnectionTrait, owners: &[(String, WalletId)]) -> Result<Lines> {
    let ids = || Sql::list(owners.iter().map(|(_, id)| *id));
    let entries = Sql::new(
        "SELECT wallet_id, seq, kind, available_change, held_change, available_after, business_key, effective_at \
         FROM entries WHERE wallet_id IN (",
    );
    let mut lines = Lines::new();
    for row in db.query_all_raw(entries.push(ids()).push(")").on(db)).await? {
        let seq: i64 = row.try_get("", "seq")?;
        let kind: String = row.try_get("", "kind")?;
        let change: i64 = row.try_get("", "available_change")?;
        let held: i64 = row.try_get("", "held_change")?;
        let after: i64 = row.try_get("", "available_after")?;
        let key: String = row.try_get("", "business_key")?;
        let at: Instant = row.try_get("", "effective_at")?;
        let line = format!("entry {seq} {kind} {change} {held} {after} {key} {}\n", at.timestamp_micros());
        lines.entry(row.try_get("", "wallet_id")?).or_default().insert(('e', seq), line);
    }
    let lots = Sql::new("SELECT * FROM lots WHERE wallet_id IN (");
    for row in db.query_all_raw(lots.push(ids()).push(")").on(db)).await? {
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
