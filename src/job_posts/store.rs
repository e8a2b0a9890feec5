//! All SQL of job posts.

mod client;
mod life;
mod lock;
mod reaches;
mod report;
mod search;
mod sections;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{OnConflict, SelectStatement},
};

pub use client::{ClientHistory, list_client_histories};
pub use life::*;
pub use lock::*;
pub use reaches::REACHES;
pub use report::*;
pub use search::*;
pub use sections::SECTIONS;

use super::rules::Terms;
use crate::{
    accounts::store::unrestricted,
    clock::Instant,
    db::{Sql, Txn, Writes},
    entity::{
        enums::{JobPostState, JobVisibility},
        ids::{AccountId, JobPostId},
        job_post::{self, Column, Entity},
        offer, proposal,
    },
    error::Result,
    viewer::{Permission, Viewer},
};

/// Rows of one INSERT.
const ROWS_AT_ONCE: usize = 200;

/// Job posts that `viewer` may see at `now`: public ones once published and not removed, unless
/// their client is suspended (P-4), their own, and those they have proposed to or were offered, whatever becomes of them; all
/// for those who may read the whole market.
pub fn visible_to(viewer: Option<&Viewer>, now: Instant) -> Select<Entity> {
    let hidden = [JobPostState::Draft, JobPostState::Removed];
    let public = Condition::all()
        .add(Column::Visibility.eq(JobVisibility::Public))
        .add(Column::State.is_not_in(hidden))
        .add(unrestricted(Column::ClientId, now));
    match viewer {
        Some(viewer) if viewer.may(Permission::ReadMarket) => Entity::find(),
        Some(viewer) => Entity::find().filter(
            Condition::any()
                .add(public)
                .add(Column::ClientId.eq(viewer.id()))
                .add(Column::Id.in_subquery(proposed_by(viewer.id())))
                .add(Column::Id.in_subquery(offered_to(viewer.id()))),
        ),
        None => Entity::find().filter(public),
    }
}

/// The post with this id, if `viewer` may see it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_visible(
    db: &impl ConnectionTrait,
    viewer: Option<&Viewer>,
    id: JobPostId,
    now: Instant,
) -> Result<Option<job_post::Model>> {
    Ok(visible_to(viewer, now).filter(Column::Id.eq(id)).one(db).await?)
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible(
    db: &impl ConnectionTrait,
    viewer: Option<&Viewer>,
    ids: &[JobPostId],
    now: Instant,
) -> Result<Vec<job_post::Model>> {
    Ok(visible_to(viewer, now).filter(Column::Id.is_in(ids.iter().copied())).all(db).await?)
}

/// Those of `clients` of whom `viewer` may see a post.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_seen_clients(
    db: &impl ConnectionTrait,
    viewer: Option<&Viewer>,
    clients: &[AccountId],
    now: Instant,
) -> Result<Vec<AccountId>> {
    let posts = visible_to(viewer, now).filter(Column::ClientId.is_in(clients.iter().copied()));
    Ok(posts.select_only().column(Column::ClientId).distinct().into_tuple().all(db).await?)
}

/// Posts of `client`, drafts too.
pub fn of_client(client: AccountId) -> Select<Entity> {
    Entity::find().filter(Column::ClientId.eq(client))
}

/// Posts of `client`, drafts too; only those that stand so at `now`, if that is given.
pub fn of_client_in(client: AccountId, state: Option<JobPostState>, now: Instant) -> Select<Entity> {
    let state = state.map(|state| standing(state, now));
    of_client(client).filter(Condition::all().add_option(state))
}

/// A sub-select of the posts of `client`.
pub fn ids_of_client(client: AccountId) -> SelectStatement {
    of_client(client).select_only().column(Column::Id).into_query()
}

/// The ids of the posts of `client`, as a select within another statement.
pub fn posts_of(client: AccountId) -> Sql {
    Sql::new("SELECT id FROM job_posts WHERE client_id = :client").bind("client", client)
}

/// A sub-select of the posts that `freelancer` has proposed to.
fn proposed_by(freelancer: AccountId) -> SelectStatement {
    let sent = proposal::Entity::find().filter(proposal::Column::FreelancerId.eq(freelancer));
    sent.select_only().column(proposal::Column::JobPostId).into_query()
}

/// A sub-select of the posts that `freelancer` was offered.
fn offered_to(freelancer: AccountId) -> SelectStatement {
    use offer::Column::{FreelancerId, JobPostId};
    let offers = offer::Entity::find().filter(FreelancerId.eq(freelancer)).filter(JobPostId.is_not_null());
    offers.select_only().column(JobPostId).into_query()
}

