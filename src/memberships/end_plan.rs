//! Ending the plan of somebody who leaves (P-6).

use super::{rules, store};
use crate::{
    db::Txn,
    entity::{enums::MembershipPlan, ids::WalletId},
    error::Result,
};

/// Ends what is left of the plans of `wallet`, which is locked, and those that have yet to begin; the plan
/// that ended, if it was another than the free one. A cycle that began before keeps its plan.
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
