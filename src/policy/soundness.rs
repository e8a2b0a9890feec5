//! What every version of the policy must fulfil, so that rules never meet a value that makes no sense.

use sea_orm::Iterable;

use super::Policy;
use crate::entity::enums::MembershipPlan;

/// A value that makes no sense: where it stands, and what is wrong with it, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsound {
    /// The path in the document, such as `payouts.hold_hours`.
    pub path: &'static str,
    /// What is wrong, and what is right.
    pub sentence: &'static str,
}

impl Policy {
    /// Checks the values against each other and against their meaning.
    ///
    /// # Errors
    /// The first that makes no sense.
    pub fn must_be_sound(&self) -> Result<(), Unsound> {
        let wrong = self.findings().into_iter().find(|(is_right, ..)| !is_right);
        wrong.map_or(Ok(()), |(_, path, sentence)| Err(Unsound { path, sentence }))
    }

    /// What must hold, with its place and a sentence for when it does not.
    fn findings(&self) -> Vec<(bool, &'static str, &'static str)> {
        let mut all = self.of_memberships();
        all.extend(self.of_work());
        all.extend(self.of_money());
        all.extend(self.of_the_rest());
        all
    }

    fn of_memberships(&self) -> Vec<(bool, &'static str, &'static str)> {
        let plans = MembershipPlan::iter().map(|plan| self.plans.get(&plan));
        let plans: Vec<_> = plans.collect();
        let are_there = plans.iter().all(Option::is_some);
        let sound = plans.iter().flatten().all(|terms| {
            terms.monthly_cents >= 0
                && (0..=10_000).contains(&terms.free)
                && (0..=10_000).contains(&terms.paid)
        });
        let basic = self.terms(MembershipPlan::Basic);
        vec![
            (are_there, "plans", "A plan is missing. Write the terms of each."),
            (sound, "plans", "A plan has a negative price, or not 0 to 10,000 Connects."),
            (
                basic.monthly_cents == 0 && basic.paid == 0,
                "plans.BASIC",
                "BASIC costs nothing and has no paid part.",
            ),
            (
                self.plans.iter().all(|(plan, terms)| {
                    *plan == MembershipPlan::Basic || (terms.monthly_cents > 0 && terms.paid > 0)
                }),
                "plans",
                "Every plan but BASIC costs something and has a paid part.",
            ),
            (
                (0..=10_000).contains(&self.rewards.signup),
                "rewards.signup",
                "A reward is 0 to 10,000 Connects.",
            ),
            (
                self.lots.notice_days.iter().all(|days| (1..=365).contains(days))
                    && self.lots.notice_days.len() <= 10,
                "lots.notice_days",
                "Up to ten notices come 1 to 365 days ahead.",
            ),
        ]
    }

    fn of_work(&self) -> Vec<(bool, &'static str, &'static str)> {
        let (price, posts, contracts) = (&self.price, &self.job_posts, &self.contracts);
        let tiers = price.tiers.windows(2).all(|two| two[0].up_to_cents < two[1].up_to_cents);
        let connects =
            price.tiers.iter().map(|tier| tier.connects).chain([price.above, price.unknown, price.cap]);
        let steps = price.demand.windows(2).all(|two| two[0].from_proposals < two[1].from_proposals);
        let factors = price.demand.iter().all(|step| (100..=10_000).contains(&step.percent));
        let days = [contracts.offer_days, contracts.dispute_days, contracts.return_reversal_days];
        vec![
            (tiers, "price.tiers", "Tiers go up by the value of the work."),
            (
                connects.into_iter().all(|n| (0..=10_000).contains(&n)),
                "price",
                "A price is 0 to 10,000 Connects.",
            ),
            (
                steps && factors,
                "price.demand",
                "Steps go up by proposals, and each is 100 to 10,000 percent.",
            ),
            (
                (1..=168).contains(&price.default_weekly_hours) && (1..=520).contains(&price.default_weeks),
                "price",
                "A week has 1 to 168 hours, and work lasts 1 to 520 weeks.",
            ),
            (
                0 < posts.warn_days && posts.warn_days < posts.expire_days && posts.expire_days <= 3_650,
                "job_posts",
                "A client is warned some days before a post expires, which it does within ten years.",
            ),
            (
                (0..=8_760).contains(&self.proposals.letter_hours),
                "proposals.letter_hours",
                "That is 0 to 8,760 hours.",
            ),
            (days.iter().all(|days| (1..=3_650).contains(days)), "contracts", "Days are 1 to 3,650."),
            (
                (1..=3_650).contains(&self.referrals.remind_days),
                "referrals.remind_days",
                "That is 1 to 3,650 days.",
            ),
            (
                (1..=3_650).contains(&self.profiles.hide_after_days),
                "profiles.hide_after_days",
                "That is 1 to 3,650 days.",
            ),
            (
                (0..=10_000).contains(&contracts.fee_basis_points),
                "contracts.fee_basis_points",
                "A fee is 0 to 10,000 basis points, which is all of it.",
            ),
        ]
    }