/// A condition: open at `now`.
pub fn open_at(now: Instant) -> Condition {
    Condition::all().add(Column::State.eq(JobPostState::Open)).add(Column::ExpiresAt.gt(now))
}

/// A condition: stands in `state` at `now`.
pub fn standing(state: JobPostState, now: Instant) -> Condition {
    let overdue = Condition::all().add(Column::State.eq(JobPostState::Open)).add(Column::ExpiresAt.lte(now));
    match state {
        JobPostState::Open => open_at(now),
        JobPostState::Expired => Condition::any().add(Column::State.eq(state)).add(overdue),
        other => Condition::all().add(Column::State.eq(other)),
    }
}

/// The posts of `client` that nobody has ended.
///
/// # Errors
/// When the database refuses.
pub async fn list_open(txn: &Txn, client: AccountId) -> Result<Vec<JobPostId>> {
    let open = of_client(client).filter(Column::State.eq(JobPostState::Open));
    Ok(open.select_only().column(Column::Id).into_tuple().all(txn).await?)
}

/// Inserts posts; returns how many were new by their business key.
pub(super) async fn insert_posts(txn: &Txn, posts: Vec<job_post::Model>) -> Result<u64> {
    let mut inserted = 0;
    for chunk in posts.chunks(ROWS_AT_ONCE) {
        let rows = chunk.iter().cloned().map(IntoActiveModel::into_active_model);
        let once = OnConflict::column(Column::BusinessKey).do_nothing().to_owned();
        let insert = Entity::insert_many::<job_post::ActiveModel, _>(rows).on_conflict(once);
        inserted += insert.exec_without_returning(txn).await?;
    }
    Ok(inserted)
}

/// Where the posts with these business keys stand, and when they expire.
pub(super) async fn list_standings(
    db: &impl ConnectionTrait,
    keys: &[String],
) -> Result<Vec<(String, (JobPostState, Option<Instant>))>> {
    let known = Entity::find().filter(Column::BusinessKey.is_in(keys));
    let columns = [Column::BusinessKey, Column::State, Column::ExpiresAt];
    let rows: Vec<(String, JobPostState, Option<Instant>)> =
        known.select_only().columns(columns).into_tuple().all(db).await?;
    Ok(rows.into_iter().map(|(key, state, expires_at)| (key, (state, expires_at))).collect())
}

/// Writes all that may change of a post.
pub(super) async fn update_post(txn: &Txn, post: job_post::Model) -> Result<()> {
    Entity::update(post.into_active_model().reset_all()).exec(txn).await?;
    Ok(())
}

/// Writes the demand of `posts` and the prices that follow from it.
pub fn update_demand(writes: &mut Writes<'_>, posts: &[&job_post::Model]) {
    let row = |post: &&job_post::Model| {
        let basis = post.price_basis.clone();
        vec![post.id.into(), post.proposal_count.into(), post.connects_price.into(), basis.into()]
    };
    writes.push_rows(&["id", "proposals", "price", "basis"], posts.iter().map(row).collect(), |rows| {
        Sql::new("WITH demand (id, proposals, price, basis) AS (").push(rows).push(
            ") UPDATE job_posts AS p SET proposal_count = demand.proposals, connects_price = demand.price, \
             price_basis = demand.basis FROM demand WHERE p.id = demand.id",
        )
    });
}

impl From<&job_post::Model> for Terms {
    fn from(post: &job_post::Model) -> Self {
        Self {
            payment: post.payment,
            budget_cents: post.budget_cents,
            hourly_min_cents: post.hourly_min_cents,
            hourly_max_cents: post.hourly_max_cents,
            weekly_hours: post.weekly_hours,
            duration_weeks: post.duration_weeks,
        }
    }
}

/// The posts with these ids, for someone who may see what refers to them.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_posts(db: &impl ConnectionTrait, ids: &[JobPostId]) -> Result<Vec<job_post::Model>> {
    Ok(Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db).await?)
}

/// The posts of `client`, cheapest first and then by title.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_of_client(db: &impl ConnectionTrait, client: AccountId) -> Result<Vec<job_post::Model>> {
    let theirs = Entity::find().filter(Column::ClientId.eq(client));
    Ok(theirs.order_by_asc(Column::ConnectsPrice).order_by_asc(Column::Title).all(db).await?)
}

/// How many posts `client` has.
///
/// # Errors
/// When the database cannot be reached.
pub async fn count_of_client(db: &impl ConnectionTrait, client: AccountId) -> Result<u64> {
    Ok(Entity::find().filter(Column::ClientId.eq(client)).count(db).await?)
}
