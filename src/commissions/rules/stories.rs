//! Affiliates' stories from the click to the last lock, by the pure rules and by a naive model that counts minutes and
//! whole cents and shares no code with them. `STORIES=1000000 cargo test --release -p connects-core --lib stories` plays
//! more of them; `SEED` plays others.

use chrono::{DateTime, TimeDelta};

use super::{tests::of_a_thousand, *};
use crate::{
    affiliates::rules::{Registered, refusal_of},
    entity::enums::{AffiliateState, AttributionRefusal, TraceKind},
};

/// Minutes of a day.
const DAY: i64 = 24 * 60;

/// Minutes that a click counts.
const WINDOW: i64 = 30 * DAY;

/// Numbers that look random: the generator SplitMix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `low` to `high`, both included.
    fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.next() % u64::try_from(high - low + 1).unwrap()).unwrap()
    }

    fn one_in(&mut self, times: i64) -> bool {
        self.between(1, times) == 1
    }
}

/// What happens to the payment.
#[derive(Clone, Copy, Debug)]
enum Move {
    Release(i64),
    RefundReleased(i64),
    RefundEscrow(i64),
    ChargeBack(i64),
}

/// What people do. Times are minutes since 1 January 2024.
#[derive(Debug)]
struct Story {
    click: i64,
    registered: i64,
    approved: bool,
    is_client: bool,
    is_freelancer: bool,
    known: Option<TraceKind>,
    hired: i64,
    hires_affiliate: bool,
    related: Option<Relation>,
    base: i64,
    funded: i64,
    moves: Vec<(i64, Move)>,
}

/// How it ends: why it counts for nobody, or what locks at which minute and is due at which, and in which state.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Refused(AttributionRefusal),
    TooLate,
    Outside(CommissionReason),
    Earned { locks: Vec<(i64, i64, i64)>, state: CommissionState, reason: Option<CommissionReason> },
}

impl Story {
    fn random(dice: &mut Dice) -> Self {
        let click = dice.between(0, 3_653 * DAY);
        // Around the ends of the window, too.
        let after = |dice: &mut Dice, of: i64| match dice.between(1, 10) {
            1 => of + WINDOW - 1,
            2 => of + WINDOW,
            3 => of,
            _ => of + dice.between(0, 31 * DAY),
        };
        let registered = after(dice, click);
        let hired = if dice.one_in(2) { registered + dice.between(0, 5 * DAY) } else { after(dice, click) };
        let base = if dice.one_in(3) { dice.between(21_400, 21_460) } else { dice.between(1, 200_000) };
        let funded = hired + dice.between(0, 20 * DAY);
        let mut story = Self {
            click,
            registered,
            approved: !dice.one_in(20),
            is_client: !dice.one_in(20),
            is_freelancer: dice.one_in(20),
            known: dice.one_in(10).then(|| {
                [TraceKind::Person, TraceKind::Payment, TraceKind::Device][dice.between(0, 2) as usize]
            }),
            hired,
            hires_affiliate: dice.one_in(20),
            related: dice.one_in(10).then(|| {
                [Relation::ClientWithOlder, Relation::FreelancerWithAffiliate, Relation::FreelancerWithClient]
                    [dice.between(0, 2) as usize]
            }),
            base,
            funded,
            moves: Vec::new(),
        };
        story.moves = story.random_moves(dice);
        story
    }

    /// Releases, refunds and charge-backs that the payment allows, some of them at the very end of a month.
    fn random_moves(&self, dice: &mut Dice) -> Vec<(i64, Move)> {
        let (mut escrow, mut released, mut at) = (self.base, 0, self.funded);
        let mut moves = Vec::new();
        for _ in 0..dice.between(0, 6) {
            at += dice.between(0, 40 * DAY);
            if dice.one_in(6) {
                at = month_after(at) - dice.between(0, 1);
            }
            let part = |dice: &mut Dice, of: i64| if dice.one_in(3) { of } else { dice.between(1, of) };
            let made = match dice.between(1, 8) {
                1 if released > 0 => Move::RefundReleased(part(dice, released)),
                2 if escrow > 0 => Move::RefundEscrow(part(dice, escrow)),
                3 if released > 0 => Move::ChargeBack(part(dice, released)),
                _ if escrow > 0 => Move::Release(part(dice, escrow)),
                _ => continue,
            };
            match made {
                Move::Release(cents) => (escrow, released) = (escrow - cents, released + cents),
                Move::RefundReleased(cents) | Move::ChargeBack(cents) => released -= cents,
                Move::RefundEscrow(cents) => escrow -= cents,
            }
            moves.push((at, made));
        }
        moves
    }

    /// Released, in escrow, and whether the bank took some back, from the moves before the minute `end`.
    fn standing(&self, end: i64) -> (i64, i64, bool) {
        let before = self.moves.iter().filter(|(at, _)| *at < end).map(|(_, made)| *made);
        before.fold((0, self.base, false), |(released, escrow, back), made| match made {
            Move::Release(cents) => (released + cents, escrow - cents, back),
            Move::RefundReleased(cents) => (released - cents, escrow, back),
            Move::RefundEscrow(cents) => (released, escrow - cents, back),
            Move::ChargeBack(cents) => (released - cents, escrow, true),
        })
    }

