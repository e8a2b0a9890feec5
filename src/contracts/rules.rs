//! Pure rules of offers, contracts and milestones.

use chrono::TimeDelta;

use crate::{
    clock::Instant,
    contracts::rejection,
    entity::{
        enums::{
            ContractState, Currency,
            MilestoneState::{self, Funded, Funding, Pending, Released},
            OfferState::{self, Expired, New},
        },
        values::Part,
    },
    error::Rejection,
    input,
    money::Money,
    policy::Contracts,
};

/// The most milestones of an offer.
pub const MILESTONES_AT_MOST: usize = 20;

/// The least and the most that a milestone costs, in minor units.
pub const MILESTONE_CENTS: (i64, i64) = (500, 100_000_000);

/// The state of an offer at `now`: one whose time is up has expired, whether or not the task has run.
pub fn state_at(state: OfferState, expires_at: Instant, now: Instant) -> OfferState {
    if state == New && expires_at <= now { Expired } else { state }
}

/// Checks that an offer in `state` can be accepted, declined or withdrawn (O-1).
///
/// # Errors
/// `ILLEGAL_STATE`.
pub fn must_be_new(state: OfferState) -> Result<(), Rejection> {
    if state == New { Ok(()) } else { Err(rejection::illegal_offer_state(state)) }
}

/// When an offer that is sent at `now` expires (O-1).
pub fn expiry_of(now: Instant, policy: &Contracts) -> Instant {
    now + TimeDelta::days(policy.offer_days)
}

/// Checks that a contract in `state` goes on (O-1).
///
/// # Errors
/// `ILLEGAL_STATE`.
pub fn must_be_active(state: ContractState) -> Result<(), Rejection> {
    if state == ContractState::Active { Ok(()) } else { Err(rejection::illegal_contract_state(state)) }
}

/// An action on a milestone (O-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The client's payment begins.
    Fund,
    /// The payment is in escrow.
    Arrive,
    /// The payment failed.
    Fail,
    /// The client releases it.
    Release,
}

impl Move {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Fund, Self::Arrive, Self::Fail, Self::Release];

    /// The state from which it is allowed, and the one to which it leads.
    pub const fn way(self) -> (MilestoneState, MilestoneState) {
        match self {
            Self::Fund => (Pending, Funding),
            Self::Arrive => (Funding, Funded),
            Self::Fail => (Funding, Pending),
            Self::Release => (Funded, Released),
        }
    }
}

/// The state of a milestone in `state` after the action (O-2).
///
/// # Errors
/// `ILLEGAL_STATE`.
pub fn moved(state: MilestoneState, way: Move) -> Result<MilestoneState, Rejection> {
    let (from, to) = way.way();
    if state == from { Ok(to) } else { Err(rejection::illegal_milestone_state(state, &[from])) }
}

/// The service fee for `cents` that are released, in minor units, half a minor unit rounded up (O-2). `None` when it
/// does not fit.
pub fn fee_of(cents: i64, policy: &Contracts) -> Option<i64> {
    Some(Money::new(cents, Currency::Usd).share(policy.fee_basis_points)?.minor)
}

/// Checks the milestones of an offer.
///
/// # Errors
/// `INVALID_INPUT`.
pub fn checked(parts: Vec<(String, i64)>) -> Result<Vec<Part>, Rejection> {
    if parts.is_empty() || parts.len() > MILESTONES_AT_MOST {
        let sentence = format!("An offer has 1 to {MILESTONES_AT_MOST} milestones. Put more work into each.");
        return Err(input::invalid("milestones", sentence));
    }
    let (least, most) = MILESTONE_CENTS;
    let part = |(n, (title, cents)): (usize, (String, i64))| {
        let title = input::line(&format!("milestones.{n}.title"), &title, 1, 100)?;
        let amount_cents = input::amount(&format!("milestones.{n}.amount"), cents, least, most)?;
        Ok(Part { title, amount_cents })
    };
    parts.into_iter().enumerate().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{entity::enums::OfferState::Accepted, error::Code, policy::Policy};

    #[test]
    fn o_1_an_offer_expires_at_its_instant_with_or_without_the_task() {
        let policy = Policy::seed().unwrap().contracts;
        let sent: Instant = "2026-01-01T00:00:00Z".parse().unwrap();
        let expires = expiry_of(sent, &policy);
        assert_eq!(expires, sent + TimeDelta::days(7));
        assert_eq!(state_at(New, expires, expires - TimeDelta::microseconds(1)), New);
        assert_eq!(state_at(New, expires, expires), Expired);
        assert_eq!(state_at(Accepted, expires, expires), Accepted);
        assert_eq!(must_be_new(Expired).unwrap_err().code, Code::IllegalState);
    }

    #[test]
    fn o_2_only_the_listed_moves_are_allowed() {
        let all = [Pending, Funding, Funded, Released];
        for way in Move::ALL {
            let allowed: Vec<_> = all.into_iter().filter(|state| moved(*state, way).is_ok()).collect();
            assert_eq!(allowed, [way.way().0], "{way:?}");
        }
    }

    #[test]
    fn o_2_the_fee_is_a_tenth_half_a_cent_rounded_up() {
        let policy = Policy::seed().unwrap().contracts;
        let fees = [10_000, 5, 4, 15, 100_000_000].map(|cents| fee_of(cents, &policy).unwrap());
        assert_eq!(fees, [1_000, 1, 0, 2, 10_000_000]);
    }

    #[test]
    fn o_1_an_offer_has_one_to_twenty_milestones_of_at_least_five_dollars() {
        let part = |cents| ("Draft".to_owned(), cents);
        assert_eq!(checked(vec![part(500)]).unwrap().len(), 1);
        assert_eq!(checked(vec![part(500); 20]).unwrap().len(), 20);
        for bad in [
            vec![],
            vec![part(500); 21],
            vec![part(499)],
            vec![part(100_000_001)],
            vec![(String::new(), 500)],
        ] {
            assert_eq!(checked(bad.clone()).unwrap_err().code, Code::InvalidInput, "{bad:?}");
        }
    }
}
