//! All SQL of memberships.

mod checks;
mod gifts;
mod reaches;
mod renewing;
mod sections;

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, Iterable, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, OnConflict},
};

pub use checks::CHECKS;
pub use gifts::{count_gift_months, list_gift_months};
pub(super) use gifts::{insert_gift_months, use_gift};
pub use reaches::REACHES;
pub use renewing::list_due_renewals;
pub(super) use renewing::{
    end_with_gifts, has_plans_to_renew, insert_renewals, is_charging_before, lapse, lapse_one, lock_renewal,
    update_renewal, use_gifts,
};
pub use sections::SECTIONS;

use super::rules::DEFAULT_PLAN;
use crate::{
    accounts::store::restricted,
    clock::Instant,
    connects::WalletSet,
    db::{Sql, Txn},
    entity::{
        enums::MembershipPlan,
        ids::{AccountId, WalletId},
        membership, plan_period, wallet,
    },
    error::Result,
};

/// A batch of memberships whose cycle has begun: those with the same start and anchor day, up to a wallet.
#[derive(Clone, Debug)]
pub(super) struct Due {
    /// When the cycle starts.
    pub starts_at: Instant,
    /// The day of the month on which cycles start.
    pub anchor_day: i64,
    /// The first wallet of the batch.
    pub from: WalletId,
    /// The last wallet of the batch; absent when the batch has all of them.
    pub up_to: Option<WalletId>,
    /// Maximum memberships of a batch.
    pub limit: u64,
}

impl Due {
    /// The batch's wallets; empty once the batch is done. The limit changes nothing but tells PostgreSQL's planner how
    /// few they are: without it, it expects the whole range.
    pub fn members(&self) -> WalletSet {
        let sql = Sql::new("SELECT wallet_id FROM memberships WHERE ").push(self.condition());
        WalletSet::select(sql.push(format!(" ORDER BY wallet_id LIMIT {}", self.limit)))
    }

    /// Of `wallet` alone, whose next cycle has begun.
    pub fn of(membership: &membership::Model) -> Self {
        let wallet = membership.wallet_id;
        let (starts_at, anchor_day) = (membership.next_grant_at, membership.anchor_day);
        Self { starts_at, anchor_day, from: wallet, up_to: Some(wallet), limit: 1 }
    }

    /// The condition that a membership is of the batch.
    fn condition(&self) -> Sql {
        // From the first: those before have been moved on, but PostgreSQL may not know of it yet.
        let sql = Sql::new("next_grant_at = :starts_at AND anchor_day = :day AND wallet_id >= :from");
        let sql = sql.bind("starts_at", self.starts_at).bind("day", self.anchor_day).bind("from", self.from);
        match self.up_to {
            Some(wallet) => sql.push(Sql::new(" AND wallet_id <= :up_to").bind("up_to", wallet)),
            None => sql,
        }
    }

    /// The condition that the paid part of one of `plans` is issued at the cycle's start to the wallet whose row is `w`:
    /// because an admin granted the plan, or because a month that was given is used for it. What a person pays for is issued
    /// once it is paid.
    pub fn gets_paid_part(&self, plans: &[MembershipPlan]) -> Sql {
        Sql::new(
            "EXISTS (SELECT 1 FROM plan_periods p WHERE p.wallet_id = w.id AND p.from_at <= :at \
             AND (p.until_at IS NULL OR p.until_at > :at) AND (p.basis = 'GRANTED' OR EXISTS (SELECT 1 FROM gift_months g \
             WHERE g.wallet_id = w.id AND g.used_at = :at)) AND p.plan IN (",
        )
        .bind("at", self.starts_at)
        .push(Sql::list(plans.iter().map(|plan| plan.as_str())))
        .push(")) AND NOT ")
        .push(restricted("w.account_id", self.starts_at))
    }

    /// The condition that the wallet whose row is `w` is on one of `plans` at the cycle's start, unless any will do, and
    /// that its owner is not suspended then (M-9).
    pub fn gets_connects(&self, plans: Option<&[MembershipPlan]>) -> Sql {
        let free = Sql::new("NOT ").push(restricted("w.account_id", self.starts_at));
        let Some(plans) = plans else { return free };
        // Those on no plan are on the default one.
        let (exists, among) = if plans.contains(&DEFAULT_PLAN) { ("NOT ", "NOT IN") } else { ("", "IN") };
        let on_them = Sql::new(format!(
            "{exists}EXISTS (SELECT 1 FROM plan_periods p WHERE p.wallet_id = w.id AND p.from_at <= :at \
             AND (p.until_at IS NULL OR p.until_at > :at) AND p.plan {among} (",
        ));
        let plans = Sql::list(plans.iter().map(|plan| plan.as_str()));
        on_them.bind("at", self.starts_at).push(plans).push(")) AND ").push(free)
    }
}

