//! The SQL of flags, and of what raises them.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, Select,
    sea_query::Expr,
};

use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        affiliate_flag,
        enums::FlagState,
        ids::{AccountId, AffiliateFlagId},
    },
    error::Result,
    viewer::{Permission, Viewer},
};

/// Flags that `viewer` may see: all with the permission to see people, and nobody else any. Only those in `state`, if that
/// is given.
pub fn flags_visible_to(viewer: &Viewer, state: Option<FlagState>) -> Select<affiliate_flag::Entity> {
    let all = affiliate_flag::Entity::find();
    let all = match state {
        Some(state) => all.filter(affiliate_flag::Column::State.eq(state)),
        None => all,
    };
    if viewer.may(Permission::ReadPeople) { all } else { all.filter(Expr::cust("FALSE")) }
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible_flags(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[AffiliateFlagId],
) -> Result<Vec<affiliate_flag::Model>> {
    let these = affiliate_flag::Column::Id.is_in(ids.iter().copied());
    Ok(flags_visible_to(viewer, None).filter(these).all(db).await?)
}

/// The flags of these clients.
pub(in crate::affiliates) async fn list_flags_of(
    db: &impl ConnectionTrait,
    clients: &[AccountId],
) -> Result<Vec<affiliate_flag::Model>> {
    let mut flags = Vec::new();
    for some in clients.chunks(CLIENTS_AT_ONCE) {
        let theirs = affiliate_flag::Column::ClientId.is_in(some.iter().copied());
        flags.extend(affiliate_flag::Entity::find().filter(theirs).all(db).await?);
    }
    Ok(flags)
}

/// Clients that one statement asks about.
const CLIENTS_AT_ONCE: usize = 5_000;

pub(in crate::affiliates) async fn lock_flag(
    txn: &Txn,
    id: AffiliateFlagId,
) -> Result<Option<affiliate_flag::Model>> {
    let sql = Sql::new("SELECT * FROM affiliate_flags WHERE id = :id").bind("id", id).push(txn.for_update());
    Ok(affiliate_flag::Model::find_by_statement(sql.on(txn)?).one(txn).await?)
}

/// Writes the decision on a flag.
pub(in crate::affiliates) async fn update_flag(txn: &Txn, row: affiliate_flag::Model) -> Result<()> {
    let sql = Sql::new(
        "UPDATE affiliate_flags SET state = :state, decided_at = :at, decided_by = :by, reason = :reason WHERE id = :id",
    );
    let sql = sql.bind("state", row.state).bind("at", row.decided_at).bind("by", row.decided_by);
    txn.run(sql.bind("reason", row.reason).bind("id", row.id)).await.map(drop)
}

/// Inserts flags; the same evidence changes nothing.
pub(in crate::affiliates) async fn insert_flags(txn: &Txn, rows: Vec<affiliate_flag::Model>) -> Result<()> {
    let mut writes = txn.writes();
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    writes.insert_or(rows, " ON CONFLICT (client_id, kind, evidence) DO NOTHING");
    writes.run().await
}

/// Everyone who registered since `since`, counts, and was brought by `affiliate` with a click from `network`.
pub(in crate::affiliates) async fn list_clients_of_network(
    txn: &Txn,
    affiliate: AccountId,
    network: &str,
    since: Instant,
) -> Result<Vec<AccountId>> {
    let sql = Sql::new(
        "SELECT a.client_id FROM attributions a JOIN clicks c ON c.id = a.click_id \
         WHERE a.affiliate_id = :affiliate AND a.registered_at >= :since AND a.state <> 'REFUSED' \
         AND c.network = :network ORDER BY a.client_id",
    );
    let sql = sql.bind("affiliate", affiliate).bind("since", since).bind("network", network);
    let rows = txn.query_all_raw(sql.on(txn)?).await?;
    rows.iter().map(|row| Ok(row.try_get("", "client_id")?)).collect()
}

/// Who brought those of `people` whose registration counts.
pub(in crate::affiliates) async fn list_brought(
    db: &impl ConnectionTrait,
    people: &BTreeSet<AccountId>,
) -> Result<HashMap<AccountId, AccountId>> {
    let people: Vec<_> = people.iter().copied().collect();
    let mut brought = HashMap::new();
    for some in people.chunks(CLIENTS_AT_ONCE) {
        let sql = Sql::new(
            "SELECT client_id, affiliate_id FROM attributions WHERE state <> 'REFUSED' AND client_id IN (",
        );
        for row in db.query_all_raw(sql.push(Sql::list(some.iter().copied())).push(")").on(db)?).await? {
            brought.insert(row.try_get("", "client_id")?, row.try_get("", "affiliate_id")?);
        }
    }
    Ok(brought)
}
