//! Refusals by memberships.

use crate::{
    entity::enums::MembershipPlan,
    error::{Code, Rejection},
};

/// The wallet will already be on this plan from its next cycle on.
pub fn plan_unchanged(plan: MembershipPlan) -> Rejection {
    let sentence = format!(
        "The membership will already be {plan} from its next cycle on. Choose another plan to change it."
    );
    Rejection::new(Code::PlanUnchanged, sentence).at("plan").by("M-8")
}
