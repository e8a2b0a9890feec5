//! Offers end without an answer: their client withdraws them, their post ends, or their time is up (O-1).

use sea_orm::ConnectionTrait;

use super::{
    answer_offer::put_back,
    notifications::{Offered, offered},
    rejection,
    rules::{self, OfferMove},
    store,
};
use crate::{
    accounts,
    clock::Instant,
    db::Txn,
    entity::{
        enums::OfferState,
        ids::{AccountId, JobPostId, OfferId, ProposalId},
        offer,
    },
    error::Result,
    job_posts,
    notifications::notify,
    proposals,
    viewer::Viewer,
};

/// Offers of one transaction.
const OFFERS_AT_ONCE: u64 = 200;

/// Withdraws an offer of `client`, who may be suspended; `reason` may be empty. The proposal is back where it was.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`; `ACCOUNT_CLOSED`.
pub async fn withdraw(txn: &Txn, client: &Viewer, id: OfferId, reason: &str) -> Result<OfferId> {
    let client = accounts::acting_even_suspended(txn, client.id()).await?;
    let locked = store::lock_offer(txn, id).await?.ok_or_else(rejection::no_such_offer)?;
    if locked.offer.client_id != client.id() {
        return Err(rejection::no_such_offer().into());
    }
    rules::offer_moved(locked.state_at(txn.now()), OfferMove::Withdraw)?;
    let reason = (!reason.is_empty()).then_some(reason);
    store::end_offers(txn, &[id], OfferMove::Withdraw, txn.now(), reason).await?;
    let withdrawn = offered(Offered::Withdrawn, &locked.offer, txn.now());
    put_back(txn, locked).await?;
    notify(txn, vec![withdrawn]).await?;
    Ok(id)
}

/// Withdraws what is left of the offers on `posts`, which are locked and have just ended (J-2).
///
/// # Errors
/// When the database refuses.
pub async fn withdraw_from(txn: &Txn, posts: &[JobPostId]) -> Result<()> {
    let offers = store::lock_new_on(txn, posts).await?;
    let offers = expire_overdue(txn, offers).await?;
    let ids: Vec<_> = offers.iter().map(|offer| offer.id).collect();
    store::end_offers(txn, &ids, OfferMove::Withdraw, txn.now(), None).await?;
    notify(txn, offers.iter().map(|offer| offered(Offered::Withdrawn, offer, txn.now())).collect()).await
}

/// Withdraws the other offers to a proposal that is won by `accepted`; its post is locked.
pub(super) async fn withdraw_other(txn: &Txn, won: ProposalId, accepted: OfferId) -> Result<()> {
    let offers = store::lock_new_to(txn, &[won]).await?;
    let offers = expire_overdue(txn, offers).await?;
    let others: Vec<_> = offers.into_iter().filter(|offer| offer.id != accepted).collect();
    let ids: Vec<_> = others.iter().map(|offer| offer.id).collect();
    store::end_offers(txn, &ids, OfferMove::Withdraw, txn.now(), None).await?;
    notify(txn, others.iter().map(|offer| offered(Offered::Withdrawn, offer, txn.now())).collect()).await
}

/// Declines what is left of the offers to `proposals`, whose freelancer leaves; their posts are locked.
///
/// # Errors
/// When the database refuses.
pub async fn decline_all(txn: &Txn, proposals: &[ProposalId]) -> Result<()> {
    let offers = store::lock_new_to(txn, proposals).await?;
    let offers = expire_overdue(txn, offers).await?;
    let ids: Vec<_> = offers.iter().map(|offer| offer.id).collect();
    store::end_offers(txn, &ids, OfferMove::Decline, txn.now(), None).await?;
    notify(txn, offers.iter().map(|offer| offered(Offered::Declined, offer, txn.now())).collect()).await
}

/// Expires the next offers whose time is up, each at its own deadline; their proposals are back where they were.
/// Returns how many, 0 when all are expired.
///
/// # Errors
/// When the database refuses.
pub async fn expire_due(txn: &Txn) -> Result<u64> {
    let due = store::list_due(txn, txn.due_by(), OFFERS_AT_ONCE).await?;
    let mut posts: Vec<_> = due.iter().filter_map(|offer| offer.job_post_id).collect();
    posts.sort_unstable();
    posts.dedup();
    job_posts::store::lock_posts(txn, &posts).await?;
    // Read again: before the posts were locked, somebody may have answered.
    let ids: Vec<_> = due.iter().map(|offer| offer.id).collect();
    let due: Vec<_> = store::lock_offers(txn, &ids).await?;
    let due: Vec<_> = due.into_iter().filter(|offer| offer.state == OfferState::New).collect();
    expire(txn, &due).await?;
    Ok(due.len() as u64)
}

/// Ends the direct offers of a person who leaves, as far as they are for no post or for one of `posts`, which are locked:
/// those that they sent are withdrawn, those that they received declined. Returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn end_direct_of(txn: &Txn, person: AccountId, posts: &[JobPostId]) -> Result<u64> {
    let mut offers = store::lock_direct_of(txn, person).await?;
    // One that came since for another post expires by itself.
    offers.retain(|offer| offer.job_post_id.is_none_or(|post| posts.contains(&post)));
    let offers = expire_overdue(txn, offers).await?;
    let count = offers.len() as u64;
    let (sent, received): (Vec<_>, Vec<_>) = offers.into_iter().partition(|offer| offer.client_id == person);
    for (offers, way, what) in
        [(sent, OfferMove::Withdraw, Offered::Withdrawn), (received, OfferMove::Decline, Offered::Declined)]
    {
        let ids: Vec<_> = offers.iter().map(|offer| offer.id).collect();
        store::end_offers(txn, &ids, way, txn.now(), None).await?;
        notify(txn, offers.iter().map(|offer| offered(what, offer, txn.now())).collect()).await?;
    }
    Ok(count)
}

/// Expires the direct offer of a client to a freelancer whose time is up, if there is one.
pub(super) async fn expire_direct(txn: &Txn, client: AccountId, freelancer: AccountId) -> Result<()> {
    let offers = store::lock_direct(txn, client, freelancer).await?;
    expire_overdue(txn, offers).await?;
    Ok(())
}

/// Expires the offer to a proposal whose time is up, if there is one; the post is locked.
pub(super) async fn expire_of(txn: &Txn, proposal: ProposalId) -> Result<()> {
    let offers = store::lock_new_to(txn, &[proposal]).await?;
    expire_overdue(txn, offers).await?;
    Ok(())
}

/// Expires those of `offers` whose time is up, each at its own deadline; returns the others.
async fn expire_overdue(txn: &Txn, offers: Vec<offer::Model>) -> Result<Vec<offer::Model>> {
    let is_new =
        |offer: &offer::Model| rules::state_at(offer.state, offer.expires_at, txn.now()) == OfferState::New;
    let (new, overdue): (Vec<_>, Vec<_>) = offers.into_iter().partition(is_new);
    expire(txn, &overdue).await?;
    Ok(new)
}

async fn expire(txn: &Txn, offers: &[offer::Model]) -> Result<()> {
    let ids: Vec<_> = offers.iter().map(|offer| offer.id).collect();
    store::expire_offers(txn, &ids).await?;
    let proposals: Vec<_> = offers.iter().filter_map(|offer| offer.proposal_id).collect();
    proposals::store::take_back_offered(txn, &proposals).await?;
    notify(txn, offers.iter().map(|offer| offered(Offered::Expired, offer, offer.expires_at)).collect()).await
}

/// When the next offer expires.
///
/// # Errors
/// When the database cannot be reached.
pub async fn next_deadline(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    store::find_next_deadline(db).await
}
