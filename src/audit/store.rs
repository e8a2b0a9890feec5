//! All SQL of the audit log.

use sea_orm::{EntityTrait, IntoActiveModel, QueryFilter, Select, sea_query::Expr};

use crate::{
    db::Txn,
    entity::audit_entry::{self, Entity},
    error::Result,
    viewer::{Permission, Viewer},
};

/// Rows that `viewer` may see: all for admins and auditors, none for anyone else.
pub fn visible_to(viewer: &Viewer) -> Select<Entity> {
    let all = audit_entry::Entity::find();
    if viewer.may(Permission::ReadAudit) { all } else { all.filter(Expr::value(false)) }
}

pub(super) async fn insert_entry(txn: &Txn, row: audit_entry::Model) -> Result<()> {
    audit_entry::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}