    /// How it ends by the rules.
    fn by_rules(&self) -> End {
        let facts = Registered {
            is_client: self.is_client,
            is_freelancer: self.is_freelancer,
            shared: self.known.into_iter().collect(),
            since_click: TimeDelta::minutes(self.registered - self.click),
            affiliate: if self.approved { AffiliateState::Approved } else { AffiliateState::Suspended },
        };
        let policy = Affiliate::default();
        let window = TimeDelta::hours(policy.window_hours);
        if let Some(refusal) = refusal_of(&facts, window) {
            return End::Refused(refusal);
        }
        let clicked = instant(self.click);
        if !is_in_time(instant(self.hired), clicked, clicked + window) {
            return End::TooLate;
        }
        let affiliate = AccountId::new();
        let freelancer = if self.hires_affiliate { affiliate } else { AccountId::new() };
        if let Some(reason) = outside_of((affiliate, freelancer), &self.related.into_iter().collect()) {
            return End::Outside(reason);
        }
        let mut row = commission::Model { base_cents: self.base, ..of_a_thousand(0) };
        let mut next = Some(calendar::first_lock(instant(self.funded), policy.lock_months));
        let mut locks = Vec::new();
        while let Some(at) = next {
            let (released_cents, escrow_cents, is_charged_back) = self.standing(minutes(at));
            // What is never released is looked at for ever; a story ends.
            if minutes(at) > self.funded + 400 * DAY {
                break;
            }
            let looked =
                looked_at(&row, at, Standing { released_cents, escrow_cents, is_charged_back }, &policy);
            if looked.locks_cents > 0 {
                locks.push((minutes(at), looked.locks_cents, minutes(looked.due_at)));
            }
            row.locked_cents += looked.locks_cents;
            (row.state, row.reason, next) = (looked.state, looked.reason, looked.next_lock_at);
        }
        End::Earned { locks, state: row.state, reason: row.reason }
    }

    /// How it ends by the sentences of F-4 to F-6 and F-9, one after the other.
    fn by_model(&self) -> End {
        let age = self.registered - self.click;
        if !self.approved {
            return End::Refused(AttributionRefusal::AffiliateNotApproved);
        } else if age >= 43_200 {
            return End::Refused(AttributionRefusal::ClickTooOld);
        } else if self.is_freelancer {
            return End::Refused(AttributionRefusal::Freelancer);
        } else if !self.is_client {
            return End::Refused(AttributionRefusal::NotAClient);
        } else if matches!(self.known, Some(TraceKind::Person | TraceKind::Payment)) {
            return End::Refused(AttributionRefusal::KnownPerson);
        } else if self.hired < self.click || self.hired - self.click >= 43_200 {
            return End::TooLate;
        } else if self.hires_affiliate {
            return End::Outside(CommissionReason::AffiliateHired);
        }
        match self.related {
            Some(Relation::FreelancerWithAffiliate) => {
                return End::Outside(CommissionReason::RelatedToAffiliate);
            }
            Some(Relation::FreelancerWithClient) => return End::Outside(CommissionReason::RelatedToClient),
            Some(Relation::ClientWithOlder) => return End::Outside(CommissionReason::NotANewClient),
            None => {}
        }
        let mut locks: Vec<(i64, i64, i64)> = Vec::new();
        let mut end = month_after(month_after(self.funded));
        loop {
            if end > self.funded + 400 * DAY {
                return End::Earned { locks, state: CommissionState::Pending, reason: None };
            }
            let (released, escrow, back) = self.standing(end);
            let before: i64 = locks.iter().map(|(_, cents, _)| cents).sum();
            let now = earned(released) - before;
            if now > 0 {
                locks.push((end, now, end + 2 * DAY));
            }
            let locked = before + now.max(0);
            if escrow == 0 || locked >= earned(self.base) {
                let taken = if back { CommissionReason::ChargedBack } else { CommissionReason::Refunded };
                let is_locked = locked > 0;
                let state = if is_locked { CommissionState::Locked } else { CommissionState::Reversed };
                return End::Earned { locks, state, reason: (!is_locked).then_some(taken) };
            }
            end = month_after(end);
        }
    }
}

/// 70% half up, and at most 150 dollars.
fn earned(cents: i64) -> i64 {
    ((cents * 7 + 5) / 10).min(15_000)
}

/// The first minute of the month after that of the minute `at`, counted month by month.
fn month_after(at: i64) -> i64 {
    let (mut year, mut month, mut start) = (2024, 1, 0);
    loop {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
        start += days * DAY;
        if start > at {
            return start;
        }
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
}

fn instant(minute: i64) -> Instant {
    DateTime::from_timestamp(1_704_067_200 + minute * 60, 0).unwrap()
}

fn minutes(at: Instant) -> i64 {
    (at.timestamp() - 1_704_067_200) / 60
}

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

#[test]
fn f_6_generated_stories_end_as_a_naive_model_says() {
    let (stories, seed) = (setting("STORIES", 10_000), setting("SEED", 1));
    let mut dice = Dice(seed);
    let (mut cents, mut ends) = (0, [0_u64; 4]);
    for number in 0..stories {
        let story = Story::random(&mut dice);
        let (rules, model) = (story.by_rules(), story.by_model());
        assert_eq!(rules, model, "seed {seed}, story {number}: {story:#?}");
        ends[match &rules {
            End::Refused(_) => 0,
            End::TooLate => 1,
            End::Outside(_) => 2,
            End::Earned { locks, .. } => {
                cents += locks.iter().map(|(_, cents, _)| cents).sum::<i64>();
                3
            }
        }] += 1;
    }
    println!("seed {seed}: {stories} stories, {ends:?} refused, late, outside, earned; {cents} cents locked");
    assert!(stories < 1_000 || ends.iter().all(|count| *count > stories / 200), "{ends:?}");
}
