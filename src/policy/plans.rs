//! The policy of plans and of what they let people do.

use sea_orm::Iterable;
use serde::{Deserialize, Serialize};

use super::Policy;
use crate::entity::enums::{MembershipPlan, Perk};

/// A plan's terms (M-1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanTerms {
    /// Price per month, in minor units of USD.
    pub monthly_cents: i64,
    /// Free Connects of a cycle.
    pub free: i64,
    /// Paid Connects of a cycle.
    pub paid: i64,
    /// What it gives besides (M-11). If absent, PLUS has all of it, and BASIC nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub perks: Option<Vec<Perk>>,
}

/// Profiles of freelancers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profiles {
    /// Days without activity after which searches no longer find a profile, unless its owner's plan keeps it visible (M-11).
    pub hide_after_days: i64,
}

impl Default for Profiles {
    fn default() -> Self {
        Self { hide_after_days: 30 }
    }
}

impl Policy {
    /// The terms of `plan` (M-1); a plan without terms gives nothing.
    pub fn terms(&self, plan: MembershipPlan) -> PlanTerms {
        let nothing = PlanTerms { monthly_cents: 0, free: 0, paid: 0, perks: None };
        self.plans.get(&plan).cloned().unwrap_or(nothing)
    }

    /// What `plan` gives besides Connects (M-11).
    pub fn perks(&self, plan: MembershipPlan) -> Vec<Perk> {
        self.terms(plan).perks.unwrap_or_else(|| match plan {
            MembershipPlan::Basic => Vec::new(),
            MembershipPlan::Plus => Perk::iter().collect(),
        })
    }

    /// The plans that give `perk` (M-11).
    pub fn plans_with(&self, perk: Perk) -> Vec<MembershipPlan> {
        MembershipPlan::iter().filter(|plan| self.perks(*plan).contains(&perk)).collect()
    }
}
