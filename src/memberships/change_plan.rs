//! An admin moves a membership to another plan from its next cycle on (M-8). Nothing is charged for it.

use super::{
    rejection,
    rules::{self, DEFAULT_PLAN},
    store,
};
use crate::{
    accounts, audit,
    audit::Record,
    clock::Instant,
    connects::{self, WalletSet},
    db::Txn,
    entity::{
        enums::{AuditAction, MembershipPlan, PlanBasis, RestrictionKind},
        ids::{AccountId, WalletId},
        plan_period,
    },
    error::Result,
    viewer::Viewer,
};

/// Moves the membership of `account` to `plan` from its next cycle on; returns when that starts. A cycle that has
/// begun keeps its plan, issued or not.
///
/// # Errors
/// `NOT_FOUND`; `NOT_A_FREELANCER`; `ACCOUNT_CLOSED`; `PLAN_UNCHANGED`.
pub async fn change_plan(
    txn: &Txn,
    actor: &Viewer,
    account: AccountId,
    plan: MembershipPlan,
) -> Result<(WalletId, Instant)> {
    let holder = accounts::holder(txn, account, &[RestrictionKind::Closed]).await?;
    let missing = || rejection::not_a_freelancer().at("accountId");
    let wallet = connects::store::find_wallet_of(txn, holder.id()).await?;
    let wallet = wallet.ok_or_else(missing)?.id;
    connects::store::lock_all(txn, &WalletSet::of([wallet])).await?;
    let membership = store::find_membership(txn, wallet).await?.ok_or_else(missing)?;
    let from_at = rules::next_start_after(&membership, txn.now());
    let current = store::find_plan_period(txn, wallet, from_at).await?;
    // A plan by months that were given may end with any of them.
    let goes_on = current.as_ref().filter(|period| period.basis != PlanBasis::Gift);
    let is_default = plan == DEFAULT_PLAN && current.is_none();
    if is_default || goes_on.is_some_and(|period| period.plan == plan) {
        return Err(rejection::plan_unchanged(plan).into());
    }
    if let Some(current) = current {
        store::end_plan_period(txn, &current, from_at).await?;
    }
    if plan != DEFAULT_PLAN {
        let actor_id = Some(actor.id());
        let recorded_at = txn.now();
        let period = plan_period::Model {
            wallet_id: wallet,
            plan,
            from_at,
            until_at: None,
            basis: PlanBasis::Granted,
            cancelled_at: None,
            actor_id,
            recorded_at,
        };
        store::insert_plan_period(txn, period).await?;
    }
    let done = Record::new(AuditAction::PlanChanged, Some(actor.id())).to(holder.id()).on(plan.as_str());
    audit::record(txn, done.with(serde_json::json!({ "from": from_at }))).await?;
    Ok((wallet, from_at))
}
