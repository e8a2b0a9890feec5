//! What an upgrade would bring and cost now (M-6).

use chrono::NaiveDate;
use sea_orm::ConnectionTrait;

use super::{rejection, store};
use crate::{
    clock::Instant,
    connects::{self, WalletSet},
    db::Database,
    entity::{
        account,
        enums::{MembershipPlan, PlanBasis},
        ids::WalletId,
    },
    error::{Fault, Rejection, Result},
    memberships::{
        self,
        rules::{self, Cycle, DEFAULT_PLAN},
    },
    policy::{Policy, Version},
    purchases::{self, Priced},
};

/// What an upgrade brings and costs.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The plan.
    pub plan: MembershipPlan,
    /// The cycle that it cuts short.
    pub old: Cycle,
    /// How many days of that have passed.
    pub passed: i64,
    /// The cycle that begins.
    pub new: Cycle,
    /// The paid Connects, issued in full.
    pub paid: i64,
    /// The free Connects of the plan, of which the days that have passed count.
    pub free: i64,
    /// The free Connects that are issued.
    pub prorated: i64,
    /// Whether a month that was given is used, so that nothing is charged.
    pub is_given: bool,
    /// What it costs; nothing of it is charged if a month that was given is used.
    pub priced: Priced,
}

impl Preview {
    /// What is charged, in minor units of USD.
    pub fn charged(&self) -> i64 {
        if self.is_given { 0 } else { self.priced.cost.total }
    }

    /// The Connects that it brings at once.
    pub fn connects(&self) -> i64 {
        self.paid + self.prorated
    }
}

/// What the upgrade of `person` to `plan` would bring and cost now. Cycles that have begun and are not issued yet, because the
/// task is late, are issued first by an upgrade, and may use a month that was given: so they are here, in a transaction that is
/// rolled back.
///
/// # Errors
/// `NOT_A_FREELANCER`, and those of [`preview`].
pub async fn look_ahead(db: &Database, person: &account::Model, plan: MembershipPlan) -> Result<Preview> {
    let now = db.now().await?;
    let wallet = connects::store::find_wallet_of(db.read(), person.id).await?;
    let wallet = wallet.ok_or_else(memberships::rejection::not_a_freelancer)?.id;
    let membership = memberships::store::find_membership(db.read(), wallet).await?;
    if membership.is_none_or(|membership| membership.next_grant_at > now) {
        return preview(db.read(), &db.policy_at(now), (person, wallet), plan, now).await;
    }
    db.write_or_rehearse(true, async |txn| {
        connects::store::lock_all(txn, &WalletSet::of([wallet])).await?;
        memberships::issue_due_of(txn, wallet).await?;
        preview(txn, txn.version(), (person, wallet), plan, txn.now()).await
    })
    .await
}

/// What the upgrade of `person` to `plan` brings and costs at `now`, under the version of the policy in force then.
///
/// # Errors
/// `PLAN_UNCHANGED`, `UPGRADE_PENDING`; when the database cannot be reached.
pub async fn preview(
    db: &impl ConnectionTrait,
    version: &Version,
    (person, wallet): (&account::Model, WalletId),
    plan: MembershipPlan,
    now: Instant,
) -> Result<Preview> {
    if store::has_pending_upgrade(db, wallet).await? {
        return Err(rejection::upgrade_pending().into());
    }
    let periods = memberships::store::list_plan_periods(db, &[wallet], now).await?;
    may_begin(&periods, plan, now)?;
    if store::has_pending_cycle(db, wallet).await? {
        return Err(rejection::cycle_pending().into());
    }
    let membership = memberships::store::find_membership(db, wallet).await?;
    let membership = membership.ok_or_else(|| Fault::Broken(format!("wallet {wallet} has no membership")))?;
    let (started, next) = (membership.cycle_started_at, membership.next_grant_at);
    let old = rules::cycle_at(started, next, membership.anchor_day, now);
    let policy = &version.policy;
    let (terms, today) = (policy.terms(plan), now.date_naive());
    let given = memberships::store::list_gift_months(db, wallet).await?;
    Ok(Preview {
        plan,
        old,
        passed: old.days_before(today),
        new: cycle_from(policy, today),
        paid: terms.paid,
        free: terms.free,
        prorated: rules::prorated(terms.free, old, today),
        is_given: given.iter().any(|month| month.used_at.is_none() && month.plan == plan),
        priced: purchases::price(db, version, person, plan).await?,
    })
}

/// Checks that somebody with these plans can begin `plan` now.
fn may_begin(
    periods: &[crate::entity::plan_period::Model],
    plan: MembershipPlan,
    now: Instant,
) -> Result<(), Rejection> {
    if plan == DEFAULT_PLAN {
        return Err(rejection::free_plan());
    }
    match rules::period_at(periods, now) {
        None => Ok(()),
        Some(current) if current.basis == PlanBasis::Gift => Err(rejection::on_gift(current.plan)),
        Some(current) if current.until_at.is_some() => Err(rejection::about_to_end(current.plan)),
        Some(current) => Err(rejection::on_plan(current.plan)),
    }
}

/// The cycle that begins on `today`.
fn cycle_from(policy: &Policy, today: NaiveDate) -> Cycle {
    let anchor_day = rules::anchor_day_of(today, policy.billing.short_months);
    Cycle { starts_on: today, ends_on: rules::next_start(today, anchor_day) - chrono::Days::new(1) }
}
