//! Which of an entry's draws a return gives back, and into which lots.

use chrono::TimeDelta;

use super::{Draw, expiry_of};
use crate::{clock::Instant, policy::Returns};

/// Minimum days of life of a returned Connect (T-4).
pub const GRACE_DAYS: i64 = 30;

/// The part of `draws` that a return of `quantity` gives back, when `returned` have come back
/// before: the last drawn first (T-7). `None` when fewer than `quantity` are still out (T-3).
pub fn returns_of(draws: &[Draw], returned: i64, quantity: i64) -> Option<Vec<Draw>> {
    let (mut skip, mut left) = (returned, quantity);
    let mut returns = Vec::new();
    for draw in draws.iter().rev() {
        let skipped = skip.min(draw.quantity);
        let given = left.min(draw.quantity - skipped);
        if given > 0 {
            returns.push(Draw { lot_seq: draw.lot_seq, quantity: given });
        }
        (skip, left) = (skip - skipped, left - given);
    }
    (left == 0).then_some(returns)
}

/// Where returned Connects go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// Back to the lot they came from.
    SameLot,
    /// To a new lot that keeps the source lot's place in the order of use (T-7).
    NewLot {
        /// When it expires.
        expires_at: Instant,
        /// Whether the expiry is the grace of thirty days.
        grace: bool,
    },
}

/// Where a refund at `now` returns Connects that were drawn at `taken_at` from a lot that expires at `expires_at`, by
/// the policy: to their lot; or, if that has less than 30 days left, to a new one with 30 days; or to a new one with a
/// year. A Connect gets a new life only once: after that it returns with the life it had left when drawn (T-4).
pub fn refund_destination(
    returns: Returns,
    grace_used: bool,
    expires_at: Instant,
    taken_at: Instant,
    now: Instant,
) -> Destination {
    let new_end = match returns {
        Returns::Original => return Destination::SameLot,
        Returns::OriginalWithGrace => now + TimeDelta::days(GRACE_DAYS),
        Returns::FreshYear => expiry_of(now),
    };
    if expires_at >= new_end {
        Destination::SameLot
    } else if grace_used {
        release_destination(expires_at, taken_at, now)
    } else {
        Destination::NewLot { expires_at: new_end, grace: true }
    }
}

/// Where a release at `now` returns Connects that were held at `taken_at`: being held neither adds to nor takes from
/// their life (L-7, T-4).
pub fn release_destination(expires_at: Instant, taken_at: Instant, now: Instant) -> Destination {
    let kept = now + (expires_at - taken_at);
    if kept > expires_at {
        Destination::NewLot { expires_at: kept, grace: false }
    } else {
        Destination::SameLot
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn t_7_a_partial_return_gives_back_the_last_taken_first() {
        let draws = [Draw { lot_seq: 1, quantity: 4 }, Draw { lot_seq: 2, quantity: 3 }];
        let pairs =
            |returns: Vec<Draw>| -> Vec<_> { returns.iter().map(|t| (t.lot_seq, t.quantity)).collect() };
        assert_eq!(pairs(returns_of(&draws, 0, 5).unwrap()), [(2, 3), (1, 2)]);
        assert_eq!(pairs(returns_of(&draws, 5, 2).unwrap()), [(1, 2)]);
        assert!(returns_of(&draws, 5, 3).is_none(), "T-3: nothing comes back twice");
    }

    #[test]
    fn t_4_a_refund_gives_thirty_days_once() {
        let (taken, now) = (at("2026-05-01T00:00:00Z"), at("2026-06-01T00:00:00Z"));
        let by = |policy, grace_used, expires_at| {
            refund_destination(policy, grace_used, at(expires_at), taken, now)
        };
        let destination = |grace_used, expires_at| by(Returns::OriginalWithGrace, grace_used, expires_at);
        assert_eq!(destination(false, "2026-07-01T00:00:00Z"), Destination::SameLot);
        let grace = Destination::NewLot { expires_at: at("2026-07-01T00:00:00Z"), grace: true };
        assert_eq!(destination(false, "2026-06-30T00:00:00Z"), grace);
        let again = Destination::NewLot { expires_at: at("2026-06-11T00:00:00Z"), grace: false };
        assert_eq!(destination(true, "2026-05-11T00:00:00Z"), again);
        assert_eq!(by(Returns::Original, false, "2026-05-11T00:00:00Z"), Destination::SameLot);
        let year = Destination::NewLot { expires_at: at("2027-06-01T00:00:00Z"), grace: true };
        assert_eq!(by(Returns::FreshYear, false, "2027-05-11T00:00:00Z"), year);
        let kept = Destination::NewLot { expires_at: at("2027-06-11T00:00:00Z"), grace: false };
        assert_eq!(by(Returns::FreshYear, true, "2027-05-11T00:00:00Z"), kept, "the life it had, no more");
    }

    #[test]
    fn l_7_a_hold_neither_gains_nor_loses_life() {
        let (expiry, taken) = (at("2026-05-11T00:00:00Z"), at("2026-05-01T00:00:00Z"));
        assert_eq!(release_destination(expiry, taken, taken), Destination::SameLot);
        let later = release_destination(expiry, taken, at("2026-08-01T00:00:00Z"));
        assert_eq!(later, Destination::NewLot { expires_at: at("2026-08-11T00:00:00Z"), grace: false });
    }

    proptest! {
        #[test]
        fn t_3_returns_in_any_steps_give_back_exactly_what_was_taken(
            taken in prop::collection::vec(1i64..9, 1..6), steps in prop::collection::vec(1i64..9, 1..9),
        ) {
            let draws: Vec<_> = taken.iter().enumerate()
                .map(|(i, &quantity)| Draw { lot_seq: i as i64, quantity }).collect();
            let total: i64 = taken.iter().sum();
            let (mut returned, mut back) = (0, vec![0; taken.len()]);
            for step in steps {
                match returns_of(&draws, returned, step) {
                    None => prop_assert!(returned + step > total),
                    Some(returns) => {
                        for r in returns { back[r.lot_seq as usize] += r.quantity; }
                        returned += step;
                    }
                }
            }
            prop_assert_eq!(back.iter().sum::<i64>(), returned);
            for (gave, took) in back.iter().zip(&taken) { prop_assert!(gave <= took); }
        }
    }
}
