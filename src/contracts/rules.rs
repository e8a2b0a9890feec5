//! Pure rules of offers, contracts and milestones.

mod moves;
pub mod terms;

pub use moves::{
    ContractMove, DisputeMove, Move, OfferMove, contract_moved, dispute_moved, moved, offer_moved,
};

use chrono::TimeDelta;

use crate::{
    clock::Instant,
    contracts::rejection,
    entity::{
        dispute,
        enums::{
            ContractState, Currency, DisputeState,
            MilestoneState::{ChargedBack, Funded, Funding, Pending, Refunded, Released, Withdrawn},
            OfferState::{self, Expired, New},
        },
        ids::AccountId,
        milestone,
    },
    error::Rejection,
    input,
    money::{Money, half_up},
    policy::Contracts,
};

/// The most offers to one proposal, so that nobody is flooded by offers that are sent and withdrawn.
pub const OFFERS_TO_A_PROPOSAL: u64 = 10;

/// The most direct offers that a client sends within a day.
pub const DIRECT_OFFERS_A_DAY: u64 = 50;

/// The most invoices of a contract, withdrawn ones included.
pub const INVOICES_EVER: usize = 500;

/// The most invoices of a contract that wait for their client.
pub const INVOICES_AT_MOST: usize = 10;

/// The least that a freelancer refunds of what is left, unless it is all of it, in minor units.
pub const REFUND_CENTS: i64 = 100;

/// The most refunds of a milestone that its freelancer makes. A decision is not bound by it.
pub const REFUNDS_AT_MOST: u64 = 20;

/// The most disputes that a person opens over a milestone.
pub const DISPUTES_AT_MOST: usize = 3;

