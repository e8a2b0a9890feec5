//! All SQL of the affiliate programme.

mod clicks;
mod creatives;
mod flags;
mod reaches;
mod sections;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    PaginatorTrait, QueryFilter, Select, sea_query::Expr,
};

pub use clicks::*;
pub use creatives::*;
pub use flags::*;
pub use reaches::REACHES;
pub use sections::SECTIONS;

use crate::{
    db::{Sql, Txn},
    entity::{
        affiliate, affiliate_link, attribution,
        enums::AffiliateState,
        ids::{AccountId, AffiliateLinkId, AttributionId},
    },
    error::Result,
    viewer::{Permission, Viewer},
};

/// Affiliates that `viewer` may see: themselves, or all with the permission to see people.
pub fn visible_to(viewer: &Viewer) -> Select<affiliate::Entity> {
    let all = affiliate::Entity::find();
    if viewer.may(Permission::ReadPeople) {
        all
    } else {
        all.filter(affiliate::Column::AccountId.eq(viewer.id()))
    }
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[AccountId],
) -> Result<Vec<affiliate::Model>> {
    let these = affiliate::Column::AccountId.is_in(ids.iter().copied());
    Ok(visible_to(viewer).filter(these).all(db).await?)
}

/// All affiliates that `viewer` may see; only those in a state, if that is given.
pub fn visible_in(viewer: &Viewer, state: Option<AffiliateState>) -> Select<affiliate::Entity> {
    let rows = visible_to(viewer);
    match state {
        Some(state) => rows.filter(affiliate::Column::State.eq(state)),
        None => rows,
    }
}

/// The links of `affiliate`.
pub fn links_of(affiliate: AccountId) -> Select<affiliate_link::Entity> {
    affiliate_link::Entity::find().filter(affiliate_link::Column::AffiliateId.eq(affiliate))
}

/// Those of `ids` that `viewer` may see: their own, or all with the permission to see people.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible_links(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[AffiliateLinkId],
) -> Result<Vec<affiliate_link::Model>> {
    use affiliate_link::Column::{AffiliateId, Id};
    let rows = affiliate_link::Entity::find().filter(Id.is_in(ids.iter().copied()));
    let rows =
        if viewer.may(Permission::ReadPeople) { rows } else { rows.filter(AffiliateId.eq(viewer.id())) };
    Ok(rows.all(db).await?)
}

/// Attributions that `viewer` may see: all with the permission to see people; otherwise those by their own links, once the
/// person who registered has verified their address, or has paid. Sooner, an affiliate who registers addresses of others by
/// their own link would learn which of them have an account.
pub fn visible_attributions(viewer: &Viewer) -> Select<attribution::Entity> {
    let all = attribution::Entity::find();
    if viewer.may(Permission::ReadPeople) {
        return all;
    }
    all.filter(attribution::Column::AffiliateId.eq(viewer.id())).filter(Expr::cust(
        "attributions.state = 'COMMISSIONED' OR EXISTS (SELECT 1 FROM accounts a \
         WHERE a.id = attributions.client_id AND a.email_verified_at IS NOT NULL)",
    ))
}

/// The registrations that came by a link of `affiliate`, as far as `viewer` may see them.
pub fn attributions_of(viewer: &Viewer, affiliate: AccountId) -> Select<attribution::Entity> {
    visible_attributions(viewer).filter(attribution::Column::AffiliateId.eq(affiliate))
}

/// Those of the attributions `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible_by_id(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[AttributionId],
) -> Result<Vec<attribution::Model>> {
    let these = attribution::Column::Id.is_in(ids.iter().copied());
    Ok(visible_attributions(viewer).filter(these).all(db).await?)
}

/// Those of the registrations of `clients` that `viewer` may see, in the same way.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible_attributions(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    clients: &[AccountId],
) -> Result<Vec<attribution::Model>> {
    let these = attribution::Column::ClientId.is_in(clients.iter().copied());
    Ok(visible_attributions(viewer).filter(these).all(db).await?)
}

/// Locks an affiliate.
pub(super) async fn lock_affiliate(txn: &Txn, id: AccountId) -> Result<Option<affiliate::Model>> {
    let sql =
        Sql::new("SELECT * FROM affiliates WHERE account_id = :id").bind("id", id).push(txn.for_update());
    Ok(affiliate::Model::find_by_statement(sql.on(txn)?).one(txn).await?)
}

