//! All SQL of scheduled work.

pub(super) mod leases;

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Expr, OnConflict},
};

use super::task::Task;
use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        enums::TaskRunOutcome,
        ids::{AccountId, TaskRunId},
        task_run, task_state,
    },
    error::Result,
    viewer::{Permission, Viewer},
};

/// Runs that `viewer` may see: all for those who may see tasks, none for anyone else.
pub fn visible_to(viewer: &Viewer) -> Select<task_run::Entity> {
    let all = task_run::Entity::find();
    if viewer.may(Permission::ReadTasks) { all } else { all.filter(Expr::value(false)) }
}

/// Runs that `viewer` may see; only those of `task`, and only those that ended so, if that is given.
pub fn visible_runs(
    viewer: &Viewer,
    task: Option<String>,
    outcome: Option<TaskRunOutcome>,
) -> Select<task_run::Entity> {
    use task_run::Column::{Outcome, Task};
    // No task has a null character in its name, and PostgreSQL would refuse it in a text.
    let task = task.map(|task| Task.eq(task.replace('\0', "?")));
    let outcome = outcome.map(|outcome| Outcome.eq(outcome));
    visible_to(viewer).filter(Condition::all().add_option(task).add_option(outcome))
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[TaskRunId],
) -> Result<Vec<task_run::Model>> {
    Ok(visible_to(viewer).filter(task_run::Column::Id.is_in(ids.iter().copied())).all(db).await?)
}

/// The business time of the last successful run of `task` that is not after `now`; later ones ran while the machine's
/// clock was ahead.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_last_success(
    db: &impl ConnectionTrait,
    task: &Task,
    now: Instant,
) -> Result<Option<Instant>> {
    use task_run::Column::{BusinessNow, Outcome};
    let last = runs_of(task).select_only().column(BusinessNow).filter(Outcome.eq(TaskRunOutcome::Succeeded));
    let last = last.filter(BusinessNow.lte(now));
    Ok(last.order_by_desc(task_run::Column::Id).into_tuple().one(db).await?)
}

/// The latest occurrence of `task` that was run to its end.
pub(super) async fn find_last_occurrence(db: &impl ConnectionTrait, task: &Task) -> Result<Option<Instant>> {
    use task_run::Column::{DueAt, Outcome};
    let last = runs_of(task).select_only().column(DueAt).filter(by_timetable());
    let last = last.filter(Outcome.eq(TaskRunOutcome::Succeeded)).order_by_desc(DueAt);
    Ok(last.into_tuple().one(db).await?)
}

/// Whether the occurrence of `task` at `due_at` was run to its end.
pub(super) async fn is_done(txn: &Txn, task: &Task, due_at: Instant) -> Result<bool> {
    use task_run::Column::{DueAt, Outcome};
    let done = runs_of(task).filter(by_timetable()).filter(DueAt.eq(due_at));
    Ok(done.filter(Outcome.eq(TaskRunOutcome::Succeeded)).one(txn).await?.is_some())
}

/// Whether a run of `task` stands for a time after `now`.
pub(super) async fn has_future(db: &impl ConnectionTrait, task: &Task, now: Instant) -> Result<bool> {
    let later = runs_of(task).filter(by_timetable()).filter(task_run::Column::DueAt.gt(now));
    Ok(later.one(db).await?.is_some())
}

/// Lets the runs of `task` that stand for times after `now` stand for the instant at which they began.
pub(super) async fn update_future(txn: &Txn, task: &Task, now: Instant) -> Result<()> {
    use task_run::Column::{self, DueAt, StartedAt};
    task_run::Entity::update_many()
        .col_expr(DueAt, Expr::col(StartedAt))
        .filter(Column::Task.eq(task.name))
        .filter(DueAt.gt(now))
        .filter(by_timetable())
        .exec(txn)
        .await?;
    Ok(())
}

/// The last sign of life in system time.
pub(super) async fn find_seen(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    let row = db.query_one_raw(Sql::new("SELECT seen_at FROM instance").on(db)?).await?;
    Ok(row.map(|row| row.try_get::<Option<Instant>>("", "seen_at")).transpose()?.flatten())
}

pub(super) async fn update_seen(txn: &Txn, now: Instant) -> Result<()> {
    txn.run(Sql::new("UPDATE instance SET seen_at = :now").bind("now", now)).await?;
    Ok(())
}

