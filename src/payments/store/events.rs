//! The SQL of what payment providers sent by themselves.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{enums::PaymentProvider, provider_event},
    error::Result,
};

/// Whether this event was looked into.
///
/// # Errors
/// When the database cannot be reached.
pub async fn has_event(db: &impl ConnectionTrait, provider: PaymentProvider, id: &str) -> Result<bool> {
    use provider_event::Column::{EventId, Provider};
    let this = provider_event::Entity::find().filter(Provider.eq(provider)).filter(EventId.eq(id));
    Ok(this.count(db).await? > 0)
}

/// Notes that this event was looked into.
///
/// # Errors
/// When the database refuses.
pub async fn note_event(txn: &Txn, provider: PaymentProvider, id: &str) -> Result<()> {
    let sql = Sql::new(
        "INSERT INTO provider_events (provider, event_id, received_at) VALUES (:provider, :id, :now) \
         ON CONFLICT (provider, event_id) DO NOTHING",
    );
    let sql = sql.bind("provider", provider.as_str()).bind("id", id).bind("now", txn.wall_now().await?);
    txn.run(sql).await?;
    Ok(())
}

/// When the oldest event that is kept was received.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_oldest_event(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    let sql = Sql::new("SELECT MIN(received_at) AS oldest FROM provider_events");
    let row = db.query_one_raw(sql.on(db)?).await?;
    Ok(row.map(|row| row.try_get("", "oldest")).transpose()?.flatten())
}

/// Deletes events that were received before `before`, at most `limit`; returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn sweep_events(txn: &Txn, before: Instant, limit: u64) -> Result<u64> {
    let sql = Sql::new(
        "DELETE FROM provider_events WHERE (provider, event_id) IN (SELECT provider, event_id \
         FROM provider_events WHERE received_at < :before ORDER BY received_at LIMIT :limit)",
    );
    txn.run(sql.bind("before", before).bind("limit", limit as i64)).await
}
