//! All SQL of talent badges.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Select};

use crate::{
    db::{Rows, Section, Sql, Txn},
    entity::{
        ids::{AccountId, TalentBadgeId},
        talent_badge::{self, Column, Entity},
    },
    error::Result,
    viewer::{Permission, Viewer},
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[BADGE];

const BADGE: &Rows<talent_badge::Entity> = {
    use talent_badge::Column::*;
    &Rows {
        kind: "TALENT_BADGE",
        columns: &[Id, AccountId, Kind, AwardedAt, EndedAt],
        of: |whose| badges_of(whose.account),
    }
};

/// The badges that `account` has or had.
pub fn badges_of(account: AccountId) -> Select<Entity> {
    Entity::find().filter(Column::AccountId.eq(account))
}

/// Badges that `viewer` may see one by one: their own, or all with the permission to see people.
pub fn visible_to(viewer: &Viewer) -> Select<Entity> {
    if viewer.may(Permission::ReadPeople) { Entity::find() } else { badges_of(viewer.id()) }
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[TalentBadgeId],
) -> Result<Vec<talent_badge::Model>> {
    Ok(visible_to(viewer).filter(Column::Id.is_in(ids.iter().copied())).all(db).await?)
}

/// The badges that `accounts` have now, the first awarded first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_held_by(
    db: &impl ConnectionTrait,
    accounts: &[AccountId],
) -> Result<Vec<talent_badge::Model>> {
    let held = Entity::find()
        .filter(Column::AccountId.is_in(accounts.iter().copied()))
        .filter(Column::EndedAt.is_null());
    Ok(held.order_by_asc(Column::AwardedAt).order_by_asc(Column::Id).all(db).await?)
}

/// The badges that `account` has now.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_held(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<talent_badge::Model>> {
    list_held_by(db, &[account]).await
}

pub(super) async fn find_badge(txn: &Txn, id: TalentBadgeId) -> Result<Option<talent_badge::Model>> {
    Ok(Entity::find_by_id(id).one(txn).await?)
}

pub(super) async fn insert_badge(txn: &Txn, row: talent_badge::Model) -> Result<()> {
    Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// Ends a badge now.
pub(super) async fn end_badge(txn: &Txn, id: TalentBadgeId) -> Result<()> {
    // Another machine's clock may have been ahead.
    let sql = Sql::new(
        "UPDATE talent_badges SET ended_at = CASE WHEN awarded_at > :now THEN awarded_at ELSE :now END WHERE id = :id",
    );
    txn.run(sql.bind("now", txn.now()).bind("id", id)).await.map(drop)
}
