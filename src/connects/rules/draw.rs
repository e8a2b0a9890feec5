//! Which lots a spend or a hold draws from, first in, first out, and what would be left to expire.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::clock::Instant;

/// An open lot, as far as spending is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenLot {
    /// Its number in the wallet.
    pub seq: i64,
    /// The first sort key.
    pub order_at: Instant,
    /// The second sort key; it can be spent strictly before this instant.
    pub expires_at: Instant,
    /// Connects left.
    pub remaining: i64,
}

impl OpenLot {
    /// The order of use: first in, first out (L-3).
    pub fn order_of_use(&self) -> (Instant, Instant, i64) {
        (self.order_at, self.expires_at, self.seq)
    }
}

/// A quantity of Connects of one lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    /// The lot.
    pub lot_seq: i64,
    /// How many.
    pub quantity: i64,
}

/// The lots that `quantity` Connects come from, first in, first out (L-3); `None` when the lots that have not expired
/// at `now` do not have so many.
pub fn draws_of(lots: &[OpenLot], quantity: i64, now: Instant) -> Option<Vec<Draw>> {
    let mut usable: Vec<_> = lots.iter().filter(|lot| lot.remaining > 0 && lot.expires_at > now).collect();
    usable.sort_by_key(|lot| lot.order_of_use());
    let mut left = quantity;
    let mut draws = Vec::new();
    for lot in usable {
        let drawn = left.min(lot.remaining);
        if drawn > 0 {
            draws.push(Draw { lot_seq: lot.seq, quantity: drawn });
        }
        left -= drawn;
    }
    (left == 0).then_some(draws)
}

/// The Connects that expire on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpiryDay {
    /// The day, in UTC.
    pub on: NaiveDate,
    /// Connects that expire as things are.
    pub quantity: i64,
    /// Connects that would be left to expire after a planned spend.
    pub left: i64,
}

/// The Connects of `lots` that expire, by day, before and after `draws` (L-8).
pub fn calendar_of(lots: &[OpenLot], draws: &[Draw]) -> Vec<ExpiryDay> {
    let mut days: BTreeMap<NaiveDate, ExpiryDay> = BTreeMap::new();
    for lot in lots {
        let on = lot.expires_at.date_naive();
        let drawn = draws.iter().find(|t| t.lot_seq == lot.seq).map_or(0, |t| t.quantity);
        let day = days.entry(on).or_insert(ExpiryDay { on, quantity: 0, left: 0 });
        day.quantity += lot.remaining;
        day.left += lot.remaining - drawn;
    }
    days.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn lot(seq: i64, order_day: i64, expiry_day: i64, remaining: i64) -> OpenLot {
        let day = |n| at("2026-01-01T00:00:00Z") + TimeDelta::days(n);
        OpenLot { seq, order_at: day(order_day), expires_at: day(expiry_day), remaining }
    }

    #[test]
    fn l_3_lots_are_used_by_issue_then_expiry_then_number() {
        let lots = [lot(1, 5, 400, 3), lot(2, 1, 400, 3), lot(3, 1, 300, 3), lot(4, 1, 300, 3)];
        let draws = draws_of(&lots, 11, at("2026-02-01T00:00:00Z")).unwrap();
        let order: Vec<_> = draws.iter().map(|t| (t.lot_seq, t.quantity)).collect();
        assert_eq!(order, [(3, 3), (4, 3), (2, 3), (1, 2)]);
    }

    #[test]
    fn l_2_an_expired_lot_cannot_be_spent() {
        let lots = [lot(1, 0, 10, 5), lot(2, 1, 400, 5)];
        let expiry = lots[0].expires_at;
        assert!(draws_of(&lots, 10, expiry - TimeDelta::microseconds(1)).is_some());
        assert!(draws_of(&lots, 10, expiry).is_none());
        assert_eq!(draws_of(&lots, 5, expiry).unwrap()[0].lot_seq, 2);
    }

    #[test]
    fn l_8_the_calendar_shows_what_a_spend_would_save() {
        let lots = [lot(1, 0, 10, 5), lot(2, 1, 10, 5), lot(3, 2, 20, 5)];
        let draws = draws_of(&lots, 7, at("2026-01-01T00:00:00Z")).unwrap();
        let days: Vec<_> = calendar_of(&lots, &draws).iter().map(|d| (d.quantity, d.left)).collect();
        assert_eq!(days, [(10, 3), (5, 5)]);
    }

    proptest! {
        #[test]
        fn l_3_draws_add_up_and_never_overdraw(
            remaining in prop::collection::vec((0i64..50, 0i64..400, 300i64..800), 0..12),
            quantity in 0i64..300,
        ) {
            let now = at("2026-11-01T00:00:00Z");
            let lots: Vec<_> = remaining.iter().enumerate()
                .map(|(i, &(left, order, expiry))| lot(i as i64, order, expiry, left)).collect();
            let there: i64 = lots.iter().filter(|l| l.expires_at > now).map(|l| l.remaining).sum();
            match draws_of(&lots, quantity, now) {
                None => prop_assert!(there < quantity),
                Some(draws) => {
                    prop_assert_eq!(draws.iter().map(|t| t.quantity).sum::<i64>(), quantity);
                    for draw in &draws {
                        let source = lots[draw.lot_seq as usize];
                        prop_assert!(draw.quantity > 0 && draw.quantity <= source.remaining);
                        prop_assert!(source.expires_at > now);
                    }
                    // All lots but the last taken from are used up.
                    for draw in draws.iter().rev().skip(1) {
                        prop_assert_eq!(draw.quantity, lots[draw.lot_seq as usize].remaining);
                    }
                }
            }
        }
    }
}
