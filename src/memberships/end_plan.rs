//! Ending the plan of a person who closes their account (P-6).

use super::{rules, store};
use crate::{
    db::Txn,
    entity::{enums::MembershipPlan, ids::WalletId},
    error::Result,
};

/// Ends the running and future plan periods of `wallet`, which is locked; returns the plan that ended, unless it was
/// the free one. A cycle that has begun keeps its plan.
///
/// # Errors
/// When the database refuses.
pub async fn end_plan(txn: &Txn, wallet: WalletId) -> Result<Option<MembershipPlan>> {
    let periods = store::list_plan_periods(txn, &[wallet], txn.now()).await?;
    for period in &periods {
        store::end_plan_period(txn, period, period.from_at.max(txn.now())).await?;
    }
    let plan = rules::plan_at(&periods, txn.now());
    Ok((plan != rules::DEFAULT_PLAN).then_some(plan))
}
