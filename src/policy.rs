//! The versioned policy document: the rulebook's values that an admin may change.

mod affiliate;
mod payouts;
mod plans;
mod purchases;
mod referrals;
mod soundness;

use std::{collections::BTreeMap, sync::Arc};

pub use affiliate::{Affiliate, Review};
pub use payouts::Payouts;
pub use plans::{PlanTerms, Profiles};
pub use purchases::{Purchases, Tax, UnitPrice};
pub use referrals::Referrals;
use serde::{Deserialize, Serialize};
pub use soundness::Unsound;

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
    /// Passwords; a version that does not mention them uses the defaults.
    #[serde(default)]
    pub passwords: Passwords,
    /// Closing accounts; a version that does not mention it uses the defaults.
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
    /// Contracts; a version that does not mention them uses the defaults.
    #[serde(default)]
    pub contracts: Contracts,
    /// The affiliate programme; a version that does not mention it uses the defaults.
    #[serde(default)]
    pub affiliate: Affiliate,
    /// Referral campaigns; a version that does not mention them uses the defaults.
    #[serde(default)]
    pub referrals: Referrals,
    /// Profiles; a version that does not mention them uses the defaults.
    #[serde(default)]
    pub profiles: Profiles,
    /// Payouts; a version that does not mention them uses the defaults.
    #[serde(default)]
    pub payouts: Payouts,
    /// Purchases of Connects; a version that does not mention them uses the defaults.
    #[serde(default)]
    pub purchases: Purchases,
    /// Taxes on what people buy (B-2), the first that fits; none for a version that does not mention them.
    #[serde(default)]
    pub taxes: Vec<Tax>,
    /// Imports.
    pub import: Import,
    /// The clock; a version that does not mention it uses the defaults.
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

/// Requirements for passwords (P-1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passwords {
    /// Minimum characters.
    pub min_length: u64,
    /// Maximum characters.
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
    /// Days for which an account must have been closed before its data can be erased.
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
    /// When the e-mail address is verified; until then spending is refused.
    EmailVerified,
}

/// Lots and their expiry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lots {
    /// Days before an expiry at which the owner is notified (L-6).
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
    /// To the lot they came from or, once per Connect, to a new one with thirty days if that lot has less.
    OriginalWithGrace,
    /// To a new lot that lives a year, once per Connect.
    FreshYear,
}

/// Job posts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobPosts {
    /// Days without activity after which a post expires (J-4).
    pub expire_days: i64,
    /// Days before its expiry at which its client is warned (J-4).
    pub warn_days: i64,
}

/// Proposals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposals {
    /// Hours after submission within which the letter can be edited, unless the client has opened it (S-6).
    pub letter_hours: i64,
}

/// Offers and contracts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contracts {
    /// Days after which an offer that nobody has answered expires (O-1).
    pub offer_days: i64,
    /// The service fee in hundredths of a percent of what is released (O-2).
    pub fee_basis_points: i64,
    /// Days after a release within which the client can dispute it (O-2).
    #[serde(default = "dispute_days")]
    pub dispute_days: i64,
    /// Days after a cancelled post within which a contract of its client and a freelancer reverses the freelancer's return
    /// (T-6).
    #[serde(default = "return_reversal_days")]
    pub return_reversal_days: i64,
}

fn dispute_days() -> i64 {
    Contracts::default().dispute_days
}

fn return_reversal_days() -> i64 {
    Contracts::default().return_reversal_days
}

impl Default for Contracts {
    fn default() -> Self {
        Self { offer_days: 7, fee_basis_points: 1_000, dispute_days: 30, return_reversal_days: 30 }
    }
}

/// The clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Maximum years of one advance of a sandbox's clock.
    pub advance_years: u32,
    /// Days after the last sign of life beyond which a machine's clock is no longer believed.
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
    /// How an anchor day of 29, 30 or 31 falls in short months (M-3).
    pub short_months: ShortMonths,
}

/// How an anchor day of 29, 30 or 31 falls in short months (M-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ShortMonths {
    /// The 1st; the first cycle runs to the 1st of the month after next.
    FirstOfMonth,
    /// The last day of a short month.
    Clamp,
}

/// The price of a proposal in Connects (J-3).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// By value of the work, ascending.
    pub tiers: Vec<Tier>,
    /// Connects for a value above the last tier.
    pub above: i64,
    /// Connects when the value is unknown.
    pub unknown: i64,
    /// By demand, ascending.
    pub demand: Vec<DemandStep>,
    /// Maximum price of a proposal.
    pub cap: i64,
    /// Weekly hours assumed for an hourly post that does not state them.
    pub default_weekly_hours: i64,
    /// Weeks assumed for an hourly post that does not state them.
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
    /// Minimum number of proposals ever sent.
    pub from_proposals: i64,
    /// Factor in percent.
    pub percent: i64,
}

/// Imports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// The category for each name used in files.
    pub categories: BTreeMap<String, JobCategory>,
}

impl Policy {
    /// The document that seeds an empty database.
    ///
    /// # Errors
    /// A fault when the built-in `policy.toml` is invalid; a test prevents that.
    pub fn seed() -> Result<Self> {
        toml::from_str(SEED).map_err(|e| Fault::Setup(format!("policy.toml: {e}")).into())
    }
}

/// How long before it takes effect a version is written, in system time, at least: until then every process has read it.
pub const NOTICE: chrono::TimeDelta = chrono::TimeDelta::minutes(1);

/// All versions, oldest first.
#[derive(Clone, Debug)]
pub struct Policies(Vec<Arc<Version>>);

/// A version and when it took effect.
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
    /// A fault when there is none.
    pub fn new(versions: Vec<Version>) -> Result<Self> {
        if versions.is_empty() {
            return Err(Fault::Broken("the database has no policy".into()).into());
        }
        Ok(Self(versions.into_iter().map(Arc::new).collect()))
    }

    /// The number of the last version.
    pub fn newest(&self) -> i64 {
        self.0.last().map_or(0, |version| version.number)
    }

    /// The version in force at `instant`. The first version also counts before its start, so that a rule always has
    /// values.
    pub fn at(&self, instant: Instant) -> &Arc<Version> {
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
