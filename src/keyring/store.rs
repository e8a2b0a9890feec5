//! All SQL of the key ring.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    QueryFilter, QueryOrder, sea_query::OnConflict,
};

use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        enums::KeyState,
        ids::KeyId,
        key::{self, Column, Entity},
    },
    error::Result,
};

/// All keys, also those that are retired, in the order in which they were made.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_all(db: &impl ConnectionTrait) -> Result<Vec<key::Model>> {
    Ok(Entity::find().order_by_asc(Column::Id).all(db).await?)
}

/// The keys that can be used.
pub(super) async fn list_usable(db: &impl ConnectionTrait) -> Result<Vec<key::Model>> {
    let usable = Column::State.ne(KeyState::Retired);
    Ok(Entity::find().filter(usable).order_by_asc(Column::Id).all(db).await?)
}

/// Locks the keys that can be used, in the order of their ids; nobody else adds one until the end of `txn`.
pub(super) async fn lock_usable(txn: &Txn) -> Result<Vec<key::Model>> {
    txn.lock_instance().await?;
    let sql = Sql::new("SELECT * FROM keys WHERE state <> 'RETIRED' ORDER BY id").push(txn.for_update());
    Ok(key::Model::find_by_statement(sql.on(txn)?).all(txn).await?)
}

/// Whether a key is not retired; it stays so until the end of the transaction.
pub(super) async fn is_usable(txn: &Txn, id: KeyId) -> Result<bool> {
    let sql = Sql::new("SELECT id FROM keys WHERE state <> 'RETIRED' AND id = :id").bind("id", id);
    Ok(txn.query_one_raw(sql.push(txn.for_update()).on(txn)?).await?.is_some())
}

/// Inserts a key, unless its purpose has an active one.
pub(super) async fn insert_key(txn: &Txn, row: key::Model) -> Result<()> {
    let once = OnConflict::new().do_nothing().to_owned();
    let insert = Entity::insert(row.into_active_model()).on_conflict(once);
    insert.exec_without_returning(txn).await?;
    Ok(())
}

/// Changes a key.
pub(super) async fn update_key(txn: &Txn, row: key::Model) -> Result<()> {
    row.into_active_model().reset_all().update(txn).await?;
    Ok(())
}

/// Records that an active key signed a token that is valid until `until`; returns whether it is active.
pub(super) async fn extend_use(txn: &Txn, id: KeyId, until: Instant) -> Result<bool> {
    let sql = Sql::new(
        "UPDATE keys SET used_until = CASE WHEN used_until > :until THEN used_until ELSE :until END \
         WHERE id = :id AND state = 'ACTIVE'",
    );
    Ok(txn.run(sql.bind("until", until).bind("id", id)).await? == 1)
}

/// The retiring key that retires first.
pub(super) async fn find_next_retiring(db: &impl ConnectionTrait) -> Result<Option<key::Model>> {
    let retiring = Entity::find().filter(Column::State.eq(KeyState::Retiring));
    Ok(retiring.order_by_asc(Column::RetiresAt).one(db).await?)
}
