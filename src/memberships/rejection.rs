//! Refusals by memberships.

use crate::{
    clock::Instant,
    entity::enums::{MembershipPlan, Perk},
    error::{Code, Rejection},
    input::invalid,
};

/// The account has no freelancer profile, and so no membership.
pub fn not_a_freelancer() -> Rejection {
    let sentence = "Only freelancers have a membership. Create a freelancer profile first, or choose the account of a freelancer.";
    Rejection::new(Code::NotAFreelancer, sentence).by("M-2")
}

/// So many months cannot be given at once.
pub fn bad_months(most: i64) -> Rejection {
    invalid("months", format!("From 1 to {most} months are given at once. Choose another number.")).by("M-13")
}

/// The free plan needs no gift.
pub fn free_plan() -> Rejection {
    let sentence = "The free plan needs no gift. Choose another plan.";
    Rejection::new(Code::PlanUnchanged, sentence).at("plan").by("M-13")
}

/// The person is on the free plan.
pub fn nothing_to_cancel() -> Rejection {
    let sentence = "You are on the free plan. There is nothing to cancel.";
    Rejection::new(Code::PlanUnchanged, sentence).by("M-8")
}

/// The plan ends at `ends_at` anyway, because the person cancelled it or for another reason.
pub fn ends_already(ends_at: Instant, is_cancelled: bool) -> Rejection {
    let advice =
        if is_cancelled { "Keep it if you have changed your mind." } else { "There is nothing to cancel." };
    let sentence = format!("Your plan ends on {} already. {advice}", ends_at.date_naive());
    Rejection::new(Code::PlanUnchanged, sentence).by("M-8")
}

/// The plan is not about to end.
pub fn nothing_to_keep() -> Rejection {
    let sentence = "You have cancelled no plan that you could keep. Upgrade when yours has ended.";
    Rejection::new(Code::PlanUnchanged, sentence).by("M-13")
}

/// The plan does not have a perk; the field is that of the input that needs it.
pub fn plan_required(plan: MembershipPlan, perk: Perk) -> Rejection {
    let (does, field) = match perk {
        Perk::CompetingBids => ("show you what others ask for", ""),
        Perk::HiddenEarnings => ("let you hide what you have earned", "hidesEarnings"),
        Perk::ProfileUrl => ("let you choose an address", "slug"),
        Perk::StaysVisible => ("keep your profile visible", ""),
    };
    let sentence = format!("Your plan, {plan}, does not {does}. Upgrade your membership first.");
    Rejection::new(Code::PlanRequired, sentence).at(field).by("M-11")
}

/// The wallet will already be on this plan from its next cycle on.
pub fn plan_unchanged(plan: MembershipPlan) -> Rejection {
    let sentence = format!(
        "The membership will already be {plan} from its next cycle on. Choose another plan to change it."
    );
    Rejection::new(Code::PlanUnchanged, sentence).at("plan").by("M-8")
}
