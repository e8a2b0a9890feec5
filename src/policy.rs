//! The versioned policy document: the rulebook's values that an admin may change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    clock::Instant,
    entity::enums::{JobCategory, MembershipPlan},
    error::{Fault, Result},
};

/// The document that seeds an empty database.
const SEED: &str = include_str!("../policy.toml");

/// One version's values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Who may register.
    pub registration: Registration,
    /// Passwords; a version that says nothing of them has the defaults.
    #[serde(default)]
    pub passwords: Passwords,
    /// Closing accounts; a version that says nothing of it has the defaults.
    #[serde(default)]
    pub leaving: Leaving,
    /// One-time rewards.
    pub rewards: Rewards,
    /// Lots and their expiry.
    pub lots: Lots,
    /// Billing cycles.
    pub billing: Billing,
    /// Plans by name.
    pub plans: BTreeMap<MembershipPlan, PlanTerms>,
    /// The price of a proposal.
    pub price: Price,
    /// Job posts.
    pub job_posts: JobPosts,
    /// Proposals.
    pub proposals: Proposals,
    /// Imports.
    pub import: Import,
    /// The clock; a version that says nothing of it has the defaults.
    #[serde(default)]
    pub clock: Clock,
}

/// Who may register.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// Countries from which nobody can register (P-5).
    pub sanctioned_countries: Vec<String>,
}

/// What a password must be like (P-1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passwords {
    /// Characters at least.
    pub min_length: u64,
    /// Characters at most.
    pub max_length: u64,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { min_length: 10, max_length: 256 }
    }
}

/// Closing accounts (P-6).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaving {
    /// Days that an account has been closed before its data can be erased.
    pub erase_after_days: i64,
}

impl Default for Leaving {
    fn default() -> Self {
        Self { erase_after_days: 7 }
    }
}

/// One-time rewards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rewards {
    /// Connects for the first freelancer registration.
    pub signup: i64,
    /// When they are issued.
    pub signup_when: SignupWhen,
}

/// When the sign-up reward is issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SignupWhen {
    /// At registration.
    Registration,
    /// Only when the e-mail address is verified; until then spending is refused.
    EmailVerified,
}

/// Lots and their expiry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lots {
    /// Days ahead of an expiry at which the owner is told (L-6).
    pub notice_days: Vec<i64>,
    /// Where returned Connects go (T-4).
    pub returns: Returns,
}

/// Where returned Connects go (T-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Returns {
    /// To the lot they came from, expired or not.
    Original,
    /// To the lot they came from, or, once per Connect, to a new one with thirty days when that has less.
    OriginalWithGrace,
    /// Once per Connect to a new lot that lives a year.
    FreshYear,
}

/// Job posts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobPosts {
    /// Days without activity after which a post expires (J-4).
    pub expire_days: i64,
    /// Days before that at which its client is warned (J-4).
    pub warn_days: i64,
}

/// Proposals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposals {
    /// Hours after submitting within which the letter can be edited, unless the client has opened it (S-6).
    pub letter_hours: i64,
}

/// The clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Years that one advance of a sandbox's clock goes at most.
    pub advance_years: u32,
    /// Days beyond the last sign of life at which a machine's clock is not believed any more.
    pub leap_days: u32,
}

impl Default for Clock {
    fn default() -> Self {
        Self { advance_years: 10, leap_days: 7 }
    }
}

/// Billing cycles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Billing {
    /// What an anchor day that short months lack becomes (M-3).
    pub short_months: ShortMonths,
}

/// What an anchor day of 29, 30 or 31 becomes (M-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ShortMonths {
    /// The 1st; the first cycle runs to the 1st of the month after next.
    FirstOfMonth,
    /// The last day of a short month.
    Clamp,
}

/// A plan's terms (M-1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanTerms {
    /// Price a month, in minor units of USD.
    pub monthly_cents: i64,
    /// Free Connects of a cycle.
    pub free: i64,
    /// Paid Connects of a cycle.
    pub paid: i64,
}

/// The price of a proposal in Connects (J-3).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// By value of the work, ascending.
    pub tiers: Vec<Tier>,
    /// Connects beyond the last tier.
    pub above: i64,
    /// Connects when the value cannot be known.
    pub unknown: i64,
    /// By demand, ascending.
    pub demand: Vec<DemandStep>,
    /// No post costs more.
    pub cap: i64,
    /// Weekly hours of an hourly post that does not say.
    pub default_weekly_hours: i64,
    /// Weeks of an hourly post that does not say.
    pub default_weeks: i64,
}

/// A price tier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Greatest value, in minor units.
    pub up_to_cents: i64,
    /// Its price in Connects.
    pub connects: i64,
}

/// A step of demand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemandStep {
    /// Least number of proposals ever sent.
    pub from_proposals: i64,
    /// Factor in percent.
    pub percent: i64,
}

/// Imports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// The category that each name in a file stands for.
    pub categories: BTreeMap<String, JobCategory>,
}

impl Policy {
    /// The document that seeds an empty database.
    ///
    /// # Errors
    /// When `policy.toml` was built in with a mistake; a test keeps it from that.
    pub fn seed() -> Result<Self> {
        toml::from_str(SEED).map_err(|e| Fault::Setup(format!("policy.toml: {e}")).into())
    }

    /// The terms of `plan` (M-1); a plan without terms gives nothing.
    pub fn terms(&self, plan: MembershipPlan) -> PlanTerms {
        let nothing = PlanTerms { monthly_cents: 0, free: 0, paid: 0 };
        self.plans.get(&plan).cloned().unwrap_or(nothing)
    }
}

/// All versions, oldest first.
#[derive(Clone, Debug)]
pub struct Policies(Vec<Version>);

/// A version and when it began.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its number.
    pub number: i64,
    /// In force from this instant.
    pub effective_from: Instant,
    /// Its values.
    pub policy: Policy,
}

impl Policies {
    /// From the versions of a database, oldest first.
    ///
    /// # Errors
    /// When there is none.
    pub fn new(versions: Vec<Version>) -> Result<Self> {
        if versions.is_empty() {
            return Err(Fault::Broken("the database has no policy".into()).into());
        }
        Ok(Self(versions))
    }

    /// The version in force at `instant`; the first one also before it began, so that a rule
    /// always has values.
    pub fn at(&self, instant: Instant) -> &Version {
        let begun = self.0.iter().rev().find(|v| v.effective_from <= instant);
        begun.unwrap_or(&self.0[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m_1_the_seed_has_the_published_plans() {
        let policy = Policy::seed().unwrap();
        let (basic, plus) = (policy.terms(MembershipPlan::Basic), policy.terms(MembershipPlan::Plus));
        assert_eq!((basic.monthly_cents, basic.free, basic.paid), (0, 10, 0));
        assert_eq!((plus.monthly_cents, plus.free, plus.paid), (1499, 10, 60));
    }

    #[test]
    fn the_version_in_force_is_the_last_that_has_begun() {
        let version = |number: i64, day: u32| Version {
            number,
            effective_from: chrono::NaiveDate::from_ymd_opt(2026, 1, day)
                .unwrap()
                .and_hms_opt(0, 0, 0)
                .unwrap()
                .and_utc(),
            policy: Policy::seed().unwrap(),
        };
        let policies = Policies::new(vec![version(1, 10), version(2, 20)]).unwrap();
        let day = |d| version(0, d).effective_from;
        assert_eq!(policies.at(day(1)).number, 1);
        assert_eq!(policies.at(day(19)).number, 1);
        assert_eq!(policies.at(day(20)).number, 2);
    }
}
