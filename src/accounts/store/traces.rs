//! The SQL of what people are seen with.

use std::collections::BTreeSet;

use sea_orm::{EntityTrait, IntoActiveModel, sea_query::OnConflict};

use crate::{
    db::{Sql, Txn},
    entity::{enums::TraceKind, ids::AccountId, trace},
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
    let rows = sea_orm::ConnectionTrait::query_all_raw(txn, sql.bind("account", account).on(txn)?).await?;
    rows.iter().map(|row| Ok(row.try_get("", "kind")?)).collect()
}
