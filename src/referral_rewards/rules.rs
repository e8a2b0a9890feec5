//! Pure rules of rewards for referrals: when a friend has earned enough, for whom the budget reaches, and when it is paid.

use std::collections::HashMap;

use chrono::{Datelike, Months, NaiveDate};

use crate::{
    clock::{Instant, midnight},
    entity::{
        enums::{
            ReferralReason::{self, BudgetUsedUp, NotReached},
            ReferralState::{self, Ended, Open, Paid, Qualified, Waiting},
        },
        ids::ReferralId,
        referral, referral_campaign,
    },
    error::Rejection,
    moves::moves,
    payouts::rules::days::Calendar,
};

moves! {
    /// An action on a referral (C-3).
    ReferralMove of ReferralState {
        /// The friend has earned enough, and the reward is reserved.
        Qualify: Open | Waiting => Qualified,
        /// The friend has earned enough, and the budget is used up.
        Wait: Open => Waiting,
        /// So much was refunded that the friend has to earn more.
        Fall: Waiting | Qualified => Open,
        /// The reward is in the referrer's cash account.
        Pay: Qualified => Paid,
        /// There is no reward.
        End: Open | Waiting | Qualified => Ended,
    }
}

/// The state of a referral in `state` after the action.
///
/// # Errors
/// `ILLEGAL_STATE`.
pub fn moved(state: ReferralState, way: ReferralMove) -> Result<ReferralState, Rejection> {
    way.after(state).ok_or_else(|| {
        Rejection::illegal_state("This referral", state, way.from()).at("referralId").by("C-3")
    })
}

/// A change of what a friend has earned: when, and how much, in minor units; refunds are negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earned {
    /// When it was recorded.
    pub at: Instant,
    /// How much.
    pub cents: i64,
}

/// When the sum of `earned`, which are in order, reached `threshold` for the last time, if it is not below it now.
pub fn reached_at(earned: &[Earned], threshold: i64) -> Option<Instant> {
    let (mut sum, mut reached) = (0, None);
    for one in earned {
        sum += one.cents;
        reached = if sum < threshold { None } else { reached.or(Some(one.at)) };
    }
    reached
}

/// When the reward is due for a friend who has earned enough at `reached`: on the first business day of the month after
/// (C-4).
pub fn due_at(reached: Instant, calendar: &Calendar<'_>) -> Instant {
    let first = reached.date_naive().with_day(1).unwrap_or(NaiveDate::MAX);
    midnight(calendar.business_day(first + Months::new(1)))
}

/// What is known of the friends of a campaign.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// What each has earned, in order, as far as it counts.
    pub earned: HashMap<ReferralId, Vec<Earned>>,
    /// Those who cannot count, and why: they belong to their referrer, or turn out to have had an account.
    pub barred: HashMap<ReferralId, ReferralReason>,
}

/// How a referral stands after a look at it.
#[derive(Clone, Debug, PartialEq)]
pub struct Looked {
    /// The referral.
    pub row: referral::Model,
    /// By how much the reserved budget grows, in minor units.
    pub reserves: i64,
}

/// Looks at `rows` of `campaign`, those that may have changed and those that wait for its budget, at `now`. Those whose
/// reward is reserved keep it; the others come in the order in which they reached the threshold, as far as the budget
/// reaches (C-5).
pub fn look(
    campaign: &referral_campaign::Model,
    rows: Vec<referral::Model>,
    known: &Known,
    (now, calendar): (Instant, &Calendar<'_>),
) -> Vec<Looked> {
    let mut left = campaign.budget_cents - campaign.reserved_cents;
    let (mut looked, mut queue) = (Vec::new(), Vec::new());
    for row in rows {
        let reached = known.earned.get(&row.id).and_then(|all| reached_at(all, campaign.threshold_cents));
        let reached = reached.filter(|at| *at < campaign.closes_at);
        match (known.barred.get(&row.id), reached) {
            (Some(reason), _) => looked.push(ended(campaign, &row, *reason, now)),
            // A dip since the last look does not count.
            (None, Some(_)) if row.state == Qualified => {}
            (None, Some(at)) => queue.push((at, row)),
            (None, None) if now >= campaign.closes_at => looked.push(ended(campaign, &row, NotReached, now)),
            (None, None) if row.state != Open => looked.push(fallen(campaign, &row)),
            (None, None) => {}
        }
    }
    left -= looked.iter().map(|one| one.reserves).sum::<i64>();
    queue.sort_by_key(|(at, row)| (*at, row.id));
    for (at, row) in queue {
        if campaign.reward_cents <= left {
            left -= campaign.reward_cents;
            let due_at = Some(due_at(at, calendar));
            let row =
                referral::Model { state: ReferralMove::Qualify.to(), reached_at: Some(at), due_at, ..row };
            looked.push(Looked { row, reserves: campaign.reward_cents });
        } else if row.state == Open {
            let row = referral::Model { state: ReferralMove::Wait.to(), reached_at: Some(at), ..row };
            looked.push(Looked { row, reserves: 0 });
        }
    }
    looked
}

/// The referral without a reward. What was reserved for it is free again.
pub fn ended(
    campaign: &referral_campaign::Model,
    row: &referral::Model,
    reason: ReferralReason,
    now: Instant,
) -> Looked {
    let reserves = freed(campaign, row);
    let row = referral::Model {
        state: ReferralMove::End.to(),
        reason: Some(reason),
        due_at: None,
        ended_at: Some(now),
        ..row.clone()
    };
    Looked { row, reserves }
}

/// The referral whose friend has to earn more.
fn fallen(campaign: &referral_campaign::Model, row: &referral::Model) -> Looked {
    let reserves = freed(campaign, row);
    Looked {
        row: referral::Model {
            state: ReferralMove::Fall.to(),
            reached_at: None,
            due_at: None,
            ..row.clone()
        },
        reserves,
    }
}

fn freed(campaign: &referral_campaign::Model, row: &referral::Model) -> i64 {
    if row.state == Qualified { -campaign.reward_cents } else { 0 }
}

/// Whether a campaign's budget cannot become free again: nobody's reward is reserved and unpaid, and nobody can reach the
/// threshold any more.
pub fn is_settled(campaign: &referral_campaign::Model, qualified: u64, now: Instant) -> bool {
    now >= campaign.closes_at && qualified == 0
}

/// The referral that waited in vain.
pub fn in_vain(campaign: &referral_campaign::Model, row: &referral::Model, now: Instant) -> Looked {
    ended(campaign, row, BudgetUsedUp, now)
}

/// The referral whose reward was paid at `now`.
pub fn paid(row: &referral::Model, now: Instant) -> referral::Model {
    referral::Model { state: ReferralMove::Pay.to(), ended_at: Some(now), ..row.clone() }
}

/// What is shown of a friend's earnings: no more than the campaign asks for (C-4).
pub fn progress_of(earned_cents: i64, threshold_cents: i64) -> i64 {
    earned_cents.clamp(0, threshold_cents)
}

#[cfg(test)]
mod tests;
