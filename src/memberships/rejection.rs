//! Refusals by memberships.

use crate::{
    entity::enums::Plan,
    error::{Code, Rejection},
};

/// The wallet is on this plan from its next cycle on already.
pub fn plan_unchanged(plan: Plan) -> Rejection {
    let sentence = format!("The membership is {plan} from its next cycle on already; nothing was changed.");
    Rejection::new(Code::PlanUnchanged, sentence).at("input.plan").by("M-8")
}
