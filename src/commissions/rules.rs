//! Pure rules of commissions: what is earned, when it locks and falls due, and when nothing is earned.

pub mod calendar;
pub mod explanation;

use std::collections::BTreeSet;

use self::calendar::{due_at, next_lock};
use crate::{
    clock::Instant,
    entity::{
        commission,
        enums::{
            CommissionReason::{self, AffiliateHired, NotANewClient, RelatedToAffiliate, RelatedToClient},
            CommissionState::{self, Locked, OutsideTerms, Paid, Pending, Reversed},
            Currency,
        },
        ids::AccountId,
    },
    money::Money,
    moves::moves,
    policy::Affiliate,
};

moves! {
    /// What happens to a commission (F-6).
    CommissionMove of CommissionState {
        /// All of it that is earned has locked.
        Lock: Pending => Locked,
        /// Nothing of it is earned.
        Reverse: Pending => Reversed,
        /// The hire turns out to be outside the terms.
        Exclude: Pending | Locked => OutsideTerms,
        /// All that has locked is paid.
        Pay: Locked => Paid,
        /// A payout of it came back.
        Return: Paid => Locked,
    }
}

/// The share of a payment that is earned, and the most of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// In hundredths of a percent.
    pub rate_basis_points: i64,
    /// In minor units.
    pub cap_cents: i64,
}

impl Terms {
    /// The terms of `policy`.
    pub const fn of(policy: &Affiliate) -> Self {
        Self { rate_basis_points: policy.rate_basis_points, cap_cents: policy.cap_cents }
    }

    /// The terms that were in force when the commission was earned.
    pub const fn in_force(row: &commission::Model) -> Self {
        Self { rate_basis_points: row.rate_basis_points, cap_cents: row.cap_cents }
    }

    /// What is earned by `cents`: the share of it, half a cent rounded up, and no more than the cap (F-5).
    pub fn earned(self, cents: i64) -> i64 {
        let share = Money::new(cents, Currency::Usd).share(self.rate_basis_points);
        share.map_or(self.cap_cents, |share| share.minor.clamp(0, self.cap_cents))
    }
}

/// Whether the first hire, at `hired`, counts for a click (F-5): from the click on, and before its window is over.
pub fn is_in_time(hired: Instant, clicked: Instant, hire_before: Instant) -> bool {
    (clicked..hire_before).contains(&hired)
}

/// How a payment stood at the end of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What had been released of it and not taken back, in minor units.
    pub released_cents: i64,
    /// What was in escrow, in minor units.
    pub escrow_cents: i64,
    /// Whether the client's bank had taken some of it back.
    pub is_charged_back: bool,
}

impl Standing {
    /// All of a payment of `cents` is released.
    pub const fn whole(cents: i64) -> Self {
        Self { released_cents: cents, escrow_cents: 0, is_charged_back: false }
    }
}

/// What the end of a month makes of a commission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Looked {
    /// What locks, in minor units.
    pub locks_cents: i64,
    /// When that is due.
    pub due_at: Instant,
    /// When the commission is looked at next, if something may lock then.
    pub next_lock_at: Option<Instant>,
    /// Its state from then on.
    pub state: CommissionState,
    /// Why nothing is earned, in that case.
    pub reason: Option<CommissionReason>,
}

/// What the end of the month at `at` makes of a pending commission (F-6): what has been released by then locks, less what
/// has locked before; what is in escrow is looked at again a month later.
pub fn looked_at(row: &commission::Model, at: Instant, standing: Standing, policy: &Affiliate) -> Looked {
    let terms = Terms::in_force(row);
    let locks_cents = (terms.earned(standing.released_cents) - row.locked_cents).max(0);
    let locked = row.locked_cents + locks_cents;
    let may_grow = standing.escrow_cents > 0 && locked < terms.earned(row.base_cents);
    let state = match (may_grow, locked) {
        (true, _) => Pending,
        (false, 0) => Reversed,
        (false, _) => Locked,
    };
    let taken =
        if standing.is_charged_back { CommissionReason::ChargedBack } else { CommissionReason::Refunded };
    Looked {
        locks_cents,
        due_at: due_at(at, policy.due_day),
        next_lock_at: may_grow.then(|| next_lock(at)),
        state,
        reason: (state == Reversed).then_some(taken),
    }
}

/// What people share with each other who should not (F-4, F-9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// The client with somebody who had an account before.
    ClientWithOlder,
    /// The freelancer with the affiliate.
    FreelancerWithAffiliate,
    /// The freelancer with the client.
    FreelancerWithClient,
}

/// Why a commission is outside the terms, if it is (F-9). Whether the client is a new one is asked only at the funding
/// (F-5). The store leaves out people of whom none of this can be true: a new reason may need a look at `UNSUSPICIOUS` there.
pub fn outside_of(
    (affiliate, freelancer): (AccountId, AccountId),
    relations: &BTreeSet<Relation>,
) -> Option<CommissionReason> {
    let reasons = [
        (affiliate == freelancer, AffiliateHired),
        (relations.contains(&Relation::FreelancerWithAffiliate), RelatedToAffiliate),
        (relations.contains(&Relation::FreelancerWithClient), RelatedToClient),
        (relations.contains(&Relation::ClientWithOlder), NotANewClient),
    ];
    reasons.into_iter().find_map(|(applies, reason)| applies.then_some(reason))
}

#[cfg(test)]
mod stories;

#[cfg(test)]
mod tests;
