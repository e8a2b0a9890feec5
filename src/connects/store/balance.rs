//! Reading balances: now, and at any past instant.

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::{clock::Instant, db::Sql, entity::ids::WalletId, error::Result};

/// What a wallet holds at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Balance {
    /// The wallet.
    pub wallet_id: WalletId,
    /// Connects that can be spent; expired lots never count (L-2).
    pub available: i64,
    /// Connects held.
    pub held: i64,
    /// Connects that expire within 30 days (H-1).
    pub expiring: i64,
}

/// Days that [`Balance::expiring`] looks ahead.
pub const EXPIRING_DAYS: i64 = 30;

/// What each of `wallets` holds at `now` (H-1), in one statement so that it is one state of the ledger.
///
/// # Errors
/// When the database cannot be reached.
pub async fn balances(db: &impl ConnectionTrait, wallets: &[WalletId], now: Instant) -> Result<Vec<Balance>> {
    let soon = now + chrono::TimeDelta::days(EXPIRING_DAYS);
    let sql = Sql::new(
        "SELECT w.id AS wallet_id, w.held, \
         CAST(COALESCE(SUM(CASE WHEN l.expires_at > :now THEN l.remaining END), 0) AS BIGINT) AS available, \
         CAST(COALESCE(SUM(CASE WHEN l.expires_at > :now AND l.expires_at <= :soon THEN l.remaining END), 0) AS BIGINT) \
         AS expiring \
         FROM wallets w LEFT JOIN lots l ON l.wallet_id = w.id AND l.open WHERE w.id IN (",
    );
    let sql = sql.bind("now", now).bind("soon", soon).push(Sql::list(wallets.iter().copied()));
    Ok(Balance::find_by_statement(sql.push(") GROUP BY w.id, w.held").on(db)?).all(db).await?)
}

/// Spendable Connects of `wallet` at `at` (H-5): by what was recorded by then or, if `as_effective`, by what was
/// effective by then.
///
/// # Errors
/// When the database cannot be reached.
pub async fn available_at(
    db: &impl ConnectionTrait,
    wallet: WalletId,
    at: Instant,
    as_effective: bool,
) -> Result<i64> {
    let column = if as_effective { "effective_at" } else { "recorded_at" };
    // A lot stops counting when it expires, booked or not: what was left of it then is what it was issued with
    // and what had been drawn and given back by then.
    let sql = Sql::new(format!(
        "SELECT CAST(COALESCE(SUM(left_then), 0) AS BIGINT) AS available FROM ( \
         SELECT l.quantity + COALESCE((SELECT SUM(m.quantity) FROM movements m \
         JOIN entries t ON t.wallet_id = m.wallet_id AND t.seq = m.entry_seq \
         WHERE m.wallet_id = l.wallet_id AND m.lot_seq = l.seq AND t.{column} <= :at), 0) AS left_then \
         FROM lots l JOIN entries e ON e.wallet_id = l.wallet_id AND e.seq = l.entry_seq \
         WHERE l.wallet_id = :wallet AND e.{column} <= :at AND l.expires_at > :at) AS lots_then"
    ));
    let row = db.query_one_raw(sql.bind("at", at).bind("wallet", wallet).on(db)?).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get("", "available"))?)
}

/// All wallets together.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Totals {
    /// How many there are.
    pub wallets: i64,
    /// What they can spend, expired lots included that are not booked yet.
    pub available: i64,
    /// What they hold.
    pub held: i64,
}

/// All wallets together; reads every wallet.
///
/// # Errors
/// When the database cannot be reached.
pub async fn totals(db: &impl ConnectionTrait) -> Result<Totals> {
    let sql = Sql::new(
        "SELECT COUNT(*) AS wallets, CAST(COALESCE(SUM(available), 0) AS BIGINT) AS available, \
         CAST(COALESCE(SUM(held), 0) AS BIGINT) AS held FROM wallets",
    );
    let none = Totals { wallets: 0, available: 0, held: 0 };
    Ok(Totals::find_by_statement(sql.on(db)?).one(db).await?.unwrap_or(none))
}
