//! A freelancer publishes, changes and withdraws a project (O-3).

use super::{
    rejection,
    rules::{self, ProjectMove},
    store,
};
use crate::{
    accounts, connects,
    db::Txn,
    entity::{
        enums::{Currency, JobCategory, ProjectState},
        ids::ProjectId,
        project,
    },
    error::Result,
    viewer::Viewer,
};

/// What a project says; values are checked.
#[derive(Clone, Debug)]
pub struct Content {
    /// Title.
    pub title: String,
    /// What a client gets.
    pub description: String,
    /// Category.
    pub category: JobCategory,
    /// What it costs, in minor units.
    pub price_cents: i64,
}

/// Publishes a project of `freelancer`.
///
/// # Errors
/// `NOT_A_FREELANCER`, `TOO_MANY_PROJECTS`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn publish(txn: &Txn, freelancer: &Viewer, content: Content) -> Result<ProjectId> {
    let freelancer = accounts::acting(txn, freelancer.id()).await?;
    if connects::store::find_wallet_of(txn, freelancer.id()).await?.is_none() {
        return Err(rejection::not_a_freelancer().into());
    }
    let most = rules::PROJECTS_AT_MOST;
    if store::count_published(txn, freelancer.id()).await? >= most {
        return Err(rejection::too_many_projects(most).into());
    }
    let row = project::Model {
        id: ProjectId::new(),
        freelancer_id: freelancer.id(),
        title: content.title,
        description: content.description,
        category: content.category,
        price_cents: content.price_cents,
        currency: Currency::Usd,
        state: ProjectState::Published,
        version: 1,
        published_at: txn.now(),
        changed_at: txn.now(),
    };
    let id = row.id;
    store::insert_project(txn, row).await?;
    Ok(id)
}

/// Changes a project of `freelancer`; `version` is the one that they saw. Contracts that were ordered stay as they are.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`, `CONFLICT`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn update(
    txn: &Txn,
    freelancer: &Viewer,
    id: ProjectId,
    version: i64,
    content: Content,
) -> Result<ProjectId> {
    accounts::acting(txn, freelancer.id()).await.map(drop)?;
    let row = lock_own(txn, freelancer, id).await?;
    rules::must_be_published(row.state)?;
    if row.version != version {
        return Err(rejection::conflict(version, row.version).into());
    }
    let Content { title, description, category, price_cents } = content;
    let version = version + 1;
    let changed =
        project::Model { title, description, category, price_cents, version, changed_at: txn.now(), ..row };
    store::update_project(txn, changed).await?;
    Ok(id)
}

/// Withdraws a project of `freelancer`, who may be suspended: nobody orders it any more.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`; `ACCOUNT_CLOSED`.
pub async fn withdraw(txn: &Txn, freelancer: &Viewer, id: ProjectId) -> Result<ProjectId> {
    accounts::acting_even_suspended(txn, freelancer.id()).await.map(drop)?;
    let row = lock_own(txn, freelancer, id).await?;
    let (version, changed_at) = (row.version + 1, txn.now());
    let state = rules::moved(row.state, ProjectMove::Withdraw)?;
    let gone = project::Model { state, version, changed_at, ..row };
    store::update_project(txn, gone).await?;
    Ok(id)
}

/// Locks a project of `freelancer`; other people's are not found.
async fn lock_own(txn: &Txn, freelancer: &Viewer, id: ProjectId) -> Result<project::Model> {
    let found = store::lock_project(txn, id).await?;
    let own = found.filter(|row| row.freelancer_id == freelancer.id());
    Ok(own.ok_or_else(rejection::no_such_project)?)
}