/// The next batch of at most `limit` memberships whose cycle has begun by `now`, the earliest first.
pub(super) async fn find_due(txn: &Txn, now: Instant, limit: u64) -> Result<Option<Due>> {
    use membership::Column::{AnchorDay, NextGrantAt, WalletId as Wallet};
    let earliest = membership::Entity::find().filter(NextGrantAt.lte(now));
    let first =
        earliest.order_by_asc(NextGrantAt).order_by_asc(AnchorDay).order_by_asc(Wallet).one(txn).await?;
    let Some(first) = first else { return Ok(None) };
    let group = NextGrantAt.eq(first.next_grant_at).and(AnchorDay.eq(first.anchor_day));
    let last = membership::Entity::find()
        .select_only()
        .column(Wallet)
        .filter(group)
        .order_by_asc(Wallet)
        .offset(limit - 1)
        .limit(1);
    let up_to = last.into_tuple().one(txn).await?;
    let (starts_at, anchor_day, from) = (first.next_grant_at, first.anchor_day, first.wallet_id);
    Ok(Some(Due { starts_at, anchor_day, from, up_to, limit }))
}

/// Ends the plans of those in a batch whose accounts are suspended or closed at the cycle's start: nothing is charged
/// then, and they fall back to the free plan (P-4).
pub(super) async fn end_plans_of_restricted(txn: &Txn, due: &Due) -> Result<u64> {
    let sql = Sql::new(
        "UPDATE plan_periods SET until_at = CASE WHEN from_at > :at THEN from_at ELSE :at END \
         WHERE (until_at IS NULL OR until_at > :at) AND wallet_id IN (",
    );
    let owner = "(SELECT w.account_id FROM wallets w WHERE w.id = plan_periods.wallet_id)";
    let sql = sql.bind("at", due.starts_at).push(due.members().ids()).push(") AND ");
    txn.run(sql.push(restricted(owner, due.starts_at))).await
}

/// Moves a batch on to its next cycle.
pub(super) async fn update_cycle(txn: &Txn, due: &Due, next: Instant) -> Result<u64> {
    let sql =
        Sql::new("UPDATE memberships SET cycle_started_at = next_grant_at, next_grant_at = :next WHERE ");
    txn.run(sql.bind("next", next).push(due.condition())).await
}

/// When the earliest cycle begins.
pub(super) async fn find_next_grant(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    use membership::Column::NextGrantAt;
    let next = membership::Entity::find().select_only().column(NextGrantAt).order_by_asc(NextGrantAt);
    Ok(next.into_tuple().one(db).await?)
}

/// The membership of `wallet`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_membership(
    db: &impl ConnectionTrait,
    wallet: WalletId,
) -> Result<Option<membership::Model>> {
    Ok(membership::Entity::find_by_id(wallet).one(db).await?)
}

/// The memberships of `wallets`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_memberships(
    db: &impl ConnectionTrait,
    wallets: &[WalletId],
) -> Result<Vec<membership::Model>> {
    let these = membership::Column::WalletId.is_in(wallets.iter().copied());
    Ok(membership::Entity::find().filter(these).all(db).await?)
}

/// The plan periods of `wallets` that have not ended at `at`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_plan_periods(
    db: &impl ConnectionTrait,
    wallets: &[WalletId],
    at: Instant,
) -> Result<Vec<plan_period::Model>> {
    use plan_period::Column::{FromAt, UntilAt, WalletId as Wallet};
    // One that was ended before it began is none.
    let lasting = UntilAt.is_null().or(UntilAt.gt(at).and(Expr::col(UntilAt).gt(Expr::col(FromAt))));
    Ok(plan_period::Entity::find()
        .filter(Wallet.is_in(wallets.iter().copied()))
        .filter(lasting)
        .all(db)
        .await?)
}

/// The plans of `accounts` at `at` that are not the default one.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_plans(
    db: &impl ConnectionTrait,
    accounts: &[AccountId],
    at: Instant,
) -> Result<HashMap<AccountId, MembershipPlan>> {
    let sql = Sql::new(
        "SELECT w.account_id, p.plan FROM wallets w JOIN plan_periods p ON p.wallet_id = w.id \
         WHERE p.from_at <= :at AND (p.until_at IS NULL OR p.until_at > :at) AND w.account_id IN (",
    );
    let sql = sql.bind("at", at).push(Sql::list(accounts.iter().copied())).push(")");
    let rows = db.query_all_raw(sql.on(db)?).await?;
    rows.iter().map(|row| Ok((row.try_get("", "account_id")?, row.try_get("", "plan")?))).collect()
}

