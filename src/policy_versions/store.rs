//! All SQL of policy versions.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Select,
    sea_query::Expr,
};

use crate::{
    db::Txn,
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

pub(super) async fn insert_version(txn: &Txn, row: policy::Model) -> Result<()> {
    policy::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}
