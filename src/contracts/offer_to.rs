//! A client offers a contract to a freelancer: to one who proposed, or directly (O-1).

use chrono::TimeDelta;

use super::{
    end_offers,
    notifications::{Offered, offered},
    rejection,
    rules::{self, terms::Terms},
    store,
};
use crate::{
    accounts::{self, Acting},
    db::Txn,
    engagement,
    entity::{
        enums::{Currency, JobCategory, JobPostState, OfferState},
        ids::{AccountId, JobPostId, OfferId, ProposalId},
        offer,
        values::Parts,
    },
    error::Result,
    job_posts::{self, LockedPost},
    notifications::notify,
    proposals::{
        self, LockedProposal,
        rules::life::{self, Move},
    },
    viewer::Viewer,
};

/// What a client offers; values are checked.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The title that the contract will have; absent: that of the job post.
    pub title: Option<String>,
    /// A message to the freelancer; may be empty.
    pub message: String,
    /// What it pays for.
    pub terms: Terms,
}

/// For which job a direct offer is: one of the client's posts, or a category.
#[derive(Clone, Copy, Debug)]
pub enum Job {
    /// An open post of the client.
    Post(JobPostId),
    /// Work of this category, without a post.
    Of(JobCategory),
}

/// Offers a contract to the freelancer of a proposal to a post of `client`. It is activity on the post (J-4).
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn offer(txn: &Txn, client: &Viewer, id: ProposalId, draft: Draft) -> Result<OfferId> {
    let LockedProposal { mut row, mut post, .. } =
        engagement::lock_received(txn, client, id, |state| life::moved(state, Move::Offer)).await?;
    // One that is over, and that the task has not come by for.
    end_offers::expire_of(txn, id).await?;
    let most = rules::OFFERS_TO_A_PROPOSAL;
    if store::count_to(txn, id).await? >= most {
        return Err(rejection::too_many_offers_to_it(most).into());
    }
    let offer = offer::Model {
        proposal_id: Some(id),
        job_post_id: Some(post.row.id),
        ..sketch(txn, (client.id(), row.freelancer_id), draft, &post.row.title)
    };
    (row.state, row.offer_expires_at) = (Move::Offer.to(), Some(offer.expires_at));
    proposals::store::update_proposal(txn, row).await?;
    job_posts::note_activity(txn, &mut post).await?;
    send(txn, offer).await
}

/// Offers a contract to a freelancer who has not proposed; it costs nobody Connects (S-3). A client has one such offer to
/// each freelancer at a time. It is activity on the post that it is for, if there is one.
///
/// # Errors
/// `NOT_A_CLIENT`, `NOT_FOUND`, `ILLEGAL_STATE`, `ALREADY_PROPOSED`, `ALREADY_HIRED`, `ALREADY_OFFERED`,
/// `TOO_MANY_OFFERS`, `INVALID_INPUT` without a title; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn offer_directly(
    txn: &Txn,
    client: &Viewer,
    freelancer: AccountId,
    job: Job,
    draft: Draft,
) -> Result<OfferId> {
    let client = accounts::acting(txn, client.id()).await?;
    if !client.account().is_client {
        return Err(rejection::not_a_client().into());
    }
    must_be_hireable(txn, &client, freelancer).await?;
    let (most, day) = (rules::DIRECT_OFFERS_A_DAY, txn.now() - TimeDelta::days(1));
    if store::count_direct(txn, client.id(), day).await? >= most {
        return Err(rejection::too_many_offers(most).into());
    }
    let mut post = match job {
        Job::Post(id) => Some(lock_open(txn, &client, id, freelancer).await?),
        Job::Of(_) => None,
    };
    end_offers::expire_direct(txn, client.id(), freelancer).await?;
    if store::has_direct(txn, client.id(), freelancer).await? {
        return Err(rejection::already_offered().into());
    }
    let category = match job {
        Job::Post(_) => None,
        Job::Of(category) => Some(category),
    };
    let title = post.as_ref().map_or(String::new(), |post| post.row.title.clone());
    if draft.title.is_none() && post.is_none() {
        return Err(rejection::title_missing().into());
    }
    let offer = offer::Model {
        job_post_id: post.as_ref().map(|post| post.row.id),
        category,
        ..sketch(txn, (client.id(), freelancer), draft, &title)
    };
    if let Some(post) = &mut post {
        job_posts::note_activity(txn, post).await?;
    }
    send(txn, offer).await
}

/// Checks that `client` can hire this person: another one, with a freelancer profile, who is neither suspended nor gone.
async fn must_be_hireable(txn: &Txn, client: &Acting, freelancer: AccountId) -> Result<()> {
    let found = accounts::store::list_hireable(txn, &[freelancer], txn.now()).await?;
    if found.is_empty() {
        return Err(rejection::no_such_freelancer().into());
    }
    if freelancer == client.id() { Err(rejection::own_offer().into()) } else { Ok(()) }
}

/// Locks an open post of `client` for which `freelancer` is not hired, and to which they have no live proposal.
async fn lock_open(txn: &Txn, client: &Acting, id: JobPostId, freelancer: AccountId) -> Result<LockedPost> {
    let post = job_posts::lock_own(txn, client, id).await?;
    if post.state != JobPostState::Open {
        return Err(job_posts::rejection::illegal_state(post.state, &[JobPostState::Open]).into());
    }
    if store::is_hired(txn, id, freelancer).await? {
        return Err(rejection::already_hired().into());
    }
    let proposal = proposals::store::find_to(txn, id, freelancer).await?;
    if proposal.is_some_and(|proposal| life::LIVE.contains(&proposal.state)) {
        return Err(rejection::offer_to_proposal().into());
    }
    Ok(post)
}

/// An offer that is new now, for no post and no proposal.
pub(super) fn sketch(
    txn: &Txn,
    (client_id, freelancer_id): (AccountId, AccountId),
    draft: Draft,
    title: &str,
) -> offer::Model {
    let (milestones, hourly_cents) = match draft.terms {
        Terms::Milestones(parts) => (parts, None),
        Terms::Hourly(cents) => (Vec::new(), Some(cents)),
    };
    offer::Model {
        id: OfferId::new(),
        job_post_id: None,
        proposal_id: None,
        project_id: None,
        project_description: None,
        client_id,
        freelancer_id,
        title: draft.title.unwrap_or_else(|| title.to_owned()),
        message: draft.message,
        milestones: Parts(milestones),
        hourly_cents,
        category: None,
        currency: Currency::Usd,
        state: OfferState::New,
        sent_at: txn.now(),
        expires_at: rules::expiry_of(txn.now(), &txn.policy().contracts),
        ended_at: None,
        ended_reason: None,
    }
}

async fn send(txn: &Txn, offer: offer::Model) -> Result<OfferId> {
    store::insert_offer(txn, offer.clone()).await?;
    notify(txn, vec![offered(Offered::Received, &offer, txn.now())]).await?;
    Ok(offer.id)
}
