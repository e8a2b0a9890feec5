//! The SQL of lots whose purchase was charged back.

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::{
    db::{Sql, Txn},
    entity::{ids::WalletId, lot},
    error::Result,
};

/// The lots of `wallet` that these entries issued, and those in which their Connects came back, by
/// number.
pub(in crate::connects) async fn list_issued(
    txn: &Txn,
    wallet: WalletId,
    entries: &[i64],
) -> Result<Vec<lot::Model>> {
    let sql = Sql::new(
        "SELECT l.* FROM lots l JOIN lots o ON o.wallet_id = l.wallet_id AND o.seq = COALESCE(l.origin_seq, l.seq) \
         WHERE l.wallet_id = :wallet AND o.entry_seq IN (",
    );
    let sql = sql.bind("wallet", wallet).push(Sql::list(entries.iter().copied())).push(") ORDER BY l.seq");
    Ok(lot::Model::find_by_statement(sql.on(txn)?).all(txn).await?)
}

/// The lots that entries, by wallet and number, issued.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_lots_issued_by(
    db: &impl ConnectionTrait,
    entries: &[(WalletId, i64)],
) -> Result<Vec<lot::Model>> {
    let keys = entries.iter().map(|(wallet, seq)| vec![(*wallet).into(), (*seq).into()]).collect();
    let sql = Sql::new("SELECT * FROM lots WHERE (wallet_id, entry_seq) IN (")
        .push(Sql::rows(&["wallet_id", "entry_seq"], keys))
        .push(") ORDER BY wallet_id, seq");
    Ok(lot::Model::find_by_statement(sql.on(db)?).all(db).await?)
}

/// The numbers of the entries that took something away of these lots of `wallet` because of a charge-back, by number.
pub(in crate::connects) async fn list_revocations(
    txn: &Txn,
    wallet: WalletId,
    lots: &[i64],
) -> Result<Vec<i64>> {
    let sql = Sql::new(
        "SELECT DISTINCT e.seq FROM entries e JOIN movements m ON m.wallet_id = e.wallet_id AND m.entry_seq = e.seq \
         WHERE e.wallet_id = :wallet AND e.kind = 'CHARGEBACK' AND m.quantity < 0 AND m.lot_seq IN (",
    );
    let sql = sql.bind("wallet", wallet).push(Sql::list(lots.iter().copied())).push(") ORDER BY e.seq");
    txn.query_all_raw(sql.on(txn)?).await?.iter().map(|row| Ok(row.try_get("", "seq")?)).collect()
}
