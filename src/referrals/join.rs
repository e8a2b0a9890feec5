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
        enums::MailTopic,
        ids::{AccountId, ReferralCampaignId, ReferralLinkId},
        referral_campaign, referral_link,
    },
    error::Result,
    keys, mails, talent_badges,
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
    let obstacles = rules::obstacles_of(&campaign, &candidate(txn, person.account()).await?, txn.now());
    if let Some(first) = obstacles.first() {
        return Err(rejection::not_allowed(*first, &campaign).into());
    }
    let link = new_link(&campaign, person.id(), txn.now())?;
    let id = link.id;
    store::insert_links(txn, vec![link]).await?;
    Ok(id)
}

/// What is known of `person` who wants to refer friends.
///
/// # Errors
/// When the database cannot be reached.
pub async fn candidate(db: &impl ConnectionTrait, person: &account::Model) -> Result<Candidate> {
    let badges = talent_badges::store::list_held(db, person.id).await?;
    let unwanted = mails::store::list_opt_outs(db, person.id).await?;
    Ok(Candidate {
        is_freelancer: connects::store::find_wallet_of(db, person.id).await?.is_some(),
        country: person.country.clone(),
        badges: badges.iter().map(|badge| badge.kind).collect(),
        wants_mails: unwanted.iter().all(|row| row.topic != MailTopic::ReferralCampaigns),
        is_verified: person.email_verified_at.is_some(),
    })
}

/// A link of `referrer`, issued at `now`.
///
/// # Errors
/// When there is no randomness.
pub(super) fn new_link(
    campaign: &referral_campaign::Model,
    referrer_id: AccountId,
    now: Instant,
) -> Result<referral_link::Model> {
    Ok(referral_link::Model {
        id: ReferralLinkId::new(),
        code: rules::code_of(*keys::random()?),
        campaign_id: campaign.id,
        referrer_id,
        issued_at: now,
        reminded_at: None,
    })
}
