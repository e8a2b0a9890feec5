//! An admin approves a plan and has it carried out, or a task does so by policy (W-1).

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{pay::pay, plan, plan::Plan, rejection, store};
use crate::{
    audit::{self, Record},
    commissions,
    db::Txn,
    entity::enums::{AuditAction, Currency, PayoutProvider, PayoutPurpose},
    error::Result,
    money::Money,
    viewer::Viewer,
};

/// Payouts that the task makes in one transaction.
const AT_ONCE: usize = 500;

/// For how long an approval counts.
const APPROVED_FOR: TimeDelta = TimeDelta::days(3);

/// What an admin has read and wants to be carried out.
#[derive(Clone, Copy, Debug)]
pub struct Application<'a> {
    /// Of what.
    pub purpose: PayoutPurpose,
    /// What the plan said.
    pub digest: &'a str,
    /// Who carries payouts out.
    pub provider: PayoutProvider,
}

/// What was carried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// How many payouts.
    pub payouts: u64,
    /// How much, in minor units of US dollars.
    pub cents: i64,
}

/// Approves the plan for `purpose`, so that another admin can have it carried out.
///
/// # Errors
/// `PAYOUT_PLAN_CHANGED`, `NOT_ALLOWED`.
pub async fn approve_plan(txn: &Txn, admin: &Viewer, (purpose, digest): (PayoutPurpose, &str)) -> Result<()> {
    let plan = reviewed(txn, admin, purpose, digest).await?;
    store::insert_approval(txn, admin.id(), digest).await?;
    record(txn, AuditAction::PayoutPlanApproved, admin, &plan).await
}

/// Carries out the plan for a purpose if it is still what `admin` has read: all of it, or nothing. Above a limit another
/// admin must have approved it before.
///
/// # Errors
/// `PAYOUT_PLAN_CHANGED`, `NEEDS_SECOND_ADMIN`, `NOT_ALLOWED` for an admin whom it pays.
pub async fn apply_plan(txn: &Txn, admin: &Viewer, application: Application<'_>) -> Result<Applied> {
    let Application { purpose, digest, provider } = application;
    txn.lock_instance().await?;
    let plan = reviewed(txn, admin, purpose, digest).await?;
    let limit = txn.policy().payouts.two_admins_above_cents;
    let since = txn.now() - APPROVED_FOR;
    if plan.total_cents() > limit && !store::is_approved_by_other(txn, admin.id(), digest, since).await? {
        return Err(rejection::needs_second_admin(Money::new(limit, Currency::Usd)).into());
    }
    let lines: Vec<_> = plan.paying().cloned().collect();
    note_held(txn, &plan).await?;
    let payouts = pay(txn, purpose, &lines, provider, Some(admin.id())).await?;
    store::use_approvals(txn, digest).await?;
    record(txn, AuditAction::PayoutPlanApplied, admin, &plan).await?;
    Ok(Applied { payouts, cents: plan.total_cents() })
}

/// The plan as it is now, if it says what `admin` has read and does not pay them.
async fn reviewed(txn: &Txn, admin: &Viewer, purpose: PayoutPurpose, digest: &str) -> Result<Plan> {
    let plan = plan::plan(txn, txn.version(), purpose, txn.due_by()).await?;
    if plan.digest() != digest {
        return Err(rejection::plan_changed().into());
    }
    if plan.paying().any(|line| line.account == admin.id()) {
        return Err(rejection::own_payout().into());
    }
    Ok(plan)
}

/// Notes what is not paid: commissions that are outside the terms by now end, suspicious ones are flagged, and withdrawals say what holds them.
async fn note_held(txn: &Txn, plan: &Plan) -> Result<()> {
    match plan.purpose {
        PayoutPurpose::Commissions => commissions::judge_unpaid(txn).await,
        PayoutPurpose::Withdrawal => store::hold_withdrawals(txn, plan).await,
    }
}

async fn record(txn: &Txn, action: AuditAction, admin: &Viewer, plan: &Plan) -> Result<()> {
    let facts = serde_json::json!({
        "purpose": plan.purpose, "digest": plan.digest(), "cents": plan.total_cents(), "payouts": plan.paying().count(),
    });
    audit::record(txn, Record::new(action, Some(admin.id())).with(facts)).await
}

/// What the task does by itself: it pays up to 500 lines of the plan if the whole of it is within the policy's limit. Returns
/// what was paid, and how many lines wait for admins.
///
/// # Errors
/// When the database refuses.
pub async fn run_by_itself(
    txn: &Txn,
    purpose: PayoutPurpose,
    provider: PayoutProvider,
    paid_before_cents: i64,
) -> Result<(Applied, u64)> {
    txn.lock_instance().await?;
    let plan = plan::plan(txn, txn.version(), purpose, txn.due_by()).await?;
    note_held(txn, &plan).await?;
    let limit = txn.policy().payouts.by_itself_up_to_cents;
    if paid_before_cents + plan.total_cents() > limit {
        return Ok((Applied::default(), plan.paying().count() as u64));
    }
    let lines: Vec<_> = plan.paying().take(AT_ONCE).cloned().collect();
    let cents = lines.iter().map(|line| line.cents).sum();
    let payouts = if lines.is_empty() { 0 } else { pay(txn, purpose, &lines, provider, None).await? };
    Ok((Applied { payouts, cents }, 0))
}
