//! The SQL of proposals as lists show them.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, ExprTrait, FromQueryResult, QueryFilter, QuerySelect,
    QueryTrait, Select,
    sea_query::{Asterisk, Expr, Order, Query},
};

use super::{sent_by, standing, visible_to};
use crate::{
    accounts::store::restricted,
    clock::Instant,
    db::Sql,
    entity::{
        enums::ProposalState,
        ids::{AccountId, JobPostId, ProposalId},
        proposal::{self, Column, Entity},
    },
    error::Result,
    proposals::rules::life::LIVE,
    viewer::Viewer,
};

/// Which of the proposals to a post its client wants to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// Only those that stand so.
    pub state: Option<ProposalState>,
    /// Only those on the short list, or only the others.
    pub shortlisted: Option<bool>,
    /// Hidden ones too.
    pub hidden: bool,
}

impl Wanted {
    fn condition(self, now: Instant) -> Condition {
        use Column::{HiddenAt, ShortlistedAt};
        let listed = |yes| if yes { ShortlistedAt.is_not_null() } else { ShortlistedAt.is_null() };
        Condition::all()
            .add_option(self.state.map(|state| standing(state, now)))
            .add_option(self.shortlisted.map(listed))
            .add_option((!self.hidden).then(|| HiddenAt.is_null()))
    }
}

/// The proposals to `posts` that `viewer` may see and wants to.
pub fn received(viewer: &Viewer, posts: &[JobPostId], wanted: Wanted, now: Instant) -> Select<Entity> {
    let to_these = Column::JobPostId.is_in(posts.iter().copied());
    visible_to(viewer, now).filter(wanted.condition(now)).filter(to_these)
}

/// Proposals that `freelancer` has sent; only those that stand so at `now`, if that is given.
pub fn sent_in(freelancer: AccountId, state: Option<ProposalState>, now: Instant) -> Select<Entity> {
    let state = state.map(|state| standing(state, now));
    sent_by(freelancer).filter(Condition::all().add_option(state))
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[ProposalId],
    now: Instant,
) -> Result<Vec<proposal::Model>> {
    Ok(visible_to(viewer, now).filter(Column::Id.is_in(ids.iter().copied())).all(db).await?)
}

/// The proposals that `viewer` has sent to `posts`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_mine(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    posts: &[JobPostId],
    now: Instant,
) -> Result<Vec<proposal::Model>> {
    let mine = visible_to(viewer, now).filter(Column::FreelancerId.eq(viewer.id()));
    Ok(mine.filter(Column::JobPostId.is_in(posts.iter().copied())).all(db).await?)
}

/// Of `rows` the first `limit` to each job post, newest first, or, `backwards`, the last ones, in the same
/// order.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_first_of_each(
    db: &impl ConnectionTrait,
    rows: Select<Entity>,
    limit: u64,
    backwards: bool,
) -> Result<Vec<proposal::Model>> {
    let way = if backwards { "ASC" } else { "DESC" };
    let place = Expr::cust(format!(
        "ROW_NUMBER() OVER (PARTITION BY proposals.job_post_id \
         ORDER BY proposals.submitted_at {way}, proposals.id {way})"
    ));
    let placed = rows.expr_as(place, "place").into_query();
    let first = Query::select()
        .column(Asterisk)
        .from_subquery(placed, "placed")
        .and_where(Expr::col("place").lte(limit))
        .order_by("submitted_at", Order::Desc)
        .order_by("id", Order::Desc)
        .to_owned();
    let statement = db.get_database_backend().build(&first);
    Ok(proposal::Model::find_by_statement(statement).all(db).await?)
}

/// The range of what others ask for in their proposals to a post (M-11).
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Bids {
    /// The post.
    pub job_post_id: JobPostId,
    /// Proposals that name an amount.
    pub count: i64,
    /// The lowest amount, in minor units.
    pub lowest_cents: i64,
    /// The highest amount, in minor units.
    pub highest_cents: i64,
}

/// The range of what is asked for in the live proposals to each of `posts` whose time is not up at `now`, but not in that of
/// `viewer`, nor in those of people who are suspended (P-4); nothing for a post for which nobody names an amount.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_bids(
    db: &impl ConnectionTrait,
    viewer: AccountId,
    posts: &[JobPostId],
    now: Instant,
) -> Result<Vec<Bids>> {
    let sql = Sql::new(
        "SELECT p.job_post_id, COUNT(*) AS count, MIN(p.amount_cents) AS lowest_cents, \
         MAX(p.amount_cents) AS highest_cents FROM proposals p JOIN job_posts j ON j.id = p.job_post_id \
         WHERE NOT (j.state = 'OPEN' AND j.expires_at IS NOT NULL AND j.expires_at <= :now) AND p.amount_cents IS NOT NULL \
         AND p.freelancer_id <> :viewer AND p.state IN (",
    );
    let sql = sql.bind("now", now).bind("viewer", viewer);
    let sql = sql.push(Sql::list(LIVE.iter().map(|state| state.as_str()))).push(") AND NOT ");
    let sql = sql.push(restricted("p.freelancer_id", now)).push(" AND p.job_post_id IN (");
    let sql = sql.push(Sql::list(posts.iter().copied())).push(") GROUP BY p.job_post_id");
    Ok(Bids::find_by_statement(sql.on(db)?).all(db).await?)
}
