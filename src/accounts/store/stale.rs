//! SQL that deletes what signing in leaves behind.

use chrono::TimeDelta;
use sea_orm::ConnectionTrait;

use crate::{
    clock::Instant,
    db::{Sql, Txn},
    error::Result,
    mails,
};

/// Days after which attempts are deleted; no limit looks back further.
const ATTEMPT_DAYS: i64 = 2;

/// Days for which sessions, mailed tokens and sent mails are kept after their end.
const KEPT_DAYS: i64 = 90;

/// The instant since which there has been something to delete.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_stale_since(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    let oldest = async |sql: &'static str, days: i64| -> Result<Option<Instant>> {
        let row = db.query_one_raw(Sql::new(sql).on(db)?).await?;
        let at: Option<Instant> = row.map(|row| row.try_get("", "at")).transpose()?;
        Ok(at.map(|at| at + TimeDelta::days(days)))
    };
    let attempts =
        oldest("SELECT last_at AS at FROM attempts ORDER BY last_at LIMIT 1", ATTEMPT_DAYS).await?;
    let sessions =
        oldest("SELECT expires_at AS at FROM sessions ORDER BY expires_at LIMIT 1", KEPT_DAYS).await?;
    Ok([attempts, sessions].into_iter().flatten().min())
}

/// Deletes at most `limit` rows of each kind that are outdated at `now`; returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn sweep_stale(txn: &Txn, now: Instant, limit: u64) -> Result<u64> {
    let (attempts, kept) = (now - TimeDelta::days(ATTEMPT_DAYS), now - TimeDelta::days(KEPT_DAYS));
    let limited = |sql: &str, before: Instant| {
        txn.run(Sql::new(sql).bind("before", before).push(format!(" LIMIT {limit})")))
    };
    let attempts = limited(
        "DELETE FROM attempts WHERE (kind, subject) IN \
         (SELECT kind, subject FROM attempts WHERE last_at < :before",
        attempts,
    );
    let attempts = attempts.await?;
    let sessions =
        limited("DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < :before", kept);
    let sessions = sessions.await?;
    let mails = mails::store::sweep_sent(txn, kept, limit).await?;
    // A token is deleted when no mail refers to it any more.
    let tokens = limited(
        "DELETE FROM one_time_tokens WHERE id IN (SELECT t.id FROM one_time_tokens t WHERE t.expires_at < :before \
         AND NOT EXISTS (SELECT 1 FROM mails m WHERE m.token_id = t.id)",
        kept,
    );
    Ok(attempts + sessions + mails + tokens.await?)
}