/// A condition on a column with accounts: its account is on one of `plans` at `at`.
pub fn is_on(account: impl ColumnTrait, plans: &[MembershipPlan], at: Instant) -> Expr {
    if !plans.contains(&DEFAULT_PLAN) {
        return has_period(account, plans, at);
    }
    // The default plan is that of people who are on no other one.
    let others: Vec<_> = MembershipPlan::iter().filter(|plan| !plans.contains(plan)).collect();
    has_period(account, &others, at).not()
}

fn has_period(account: impl ColumnTrait, plans: &[MembershipPlan], at: Instant) -> Expr {
    use plan_period::Column::{FromAt, Plan, UntilAt, WalletId as Wallet};
    let its_own = wallet::Column::AccountId.into_expr().equals(account.as_column_ref());
    let its_wallet = wallet::Entity::find().select_only().column(wallet::Column::Id).filter(its_own);
    let periods = plan_period::Entity::find()
        .select_only()
        .column(Wallet)
        .filter(Wallet.in_subquery(its_wallet.into_query()))
        .filter(Plan.is_in(plans.iter().copied()))
        .filter(FromAt.lte(at))
        .filter(UntilAt.is_null().or(UntilAt.gt(at)));
    Expr::exists(periods.into_query())
}

pub(super) async fn insert_membership(txn: &Txn, membership: membership::Model) -> Result<()> {
    let row = membership.into_active_model();
    membership::Entity::insert(row).exec_without_returning(txn).await?;
    Ok(())
}

/// The plan period of `wallet` in force at `at`.
pub(super) async fn find_plan_period(
    txn: &Txn,
    wallet: WalletId,
    at: Instant,
) -> Result<Option<plan_period::Model>> {
    let periods = list_plan_periods(txn, &[wallet], at).await?;
    Ok(periods.into_iter().find(|period| period.from_at <= at))
}

/// Writes the start of a cycle that begins in the middle of another one.
pub(super) async fn update_membership(txn: &Txn, membership: membership::Model) -> Result<()> {
    use membership::Column::{AnchorDay, CycleStartedAt, NextGrantAt, WalletId as Wallet};
    membership::Entity::update_many()
        .col_expr(AnchorDay, Expr::value(membership.anchor_day))
        .col_expr(CycleStartedAt, Expr::value(membership.cycle_started_at))
        .col_expr(NextGrantAt, Expr::value(membership.next_grant_at))
        .filter(Wallet.eq(membership.wallet_id))
        .exec(txn)
        .await?;
    Ok(())
}

/// Ends a period at `at`, or lets it go on if there is none; the person cancelled it at `cancelled_at`, if they did.
async fn set_end(
    txn: &Txn,
    period: &plan_period::Model,
    at: Option<Instant>,
    cancelled_at: Option<Instant>,
) -> Result<()> {
    use plan_period::Column::{CancelledAt, FromAt, UntilAt, WalletId as Wallet};
    plan_period::Entity::update_many()
        .col_expr(UntilAt, Expr::value(at))
        .col_expr(CancelledAt, Expr::value(cancelled_at))
        .filter(Wallet.eq(period.wallet_id))
        .filter(FromAt.eq(period.from_at))
        .exec(txn)
        .await?;
    Ok(())
}

/// Lets a period go on that was to end.
pub(super) async fn reopen_plan_period(txn: &Txn, period: &plan_period::Model) -> Result<()> {
    set_end(txn, period, None, None).await
}

/// Ends a period at `at` because the person cancels it now.
pub(super) async fn cancel_plan_period(txn: &Txn, period: &plan_period::Model, at: Instant) -> Result<()> {
    set_end(txn, period, Some(at), Some(txn.now())).await
}

/// Ends a period at `at`.
pub(super) async fn end_plan_period(txn: &Txn, period: &plan_period::Model, at: Instant) -> Result<()> {
    set_end(txn, period, Some(at), None).await
}

/// Begins a period; one that was to begin at the same instant is replaced.
pub(super) async fn insert_plan_period(txn: &Txn, period: plan_period::Model) -> Result<()> {
    use plan_period::Column::{
        ActorId, Basis, CancelledAt, FromAt, Plan, RecordedAt, UntilAt, WalletId as Wallet,
    };
    let replace = OnConflict::columns([Wallet, FromAt])
        .update_columns([Plan, UntilAt, Basis, CancelledAt, ActorId, RecordedAt])
        .to_owned();
    let row = period.into_active_model();
    plan_period::Entity::insert(row).on_conflict(replace).exec_without_returning(txn).await?;
    Ok(())
}
