//! Refusals by subscriptions.

use crate::{
    entity::enums::MembershipPlan,
    error::{Code, Rejection},
    money::Money,
};

/// The person is on a plan that goes on.
pub fn on_plan(plan: MembershipPlan) -> Rejection {
    let sentence =
        format!("You are on {plan} already, and it goes on by itself. Cancel it if you do not want it.");
    Rejection::new(Code::PlanUnchanged, sentence).at("plan").by("M-13")
}

/// The person is on a plan by months that were given.
pub fn on_gift(plan: MembershipPlan) -> Rejection {
    let sentence =
        format!("You are on {plan} by months that were given to you. Upgrade when they are used up.");
    Rejection::new(Code::PlanUnchanged, sentence).at("plan").by("M-13")
}

/// The person is on a plan that ends with its cycle.
pub fn about_to_end(plan: MembershipPlan) -> Rejection {
    let sentence = format!(
        "You are on {plan} until its cycle ends. Keep it if you have cancelled it, or upgrade again afterwards."
    );
    Rejection::new(Code::PlanUnchanged, sentence).at("plan").by("M-13")
}

/// The plan costs nothing, and so nobody upgrades to it.
pub fn free_plan() -> Rejection {
    let sentence = "This plan is free, so nobody upgrades to it. If you are on another one, cancel that.";
    Rejection::new(Code::PlanUnchanged, sentence).at("plan").by("M-8")
}

/// The payment of another upgrade is under way.
pub fn upgrade_pending() -> Rejection {
    let sentence = "Your upgrade is being paid. Wait until it is known whether it was.";
    Rejection::new(Code::UpgradePending, sentence).at("plan").by("M-12")
}

/// The payment of a cycle is under way that began before the plan ended.
pub fn cycle_pending() -> Rejection {
    let sentence = "A cycle of yours is being paid. Wait until it is known whether it was.";
    Rejection::new(Code::UpgradePending, sentence).at("plan").by("M-13")
}

/// The upgrade brings other Connects than the person saw.
pub fn connects_changed(seen: i64, now: i64) -> Rejection {
    let sentence = format!("This upgrade brings {now} Connects now, not {seen}. Upgrade again if you agree.");
    Rejection::new(Code::Conflict, sentence).at("expectedConnects").by("M-6")
}

/// The plan costs something else than the person saw.
pub fn price_changed(now: Money) -> Rejection {
    let sentence = format!("This upgrade costs {now} now. Upgrade again if you agree.");
    Rejection::new(Code::PriceChanged, sentence).at("expectedTotal").by("M-6")
}
