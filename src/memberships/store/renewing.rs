//! Plans that no admin has granted: what their next cycle is paid with (M-7, M-10, M-14). Each statement is about a batch.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, sea_query::Expr};

use super::Due;
use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{enums::RenewalState, ids::WalletId, plan_period, renewal},
    error::Result,
};

/// The condition that the period `p` contains `at`.
fn covers(at: Instant) -> Sql {
    Sql::new("p.from_at <= :at AND (p.until_at IS NULL OR p.until_at > :at)").bind("at", at)
}

/// The condition that no month that was given is used for the cycle of a member of the batch that starts at `at`; `of` is the
/// table with the member's wallet.
fn is_not_given(of: &str, at: Instant) -> Sql {
    let text = "NOT EXISTS (SELECT 1 FROM gift_months g WHERE g.used_at = :at AND g.wallet_id = ";
    Sql::new(text).bind("at", at).push(format!("{of}.wallet_id)"))
}

/// Whether anybody in a batch is on a plan that no admin has granted.
pub(in crate::memberships) async fn has_plans_to_renew(txn: &Txn, due: &Due) -> Result<bool> {
    let sql = Sql::new("SELECT p.wallet_id FROM plan_periods p WHERE p.basis <> 'GRANTED' AND ");
    let sql = sql.push(covers(due.starts_at)).push(" AND p.wallet_id IN (").push(due.members().ids());
    Ok(txn.query_one_raw(sql.push(") LIMIT 1").on(txn)?).await?.is_some())
}

/// Uses a month that was given, before the cycle was over at `next`, to each member who has one left and is on its plan
/// without an admin's grant.
pub(in crate::memberships) async fn use_gifts(txn: &Txn, due: &Due, next: Instant) -> Result<u64> {
    let sql = Sql::new("UPDATE gift_months SET used_at = :at WHERE used_at IS NULL AND wallet_id IN (");
    let sql = sql.bind("at", due.starts_at).push(due.members().ids()).push(
        ") AND seq = (SELECT MIN(g.seq) FROM gift_months g WHERE g.wallet_id = gift_months.wallet_id \
         AND g.used_at IS NULL) AND EXISTS (SELECT 1 FROM plan_periods p WHERE p.wallet_id = gift_months.wallet_id \
         AND p.plan = gift_months.plan AND p.basis <> 'GRANTED' AND ",
    );
    let given = Sql::new(") AND given_at < :next").bind("next", next);
    txn.run(sql.push(covers(due.starts_at)).push(given)).await
}

/// Lets the plans of members that go on by months that were given end at `next` with the last one, so that they are over then
/// however late the task is (M-10, X-7).
pub(in crate::memberships) async fn end_with_gifts(txn: &Txn, due: &Due, next: Instant) -> Result<u64> {
    let sql = Sql::new(
        "UPDATE plan_periods SET until_at = :next WHERE basis = 'GIFT' AND from_at <= :at \
         AND (until_at IS NULL OR until_at > :next) AND wallet_id IN (",
    );
    let sql = sql.bind("at", due.starts_at).bind("next", next).push(due.members().ids()).push(
        ") AND NOT EXISTS (SELECT 1 FROM gift_months g WHERE g.wallet_id = plan_periods.wallet_id \
         AND g.plan = plan_periods.plan AND g.used_at IS NULL)",
    );
    txn.run(sql).await
}

/// Notes that the cycle of each member who pays for it is to be paid (M-7).
pub(in crate::memberships) async fn insert_renewals(txn: &Txn, due: &Due) -> Result<u64> {
    let sql = Sql::new(
        "INSERT INTO renewals (wallet_id, starts_at, plan, state) SELECT p.wallet_id, :at, p.plan, 'DUE' \
         FROM plan_periods p WHERE ",
    );
    let sql = sql.bind("at", due.starts_at).push(is_charged(due));
    txn.run(sql.push(" ON CONFLICT (wallet_id, starts_at) DO NOTHING")).await
}

/// The condition that the period `p` is of a member who pays for the cycle.
fn is_charged(due: &Due) -> Sql {
    let sql = Sql::new("p.basis = 'CHARGED' AND ").push(covers(due.starts_at)).push(" AND ");
    let sql = sql.push(is_not_given("p", due.starts_at));
    sql.push(" AND p.wallet_id IN (").push(due.members().ids()).push(")")
}

