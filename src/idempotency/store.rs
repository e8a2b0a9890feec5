//! All SQL of idempotency keys.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use super::Key;
use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        idempotency_key::{self, Column, Entity},
        ids::AccountId,
    },
    error::Result,
};

/// Inserts the key; returns whether it was new. On PostgreSQL a twin waits here for the first to commit.
pub(super) async fn insert_key(txn: &Txn, key: &Key) -> Result<bool> {
    let row = idempotency_key::ActiveModel {
        account_id: Set(key.account),
        mutation: Set(key.mutation.clone()),
        key: Set(key.key.clone()),
        arguments_hash: Set(key.arguments_hash.clone()),
        outcome: Set(None),
        created_at: Set(txn.wall_now().await?),
    };
    let once =
        OnConflict::columns([Column::AccountId, Column::Mutation, Column::Key]).do_nothing().to_owned();
    Ok(Entity::insert(row).on_conflict(once).exec_without_returning(txn).await? == 1)
}

pub(super) async fn find_key(txn: &Txn, key: &Key) -> Result<Option<idempotency_key::Model>> {
    Ok(Entity::find_by_id(id(key)).one(txn).await?)
}

pub(super) async fn update_outcome(txn: &Txn, key: &Key, outcome: serde_json::Value) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Outcome, Expr::value(outcome))
        .filter(Column::AccountId.eq(key.account))
        .filter(Column::Mutation.eq(&key.mutation))
        .filter(Column::Key.eq(&key.key))
        .exec(txn)
        .await?;
    Ok(())
}

pub(super) async fn delete_key(txn: &Txn, key: &Key) -> Result<()> {
    Entity::delete_by_id(id(key)).exec(txn).await?;
    Ok(())
}

/// Deletes at most `limit` keys made before `before`; returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn sweep_old(txn: &Txn, before: Instant, limit: u64) -> Result<u64> {
    let sql = Sql::new(
        "DELETE FROM idempotency_keys WHERE (account_id, mutation, key) IN \
         (SELECT account_id, mutation, key FROM idempotency_keys WHERE created_at < :before LIMIT ",
    );
    txn.run(sql.bind("before", before).push(format!("{limit})"))).await
}

/// When the oldest key was made.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_oldest(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    let oldest = Entity::find().select_only().column(Column::CreatedAt).order_by_asc(Column::CreatedAt);
    Ok(oldest.into_tuple().one(db).await?)
}

fn id(key: &Key) -> (crate::entity::ids::AccountId, String, String) {
    (key.account, key.mutation.to_owned(), key.key.clone())
}

/// Deletes all keys of `account`.
///
/// # Errors
/// When the database refuses.
pub async fn delete_of(txn: &Txn, account: AccountId) -> Result<()> {
    use idempotency_key::Column::AccountId as Account;
    idempotency_key::Entity::delete_many().filter(Account.eq(account)).exec(txn).await?;
    Ok(())
}
