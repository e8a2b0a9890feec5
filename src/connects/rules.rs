//! Pure rules of the ledger: which lots a spend takes, when a lot expires, how Connects come back.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate, TimeDelta};

use crate::{clock::Instant, entity::enums::EntryKind, policy::Returns};

/// Days of life that a return gives at least (T-4).
pub const GRACE_DAYS: i64 = 30;

/// When a lot issued at `issued_at` expires: one calendar year later at the same clock time, and
/// 29 February becomes 1 March (L-2).
pub fn expiry_of(issued_at: Instant) -> Instant {
    let same_day = issued_at + Months::new(12);
    let is_leap_day = issued_at.day() != same_day.day();
    if is_leap_day { same_day + TimeDelta::days(1) } else { same_day }
}

/// An open lot, as far as spending is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenLot {
    /// Its number in the wallet.
    pub seq: i64,
    /// What it is ordered by first.
    pub order_at: Instant,
    /// What it is ordered by next; it can be spent strictly before this instant.
    pub expires_at: Instant,
    /// How many are left.
    pub remaining: i64,
}

impl OpenLot {
    /// The order of use: first in, first out (L-3).
    pub fn order_of_use(&self) -> (Instant, Instant, i64) {
        (self.order_at, self.expires_at, self.seq)
    }
}

/// How many Connects of one lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taking {
    /// The lot.
    pub lot_seq: i64,
    /// How many.
    pub quantity: i64,
}

/// Which lots `quantity` Connects come from, first in, first out (L-3); `None` when the lots that
/// have not expired at `now` do not hold so many.
pub fn takings_of(lots: &[OpenLot], quantity: i64, now: Instant) -> Option<Vec<Taking>> {
    let mut usable: Vec<_> = lots.iter().filter(|lot| lot.remaining > 0 && lot.expires_at > now).collect();
    usable.sort_by_key(|lot| lot.order_of_use());
    let mut left = quantity;
    let mut takings = Vec::new();
    for lot in usable {
        let taken = left.min(lot.remaining);
        if taken > 0 {
            takings.push(Taking { lot_seq: lot.seq, quantity: taken });
        }
        left -= taken;
    }
    (left == 0).then_some(takings)
}

/// What expires on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpiryDay {
    /// The day, in UTC.
    pub on: NaiveDate,
    /// How many expire as things are.
    pub quantity: i64,
    /// How many would be left to expire after a planned spend.
    pub left: i64,
}

/// What of `lots` expires on which day, before and after `takings` (L-8).
pub fn calendar_of(lots: &[OpenLot], takings: &[Taking]) -> Vec<ExpiryDay> {
    let mut days: BTreeMap<NaiveDate, ExpiryDay> = BTreeMap::new();
    for lot in lots {
        let on = lot.expires_at.date_naive();
        let taken = takings.iter().find(|t| t.lot_seq == lot.seq).map_or(0, |t| t.quantity);
        let day = days.entry(on).or_insert(ExpiryDay { on, quantity: 0, left: 0 });
        day.quantity += lot.remaining;
        day.left += lot.remaining - taken;
    }
    days.into_values().collect()
}

