//! All SQL of policy versions.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Select,
    sea_query::Expr,
};

use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::policy,
    error::Result,
    viewer::{Permission, Viewer},
};

/// The versions, for people who may see them; nothing for others.
pub fn visible_to(viewer: &Viewer) -> Select<policy::Entity> {
    policy::Entity::find().filter(Expr::value(viewer.may(Permission::ReadAudit)))
}

/// Those of the versions with these numbers that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    numbers: &[i64],
) -> Result<Vec<policy::Model>> {
    Ok(visible_to(viewer).filter(policy::Column::Version.is_in(numbers.iter().copied())).all(db).await?)
}

/// The version with this number.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_version(db: &impl ConnectionTrait, number: i64) -> Result<Option<policy::Model>> {
    Ok(policy::Entity::find_by_id(number).one(db).await?)
}

/// The last version.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_last(db: &impl ConnectionTrait) -> Result<Option<policy::Model>> {
    Ok(policy::Entity::find().order_by_desc(policy::Column::Version).one(db).await?)
}

/// The version in force at `at`: the last written of those that have begun.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_in_force(db: &impl ConnectionTrait, at: Instant) -> Result<Option<policy::Model>> {
    let begun = policy::Entity::find().filter(policy::Column::EffectiveFrom.lte(at));
    Ok(begun.order_by_desc(policy::Column::Version).one(db).await?)
}

/// The numbers of the versions that are to take effect after `at`, and of which one that takes effect then would take the
/// place.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_later(db: &impl ConnectionTrait, at: Instant) -> Result<Vec<i64>> {
    let sql = Sql::new(
        "SELECT p.version FROM policies p WHERE p.effective_from > :at AND NOT EXISTS (SELECT 1 FROM policies q \
         WHERE q.version > p.version AND q.effective_from <= p.effective_from) ORDER BY p.version",
    );
    let rows = db.query_all_raw(sql.bind("at", at).on(db)?).await?;
    rows.iter().map(|row| Ok(row.try_get("", "version")?)).collect()
}

/// Which version was in force before each of the versions with these numbers took effect; nothing for the first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_before(db: &impl ConnectionTrait, numbers: &[i64]) -> Result<Vec<(i64, i64)>> {
    let sql = Sql::new(
        "SELECT p.version, MAX(b.version) AS before FROM policies p JOIN policies b \
         ON b.version < p.version AND b.effective_from <= p.effective_from WHERE p.version IN (",
    );
    let sql = sql.push(Sql::list(numbers.iter().copied())).push(") GROUP BY p.version");
    let rows = db.query_all_raw(sql.on(db)?).await?;
    rows.iter().map(|row| Ok((row.try_get("", "version")?, row.try_get("", "before")?))).collect()
}

pub(super) async fn insert_version(txn: &Txn, row: policy::Model) -> Result<()> {
    policy::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}
