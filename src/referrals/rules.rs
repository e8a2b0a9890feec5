//! Pure rules of referral campaigns: their terms, who may refer, and which friend counts.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use crate::{
    clock::{Instant, midnight},
    entity::{
        enums::{
            ReferralObstacle::{self, BadgeMissing, EmailUnverified, MailsUnwanted, OtherCountry},
            ReferralReason::{self, KnownPerson, ReferrerBarred, Related},
            TalentBadgeKind, TraceKind,
        },
        referral_campaign,
    },
    error::Rejection,
    input,
    memberships::rules::GIVEN_AT_MOST,
    talent_badges::rules::at_least,
};

/// The most that is asked of a friend, given to a referrer, or given to all, in minor units of USD.
const CENTS_AT_MOST: i64 = 100_000_000;

/// The amounts of a campaign, in minor units of USD, and the months of the gift.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// What a friend must earn.
    pub threshold_cents: i64,
    /// The reward for the referrer.
    pub reward_cents: i64,
    /// Months of PLUS for the friend.
    pub gift_months: i64,
    /// What all rewards may cost.
    pub budget_cents: i64,
}

impl Terms {
    /// The terms, if they make sense.
    ///
    /// # Errors
    /// `INVALID_INPUT`.
    pub fn checked(self) -> Result<Self, Rejection> {
        input::amount("threshold", self.threshold_cents, 1, CENTS_AT_MOST)?;
        input::amount("reward", self.reward_cents, 1, CENTS_AT_MOST)?;
        input::number("giftMonths", self.gift_months, 0, GIVEN_AT_MOST)?;
        input::amount("budget", self.budget_cents, self.reward_cents, CENTS_AT_MOST)?;
        Ok(self)
    }
}

/// The instant before which friends register and reach the threshold: 00:00 UTC after the day of the deadline (C-5).
pub fn closes_at(deadline: NaiveDate) -> Instant {
    midnight(deadline + Days::new(1))
}

/// The day of the deadline.
pub fn deadline_of(campaign: &referral_campaign::Model) -> NaiveDate {
    campaign.closes_at.date_naive() - Days::new(1)
}

/// The path of a personal link.
pub fn path_of(code: &str) -> String {
    format!("/join/{code}")
}

/// The code of a link, from random bytes.
pub fn code_of(random: [u8; 8]) -> String {
    hex::encode(random)
}

/// Whether `text` could be the code of a link.
pub fn is_code(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
}

/// What is known of a person who wants to refer friends.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Whether they have a freelancer profile.
    pub is_freelancer: bool,
    /// Their country.
    pub country: String,
    /// The badges that they have now.
    pub badges: Vec<TalentBadgeKind>,
    /// Whether they want mails about campaigns.
    pub wants_mails: bool,
    /// Whether their e-mail address is verified.
    pub is_verified: bool,
}

/// What keeps a person from referring friends in a campaign at `now` (C-1); nothing if they may.
pub fn obstacles_of(
    campaign: &referral_campaign::Model,
    person: &Candidate,
    now: Instant,
) -> Vec<ReferralObstacle> {
    let is_there = campaign.country.as_ref().is_none_or(|country| *country == person.country);
    let enough = campaign.badge.map(at_least);
    let has_badge = enough.is_none_or(|kinds| person.badges.iter().any(|badge| kinds.contains(badge)));
    let obstacles = [
        (!campaign.is_open(now), ReferralObstacle::CampaignClosed),
        (!person.is_freelancer, ReferralObstacle::NotAFreelancer),
        (!is_there, OtherCountry),
        (!has_badge, BadgeMissing),
        (!person.wants_mails, MailsUnwanted),
        (!person.is_verified, EmailUnverified),
    ];
    obstacles.into_iter().filter_map(|(applies, obstacle)| applies.then_some(obstacle)).collect()
}

/// What is known of a friend who registers.
#[derive(Clone, Debug)]
pub struct Friend {
    /// Whether they register as a freelancer.
    pub is_freelancer: bool,
    /// What they share with anybody who has or had an account.
    pub shared: BTreeSet<TraceKind>,
    /// Whether they share anything with the referrer.
    pub is_related: bool,
    /// Whether the campaign is open.
    pub is_open: bool,
    /// Whether the referrer is suspended or has closed their account.
    pub is_barred: bool,
}

/// Why a friend who registers does not count, if so (C-2, C-3).
pub fn refusal_of(friend: &Friend) -> Option<ReferralReason> {
    let known = [TraceKind::Person, TraceKind::Payment];
    let reasons = [
        (!friend.is_open, ReferralReason::CampaignClosed),
        (friend.is_barred, ReferrerBarred),
        (!friend.is_freelancer, ReferralReason::NotAFreelancer),
        (friend.is_related, Related),
        (known.iter().any(|kind| friend.shared.contains(kind)), KnownPerson),
    ];
    reasons.into_iter().find_map(|(applies, reason)| applies.then_some(reason))
}

#[cfg(test)]
mod tests;
