//! All SQL of proposals.

mod checks;
mod lists;
mod reaches;
mod sections;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QueryResult, QuerySelect, QueryTrait, Select, sea_query::Expr,
};

pub use checks::CHECKS;
pub use lists::*;
pub use reaches::REACHES;
pub use sections::SECTIONS;

use super::{
    notifications::ARCHIVED,
    rules::life::{LIVE, Move},
};
use crate::{
    accounts::store::unrestricted,
    clock::Instant,
    db::{Sql, Txn, Writes},
    entity::{
        enums::{JobPostState, ProposalState},
        ids::{AccountId, JobPostId, ProposalId, WalletId},
        job_post,
        proposal::{self, Column, Entity},
    },
    error::Result,
    job_posts::rules::key,
    notifications::{Recipients, notify_all},
    viewer::{Permission, Viewer},
};

/// The states of proposals whose Connects never come back (T-1).
const NOT_RETURNED: [ProposalState; 2] = [ProposalState::Withdrawn, ProposalState::Hired];

/// Proposals that `viewer` may see at `now`: those they sent, and those sent to their posts by people who
/// are not suspended (P-4); all for those who may read the whole market.
pub fn visible_to(viewer: &Viewer, now: Instant) -> Select<Entity> {
    if viewer.may(Permission::ReadMarket) {
        return Entity::find();
    }
    let own_posts = job_post::Entity::find()
        .select_only()
        .column(job_post::Column::Id)
        .filter(job_post::Column::ClientId.eq(viewer.id()));
    let received = Condition::all()
        .add(Column::JobPostId.in_subquery(own_posts.into_query()))
        .add(unrestricted(Column::FreelancerId, now));
    let own = Condition::any().add(Column::FreelancerId.eq(viewer.id())).add(received);
    Entity::find().filter(own)
}

/// A condition: stands in `state` at `now`; a live one to a post whose time is up is archived.
pub fn standing(state: ProposalState, now: Instant) -> Condition {
    let overdue = job_post::Entity::find()
        .select_only()
        .column(job_post::Column::Id)
        .filter(job_post::Column::State.eq(JobPostState::Open))
        .filter(job_post::Column::ExpiresAt.lte(now))
        .into_query();
    let offered =
        Condition::all().add(Column::State.eq(ProposalState::Offered)).add(Column::OfferExpiresAt.gt(now));
    match state {
        ProposalState::Submitted | ProposalState::Interviewing => {
            let talks = state == ProposalState::Interviewing;
            let since = Column::InterviewingSince;
            Condition::all()
                .add(Column::State.is_in(LIVE.iter().copied()))
                .add(offered.not())
                .add(if talks { since.is_not_null() } else { since.is_null() })
                .add(Column::JobPostId.not_in_subquery(overdue))
        }
        ProposalState::Offered => {
            Condition::all().add(offered).add(Column::JobPostId.not_in_subquery(overdue))
        }
        ProposalState::Archived => Condition::any().add(Column::State.eq(state)).add(
            Condition::all()
                .add(Column::State.is_in(LIVE.iter().copied()))
                .add(Column::JobPostId.in_subquery(overdue)),
        ),
        other => Condition::all().add(Column::State.eq(other)),
    }
}

/// Proposals that `freelancer` has sent.
pub fn sent_by(freelancer: AccountId) -> Select<Entity> {
    Entity::find().filter(Column::FreelancerId.eq(freelancer))
}

/// The proposal with this id.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_proposal(db: &impl ConnectionTrait, id: ProposalId) -> Result<Option<proposal::Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// The proposal of `freelancer` to a post.
///
/// # Errors
/// When the database refuses.
pub async fn find_to(txn: &Txn, post: JobPostId, freelancer: AccountId) -> Result<Option<proposal::Model>> {
    Ok(sent_by(freelancer).filter(Column::JobPostId.eq(post)).one(txn).await?)
}

