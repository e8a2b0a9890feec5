//! Pure rules of the ledger: when a lot expires and is announced, which lots a spend draws from, how Connects come
//! back.

mod draw;
mod giving_back;

use chrono::{Datelike, Months, TimeDelta};

pub use draw::{Draw, ExpiryDay, OpenLot, calendar_of, draws_of};
pub use giving_back::{Destination, GRACE_DAYS, refund_destination, release_destination, returns_of};

use crate::{clock::Instant, entity::enums::HistoryKind};

/// When a lot issued at `issued_at` expires: one calendar year later at the same clock time, and
/// 29 February becomes 1 March (L-2).
pub fn expiry_of(issued_at: Instant) -> Instant {
    let same_day = issued_at + Months::new(12);
    let is_leap_day = issued_at.day() != same_day.day();
    if is_leap_day { same_day + TimeDelta::days(1) } else { same_day }
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
pub fn reason_of(kind: HistoryKind) -> &'static str {
    match kind {
        HistoryKind::Signup => "Welcome gift for the first freelancer registration (R-1).",
        HistoryKind::MonthlyFree => "The free Connects of a billing cycle (M-4).",
        HistoryKind::Membership => "The paid Connects of a billing cycle on a membership plan (M-4).",
        HistoryKind::MembershipProrated => {
            "The free Connects of an upgrade's first cycle, prorated by the days that have passed (M-6)."
        }
        HistoryKind::Purchase => "Bought (B-3).",
        HistoryKind::Promo => "From a promo code (B-5).",
        HistoryKind::RisingTalent => "Gift for the first Rising Talent badge (R-2).",
        HistoryKind::SkillCertification => "Gift for the first skill certification (R-3).",
        HistoryKind::InterviewRefunded => "Refunded because the proposal won an interview (R-4).",
        HistoryKind::InterviewAwarded => "Rewarded for winning an interview (R-4).",
        HistoryKind::Proposal => "Spent on a proposal, at the job post's price at that moment (S-2).",
        HistoryKind::BoostBid => "Held for a boost bid (A-1).",
        HistoryKind::BoostReturned => "Returned because the boost bid did not hold a slot (A-5).",
        HistoryKind::Badge => "Spent on the availability badge (V-2).",
        HistoryKind::ReturnedCancelled => "Refunded because the client cancelled the job post (T-1).",
        HistoryKind::ReturnedRemoved => "Refunded because the job post was removed (T-1).",
        HistoryKind::ReturnReversed => "A refund reversed because the cancelled job went on (T-6).",
        HistoryKind::Expired => {
            "The lot expired: a year after its issue, or sooner if it came from a refund (L-5)."
        }
        HistoryKind::Chargeback => {
            "Taken away because the bank took back the payment, or given back because the bank did so, too (B-4)."
        }
        HistoryKind::Adjustment => "Corrected by an admin (H-6).",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn l_2_a_lot_lives_one_calendar_year() {
        assert_eq!(expiry_of(at("2026-03-10T12:34:56.789Z")), at("2027-03-10T12:34:56.789Z"));
        assert_eq!(expiry_of(at("2027-03-01T00:00:00Z")), at("2028-03-01T00:00:00Z"));
        assert_eq!(expiry_of(at("2028-02-29T08:00:00Z")), at("2029-03-01T08:00:00Z"));
        assert_eq!(expiry_of(at("2028-02-28T08:00:00Z")), at("2029-02-28T08:00:00Z"));
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
}
