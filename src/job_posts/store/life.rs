//! The SQL that ends posts (J-2, J-4).

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        ids::JobPostId,
        job_post::{Column, Entity},
    },
    error::Result,
    job_posts::rules::life::Move,
};

/// Ends the locked posts `ids` in this way, at `closed_at`.
///
/// # Errors
/// When the database refuses.
pub async fn update_ended(
    txn: &Txn,
    ids: &[JobPostId],
    way: Move,
    closed_at: Instant,
    reason: Option<&str>,
) -> Result<()> {
    let nothing = || Expr::value(None::<Instant>);
    Entity::update_many()
        .col_expr(Column::State, Expr::value(way.to()))
        .col_expr(Column::ClosedAt, Expr::value(closed_at))
        .col_expr(Column::ClosingReason, Expr::value(reason.map(str::to_owned)))
        .col_expr(Column::ExpiresAt, nothing())
        .col_expr(Column::WarnAt, nothing())
        .filter(Column::Id.is_in(ids.iter().copied()))
        .exec(txn)
        .await?;
    Ok(())
}

/// Ends the locked posts `ids` at their own deadlines.
///
/// # Errors
/// When the database refuses.
pub async fn update_expired(txn: &Txn, ids: &[JobPostId]) -> Result<u64> {
    let sql = Sql::new(
        "UPDATE job_posts SET state = :state, closed_at = expires_at, expires_at = NULL, warn_at = NULL \
         WHERE id IN (",
    );
    let sql = sql.bind("state", Move::Expire.to());
    txn.run(sql.push(Sql::list(ids.iter().copied())).push(")")).await
}

/// Records that the clients of posts `ids` were warned.
pub(in crate::job_posts) async fn update_warned(txn: &Txn, ids: &[JobPostId]) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::WarnAt, Expr::value(None::<Instant>))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .exec(txn)
        .await?;
    Ok(())
}

/// When the next open post expires or its client is to be warned.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_next_deadline(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    let mut next = None;
    for sql in [
        "SELECT MIN(expires_at) AS at FROM job_posts WHERE state = 'OPEN'",
        "SELECT MIN(warn_at) AS at FROM job_posts WHERE warn_at IS NOT NULL",
    ] {
        let row = db.query_one_raw(Sql::new(sql).on(db)?).await?;
        let at: Option<Instant> = row.map_or(Ok(None), |row| row.try_get("", "at"))?;
        next = [next, at].into_iter().flatten().min();
    }
    Ok(next)
}
