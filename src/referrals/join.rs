//! A freelancer who may refer friends asks for their link (C-2).

use sea_orm::ConnectionTrait;

use super::{
    rejection,
    rules::{self, Candidate},
    store,
};
use crate::{
    accounts,
    clock::Instant,
    connects,
    db::Txn,
    entity::{
        account,
        enums::{MailTopic, ReferralObstacle},
        ids::{AccountId, ReferralCampaignId, ReferralLinkId},
        referral_campaign, referral_link,
    },
    error::Result,
    mails, talent_badges,
    viewer::Viewer,
};

/// Gives `person` their link in a campaign without waiting for the invitation. A second call returns the same link.
///
/// # Errors
/// `NOT_FOUND`, `REFERRAL_NOT_ALLOWED`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn join(txn: &Txn, person: &Viewer, id: ReferralCampaignId) -> Result<ReferralLinkId> {
    let person = accounts::acting(txn, person.id()).await?;
    let campaign = store::lock_campaign(txn, id).await?.ok_or_else(rejection::no_such_campaign)?;
    if let Some(link) = store::find_link_of(txn, id, person.id()).await? {
        return Ok(link.id);
    }
    let obstacles = obstacles(txn, &campaign, person.account(), txn.now()).await?;
    if let Some(first) = obstacles.first() {
        return Err(rejection::not_allowed(*first, &campaign).into());
    }
    let link = new_link(&campaign, person.id(), txn.now());
    let id = link.id;
    store::insert_links(txn, vec![link]).await?;
    Ok(id)
}

/// What keeps `person` from referring friends in `campaign` at `now` (C-1).
///
/// # Errors
/// When the database cannot be reached.
pub async fn obstacles(
    db: &impl ConnectionTrait,
    campaign: &referral_campaign::Model,
    person: &account::Model,
    now: Instant,
) -> Result<Vec<ReferralObstacle>> {
    let badges = talent_badges::store::list_held(db, person.id).await?;
    let unwanted = mails::store::list_opt_outs(db, person.id).await?;
    let candidate = Candidate {
        is_freelancer: connects::store::find_wallet_of(db, person.id).await?.is_some(),
        country: &person.country,
        badges: badges.iter().map(|badge| badge.kind).collect(),
        wants_mails: unwanted.iter().all(|row| row.topic != MailTopic::ReferralCampaigns),
        is_verified: person.email_verified_at.is_some(),
    };
    Ok(rules::obstacles_of(campaign, &candidate, now))
}

/// A link of `referrer`, issued at `now`.
pub(super) fn new_link(
    campaign: &referral_campaign::Model,
    referrer_id: AccountId,
    now: Instant,
) -> referral_link::Model {
    let id = ReferralLinkId::new();
    let code = rules::code_of(id);
    referral_link::Model {
        id,
        code,
        campaign_id: campaign.id,
        referrer_id,
        issued_at: now,
        reminded_at: None,
    }
}