/// The state of an offer at `now`: one whose time is up has expired, whether or not the task has run.
pub fn state_at(state: OfferState, expires_at: Instant, now: Instant) -> OfferState {
    if state == New && expires_at <= now { Expired } else { state }
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

/// What of a milestone can go back to the client: what is in escrow, or what was released and not taken back; in minor
/// units.
pub fn left_of(milestone: &milestone::Model) -> i64 {
    match milestone.state {
        Funded => milestone.amount_cents - milestone.charged_back_cents,
        Released => milestone.released_cents - milestone.reversed_cents,
        Pending | Funding | Refunded | ChargedBack | Withdrawn => 0,
    }
}

/// How much a freelancer who asks for `cents` gives back (O-2): all that is left unless they say less. Out of escrow
/// goes all of it.
///
/// # Errors
/// `ILLEGAL_STATE`, `INVALID_INPUT`.
pub fn refundable(milestone: &milestone::Model, cents: Option<i64>) -> Result<i64, Rejection> {
    moved(milestone.state, Move::Refund)?;
    let left = left_of(milestone);
    let Some(cents) = cents.filter(|cents| *cents != left) else { return Ok(left) };
    if milestone.state == Funded {
        let sentence = "What is in escrow is refunded as a whole. Leave the amount out.";
        return Err(input::invalid("amount", sentence).by("O-2"));
    }
    input::amount("amount", cents, REFUND_CENTS.min(left), left)
}

/// Checks that an admin can decide that `cents` of a milestone go back.
///
/// # Errors
/// `ILLEGAL_STATE`, `INVALID_INPUT`.
pub fn decidable(milestone: &milestone::Model, cents: i64) -> Result<(), Rejection> {
    moved(milestone.state, Move::Refund)?;
    input::amount("refund", cents, 0, left_of(milestone))?;
    Ok(())
}

/// Checks that a milestone can be disputed at `now`, as its client can or as its freelancer can (O-2).
///
/// # Errors
/// `ILLEGAL_STATE`, `DISPUTE_TOO_LATE`.
pub fn disputable(
    milestone: &milestone::Model,
    as_client: bool,
    now: Instant,
    policy: &Contracts,
) -> Result<(), Rejection> {
    match (milestone.state, milestone.released_at) {
        (Funded, _) => Ok(()),
        (Released, Some(at)) if as_client => {
            let is_late = now >= disputable_until(at, policy);
            if is_late { Err(rejection::dispute_too_late(policy.dispute_days)) } else { Ok(()) }
        }
        (state, _) if as_client => Err(rejection::illegal_milestone_state(state, &[Funded, Released])),
        (state, _) => Err(rejection::illegal_milestone_state(state, &[Funded])),
    }
}

/// Checks that `person` can open another dispute over a milestone that had these (O-2).
///
/// # Errors
/// `ALREADY_DISPUTED`, `DISPUTE_DECIDED`, `TOO_MANY_DISPUTES`.
pub fn another(disputes: &[dispute::Model], person: AccountId) -> Result<(), Rejection> {
    let any = |state| disputes.iter().any(|one| one.state == state);
    if any(DisputeState::Open) {
        return Err(rejection::already_disputed());
    }
    if any(DisputeState::Decided) {
        return Err(rejection::dispute_decided());
    }
    let theirs = disputes.iter().filter(|one| one.opened_by == person).count();
    let most = DISPUTES_AT_MOST;
    if theirs < most { Ok(()) } else { Err(rejection::too_many_disputes(most)) }
}

/// The fee that goes back with `cents` of what was released, in minor units (O-2): in proportion, half a minor unit
/// rounded up, and all of it once everything goes back.
pub fn fee_in(milestone: &milestone::Model, cents: i64) -> i64 {
    let reversed = milestone.reversed_cents + cents;
    // The share of a fee is no more than the fee. After a charge-back was won, what was rounded may be ahead of it.
    let after = half_up(milestone.fee_cents, (reversed, milestone.released_cents.max(1)));
    (after.unwrap_or(milestone.fee_cents) - milestone.fee_reversed_cents).clamp(0, cents)
}

/// The service fee for `cents` that are released, in minor units, half a minor unit rounded up (O-2). `None` when it
/// does not fit.
pub fn fee_of(cents: i64, policy: &Contracts) -> Option<i64> {
    Some(Money::new(cents, Currency::Usd).share(policy.fee_basis_points)?.minor)
}

/// The service fee if what of a milestone is not released yet is released now, in minor units.
pub fn fee_to_come(milestone: &milestone::Model, policy: &Contracts) -> i64 {
    let cents = match milestone.state {
        Pending | Funding => milestone.amount_cents,
        Funded => left_of(milestone),
        Released | Refunded | ChargedBack | Withdrawn => 0,
    };
    fee_of(cents, policy).unwrap_or_default()
}

/// The end of the time in which the client can dispute what was released at `released_at`.
pub fn disputable_until(released_at: Instant, policy: &Contracts) -> Instant {
    released_at + TimeDelta::days(policy.dispute_days)
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
    }

    fn released(cents: i64, fee: i64, reversed: i64) -> milestone::Model {
        milestone::Model {
            id: crate::entity::ids::MilestoneId::new(),
            contract_id: crate::entity::ids::ContractId::new(),
            number: 1,
            title: "Draft".into(),
            amount_cents: cents,
            minutes: None,
            state: Released,
            released_cents: cents,
            fee_cents: fee,
            reversed_cents: reversed,
            fee_reversed_cents: 0,
            refunded_cents: reversed,
            charged_back_cents: 0,
            funded_at: Some(Instant::UNIX_EPOCH),
            released_at: Some(Instant::UNIX_EPOCH),
        }
    }

    #[test]
    fn o_2_the_fee_goes_back_in_proportion_and_all_of_it_in_the_end() {
        assert_eq!(
            [1, 5, 333, 10_000].map(|cents| fee_in(&released(10_000, 1_000, 0), cents)),
            [0, 1, 33, 1_000]
        );
        assert_eq!(fee_in(&released(0, 0, 0), 0), 0);
        for parts in [vec![1; 333], vec![100, 200, 33], vec![332, 1], vec![333]] {
            let mut milestone = released(333, 33, 0);
            for cents in parts {
                let fee = fee_in(&milestone, cents);
                assert!((0..=cents).contains(&fee), "{fee} of {cents}");
                milestone.reversed_cents += cents;
                milestone.fee_reversed_cents += fee;
            }
            assert_eq!(milestone.fee_reversed_cents, 33);
        }
    }

    #[test]
    fn o_2_escrow_goes_back_whole_and_earnings_as_far_as_they_are_left() {
        let funded = milestone::Model { state: Funded, ..released(500, 0, 0) };
        assert_eq!(refundable(&funded, None), Ok(500));
        assert_eq!(refundable(&funded, Some(500)), Ok(500));
        assert_eq!(refundable(&funded, Some(499)).unwrap_err().code, Code::InvalidInput);
        let some = released(500, 50, 200);
        assert_eq!(
            [None, Some(100), Some(300)].map(|cents| refundable(&some, cents).unwrap()),
            [300, 100, 300]
        );
        assert_eq!(refundable(&released(50, 5, 0), Some(50)), Ok(50));
        for bad in [0, -1, 99, 301] {
            assert_eq!(refundable(&some, Some(bad)).unwrap_err().code, Code::InvalidInput, "{bad}");
        }
        for state in [Pending, Funding, Refunded, ChargedBack, Withdrawn] {
            let other = milestone::Model { state, ..released(500, 0, 0) };
            assert_eq!(refundable(&other, None).unwrap_err().code, Code::IllegalState, "{state}");
            assert_eq!(decidable(&other, 0).unwrap_err().code, Code::IllegalState, "{state}");
        }
    }

    #[test]
    fn o_2_the_client_disputes_a_release_for_some_days() {
        let (policy, milestone) = (Policy::seed().unwrap().contracts, released(500, 50, 0));
        let end = Instant::UNIX_EPOCH + TimeDelta::days(30);
        assert_eq!(disputable(&milestone, true, end - TimeDelta::microseconds(1), &policy), Ok(()));
        assert_eq!(disputable(&milestone, true, end, &policy).unwrap_err().code, Code::DisputeTooLate);
        assert_eq!(disputable(&milestone, false, end, &policy).unwrap_err().code, Code::IllegalState);
        let funded = milestone::Model { state: Funded, released_at: None, ..milestone };
        assert_eq!(
            [true, false].map(|by_client| disputable(&funded, by_client, end, &policy)),
            [Ok(()), Ok(())]
        );
    }

    #[test]
    fn o_5_the_fee_in_a_reversal_is_not_below_zero_after_a_charge_back_was_won() {
        // Five cents went back with no fee and one with a cent of it, and then the five were won.
        let milestone = milestone::Model { fee_reversed_cents: 1, ..released(333, 33, 1) };
        assert_eq!(fee_in(&milestone, 1), 0);
        assert_eq!(fee_in(&milestone, 332), 32, "all of it in the end");
    }

    #[test]
    fn o_2_the_fee_is_a_tenth_half_a_cent_rounded_up() {
        let policy = Policy::seed().unwrap().contracts;
        let fees = [10_000, 5, 4, 15, 100_000_000].map(|cents| fee_of(cents, &policy).unwrap());
        assert_eq!(fees, [1_000, 1, 0, 2, 10_000_000]);
    }
}
