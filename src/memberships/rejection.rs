//! Refusals by memberships.

use crate::{
    entity::enums::MembershipPlan,
    error::{Code, Rejection},
};

/// The wallet is on this plan from its next cycle on already.
pub fn plan_unchanged(plan: MembershipPlan) -> Rejection {
    let sentence = format!("The membership is {plan} from its next cycle on already; nothing was changed.");
    Rejection::new(Code::PlanUnchanged, sentence).at("plan").by("M-8")
}