/// Lets the plan of each member who would have paid for this cycle lapse for it, and go on with the cycle that starts at
/// `next` (M-14).
pub(in crate::memberships) async fn lapse(txn: &Txn, due: &Due, next: Instant) -> Result<u64> {
    let goes_on = Sql::new(
        "INSERT INTO plan_periods (wallet_id, plan, from_at, until_at, basis, cancelled_at, actor_id, \
         recorded_at) SELECT p.wallet_id, p.plan, :next, p.until_at, p.basis, p.cancelled_at, p.actor_id, :now FROM plan_periods p \
         WHERE (p.until_at IS NULL OR p.until_at > :next) AND ",
    );
    let goes_on = goes_on.bind("next", next).bind("now", txn.now()).push(is_charged(due));
    // Only one that was ended before it began can be there.
    let replace = " ON CONFLICT (wallet_id, from_at) DO UPDATE SET plan = excluded.plan, until_at = excluded.until_at, \
                   basis = excluded.basis, cancelled_at = excluded.cancelled_at, actor_id = excluded.actor_id, \
                   recorded_at = excluded.recorded_at WHERE plan_periods.until_at = plan_periods.from_at";
    txn.run(goes_on.push(replace)).await?;
    let end = Sql::new(
        "UPDATE plan_periods SET until_at = :at WHERE basis = 'CHARGED' AND from_at <= :at \
         AND (until_at IS NULL OR until_at > :at) AND wallet_id IN (",
    );
    let end = end.bind("at", due.starts_at).push(due.members().ids()).push(") AND ");
    txn.run(end.push(is_not_given("plan_periods", due.starts_at))).await
}

/// Lets a plan lapse for the cycle from the first to the second of these instants, and go on after it.
pub(in crate::memberships) async fn lapse_one(
    txn: &Txn,
    period: &plan_period::Model,
    (starts_at, next): (Instant, Instant),
) -> Result<()> {
    super::end_plan_period(txn, period, starts_at).await?;
    if period.until_at.is_none_or(|until| until > next) {
        let after = plan_period::Model { from_at: next, recorded_at: txn.now(), ..period.clone() };
        super::insert_plan_period(txn, after).await?;
    }
    Ok(())
}

/// Whether a cycle of `wallet` from before `starts_at` is being paid.
pub(in crate::memberships) async fn is_charging_before(
    db: &impl ConnectionTrait,
    wallet: WalletId,
    starts_at: Instant,
) -> Result<bool> {
    use renewal::Column::{StartsAt, State, WalletId as Wallet};
    let charging = renewal::Entity::find()
        .filter(Wallet.eq(wallet))
        .filter(State.eq(RenewalState::Charging))
        .filter(StartsAt.lt(starts_at));
    Ok(charging.one(db).await?.is_some())
}

/// The next renewals whose payment is to begin, up to `limit`, after the one of this start and wallet.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_due_renewals(
    db: &impl ConnectionTrait,
    (from, after): (Instant, Option<WalletId>),
    limit: u64,
) -> Result<Vec<renewal::Model>> {
    let sql = Sql::new("SELECT * FROM renewals WHERE state = 'DUE' AND ");
    let sql = match after {
        Some(wallet) => sql
            .push("(starts_at > :from OR (starts_at = :from AND wallet_id > :after))")
            .bind("after", wallet),
        None => sql.push("starts_at >= :from"),
    };
    let sql = sql.bind("from", from).push(format!(" ORDER BY starts_at, wallet_id LIMIT {limit}"));
    Ok(renewal::Model::find_by_statement(sql.on(db)?).all(db).await?)
}

/// The renewal of a cycle, locked.
pub(in crate::memberships) async fn lock_renewal(
    txn: &Txn,
    wallet: WalletId,
    starts_at: Instant,
) -> Result<Option<renewal::Model>> {
    let sql = Sql::new("SELECT * FROM renewals WHERE wallet_id = :wallet AND starts_at = :at");
    let sql = sql.bind("wallet", wallet).bind("at", starts_at).push(txn.for_update());
    Ok(renewal::Model::find_by_statement(sql.on(txn)?).one(txn).await?)
}

/// Writes how a renewal stands now.
pub(in crate::memberships) async fn update_renewal(txn: &Txn, row: &renewal::Model) -> Result<()> {
    use renewal::Column::{EndedAt, StartsAt, State, WalletId as Wallet};
    let ended_at = matches!(row.state, RenewalState::Paid | RenewalState::Failed).then(|| txn.now());
    renewal::Entity::update_many()
        .col_expr(State, Expr::value(row.state))
        .col_expr(EndedAt, Expr::value(ended_at))
        .filter(Wallet.eq(row.wallet_id))
        .filter(StartsAt.eq(row.starts_at))
        .exec(txn)
        .await?;
    Ok(())
}
