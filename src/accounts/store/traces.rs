//! The SQL of what people are seen with.

use std::collections::BTreeSet;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, sea_query::OnConflict,
};

use crate::{
    db::{Sql, Txn},
    entity::{account, enums::TraceKind, ids::AccountId, trace},
    error::Result,
};

/// Inserts a trace, unless it is known.
pub(in crate::accounts) async fn insert_trace(
    txn: &Txn,
    account_id: AccountId,
    kind: TraceKind,
    hash: String,
) -> Result<()> {
    use trace::Column::{AccountId, Hash, Kind};
    let row = trace::Model { account_id, kind, hash, seen_at: txn.now() };
    let once = OnConflict::columns([AccountId, Kind, Hash]).do_nothing().to_owned();
    let insert = trace::Entity::insert(row.into_active_model()).on_conflict(once);
    insert.exec_without_returning(txn).await?;
    Ok(())
}

/// The kinds of what `account` shares with any other account.
pub(in crate::accounts) async fn list_shared(txn: &Txn, account: AccountId) -> Result<BTreeSet<TraceKind>> {
    let sql = Sql::new(
        "SELECT DISTINCT t.kind FROM traces t JOIN traces o ON o.kind = t.kind AND o.hash = t.hash \
         AND o.account_id <> t.account_id WHERE t.account_id = :account",
    );
    let rows = txn.query_all_raw(sql.bind("account", account).on(txn)?).await?;
    rows.iter().map(|row| Ok(row.try_get("", "kind")?)).collect()
}

/// Whether all accounts of before have their traces.
pub(in crate::accounts) async fn is_traced(db: &impl ConnectionTrait) -> Result<bool> {
    let sql = Sql::new("SELECT id FROM instance WHERE traced_at IS NOT NULL");
    Ok(db.query_one_raw(sql.on(db)?).await?.is_some())
}

/// Notes that they have.
pub(in crate::accounts) async fn note_traced(txn: &Txn) -> Result<()> {
    let sql = Sql::new("UPDATE instance SET traced_at = :now WHERE traced_at IS NULL");
    txn.run(sql.bind("now", txn.wall_now().await?)).await?;
    Ok(())
}

/// Accounts in the order of their ids, after one of them.
pub(in crate::accounts) async fn list_accounts_after(
    db: &impl ConnectionTrait,
    after: Option<AccountId>,
    limit: u64,
) -> Result<Vec<account::Model>> {
    use account::Column::Id;
    let rows = account::Entity::find().filter(Condition::all().add_option(after.map(|id| Id.gt(id))));
    Ok(rows.order_by_asc(Id).limit(limit).all(db).await?)
}