pub(super) async fn insert_affiliate(txn: &Txn, row: affiliate::Model) -> Result<()> {
    affiliate::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

pub(super) async fn update_affiliate(txn: &Txn, row: affiliate::Model) -> Result<()> {
    affiliate::Entity::update(row.into_active_model().reset_all()).exec(txn).await?;
    Ok(())
}

/// Begins a suspension of `affiliate` (F-8). One that is lifted at the same instant goes on.
pub(super) async fn begin_suspension(txn: &Txn, affiliate: AccountId) -> Result<()> {
    let sql = Sql::new(
        "INSERT INTO affiliate_suspensions (affiliate_id, suspended_at) VALUES (:affiliate, :now) \
         ON CONFLICT (affiliate_id, suspended_at) DO UPDATE SET reinstated_at = NULL",
    );
    txn.run(sql.bind("affiliate", affiliate).bind("now", txn.now())).await.map(drop)
}

/// Ends the suspension of `affiliate`.
pub(super) async fn end_suspension(txn: &Txn, affiliate: AccountId) -> Result<()> {
    let sql = Sql::new(
        // A clock that is late writes nothing into the past.
        "UPDATE affiliate_suspensions SET reinstated_at = CASE WHEN suspended_at > :now THEN suspended_at ELSE :now END \
         WHERE affiliate_id = :affiliate AND reinstated_at IS NULL",
    );
    txn.run(sql.bind("affiliate", affiliate).bind("now", txn.now())).await.map(drop)
}

/// How many links `affiliate` has in use.
pub(super) async fn count_links_in_use(txn: &Txn, affiliate: AccountId) -> Result<u64> {
    Ok(links_of(affiliate).filter(affiliate_link::Column::RetiredAt.is_null()).count(txn).await?)
}

/// A link of `affiliate`.
pub(super) async fn find_link_of(
    txn: &Txn,
    affiliate: AccountId,
    id: AffiliateLinkId,
) -> Result<Option<affiliate_link::Model>> {
    Ok(links_of(affiliate).filter(affiliate_link::Column::Id.eq(id)).one(txn).await?)
}

pub(super) async fn insert_link(txn: &Txn, row: affiliate_link::Model) -> Result<()> {
    affiliate_link::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// Retires a link, unless it is retired.
pub(super) async fn retire_link(txn: &Txn, id: AffiliateLinkId) -> Result<()> {
    let sql = Sql::new("UPDATE affiliate_links SET retired_at = :now WHERE id = :id AND retired_at IS NULL");
    txn.run(sql.bind("now", txn.now()).bind("id", id)).await?;
    Ok(())
}

pub(super) async fn insert_attribution(txn: &Txn, row: attribution::Model) -> Result<()> {
    attribution::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// Takes out the words of `account` (P-6), whose links bring nothing any more. What was earned stays.
///
/// # Errors
/// When the database refuses.
pub async fn erase_of(txn: &Txn, account: AccountId) -> Result<()> {
    let sql = Sql::new(
        "UPDATE affiliates SET website = '[erased]', promotion = '[erased]', reason = CASE WHEN reason IS NULL \
         THEN NULL ELSE '[erased]' END WHERE account_id = :account",
    );
    txn.run(sql.bind("account", account)).await?;
    let sql = Sql::new(
        "UPDATE affiliates SET state = :terminated, suspended_at = COALESCE(suspended_at, :now), \
         decided_at = COALESCE(decided_at, :now) WHERE account_id = :account",
    );
    let sql = sql.bind("terminated", AffiliateState::Terminated).bind("now", txn.now());
    txn.run(sql.bind("account", account)).await?;
    let sql = Sql::new(
        "INSERT INTO affiliate_suspensions (affiliate_id, suspended_at) SELECT account_id, :now FROM affiliates a \
         WHERE a.account_id = :account AND NOT EXISTS (SELECT 1 FROM affiliate_suspensions s \
         WHERE s.affiliate_id = a.account_id AND s.reinstated_at IS NULL) \
         ON CONFLICT (affiliate_id, suspended_at) DO UPDATE SET reinstated_at = NULL",
    );
    txn.run(sql.bind("now", txn.now()).bind("account", account)).await?;
    let sql = Sql::new("UPDATE affiliate_links SET label = '[erased]' WHERE affiliate_id = :account");
    txn.run(sql.bind("account", account)).await?;
    Ok(())
}
