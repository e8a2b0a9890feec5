//! Months of a plan are given to a person (M-10, M-13).

use super::{
    Beginning, begin_plan,
    issue::issue_due_of,
    notifications, rejection,
    rules::{self, DEFAULT_PLAN, GIVEN_AT_MOST},
    store,
};
use crate::{
    accounts,
    audit::{self, Record},
    connects::{self, WalletSet},
    db::Txn,
    entity::{
        enums::{AuditAction, DocumentKind, GiftSource, MembershipPlan, PlanBasis, RestrictionKind},
        gift_month,
        ids::{AccountId, WalletId},
    },
    error::Result,
    input,
    money::Connects,
    notifications::notify,
    viewer::Viewer,
};

/// Months to give.
#[derive(Clone, Copy, Debug)]
pub struct Gift {
    /// Of which plan.
    pub plan: MembershipPlan,
    /// How many.
    pub months: i64,
    /// From where they come.
    pub source: GiftSource,
    /// The admin who gives them.
    pub actor: Option<AccountId>,
}

/// Gives months of a plan to `owner`, whose account is locked. On the free plan, the first one begins at once; on a plan, they
/// take the place of its next charges, or of its end if that was to come with the last one.
///
/// # Errors
/// When the database refuses.
pub async fn give(txn: &Txn, (owner, wallet): (AccountId, WalletId), gift: Gift) -> Result<()> {
    connects::store::lock_all(txn, &WalletSet::of([wallet])).await?;
    // Cycles that began before are not paid by what is given now, however late the task is.
    issue_due_of(txn, wallet).await?;
    let given = store::list_gift_months(txn, wallet).await?;
    let last = given.last().map_or(0, |month| month.seq);
    let month = |n: i64| gift_month::Model {
        wallet_id: wallet,
        seq: last + n,
        plan: gift.plan,
        source: gift.source,
        actor_id: gift.actor,
        given_at: txn.now(),
        used_at: None,
    };
    store::insert_gift_months(txn, (1..=gift.months).map(month).collect()).await?;
    let key = format!("{wallet}/{}", last + 1);
    notify(txn, vec![notifications::given(owner, gift, &key, txn.now())]).await?;
    let periods = store::list_plan_periods(txn, &[wallet], txn.now()).await?;
    match rules::period_at(&periods, txn.now()) {
        None => {
            use_next(txn, (owner, wallet), gift.plan).await?;
        }
        Some(current) if periods.len() == 1 && rules::ends_with_gifts(current, &given) => {
            store::reopen_plan_period(txn, current).await?;
        }
        Some(_) => {}
    }
    Ok(())
}

/// Begins `plan` by the next month that was given to `owner` and is left; returns whether there was one.
///
/// # Errors
/// When the database refuses.
pub async fn use_next(
    txn: &Txn,
    (owner, wallet): (AccountId, WalletId),
    plan: MembershipPlan,
) -> Result<bool> {
    // Cycles that have begun may use some of them.
    connects::store::lock_all(txn, &WalletSet::of([wallet])).await?;
    issue_due_of(txn, wallet).await?;
    let months = store::list_gift_months(txn, wallet).await?;
    let mut left = rules::left_of(&months, plan);
    let Some(next) = left.next() else { return Ok(false) };
    let document = (DocumentKind::GiftMonth, next.seq.to_string());
    let paid = Connects(txn.policy().terms(plan).paid);
    let ends_with_cycle = left.next().is_none();
    let beginning = Beginning { owner, plan, basis: PlanBasis::Gift, paid, ends_with_cycle, document };
    begin_plan(txn, wallet, &beginning).await?;
    store::use_gift(txn, wallet, next.seq, txn.now()).await?;
    Ok(true)
}

/// Gives months of a plan on an admin's behalf; returns the wallet.
///
/// # Errors
/// `INVALID_INPUT`, `NOT_FOUND`, `NOT_A_FREELANCER`, `PLAN_UNCHANGED` for the free plan; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn give_by_admin(
    txn: &Txn,
    admin: &Viewer,
    account: AccountId,
    (plan, months, reason): (MembershipPlan, i64, &str),
) -> Result<WalletId> {
    let reason = input::text("reason", reason, 1, 500)?;
    if !(1..=GIVEN_AT_MOST).contains(&months) {
        return Err(rejection::bad_months(GIVEN_AT_MOST).into());
    }
    if plan == DEFAULT_PLAN {
        return Err(rejection::free_plan().into());
    }
    let bars = [RestrictionKind::Closed, RestrictionKind::Suspended, RestrictionKind::Fraud];
    let holder = accounts::holder(txn, account, &bars).await?;
    let wallet = connects::store::find_wallet_of(txn, holder.id()).await?;
    let wallet = wallet.ok_or_else(|| rejection::not_a_freelancer().at("accountId"))?.id;
    let gift = Gift { plan, months, source: GiftSource::Admin, actor: Some(admin.id()) };
    give(txn, (holder.id(), wallet), gift).await?;
    let done = Record::new(AuditAction::PlanMonthsGiven, Some(admin.id())).to(holder.id());
    let facts = serde_json::json!({ "plan": plan, "months": months, "reason": reason });
    audit::record(txn, done.with(facts)).await?;
    Ok(wallet)
}