/// The part of `takings` that a return of `quantity` gives back, when `returned` have come back
/// before: the last taken first (T-7). `None` when fewer than `quantity` are still out (T-3).
pub fn returns_of(takings: &[Taking], returned: i64, quantity: i64) -> Option<Vec<Taking>> {
    let (mut skip, mut left) = (returned, quantity);
    let mut returns = Vec::new();
    for taking in takings.iter().rev() {
        let skipped = skip.min(taking.quantity);
        let given = left.min(taking.quantity - skipped);
        if given > 0 {
            returns.push(Taking { lot_seq: taking.lot_seq, quantity: given });
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
        /// Whether that is the grace of thirty days.
        grace: bool,
    },
}

/// Where Connects go that a refund gives back at `now`, taken at `taken_at` from a lot that expires at
/// `expires_at`, by the policy: to their lot; or, when that has less than 30 days left, to a new one
/// with 30 days; or to a new one with a year. A new life is given once per Connect: those that have had
/// it come back with the life they had left when taken (T-4).
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

/// Where Connects go that are released at `now` from a hold taken at `taken_at`: they neither gain nor
/// lose life by being held (L-7, T-4).
pub fn release_destination(expires_at: Instant, taken_at: Instant, now: Instant) -> Destination {
    let kept = now + (expires_at - taken_at);
    if kept > expires_at {
        Destination::NewLot { expires_at: kept, grace: false }
    } else {
        Destination::SameLot
    }
}

/// The expiries, after the first instant and up to the second, that are announced `days` ahead at
/// `now`: those that have come so near since `since`, but not nearer than the next threshold, which
/// announces them instead (L-6).
pub fn notice_window(
    days: i64,
    nearer: Option<i64>,
    since: Option<Instant>,
    now: Instant,
) -> (Instant, Instant) {
    let ahead = |days| TimeDelta::days(days);
    let not_nearer = nearer.map_or(now, |days| now + ahead(days));
    let from = since.map_or(not_nearer, |since| not_nearer.max(since + ahead(days)));
    (from, now + ahead(days))
}

/// Why a row stands in the history, with the rule.
pub fn reason_of(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Signup => "Welcome gift for the first freelancer registration (R-1).",
        EntryKind::MonthlyFree => "The free Connects of a billing cycle (M-4).",
        EntryKind::Membership => "The paid Connects of a billing cycle on a membership plan (M-4).",
        EntryKind::MembershipProrated => {
            "The free Connects of an upgrade's first cycle, by the days passed (M-6)."
        }
        EntryKind::Purchase => "Bought (B-3).",
        EntryKind::Promo => "Won by a promo code (B-5).",
        EntryKind::RisingTalent => "Gift for the first Rising Talent badge (R-2).",
        EntryKind::SkillCertification => "Gift for the first skill certification (R-3).",
        EntryKind::InterviewRefunded => "Given back for an interview won (R-4).",
        EntryKind::InterviewAwarded => "Won by an interview (R-4).",
        EntryKind::Proposal => "Spent on a proposal, at the job post's price at that moment (S-2).",
        EntryKind::BoostBid => "Held for a boost bid (A-1).",
        EntryKind::BoostReturned => "A boost bid that did not hold a slot, given back (A-5).",
        EntryKind::Badge => "Spent on the availability badge (V-2).",
        EntryKind::ReturnedCancelled => "Given back because the client cancelled the job post (T-1).",
        EntryKind::ReturnedRemoved => "Given back because the job post was removed (T-1).",
        EntryKind::ReturnReversed => "A return taken back, because the cancelled job went on (T-6).",
        EntryKind::Expired => "Its lot's life was over: a year, or what a return gave it (L-5).",
        EntryKind::Chargeback => "Taken back because the payment was charged back (B-4).",
        EntryKind::Adjustment => "Set right by an admin (H-6).",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn lot(seq: i64, order_day: i64, expiry_day: i64, remaining: i64) -> OpenLot {
        let day = |n| at("2026-01-01T00:00:00Z") + TimeDelta::days(n);
        OpenLot { seq, order_at: day(order_day), expires_at: day(expiry_day), remaining }
    }

    #[test]
    fn l_2_a_lot_lives_one_calendar_year() {
        assert_eq!(expiry_of(at("2026-03-10T12:34:56.789Z")), at("2027-03-10T12:34:56.789Z"));
        assert_eq!(expiry_of(at("2027-03-01T00:00:00Z")), at("2028-03-01T00:00:00Z"));
        assert_eq!(expiry_of(at("2028-02-29T08:00:00Z")), at("2029-03-01T08:00:00Z"));
        assert_eq!(expiry_of(at("2028-02-28T08:00:00Z")), at("2029-02-28T08:00:00Z"));
    }

    #[test]
    fn l_3_lots_are_used_by_issue_then_expiry_then_number() {
        let lots = [lot(1, 5, 400, 3), lot(2, 1, 400, 3), lot(3, 1, 300, 3), lot(4, 1, 300, 3)];
        let takings = takings_of(&lots, 11, at("2026-02-01T00:00:00Z")).unwrap();
        let order: Vec<_> = takings.iter().map(|t| (t.lot_seq, t.quantity)).collect();
        assert_eq!(order, [(3, 3), (4, 3), (2, 3), (1, 2)]);
    }

    #[test]
    fn l_2_an_expired_lot_cannot_be_spent() {
        let lots = [lot(1, 0, 10, 5), lot(2, 1, 400, 5)];
        let expiry = lots[0].expires_at;
        assert!(takings_of(&lots, 10, expiry - TimeDelta::microseconds(1)).is_some());
        assert!(takings_of(&lots, 10, expiry).is_none());
        assert_eq!(takings_of(&lots, 5, expiry).unwrap()[0].lot_seq, 2);
    }

    #[test]
    fn l_8_the_calendar_shows_what_a_spend_would_save() {
        let lots = [lot(1, 0, 10, 5), lot(2, 1, 10, 5), lot(3, 2, 20, 5)];
        let takings = takings_of(&lots, 7, at("2026-01-01T00:00:00Z")).unwrap();
        let days: Vec<_> = calendar_of(&lots, &takings).iter().map(|d| (d.quantity, d.left)).collect();
        assert_eq!(days, [(10, 3), (5, 5)]);
    }

    #[test]
    fn t_7_a_partial_return_gives_back_the_last_taken_first() {
        let takings = [Taking { lot_seq: 1, quantity: 4 }, Taking { lot_seq: 2, quantity: 3 }];
        let pairs =
            |returns: Vec<Taking>| -> Vec<_> { returns.iter().map(|t| (t.lot_seq, t.quantity)).collect() };
        assert_eq!(pairs(returns_of(&takings, 0, 5).unwrap()), [(2, 3), (1, 2)]);
        assert_eq!(pairs(returns_of(&takings, 5, 2).unwrap()), [(1, 2)]);
        assert!(returns_of(&takings, 5, 3).is_none(), "T-3: nothing comes back twice");
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

    #[test]
    fn l_6_a_late_run_announces_only_the_nearest_threshold_still_ahead() {
        let now = at("2026-06-10T06:00:00Z");
        let day = |n| now + TimeDelta::days(n);
        assert_eq!(notice_window(30, Some(7), Some(day(-1)), now), (day(29), day(30)));
        assert_eq!(notice_window(30, Some(7), Some(day(-90)), now), (day(7), day(30)));
        assert_eq!(notice_window(1, None, None, now), (now, day(1)));
        let again = notice_window(7, Some(1), Some(now), now);
        assert_eq!(again.0, again.1, "a second run finds nothing");
    }

    proptest! {
        #[test]
        fn l_3_takings_add_up_and_never_overdraw(
            remaining in prop::collection::vec((0i64..50, 0i64..400, 300i64..800), 0..12),
            quantity in 0i64..300,
        ) {
            let now = at("2026-11-01T00:00:00Z");
            let lots: Vec<_> = remaining.iter().enumerate()
                .map(|(i, &(left, order, expiry))| lot(i as i64, order, expiry, left)).collect();
            let there: i64 = lots.iter().filter(|l| l.expires_at > now).map(|l| l.remaining).sum();
            match takings_of(&lots, quantity, now) {
                None => prop_assert!(there < quantity),
                Some(takings) => {
                    prop_assert_eq!(takings.iter().map(|t| t.quantity).sum::<i64>(), quantity);
                    for taking in &takings {
                        let source = lots[taking.lot_seq as usize];
                        prop_assert!(taking.quantity > 0 && taking.quantity <= source.remaining);
                        prop_assert!(source.expires_at > now);
                    }
                    // All lots but the last taken from are used up.
                    for taking in takings.iter().rev().skip(1) {
                        prop_assert_eq!(taking.quantity, lots[taking.lot_seq as usize].remaining);
                    }
                }
            }
        }

        #[test]
        fn t_3_returns_in_any_steps_give_back_exactly_what_was_taken(
            taken in prop::collection::vec(1i64..9, 1..6), steps in prop::collection::vec(1i64..9, 1..9),
        ) {
            let takings: Vec<_> = taken.iter().enumerate()
                .map(|(i, &quantity)| Taking { lot_seq: i as i64, quantity }).collect();
            let total: i64 = taken.iter().sum();
            let (mut returned, mut back) = (0, vec![0; taken.len()]);
            for step in steps {
                match returns_of(&takings, returned, step) {
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
