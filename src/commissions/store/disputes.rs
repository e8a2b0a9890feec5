//! The SQL of disputes over commissions.

use std::collections::HashSet;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};

use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        commission, commission_dispute,
        enums::CommissionState,
        ids::{CommissionId, TicketId},
    },
    error::{Fault, Result},
};

/// The state of a commission, which is locked, and when it is looked at next.
pub(in crate::commissions) async fn lock_state(
    txn: &Txn,
    id: CommissionId,
) -> Result<(CommissionState, Option<Instant>)> {
    let sql = Sql::new("SELECT state, next_lock_at FROM commissions WHERE id = :id").bind("id", id);
    let row = txn.query_one_raw(sql.push(txn.for_update()).on(txn)?).await?;
    let row = row.ok_or_else(|| Fault::Broken(format!("there is no commission {id}")))?;
    Ok((row.try_get("", "state")?, row.try_get("", "next_lock_at")?))
}

pub(in crate::commissions) async fn insert_dispute(
    txn: &Txn,
    id: CommissionId,
    ticket: TicketId,
) -> Result<()> {
    let row = commission_dispute::Model {
        ticket_id: ticket,
        commission_id: id,
        disputed_at: txn.now(),
        settled_at: None,
    };
    commission_dispute::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// Ends a dispute, unless it has ended.
pub(in crate::commissions) async fn settle_dispute(txn: &Txn, ticket: TicketId) -> Result<()> {
    let sql = Sql::new(
        // A clock that is late writes nothing into the past.
        "UPDATE commission_disputes SET settled_at = CASE WHEN disputed_at > :now THEN disputed_at ELSE :now END \
         WHERE ticket_id = :ticket AND settled_at IS NULL",
    );
    txn.run(sql.bind("now", txn.now()).bind("ticket", ticket)).await.map(drop)
}

/// Those of `rows` that were disputed when their month was over.
pub(in crate::commissions) async fn list_disputed(
    txn: &Txn,
    rows: &[commission::Model],
) -> Result<HashSet<CommissionId>> {
    if rows.is_empty() {
        return Ok(HashSet::new());
    }
    let sql = Sql::new(
        "SELECT c.id FROM commissions c JOIN commission_disputes d ON d.commission_id = c.id \
         AND d.disputed_at <= c.next_lock_at AND (d.settled_at IS NULL OR d.settled_at > c.next_lock_at) WHERE c.id IN (",
    );
    let sql = sql.push(Sql::list(rows.iter().map(|row| row.id))).push(")");
    let rows = txn.query_all_raw(sql.on(txn)?).await?;
    rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}

/// Those of `ids` that are disputed.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_in_dispute(db: &impl ConnectionTrait, ids: &[CommissionId]) -> Result<Vec<CommissionId>> {
    use commission_dispute::Column::{CommissionId, SettledAt};
    let rows = commission_dispute::Entity::find().filter(CommissionId.is_in(ids.iter().copied()));
    let rows = rows.filter(SettledAt.is_null()).all(db).await?;
    Ok(rows.into_iter().map(|row| row.commission_id).collect())
}