/// Which of `freelancers` have proposed to which of `posts`, and (true) which were hired for them.
pub(super) async fn list_involved(
    txn: &Txn,
    posts: &[JobPostId],
    freelancers: &[AccountId],
) -> Result<Vec<(JobPostId, AccountId, bool)>> {
    let (posts, people) = (|| Sql::list(posts.iter().copied()), || Sql::list(freelancers.iter().copied()));
    let sql = Sql::new("SELECT job_post_id, freelancer_id, 0 AS hired FROM proposals WHERE job_post_id IN (")
        .push(posts())
        .push(") AND freelancer_id IN (")
        .push(people())
        .push(") UNION ALL SELECT job_post_id, freelancer_id, 1 FROM contracts WHERE job_post_id IN (")
        .push(posts())
        .push(") AND freelancer_id IN (")
        .push(people())
        .push(")");
    let involved = |row: &QueryResult| {
        let hired: i32 = row.try_get("", "hired")?;
        Ok((row.try_get("", "job_post_id")?, row.try_get("", "freelancer_id")?, hired == 1))
    };
    txn.query_all_raw(sql.on(txn)?).await?.iter().map(involved).collect()
}

pub(super) fn insert_proposals(writes: &mut Writes<'_>, proposals: Vec<proposal::Model>) {
    writes.insert(proposals.into_iter().map(IntoActiveModel::into_active_model));
}

/// Writes all that may change of a proposal.
///
/// # Errors
/// When the database refuses.
pub async fn update_proposal(txn: &Txn, proposal: proposal::Model) -> Result<()> {
    Entity::update(proposal.into_active_model().reset_all()).exec(txn).await?;
    Ok(())
}

/// The proposals to `posts` that were paid for, without those that were withdrawn or hired (T-1).
///
/// # Errors
/// When the database refuses.
pub async fn list_paid(txn: &Txn, posts: &[JobPostId]) -> Result<Vec<proposal::Model>> {
    let paid = Column::JobPostId.is_in(posts.iter().copied()).and(Column::EntrySeq.is_not_null());
    Ok(Entity::find().filter(paid).filter(Column::State.is_not_in(NOT_RETURNED)).all(txn).await?)
}

/// The wallets that paid for those.
///
/// # Errors
/// When the database refuses.
pub async fn list_paying_wallets(txn: &Txn, posts: &[JobPostId]) -> Result<Vec<WalletId>> {
    let paid = Column::JobPostId.is_in(posts.iter().copied()).and(Column::EntrySeq.is_not_null());
    let standing = Entity::find().filter(paid).filter(Column::State.is_not_in(NOT_RETURNED));
    Ok(standing.select_only().column(Column::WalletId).distinct().into_tuple().all(txn).await?)
}

/// The proposals of `freelancer` that nobody has ended, in the order of their posts.
///
/// # Errors
/// When the database refuses.
pub async fn list_live(txn: &Txn, freelancer: AccountId) -> Result<Vec<proposal::Model>> {
    let live = sent_by(freelancer).filter(Column::State.is_in(LIVE.iter().copied()));
    Ok(live.order_by_asc(Column::JobPostId).all(txn).await?)
}

/// Withdraws `proposals` now.
pub(super) async fn update_withdrawn(
    txn: &Txn,
    proposals: &[ProposalId],
    reason: Option<&str>,
) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(Move::Leave.to()))
        .col_expr(Column::EndedAt, Expr::value(txn.now()))
        .col_expr(Column::EndedReason, Expr::value(reason.map(str::to_owned)))
        .filter(Column::Id.is_in(proposals.iter().copied()))
        .filter(Column::State.is_in(Move::Leave.from().iter().copied()))
        .exec(txn)
        .await?;
    Ok(())
}

