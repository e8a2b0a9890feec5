//! All SQL of idempotency keys.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, sea_query::OnConflict,
};

use serde_json::Value;

use super::Key;
use crate::{
    clock::Instant,
    db::{Sql, Txn, Writes},
    entity::{
        idempotency_key::{self, Column, Entity},
        ids::AccountId,
    },
    error::Result,
};

/// Inserts `key` if it is new; returns whether it was. On PostgreSQL a twin waits here for the first to commit.
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

/// Inserts `keys` with their outcomes.
pub(super) fn insert_used(writes: &mut Writes<'_>, keys: &[(&Key, Value)]) {
    let row = |(key, outcome): &(&Key, Value)| {
        let mut row = named(key);
        row.extend([key.arguments_hash.as_str().into(), outcome.clone().into()]);
        row
    };
    let columns = ["account_id", "mutation", "key", "arguments_hash", "outcome"];
    let now = writes.txn().wall_clock();
    writes.push_rows(&columns, keys.iter().map(row).collect(), |rows| {
        let used = Sql::new("WITH used (account_id, mutation, key, arguments_hash, outcome) AS (").push(rows);
        let insert = ") INSERT INTO idempotency_keys \
                      (account_id, mutation, key, arguments_hash, outcome, created_at) SELECT used.*, ";
        used.push(insert).push(now.clone()).push(" FROM used")
    });
}

pub(super) async fn list_keys(txn: &Txn, keys: &[&Key]) -> Result<Vec<idempotency_key::Model>> {
    let sql = Sql::new("SELECT * FROM idempotency_keys WHERE (account_id, mutation, key) IN (");
    let names = keys.iter().map(|key| named(key)).collect();
    let sql = sql.push(Sql::rows(&["account_id", "mutation", "key"], names)).push(")");
    Ok(idempotency_key::Model::find_by_statement(sql.on(txn)?).all(txn).await?)
}

pub(super) async fn update_outcome(txn: &Txn, key: &Key, outcome: Value) -> Result<()> {
    let sql = "UPDATE idempotency_keys SET outcome = :outcome \
               WHERE account_id = :account AND mutation = :mutation AND key = :key";
    let sql = Sql::new(sql).bind("outcome", outcome).bind("account", key.account);
    txn.run(sql.bind("mutation", key.mutation.as_str()).bind("key", key.key.as_str())).await?;
    Ok(())
}

/// What no two keys share.
fn named(key: &Key) -> Vec<sea_orm::Value> {
    vec![key.account.into(), key.mutation.as_str().into(), key.key.as_str().into()]
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
