//! A friend registers through a freelancer's link (C-2).

use sea_orm::ConnectionTrait;

use super::{
    notifications, rejection,
    rules::{self, Friend},
    store,
};
use crate::{
    accounts,
    db::Txn,
    entity::{
        account,
        enums::{GiftSource, MembershipPlan, ReferralState},
        ids::{AccountId, ReferralId, WalletId},
        referral, referral_link,
    },
    error::{Fault, Result},
    memberships::{self, Gift},
    notifications::notify,
};

/// The link with the code that a friend typed.
///
/// # Errors
/// `REFERRAL_CODE_UNKNOWN`.
pub async fn find_link(db: &impl ConnectionTrait, typed: &str) -> Result<referral_link::Model> {
    let code = typed.trim().to_ascii_lowercase();
    let found = if rules::is_code(&code) { store::find_link_by_code(db, &code).await? } else { None };
    Ok(found.ok_or_else(rejection::unknown_code)?)
}

/// Notes that `friend`, who was just registered and has `wallet` if they are a freelancer, came through `link`, and gives
/// them the gift at once; or notes why they do not count.
///
/// # Errors
/// When the database refuses.
pub async fn refer(
    txn: &Txn,
    friend: &account::Model,
    wallet: Option<WalletId>,
    link: &referral_link::Model,
) -> Result<()> {
    let campaign = store::find_campaign(txn, link.campaign_id).await?;
    let campaign = campaign.ok_or_else(|| Fault::Broken(format!("link {} is of no campaign", link.id)))?;
    let referrer = link.referrer_id;
    let facts = Friend {
        is_freelancer: wallet.is_some(),
        shared: accounts::shared_by(txn, friend.id).await?,
        is_related: accounts::are_related(txn, friend.id, referrer).await?,
        is_open: campaign.is_open(txn.now()),
        is_barred: accounts::store::find_restriction(txn, referrer, txn.now()).await?.is_some(),
    };
    let reason = rules::refusal_of(&facts);
    let row = referral::Model {
        friend_id: friend.id,
        id: ReferralId::new(),
        campaign_id: campaign.id,
        link_id: link.id,
        referrer_id: referrer,
        registered_at: txn.now(),
        state: reason.map_or(ReferralState::Open, |_| ReferralState::Ended),
        reason,
        reached_at: None,
        due_at: None,
        ended_at: reason.map(|_| txn.now()),
    };
    store::insert_referral(txn, row).await?;
    let Some(wallet) = wallet.filter(|_| reason.is_none() && campaign.gift_months > 0) else { return Ok(()) };
    let (plan, source) = (MembershipPlan::Plus, GiftSource::Referral);
    let gift = Gift { plan, months: campaign.gift_months, source, actor: None };
    memberships::give(txn, (friend.id, wallet), gift).await
}

/// Notifies the referrer of a friend who has verified their address. Sooner, a referrer would learn which addresses have an
/// account.
///
/// # Errors
/// When the database refuses.
pub async fn announce(txn: &Txn, friend: AccountId) -> Result<()> {
    let row = store::find_referral_of(txn, friend).await?.filter(|row| row.reason.is_none());
    notify(txn, row.iter().map(notifications::registered).collect()).await
}
