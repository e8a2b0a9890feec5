//! The SQL of leases.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::lease,
    error::Result,
};

/// Takes a lease until `until` that is free at `now` or was granted for longer than `beyond`; whether it was so.
pub(in crate::schedule) async fn take_lease(
    txn: &Txn,
    (name, goal): (&str, Option<Instant>),
    holder: &str,
    (now, until, beyond): (Instant, Instant, Instant),
) -> Result<bool> {
    let sql = Sql::new(
        "INSERT INTO leases (name, holder, expires_at, goal_at) VALUES (:name, :holder, :until, :goal) \
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at, \
         goal_at = excluded.goal_at WHERE leases.expires_at <= :now OR leases.expires_at > :beyond",
    );
    let sql = sql.bind("name", name).bind("holder", holder).bind("until", until).bind("goal", goal);
    Ok(txn.run(sql.bind("now", now).bind("beyond", beyond)).await? == 1)
}

/// The lease called `name`, whether or not it lasts.
pub(in crate::schedule) async fn find_lease(
    db: &impl ConnectionTrait,
    name: &str,
) -> Result<Option<lease::Model>> {
    Ok(lease::Entity::find_by_id(name).one(db).await?)
}

pub(in crate::schedule) async fn holds_lease(txn: &Txn, name: &str, holder: &str) -> Result<bool> {
    let lease = find_lease(txn, name).await?;
    Ok(lease.is_some_and(|lease| lease.holder == holder))
}

pub(in crate::schedule) async fn renew_lease(
    txn: &Txn,
    name: &str,
    holder: &str,
    until: Instant,
) -> Result<()> {
    use lease::Column::{ExpiresAt, Holder, Name};
    lease::Entity::update_many()
        .col_expr(ExpiresAt, Expr::value(until))
        .filter(Name.eq(name))
        .filter(Holder.eq(holder))
        .exec(txn)
        .await?;
    Ok(())
}

pub(in crate::schedule) async fn delete_lease(txn: &Txn, name: &str, holder: &str) -> Result<()> {
    use lease::Column::{Holder, Name};
    lease::Entity::delete_many().filter(Name.eq(name)).filter(Holder.eq(holder)).exec(txn).await?;
    Ok(())
}
