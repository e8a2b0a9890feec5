//! The SQL of commissions as lists show them.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult, Select};

use crate::{
    db::Sql,
    entity::{
        commission, commission_lock,
        enums::CommissionState,
        ids::{AccountId, CommissionId, CommissionLockId},
    },
    error::Result,
    viewer::{Permission, Viewer},
};

/// Commissions that `viewer` may see: their own, or all with the permission to see people.
pub fn visible_to(viewer: &Viewer) -> Select<commission::Entity> {
    let all = commission::Entity::find();
    if viewer.may(Permission::ReadPeople) {
        all
    } else {
        all.filter(commission::Column::AffiliateId.eq(viewer.id()))
    }
}

/// The commissions of `affiliate`; only those in a state, if that is given.
pub fn commissions_of(affiliate: AccountId, state: Option<CommissionState>) -> Select<commission::Entity> {
    let rows = commission::Entity::find().filter(commission::Column::AffiliateId.eq(affiliate));
    match state {
        Some(state) => rows.filter(commission::Column::State.eq(state)),
        None => rows,
    }
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[CommissionId],
) -> Result<Vec<commission::Model>> {
    Ok(visible_to(viewer).filter(commission::Column::Id.is_in(ids.iter().copied())).all(db).await?)
}

/// The commissions by these clients.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_by_clients(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    clients: &[AccountId],
) -> Result<Vec<commission::Model>> {
    Ok(visible_to(viewer).filter(commission::Column::ClientId.is_in(clients.iter().copied())).all(db).await?)
}

/// What has locked of these commissions, the earliest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_locks(
    db: &impl ConnectionTrait,
    ids: &[CommissionId],
) -> Result<Vec<commission_lock::Model>> {
    use commission_lock::Column::{CommissionId, LockedAt};
    let rows = commission_lock::Entity::find().filter(CommissionId.is_in(ids.iter().copied()));
    Ok(rows.order_by_asc(LockedAt).all(db).await?)
}

/// Those of the locks `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible_locks(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[CommissionLockId],
) -> Result<Vec<commission_lock::Model>> {
    use commission_lock::Column::{AffiliateId, Id};
    let rows = commission_lock::Entity::find().filter(Id.is_in(ids.iter().copied()));
    let rows =
        if viewer.may(Permission::ReadPeople) { rows } else { rows.filter(AffiliateId.eq(viewer.id())) };
    Ok(rows.all(db).await?)
}

/// What is left of the payments that these commissions are on: what was not refunded or taken back by the bank, in minor
/// units.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_left(db: &impl ConnectionTrait, ids: &[CommissionId]) -> Result<Vec<(CommissionId, i64)>> {
    let sql = Sql::new(
        "SELECT c.id, c.base_cents - m.refunded_cents - p.charged_back_cents AS remaining FROM commissions c \
         JOIN milestones m ON m.id = c.milestone_id JOIN payments p ON p.id = c.payment_id WHERE c.id IN (",
    );
    let rows = db.query_all_raw(sql.push(Sql::list(ids.iter().copied())).push(")").on(db)?).await?;
    let of = |row: &QueryResult| Ok((row.try_get("", "id")?, row.try_get::<i64>("", "remaining")?.max(0)));
    rows.iter().map(of).collect()
}
