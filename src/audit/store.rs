//! All SQL of the audit log.

mod sections;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Select,
    sea_query::Expr,
};

pub use sections::SECTIONS;

use crate::{
    db::Txn,
    entity::{
        audit_entry::{self, Column, Entity},
        enums::AuditAction,
        ids::{AccountId, AuditEntryId},
    },
    error::Result,
    viewer::{Permission, Viewer},
};

/// Rows that `viewer` may see: all for admins and auditors, none for anyone else.
pub fn visible_to(viewer: &Viewer) -> Select<Entity> {
    let all = audit_entry::Entity::find();
    if viewer.may(Permission::ReadAudit) { all } else { all.filter(Expr::value(false)) }
}

/// Rows that `viewer` may see; only those of `action`, if one is given.
pub fn visible_rows(viewer: &Viewer, action: Option<AuditAction>) -> Select<Entity> {
    let action = action.map(|action| Column::Action.eq(action));
    visible_to(viewer).filter(Condition::all().add_option(action))
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[AuditEntryId],
) -> Result<Vec<audit_entry::Model>> {
    Ok(visible_to(viewer).filter(Column::Id.is_in(ids.iter().copied())).all(db).await?)
}

/// Rows about `account`.
pub fn about(account: AccountId) -> Select<Entity> {
    Entity::find().filter(Column::AccountId.eq(account))
}

pub(super) async fn insert_entries(txn: &Txn, rows: Vec<audit_entry::Model>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    Entity::insert_many::<audit_entry::ActiveModel, _>(rows).exec_without_returning(txn).await?;
    Ok(())
}