/// Archives the live proposals to `posts`, which have just ended, at the end of their post, and notifies
/// their freelancers, unless they were notified of what came back. Returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn archive(txn: &Txn, posts: &[JobPostId]) -> Result<u64> {
    let ended = Sql::new(
        "SELECT p.freelancer_id AS account_id, 'ENDED/' || j.business_key AS key, j.id AS job_post_id, \
         j.title AS subject, j.closed_at AS about_at FROM proposals p JOIN job_posts j ON j.id = p.job_post_id \
         WHERE NOT EXISTS (SELECT 1 FROM notifications n WHERE n.account_id = p.freelancer_id \
         AND n.key = :returned || j.business_key) AND p.job_post_id IN (",
    );
    let ended = ended.bind("returned", key::RETURNED);
    let list = || Sql::list(posts.iter().copied());
    let live = || Sql::list(Move::Archive.from().iter().copied());
    let recipients = ended.push(list()).push(") AND p.state IN (").push(live()).push(")");
    let recipients = Recipients::select(recipients);
    notify_all(txn, &ARCHIVED, recipients).await?;
    let sql = Sql::new(
        "UPDATE proposals SET state = :state, \
         ended_at = (SELECT j.closed_at FROM job_posts j WHERE j.id = proposals.job_post_id) WHERE job_post_id IN (",
    );
    let sql = sql.bind("state", Move::Archive.to()).push(list()).push(") AND state IN (").push(live());
    txn.run(sql.push(")")).await
}

/// Puts `proposals` whose offers are over back where they were (S-5); those that are no longer offered stay as they are.
///
/// # Errors
/// When the database refuses.
pub async fn take_back_offered(txn: &Txn, proposals: &[ProposalId]) -> Result<()> {
    let sql = Sql::new(
        "UPDATE proposals SET offer_expires_at = NULL, \
         state = CASE WHEN interviewing_since IS NULL THEN :resubmitted ELSE :resumed END \
         WHERE state = :offered AND id IN (",
    );
    let sql = sql.bind("resubmitted", Move::Resubmit.to()).bind("resumed", Move::Resume.to());
    let sql = sql.bind("offered", Move::Offer.to());
    txn.run(sql.push(Sql::list(proposals.iter().copied())).push(")")).await?;
    Ok(())
}

/// What of the Connects of each of `proposals` has come back (T-5), less what of that was reversed (T-6) or taken away at once
/// by a charge-back (B-4).
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_returned(
    db: &impl ConnectionTrait,
    proposals: &[ProposalId],
) -> Result<Vec<(ProposalId, i64)>> {
    let sql = Sql::new(
        "SELECT p.id, CAST(SUM(e.available_change + COALESCE(x.available_change, 0) + COALESCE((SELECT SUM(g.available_change + COALESCE((SELECT SUM(h.available_change) FROM entries h \
         WHERE h.wallet_id = g.wallet_id AND h.reverses_seq = g.seq), 0)) FROM entries g \
         WHERE g.wallet_id = e.wallet_id AND g.reverses_seq = e.seq), 0)) AS BIGINT) AS returned \
         FROM proposals p JOIN entries e ON e.wallet_id = p.wallet_id AND e.reverses_seq = p.entry_seq \
         LEFT JOIN entries x ON x.wallet_id = e.wallet_id \
         AND x.business_key = 'RETURN_REVERSED/' || e.business_key WHERE p.id IN (",
    );
    let sql = sql.push(Sql::list(proposals.iter().copied())).push(") GROUP BY p.id");
    let rows = db.query_all_raw(sql.on(db)?).await?;
    rows.iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", "returned")?))).collect()
}

/// Takes out the words of `account`: the letters and reasons of the proposals that it sent, the reasons they were
/// declined for, and the reasons that it gave as a client (P-6).
///
/// # Errors
/// When the database refuses.
pub async fn erase_of(txn: &Txn, account: AccountId) -> Result<()> {
    let sent = "UPDATE proposals SET cover_letter = '[erased]', \
                ended_reason = CASE WHEN ended_reason IS NULL THEN NULL ELSE '[erased]' END WHERE freelancer_id = :account";
    txn.run(Sql::new(sent).bind("account", account)).await?;
    let declined = "UPDATE proposals SET ended_reason = '[erased]' WHERE state = 'DECLINED' \
                    AND job_post_id IN (SELECT id FROM job_posts WHERE client_id = :account)";
    txn.run(Sql::new(declined).bind("account", account)).await?;
    Ok(())
}
