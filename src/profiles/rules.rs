//! Pure rules of profiles (M-11).

use chrono::TimeDelta;

use super::rejection;
use crate::{
    accounts,
    clock::{Instant, midnight},
    entity::{
        account,
        enums::{MembershipPlan, Perk},
    },
    error::Rejection,
    policy::Policy,
};

/// The most addresses that a person may choose, since each stays theirs.
pub const MOST_SLUGS: usize = 10;

/// What a freelancer has chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Whether they hide what they have earned.
    pub hides_earnings: bool,
    /// The address of their profile.
    pub slug: Option<String>,
}

/// What of `chosen` counts on `plan`: the rest counts again on a plan that has the perk.
pub fn in_force(chosen: &Chosen, plan: MembershipPlan, policy: &Policy) -> Chosen {
    let perks = policy.perks(plan);
    Chosen {
        hides_earnings: chosen.hides_earnings && perks.contains(&Perk::HiddenEarnings),
        slug: chosen.slug.clone().filter(|_| perks.contains(&Perk::ProfileUrl)),
    }
}

/// From when on searches do not find a freelancer who is not seen again: once as many whole days have passed after the one on
/// which they were last seen as the policy says; never on a plan that keeps them visible.
pub fn hidden_from(account: &account::Model, plan: MembershipPlan, policy: &Policy) -> Option<Instant> {
    let stays = policy.perks(plan).contains(&Perk::StaysVisible);
    let last_day = midnight(accounts::rules::last_seen(account).date_naive());
    (!stays).then(|| last_day + TimeDelta::days(policy.profiles.hide_after_days + 1))
}

/// The first instant at which a freelancer must have been seen to be found at `now`.
pub fn seen_since(policy: &Policy, now: Instant) -> Instant {
    midnight(now.date_naive()) - TimeDelta::days(policy.profiles.hide_after_days)
}

/// The address of a profile as it is kept: in lower case.
///
/// # Errors
/// `INVALID_INPUT`.
pub fn checked_slug(typed: &str) -> Result<String, Rejection> {
    let slug = typed.trim().to_ascii_lowercase();
    let parts = || slug.split('-');
    let is_plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_right = (3..=50).contains(&slug.len())
        && parts().all(is_plain)
        && slug.bytes().any(|byte| byte.is_ascii_alphabetic());
    if is_right { Ok(slug) } else { Err(rejection::bad_slug()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m_11_an_address_is_plain_and_is_kept_in_lower_case() {
        assert_eq!(checked_slug(" Ada-Lovelace ").unwrap(), "ada-lovelace");
        assert_eq!(checked_slug("r2d2").unwrap(), "r2d2");
        for wrong in [
            "",
            "ab",
            "-ada",
            "ada-",
            "a--b",
            "ad a",
            "ada_l",
            "ad\u{e4}",
            "a/b",
            "..a",
            "1815",
            &"a".repeat(51),
        ] {
            let no = checked_slug(wrong).unwrap_err();
            assert_eq!((no.code, no.rule), (crate::error::Code::InvalidInput, Some("M-11")), "{wrong}");
        }
    }

    #[test]
    fn m_11_what_was_chosen_counts_only_on_a_plan_with_the_perk() {
        let mut policy = Policy::seed().unwrap();
        let chosen = Chosen { hides_earnings: true, slug: Some("ada".into()) };
        assert_eq!(in_force(&chosen, MembershipPlan::Plus, &policy), chosen);
        assert_eq!(in_force(&chosen, MembershipPlan::Basic, &policy), Chosen::default());
        let plus = policy.plans.get_mut(&MembershipPlan::Plus).unwrap();
        plus.perks = Some(vec![Perk::ProfileUrl]);
        let only_slug = Chosen { hides_earnings: false, ..chosen.clone() };
        assert_eq!(in_force(&chosen, MembershipPlan::Plus, &policy), only_slug);
        // A version that does not speak of perks gives all of them to PLUS.
        policy.plans.get_mut(&MembershipPlan::Plus).unwrap().perks = None;
        assert_eq!(in_force(&chosen, MembershipPlan::Plus, &policy), chosen);
    }
}
