//! Who may see what of campaigns, links and referrals.

use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, Select, sea_query::Expr};

use crate::{
    entity::{
        ids::{AccountId, ReferralCampaignId, ReferralId, ReferralLinkId},
        referral, referral_campaign, referral_link,
    },
    error::Result,
    viewer::{Permission, Viewer},
};

/// The campaigns with these ids. Anyone who is signed in may see their terms.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_campaigns(
    db: &impl ConnectionTrait,
    ids: &[ReferralCampaignId],
) -> Result<Vec<referral_campaign::Model>> {
    let these = referral_campaign::Column::Id.is_in(ids.iter().copied());
    Ok(referral_campaign::Entity::find().filter(these).all(db).await?)
}

/// All campaigns.
pub fn campaigns() -> Select<referral_campaign::Entity> {
    referral_campaign::Entity::find()
}

/// The links of `account`.
pub fn links_of(account: AccountId) -> Select<referral_link::Entity> {
    referral_link::Entity::find().filter(referral_link::Column::ReferrerId.eq(account))
}

/// Links that `viewer` may see: their own, or all with the permission to see people.
pub fn links_visible_to(viewer: &Viewer) -> Select<referral_link::Entity> {
    if viewer.may(Permission::ReadPeople) { referral_link::Entity::find() } else { links_of(viewer.id()) }
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_links_visible(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[ReferralLinkId],
) -> Result<Vec<referral_link::Model>> {
    let these = referral_link::Column::Id.is_in(ids.iter().copied());
    Ok(links_visible_to(viewer).filter(these).all(db).await?)
}

/// The friends whom `account` has referred, once they have verified their address, or earned enough. Sooner, a referrer who
/// registers addresses of others by their own link would learn which of them have an account.
pub fn referrals_of(account: AccountId) -> Select<referral::Entity> {
    referral::Entity::find().filter(referral::Column::ReferrerId.eq(account)).filter(Expr::cust(
        "referrals.state IN ('WAITING', 'QUALIFIED', 'PAID') OR EXISTS (SELECT 1 FROM accounts a \
         WHERE a.id = referrals.friend_id AND a.email_verified_at IS NOT NULL)",
    ))
}

/// Referrals that `viewer` may see: of friends whom they have referred, or all with the permission to see people.
pub fn visible_to(viewer: &Viewer) -> Select<referral::Entity> {
    if viewer.may(Permission::ReadPeople) { referral::Entity::find() } else { referrals_of(viewer.id()) }
}

/// The friends who came through a link, as far as `viewer` may see them.
pub fn referrals_by_link(viewer: &Viewer, link: ReferralLinkId) -> Select<referral::Entity> {
    visible_to(viewer).filter(referral::Column::LinkId.eq(link))
}

/// Referrals that a member of staff may see: all with the permission to see people; of `campaign`, if they name one, and none
/// if there is none of that name.
pub fn seen_by(viewer: &Viewer, campaign: Option<Option<ReferralCampaignId>>) -> Select<referral::Entity> {
    let of = |id: Option<ReferralCampaignId>| match id {
        Some(id) => referral::Column::CampaignId.eq(id),
        None => Expr::value(false),
    };
    let all = Expr::value(viewer.may(Permission::ReadPeople));
    referral::Entity::find().filter(all).filter(Condition::all().add_option(campaign.map(of)))
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[ReferralId],
) -> Result<Vec<referral::Model>> {
    let these = referral::Column::Id.is_in(ids.iter().copied());
    Ok(visible_to(viewer).filter(these).all(db).await?)
}
