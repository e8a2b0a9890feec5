//! All SQL of referral campaigns up to a friend's registration.

mod candidates;
mod lists;
mod reaches;
mod sections;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, sea_query::Expr,
};

pub(super) use candidates::{
    find_first_to_remind, find_next_candidate, list_candidates, list_reachable, list_to_remind,
};
pub use lists::*;
pub use reaches::REACHES;
pub use sections::SECTIONS;

use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        ids::{AccountId, ReferralCampaignId, ReferralLinkId},
        referral, referral_campaign, referral_link,
    },
    error::Result,
};

/// The campaign with this id.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_campaign(
    db: &impl ConnectionTrait,
    id: ReferralCampaignId,
) -> Result<Option<referral_campaign::Model>> {
    Ok(referral_campaign::Entity::find_by_id(id).one(db).await?)
}

/// The same, locked.
///
/// # Errors
/// When the database refuses.
pub async fn lock_campaign(txn: &Txn, id: ReferralCampaignId) -> Result<Option<referral_campaign::Model>> {
    let sql =
        Sql::new("SELECT * FROM referral_campaigns WHERE id = :id").bind("id", id).push(txn.for_update());
    Ok(referral_campaign::Model::find_by_statement(sql.on(txn)?).one(txn).await?)
}

/// The campaigns in which people are referred at `at`, the first opened first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_open(db: &impl ConnectionTrait, at: Instant) -> Result<Vec<referral_campaign::Model>> {
    let rows = list_unfinished(db, at).await?;
    Ok(rows.into_iter().filter(|row| row.is_open(at)).collect())
}

/// The campaigns that are open at `at`, or will be.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_unfinished(
    db: &impl ConnectionTrait,
    at: Instant,
) -> Result<Vec<referral_campaign::Model>> {
    use referral_campaign::Column::{ClosesAt, EndedAt};
    let rows = referral_campaign::Entity::find().filter(ClosesAt.gt(at)).filter(EndedAt.is_null());
    let mut rows = rows.all(db).await?;
    rows.sort_by_key(|row| (row.opens_at, row.id));
    Ok(rows)
}

pub(super) async fn insert_campaign(txn: &Txn, row: referral_campaign::Model) -> Result<()> {
    referral_campaign::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// Ends a campaign now.
pub(super) async fn end_campaign(txn: &Txn, id: ReferralCampaignId) -> Result<()> {
    use referral_campaign::Column::{EndedAt, Id};
    let update = referral_campaign::Entity::update_many().col_expr(EndedAt, Expr::value(txn.now()));
    update.filter(Id.eq(id)).exec(txn).await?;
    Ok(())
}

/// The link of `referrer` in a campaign.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_link_of(
    db: &impl ConnectionTrait,
    campaign: ReferralCampaignId,
    referrer: AccountId,
) -> Result<Option<referral_link::Model>> {
    use referral_link::Column::{CampaignId, ReferrerId};
    let row = referral_link::Entity::find().filter(CampaignId.eq(campaign)).filter(ReferrerId.eq(referrer));
    Ok(row.one(db).await?)
}

pub(super) async fn find_link_by_code(
    db: &impl ConnectionTrait,
    code: &str,
) -> Result<Option<referral_link::Model>> {
    Ok(referral_link::Entity::find().filter(referral_link::Column::Code.eq(code)).one(db).await?)
}

pub(super) async fn insert_links(txn: &Txn, rows: Vec<referral_link::Model>) -> Result<()> {
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    referral_link::Entity::insert_many(rows).exec_without_returning(txn).await?;
    Ok(())
}

/// Notes that the owners of these links are reminded now.
pub(super) async fn update_reminded(txn: &Txn, links: &[referral_link::Model]) -> Result<()> {
    use referral_link::Column::{Id, RemindedAt};
    let ids: Vec<ReferralLinkId> = links.iter().map(|link| link.id).collect();
    let update = referral_link::Entity::update_many().col_expr(RemindedAt, Expr::value(txn.now()));
    update.filter(Id.is_in(ids)).exec(txn).await?;
    Ok(())
}

/// How a person was referred, if they were.
pub(super) async fn find_referral_of(
    db: &impl ConnectionTrait,
    friend: AccountId,
) -> Result<Option<referral::Model>> {
    Ok(referral::Entity::find().filter(referral::Column::FriendId.eq(friend)).one(db).await?)
}

pub(super) async fn insert_referral(txn: &Txn, row: referral::Model) -> Result<()> {
    referral::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}
