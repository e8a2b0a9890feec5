//! The SQL of where people are paid, and when.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter};

use super::planning::PEOPLE_AT_ONCE;
use crate::{
    db::{Sql, Txn},
    entity::{
        ids::{AccountId, KeyId, PayoutMethodId},
        payout_method, payout_preference,
    },
    error::Result,
    keys::Sealed,
};

/// Where these people are paid.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_methods(
    db: &impl ConnectionTrait,
    people: &[AccountId],
) -> Result<Vec<payout_method::Model>> {
    let mut found = Vec::new();
    for some in people.chunks(PEOPLE_AT_ONCE) {
        let sql = Sql::new("SELECT * FROM payout_methods WHERE replaced_at IS NULL AND account_id IN (");
        let sql = sql.push(Sql::list(some.iter().copied())).push(")");
        found.extend(payout_method::Model::find_by_statement(sql.on(db)?).all(db).await?);
    }
    Ok(found)
}

/// The payout methods with these ids.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_methods_by_id(
    db: &impl ConnectionTrait,
    ids: &[PayoutMethodId],
) -> Result<Vec<payout_method::Model>> {
    let mut found = Vec::new();
    for some in ids.chunks(PEOPLE_AT_ONCE) {
        let these = payout_method::Column::Id.is_in(some.iter().copied());
        found.extend(payout_method::Entity::find().filter(these).all(db).await?);
    }
    Ok(found)
}

/// When these people want to be paid.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_preferences(
    db: &impl ConnectionTrait,
    people: &[AccountId],
) -> Result<Vec<payout_preference::Model>> {
    let mut found = Vec::new();
    for some in people.chunks(PEOPLE_AT_ONCE) {
        let these = payout_preference::Column::AccountId.is_in(some.iter().copied());
        found.extend(payout_preference::Entity::find().filter(these).all(db).await?);
    }
    Ok(found)
}

/// Lets another payout method of `person` take the place of the one in use.
pub(in crate::payouts) async fn replace_methods(txn: &Txn, person: AccountId) -> Result<()> {
    let sql = Sql::new(
        "UPDATE payout_methods SET replaced_at = :now WHERE account_id = :person AND replaced_at IS NULL",
    );
    txn.run(sql.bind("now", txn.now()).bind("person", person)).await?;
    Ok(())
}

pub(in crate::payouts) async fn insert_method(txn: &Txn, row: payout_method::Model) -> Result<()> {
    payout_method::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// Writes a preference in the place of the one before.
pub(in crate::payouts) async fn put_preference(txn: &Txn, row: payout_preference::Model) -> Result<()> {
    use payout_preference::Column::{AccountId, ChangedAt, Schedule, ThresholdCents};
    use sea_orm::sea_query::OnConflict;
    let again =
        OnConflict::column(AccountId).update_columns([Schedule, ThresholdCents, ChangedAt]).to_owned();
    let insert = payout_preference::Entity::insert(row.into_active_model());
    insert.on_conflict(again).exec_without_returning(txn).await?;
    Ok(())
}

/// Payout methods whose details are encrypted with another key than `key`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_sealed_otherwise(
    db: &impl ConnectionTrait,
    key: KeyId,
    limit: u64,
) -> Result<Vec<payout_method::Model>> {
    let sql = Sql::new(
        "SELECT * FROM payout_methods WHERE sealed IS NOT NULL AND (key_id < :key OR key_id > :key) \
         ORDER BY key_id LIMIT :limit",
    );
    let sql = sql.bind("key", key).bind("limit", limit as i64);
    Ok(payout_method::Model::find_by_statement(sql.on(db)?).all(db).await?)
}

/// Whether details are encrypted with a key that only opens by now.
///
/// # Errors
/// When the database cannot be reached.
pub async fn is_sealed_with_retiring(db: &impl ConnectionTrait) -> Result<bool> {
    let sql = Sql::new(
        "SELECT k.id FROM keys k WHERE k.state = 'RETIRING' AND k.purpose = 'PAYOUT_DETAILS' \
         AND EXISTS (SELECT 1 FROM payout_methods m WHERE m.key_id = k.id AND m.sealed IS NOT NULL) LIMIT 1",
    );
    Ok(db.query_one_raw(sql.on(db)?).await?.is_some())
}

/// Puts details that are encrypted with another key in the place of those of a method, unless they changed meanwhile.
///
/// # Errors
/// When the database refuses.
pub async fn update_sealed(txn: &Txn, method: &payout_method::Model, sealed: &Sealed) -> Result<()> {
    let sql = Sql::new(
        "UPDATE payout_methods SET key_id = :key, sealed = :text WHERE id = :id AND key_id = :before AND sealed IS NOT NULL",
    );
    let sql = sql.bind("key", sealed.key).bind("text", sealed.text.as_str());
    txn.run(sql.bind("id", method.id).bind("before", method.key_id)).await?;
    Ok(())
}

/// Takes out where `account` was paid (P-6): nothing is paid to somebody who is gone.
///
/// # Errors
/// When the database refuses.
pub async fn erase_of(txn: &Txn, account: AccountId) -> Result<()> {
    let sql = Sql::new(
        "UPDATE payout_methods SET sealed = NULL, label = '[erased]', replaced_at = COALESCE(replaced_at, :now) \
         WHERE account_id = :account",
    );
    txn.run(sql.bind("now", txn.now()).bind("account", account)).await?;
    Ok(())
}