/// A sign of life never goes back: a clock that is behind for a moment says nothing against the others.
pub(super) async fn raise_seen(txn: &Txn, now: Instant) -> Result<()> {
    let sql = "UPDATE instance SET seen_at = :now WHERE seen_at IS NULL OR seen_at < :now";
    txn.run(Sql::new(sql).bind("now", now)).await?;
    Ok(())
}

pub(super) async fn insert_run(txn: &Txn, run: &task_run::Model) -> Result<()> {
    task_run::Entity::insert(run.clone().into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// Whether a run of `task` has begun and not ended, as far as its record knows.
pub(super) async fn is_running(db: &impl ConnectionTrait, task: &Task) -> Result<bool> {
    let running = runs_of(task).filter(task_run::Column::Outcome.eq(TaskRunOutcome::Running));
    Ok(running.one(db).await?.is_some())
}

/// Marks runs of `task` that never ended as crashed; call it under the task's lease.
pub(super) async fn update_crashed(txn: &Txn, task: &Task) -> Result<()> {
    use task_run::Column::{self, FinishedAt, Outcome};
    task_run::Entity::update_many()
        .col_expr(Outcome, Expr::value(TaskRunOutcome::Crashed))
        .col_expr(FinishedAt, Expr::value(txn.wall_now().await?))
        .filter(Column::Task.eq(task.name))
        .filter(Outcome.eq(TaskRunOutcome::Running))
        .exec(txn)
        .await?;
    Ok(())
}

pub(super) async fn update_run(txn: &Txn, run: &task_run::Model) -> Result<()> {
    let row = run.clone().into_active_model().reset_all();
    task_run::Entity::update(row).exec(txn).await?;
    Ok(())
}

/// Deletes at most `limit` runs that started before `before`, but keeps the last success of each task.
pub(super) async fn sweep_runs(txn: &Txn, before: Instant, limit: u64) -> Result<u64> {
    let sql = Sql::new(
        "DELETE FROM task_runs WHERE id IN (SELECT r.id FROM task_runs r WHERE r.started_at < :before AND ",
    );
    txn.run(sql.bind("before", before).push(SUCCEEDED_SINCE).push(format!(" LIMIT {limit})"))).await
}

/// A later run of the same task succeeded, so that run `r` tells nothing that is needed.
const SUCCEEDED_SINCE: &str =
    "EXISTS (SELECT 1 FROM task_runs n WHERE n.task = r.task AND n.outcome = 'SUCCEEDED' AND n.id > r.id)";

/// When the oldest run that may be deleted one day started.
pub(super) async fn find_oldest_run(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    let sql = Sql::new("SELECT r.started_at FROM task_runs r WHERE ").push(SUCCEEDED_SINCE);
    let row = db.query_one_raw(sql.push(" ORDER BY r.started_at LIMIT 1").on(db)?).await?;
    Ok(row.map(|row| row.try_get("", "started_at")).transpose()?)
}

/// Whether `task` is paused.
///
/// # Errors
/// When the database cannot be reached.
pub async fn is_paused(db: &impl ConnectionTrait, task: &Task) -> Result<bool> {
    let state = task_state::Entity::find_by_id(task.name).one(db).await?;
    Ok(state.is_some_and(|state| state.paused_at.is_some()))
}

/// All switches that were ever touched.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_states(db: &impl ConnectionTrait) -> Result<Vec<task_state::Model>> {
    Ok(task_state::Entity::find().all(db).await?)
}

pub(super) async fn update_state(txn: &Txn, task: &Task, paused: Option<(Instant, AccountId)>) -> Result<()> {
    use task_state::Column::{Name, PausedAt, PausedBy};
    let row = task_state::ActiveModel {
        name: Set(task.name.to_owned()),
        paused_at: Set(paused.map(|(at, _)| at)),
        paused_by: Set(paused.map(|(_, by)| by)),
    };
    let replace = OnConflict::column(Name).update_columns([PausedAt, PausedBy]).to_owned();
    task_state::Entity::insert(row).on_conflict(replace).exec_without_returning(txn).await?;
    Ok(())
}

fn runs_of(task: &Task) -> Select<task_run::Entity> {
    task_run::Entity::find().filter(task_run::Column::Task.eq(task.name))
}

/// The runs that stand for an occurrence; in the words of the partial index, so that it serves.
fn by_timetable() -> Expr {
    Expr::cust("task_runs.trigger IN ('CRON', 'CATCH_UP') AND task_runs.outcome IN ('RUNNING', 'SUCCEEDED')")
}
