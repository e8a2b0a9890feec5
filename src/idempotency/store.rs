//! All SQL of idempotency keys.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, sea_query::OnConflict,
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

/// Inserts those of `keys` that are new, in their order; returns how many were. On PostgreSQL a twin waits here for the
/// first to commit.
pub(super) async fn insert_keys(txn: &Txn, keys: &[&Key]) -> Result<u64> {
    let now = txn.wall_now().await?;
    let rows = keys.iter().map(|key| idempotency_key::ActiveModel {
        account_id: Set(key.account),
        mutation: Set(key.mutation.clone()),
        key: Set(key.key.clone()),
        arguments_hash: Set(key.arguments_hash.clone()),
        outcome: Set(None),
        created_at: Set(now),
    });
    let once =
        OnConflict::columns([Column::AccountId, Column::Mutation, Column::Key]).do_nothing().to_owned();
    Ok(Entity::insert_many(rows).on_conflict(once).exec_without_returning(txn).await?)
}

pub(super) async fn list_keys(txn: &Txn, keys: &[&Key]) -> Result<Vec<idempotency_key::Model>> {
    let sql = Sql::new("SELECT * FROM idempotency_keys WHERE (account_id, mutation, key) IN (VALUES ");
    let sql = sql.push(Sql::rows(keys.iter().map(|key| named(key)))).push(")");
    Ok(idempotency_key::Model::find_by_statement(sql.on(txn)?).all(txn).await?)
}

pub(super) async fn update_outcomes(txn: &Txn, outcomes: &[(&Key, serde_json::Value)]) -> Result<()> {
    let rows = outcomes.iter().map(|(key, outcome)| {
        Sql::new("(:account, :mutation, :key, :outcome)")
            .bind("account", key.account)
            .bind("mutation", key.mutation.as_str())
            .bind("key", key.key.as_str())
            .bind("outcome", outcome.clone())
    });
    let sql = Sql::new("WITH done (account_id, mutation, key, outcome) AS (VALUES ").push(Sql::rows(rows));
    let sql = sql.push(
        ") UPDATE idempotency_keys AS k SET outcome = done.outcome FROM done \
         WHERE k.account_id = done.account_id AND k.mutation = done.mutation AND k.key = done.key",
    );
    txn.run(sql).await?;
    Ok(())
}

pub(super) async fn delete_keys(txn: &Txn, keys: &[&Key]) -> Result<()> {
    let sql = Sql::new("DELETE FROM idempotency_keys WHERE (account_id, mutation, key) IN (VALUES ");
    txn.run(sql.push(Sql::rows(keys.iter().map(|key| named(key)))).push(")")).await?;
    Ok(())
}

fn named(key: &Key) -> Sql {
    Sql::new("(:account, :mutation, :key)")
        .bind("account", key.account)
        .bind("mutation", key.mutation.as_str())
        .bind("key", key.key.as_str())
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

/// Deletes all keys of `account`.
///
/// # Errors
/// When the database refuses.
pub async fn delete_of(txn: &Txn, account: AccountId) -> Result<()> {
    use idempotency_key::Column::AccountId as Account;
    idempotency_key::Entity::delete_many().filter(Account.eq(account)).exec(txn).await?;
    Ok(())
}
