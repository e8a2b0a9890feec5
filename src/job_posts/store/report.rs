//! The SQL of reports, removals and appeals (J-7).

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter,
    QueryOrder, Select,
    sea_query::{Expr, OnConflict},
};

use crate::{
    db::{Sql, Txn},
    entity::{
        enums::ReportState,
        ids::{AccountId, JobPostId, ReportId},
        job_post_report::{self, Column, Entity},
        removal,
    },
    error::Result,
    viewer::{Permission, Viewer},
};

/// Reports that `viewer` may see: their own, or all with the permission to read the whole market.
pub fn reports_visible_to(viewer: &Viewer) -> Select<Entity> {
    let all = Entity::find();
    if viewer.may(Permission::ReadMarket) { all } else { all.filter(Column::ReporterId.eq(viewer.id())) }
}

/// Reports that `viewer` may see; only those that stand so, if that is given.
pub fn visible_reports(viewer: &Viewer, state: Option<ReportState>) -> Select<Entity> {
    let state = state.map(|state| Column::State.eq(state));
    reports_visible_to(viewer).filter(Condition::all().add_option(state))
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible_reports(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[ReportId],
) -> Result<Vec<job_post_report::Model>> {
    Ok(reports_visible_to(viewer).filter(Column::Id.is_in(ids.iter().copied())).all(db).await?)
}

/// Reports that `reporter` made.
pub fn reports_by(reporter: AccountId) -> Select<Entity> {
    Entity::find().filter(Column::ReporterId.eq(reporter))
}

/// Inserts a report; returns whether its reporter had made none about this post.
pub(in crate::job_posts) async fn insert_report(txn: &Txn, report: job_post_report::Model) -> Result<bool> {
    let once = OnConflict::columns([Column::JobPostId, Column::ReporterId]).do_nothing().to_owned();
    let insert = Entity::insert(report.into_active_model()).on_conflict(once);
    Ok(insert.exec_without_returning(txn).await? == 1)
}

/// The open reports of `posts`, oldest first.
pub(in crate::job_posts) async fn list_open_reports(
    txn: &Txn,
    posts: &[JobPostId],
) -> Result<Vec<job_post_report::Model>> {
    Ok(Entity::find()
        .filter(open_of(posts))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(txn)
        .await?)
}

fn open_of(posts: &[JobPostId]) -> Expr {
    Column::JobPostId.is_in(posts.iter().copied()).and(Column::State.eq(ReportState::Open))
}

/// Decides the open reports of `posts`.
pub(in crate::job_posts) async fn update_reports(
    txn: &Txn,
    posts: &[JobPostId],
    state: ReportState,
    decision: &str,
    decided_by: AccountId,
) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::Decision, Expr::value(decision))
        .col_expr(Column::DecidedAt, Expr::value(txn.now()))
        .col_expr(Column::DecidedBy, Expr::value(decided_by))
        .filter(open_of(posts))
        .exec(txn)
        .await?;
    Ok(())
}

/// Records why `posts` were removed.
///
/// # Errors
/// When the database refuses.
pub async fn insert_removals(txn: &Txn, posts: &[JobPostId], reason: &str, by: AccountId) -> Result<()> {
    if posts.is_empty() {
        return Ok(());
    }
    let row = |post: &JobPostId| removal::ActiveModel {
        job_post_id: Set(*post),
        reason: Set(reason.to_owned()),
        removed_by: Set(by),
        removed_at: Set(txn.now()),
        ..Default::default()
    };
    removal::Entity::insert_many(posts.iter().map(row)).exec_without_returning(txn).await?;
    Ok(())
}

/// The removals of `posts`, with their reasons, appeals and answers.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_removals(db: &impl ConnectionTrait, posts: &[JobPostId]) -> Result<Vec<removal::Model>> {
    let these = removal::Column::JobPostId.is_in(posts.iter().copied());
    Ok(removal::Entity::find().filter(these).all(db).await?)
}

/// Records an appeal; returns whether it is the first one.
pub(in crate::job_posts) async fn update_appeal(txn: &Txn, post: JobPostId, text: &str) -> Result<bool> {
    use removal::Column::{Appeal, AppealedAt, JobPostId as Post};
    let first = Post.eq(post).and(Appeal.is_null());
    let noted = removal::Entity::update_many()
        .col_expr(Appeal, Expr::value(text))
        .col_expr(AppealedAt, Expr::value(txn.now()))
        .filter(first);
    Ok(noted.exec(txn).await?.rows_affected == 1)
}

/// Answers an appeal; returns whether there was one to answer.
pub(in crate::job_posts) async fn update_answer(
    txn: &Txn,
    post: JobPostId,
    answer: &str,
    by: AccountId,
) -> Result<bool> {
    use removal::Column::{Answer, AnsweredAt, AnsweredBy, Appeal, JobPostId as Post};
    let open = Post.eq(post).and(Appeal.is_not_null()).and(Answer.is_null());
    let answered = removal::Entity::update_many()
        .col_expr(Answer, Expr::value(answer))
        .col_expr(AnsweredBy, Expr::value(by))
        .col_expr(AnsweredAt, Expr::value(txn.now()))
        .filter(open);
    Ok(answered.exec(txn).await?.rows_affected == 1)
}

/// Removes the texts of `account`: of their posts, reports and appeals, and of the removals of their posts (P-6).
///
/// # Errors
/// When the database refuses.
pub async fn erase_of(txn: &Txn, account: AccountId) -> Result<()> {
    let posts = "UPDATE job_posts SET title = '[erased]', description = '[erased]', subcategory = NULL, \
                 skills = :none, search_text = '', closing_reason = CASE WHEN closing_reason IS NULL THEN NULL \
                 ELSE '[erased]' END WHERE client_id = :account";
    txn.run(Sql::new(posts).bind("none", serde_json::json!([])).bind("account", account)).await?;
    let reports = "UPDATE job_post_reports SET comment = '[erased]' WHERE reporter_id = :account";
    txn.run(Sql::new(reports).bind("account", account)).await?;
    let removals = "UPDATE removals SET reason = '[erased]', \
                    appeal = CASE WHEN appeal IS NULL THEN NULL ELSE '[erased]' END, \
                    answer = CASE WHEN answer IS NULL THEN NULL ELSE '[erased]' END \
                    WHERE job_post_id IN (SELECT id FROM job_posts WHERE client_id = :account)";
    txn.run(Sql::new(removals).bind("account", account)).await?;
    Ok(())
}
