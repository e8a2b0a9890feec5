//! All SQL of the audit log.

mod sections;

use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Select, sea_query::Expr};

pub use sections::SECTIONS;

use crate::{
    db::Txn,
    entity::{
        audit_entry::{self, Column, Entity},
        ids::AccountId,
    },
    error::Result,
    viewer::{Permission, Viewer},
};

/// Rows that `viewer` may see: all for admins and auditors, none for anyone else.
pub fn visible_to(viewer: &Viewer) -> Select<Entity> {
    let all = audit_entry::Entity::find();
    if viewer.may(Permission::ReadAudit) { all } else { all.filter(Expr::value(false)) }
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