    fn of_money(&self) -> Vec<(bool, &'static str, &'static str)> {
        let (affiliate, payouts, purchases) = (&self.affiliate, &self.payouts, &self.purchases);
        let (least, most) = payouts.threshold_cents;
        let prices = &purchases.prices;
        let bundles =
            purchases.bundles.windows(2).all(|two| two[0] < two[1]) && purchases.bundles.len() <= 50;
        vec![
            (
                (0..=10_000).contains(&affiliate.rate_basis_points) && affiliate.cap_cents >= 0,
                "affiliate",
                "A commission is 0 to 10,000 basis points, and its cap is not negative.",
            ),
            (
                affiliate.window_hours > 0
                    && (1..=28).contains(&affiliate.due_day)
                    && affiliate.lock_months <= 120,
                "affiliate",
                "The window is at least an hour, the due day is 1 to 28, and a commission locks within 120 months.",
            ),
            (affiliate.terms_version >= 1, "affiliate.terms_version", "Versions are counted from 1."),
            (
                0 < least && least <= most && payouts.minimum_cents > 0,
                "payouts",
                "The minimum is above nothing, and thresholds go from the least to the most.",
            ),
            (
                payouts.hold_hours >= 0
                    && payouts.two_admins_above_cents >= 0
                    && payouts.by_itself_up_to_cents >= 0,
                "payouts",
                "Hours and limits are not negative.",
            ),
            (
                payouts.rates_micros.values().all(|rate| *rate > 0),
                "payouts.rates_micros",
                "A rate is above nothing.",
            ),
            (
                !prices.is_empty()
                    && prices[0].from == 1
                    && prices.windows(2).all(|two| two[0].from < two[1].from)
                    && prices.iter().all(|step| (1..=1_000_000_000).contains(&step.micros)),
                "purchases.prices",
                "The first price is from 1, steps go up, and a Connect costs 1 to 1,000,000,000 millionths.",
            ),
            (
                bundles && purchases.bundles.iter().all(|n| (1..=1_000_000).contains(n)),
                "purchases.bundles",
                "Up to fifty bundles go up, from 1 to 1,000,000 Connects.",
            ),
            (
                0 < purchases.custom.0
                    && purchases.custom.0 <= purchases.custom.1
                    && purchases.custom.1 <= 1_000_000,
                "purchases.custom",
                "That is the least and the most, from 1 to 1,000,000.",
            ),
            (
                self.taxes
                    .iter()
                    .all(|tax| (0..=1_000_000).contains(&tax.rate_micros) && !tax.name.trim().is_empty()),
                "taxes",
                "A tax has a name, and a rate of 0 to 1,000,000 millionths.",
            ),
        ]
    }

    fn of_the_rest(&self) -> Vec<(bool, &'static str, &'static str)> {
        let (passwords, clock) = (&self.passwords, &self.clock);
        vec![
            (
                (8..=64).contains(&passwords.min_length) && (64..=1_024).contains(&passwords.max_length),
                "passwords",
                "Passwords have at least 8 to 64, and at most 64 to 1,024 characters.",
            ),
            (self.leaving.erase_after_days >= 0, "leaving.erase_after_days", "Days are not negative."),
            (
                self.registration.sanctioned_countries.iter().all(|code| code.len() == 2),
                "registration.sanctioned_countries",
                "A country is a code of two letters.",
            ),
            (
                (1..=100).contains(&clock.advance_years) && clock.leap_days >= 1,
                "clock",
                "An advance is 1 to 100 years, and a leap at least a day.",
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::UnitPrice;

    #[test]
    fn the_seed_is_sound_and_each_section_is_looked_at() {
        let seed = Policy::seed().unwrap();
        assert_eq!(seed.must_be_sound(), Ok(()));
        let unsound = |change: fn(&mut Policy)| {
            let mut policy = seed.clone();
            change(&mut policy);
            policy.must_be_sound().expect_err("unsound").path
        };
        let paths = [
            unsound(|policy| policy.plans.retain(|plan, _| *plan != MembershipPlan::Plus)),
            unsound(|policy| policy.plans.get_mut(&MembershipPlan::Basic).unwrap().monthly_cents = 1),
            unsound(|policy| policy.price.tiers.reverse()),
            unsound(|policy| policy.job_posts.warn_days = policy.job_posts.expire_days),
            unsound(|policy| policy.contracts.fee_basis_points = 10_001),
            unsound(|policy| policy.affiliate.due_day = 31),
            unsound(|policy| policy.payouts.threshold_cents = (2, 1)),
            unsound(|policy| policy.payouts.rates_micros.values_mut().for_each(|rate| *rate = 0)),
            unsound(|policy| policy.purchases.prices = vec![UnitPrice { from: 2, micros: 1 }]),
            unsound(|policy| policy.taxes[0].rate_micros = -1),
            unsound(|policy| policy.passwords.min_length = 0),
            unsound(|policy| policy.clock.leap_days = 0),
        ];
        assert_eq!(
            paths,
            [
                "plans",
                "plans.BASIC",
                "price.tiers",
                "job_posts",
                "contracts.fee_basis_points",
                "affiliate",
                "payouts",
                "payouts.rates_micros",
                "purchases.prices",
                "taxes",
                "passwords",
                "clock"
            ]
        );
    }
}
