//! Writing a job post: a draft, its publication, its edits (J-2, J-3, J-4).

use super::{
    draft::{Draft, reprice, touch},
    lock::lock_own,
    rejection,
    rules::{
        key,
        life::{self, Move},
    },
    store,
};
use crate::{
    accounts,
    db::Txn,
    entity::{
        enums::{Currency, JobPostState},
        ids::{AccountId, JobPostId},
        job_post,
        values::{PriceBasis, Skills},
    },
    error::{Fault, Result},
    viewer::Viewer,
};

/// Writes a new post of `client`, open at once or a draft.
///
/// # Errors
/// `NOT_A_CLIENT`, `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn create(txn: &Txn, client: &Viewer, draft: Draft, publish: bool) -> Result<JobPostId> {
    if !client.0.is_client {
        return Err(rejection::not_a_client().into());
    }
    // The lock on the client's row gives each of their posts a number of its own.
    let client = accounts::acting(txn, client.id()).await?;
    let number = store::count_of_client(txn, client.id()).await? + 1;
    let mut post = blank(txn, client.id(), key::of_number(client.id(), number), &draft);
    draft.write_into(txn, &mut post);
    if publish {
        open(txn, &mut post);
    }
    let id = post.id;
    match store::insert_posts(txn, vec![post]).await? {
        1 => Ok(id),
        _ => Err(Fault::Broken(format!("post {number} of {} is there already", client.id())).into()),
    }
}

/// Opens a draft of `client` to proposals.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`, `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn publish(txn: &Txn, client: &Viewer, id: JobPostId) -> Result<JobPostId> {
    // The client's own row first: closing the account and suspending it for fraud end what is open then.
    let client = accounts::acting(txn, client.id()).await?;
    let mut post = lock_own(txn, &client, id).await?;
    life::moved(post.state, Move::Publish)?;
    reprice(txn, &mut post.row);
    open(txn, &mut post.row);
    store::update_post(txn, post.row).await?;
    Ok(id)
}

/// Changes a draft or an open post of `client`: it is repriced, proposals that were sent keep their price (S-4), and
/// the lifetime of an open post starts again (J-4). `version` is the one that the client saw.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`, `CONFLICT`, `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn update(
    txn: &Txn,
    client: &Viewer,
    id: JobPostId,
    version: i64,
    draft: Draft,
) -> Result<JobPostId> {
    // The client's own row first: closing the account and suspending it for fraud end what is open then.
    let client = accounts::acting(txn, client.id()).await?;
    let post = lock_own(txn, &client, id).await?;
    life::must_be_editable(post.state)?;
    let mut row = post.row;
    if row.version != version {
        return Err(rejection::conflict(version, row.version).into());
    }
    draft.write_into(txn, &mut row);
    row.version += 1;
    touch(txn, &mut row);
    store::update_post(txn, row).await?;
    Ok(id)
}

/// Opens `post` to proposals from now on.
pub(super) fn open(txn: &Txn, post: &mut job_post::Model) {
    post.state = Move::Publish.to();
    post.published_at = Some(txn.now());
    touch(txn, post);
}

/// A draft without content.
pub(super) fn blank(txn: &Txn, client: AccountId, business_key: String, draft: &Draft) -> job_post::Model {
    let no_basis = PriceBasis {
        policy_version: txn.version().number,
        value_cents: None,
        base: 0,
        proposal_count: 0,
        demand_percent: 100,
    };
    job_post::Model {
        id: JobPostId::new(),
        client_id: client,
        business_key,
        title: String::new(),
        description: String::new(),
        category: draft.category,
        subcategory: None,
        skills: Skills(Vec::new()),
        payment: draft.content.terms.payment,
        budget_cents: None,
        hourly_min_cents: None,
        hourly_max_cents: None,
        currency: Currency::Usd,
        experience_level: None,
        duration_weeks: None,
        weekly_hours: None,
        hires_wanted: 1,
        visibility: draft.visibility,
        is_free: false,
        state: JobPostState::Draft,
        proposal_count: 0,
        connects_price: 0,
        price_basis: no_basis,
        published_at: None,
        last_activity_at: txn.now(),
        expires_at: None,
        warn_at: None,
        closed_at: None,
        closing_reason: None,
        version: 1,
        search_text: String::new(),
        created_at: txn.now(),
    }
}
