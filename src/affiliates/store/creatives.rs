//! The SQL of creatives.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter,
    QuerySelect, QueryTrait, Select,
};

use crate::{
    db::{Sql, Txn},
    entity::{
        affiliate, creative,
        enums::{AffiliateState, CreativeKind},
        ids::CreativeId,
    },
    error::Result,
    viewer::{Permission, Viewer},
};

/// Creatives that `viewer` may see: all with the permission to keep them, and those in use as an approved affiliate.
pub fn creatives_visible_to(viewer: &Viewer) -> Select<creative::Entity> {
    let all = creative::Entity::find();
    if viewer.may(Permission::KeepCreatives) {
        return all;
    }
    let approved = affiliate::Entity::find()
        .select_only()
        .column(affiliate::Column::AccountId)
        .filter(affiliate::Column::AccountId.eq(viewer.id()))
        .filter(affiliate::Column::State.eq(AffiliateState::Approved));
    let is_affiliate = sea_orm::sea_query::Expr::exists(approved.into_query());
    all.filter(Condition::all().add(in_use()).add(is_affiliate))
}

/// Those in use that `viewer` may see; only of a kind, if that is given.
pub fn creatives_in_use(viewer: &Viewer, kind: Option<CreativeKind>) -> Select<creative::Entity> {
    let rows = creatives_visible_to(viewer).filter(in_use());
    match kind {
        Some(kind) => rows.filter(creative::Column::Kind.eq(kind)),
        None => rows,
    }
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible_creatives(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[CreativeId],
) -> Result<Vec<creative::Model>> {
    let these = creative::Column::Id.is_in(ids.iter().copied());
    Ok(creatives_visible_to(viewer).filter(these).all(db).await?)
}

/// A creative in use, for anyone whose browser asks for its picture.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_creative_in_use(
    db: &impl ConnectionTrait,
    id: CreativeId,
) -> Result<Option<creative::Model>> {
    Ok(creative::Entity::find_by_id(id).filter(in_use()).one(db).await?)
}

fn in_use() -> sea_orm::sea_query::SimpleExpr {
    creative::Column::RetiredAt.is_null()
}

pub(in crate::affiliates) async fn lock_creative(
    txn: &Txn,
    id: CreativeId,
) -> Result<Option<creative::Model>> {
    let sql = Sql::new("SELECT * FROM creatives WHERE id = :id").bind("id", id).push(txn.for_update());
    Ok(creative::Model::find_by_statement(sql.on(txn)?).one(txn).await?)
}

pub(in crate::affiliates) async fn insert_creative(txn: &Txn, row: creative::Model) -> Result<()> {
    creative::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// Writes what may change of a creative.
pub(in crate::affiliates) async fn update_creative(txn: &Txn, row: creative::Model) -> Result<()> {
    let sql = Sql::new(
        "UPDATE creatives SET name = :name, caption = :caption, digest = :digest, format = :format, width = :width, \
         height = :height, revised_at = :revised, retired_at = :retired WHERE id = :id",
    );
    let sql = sql.bind("name", row.name).bind("caption", row.caption).bind("digest", row.digest);
    let sql = sql.bind("format", row.format).bind("width", row.width).bind("height", row.height);
    let sql = sql.bind("revised", row.revised_at).bind("retired", row.retired_at);
    txn.run(sql.bind("id", row.id)).await.map(drop)
}
