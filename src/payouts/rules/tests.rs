use chrono::NaiveDate;

use super::*;
use crate::entity::{
    enums::PayoutRail,
    ids::{AccountId, KeyId, PayoutMethodId},
};

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn policy() -> Payouts {
    Payouts { rates_micros: [(Currency::Gbp, 785_000)].into(), holidays: Vec::new(), ..Payouts::default() }
}

fn payee() -> Payee {
    let method = payout_method::Model {
        id: PayoutMethodId::new(),
        account_id: AccountId::new(),
        rail: PayoutRail::BankTransfer,
        currency: Currency::Gbp,
        key_id: KeyId::new(),
        sealed: Some(String::new()),
        label: String::new(),
        set_at: at("2026-03-01T00:00:00Z"),
        usable_at: at("2026-03-03T00:00:00Z"),
        replaced_at: None,
    };
    Payee {
        is_restricted: false,
        is_suspended_affiliate: false,
        owes: false,
        method: Some(method),
        has_failed: false,
    }
}

#[test]
fn f_7_what_stands_in_the_way_of_a_payout() {
    let now = at("2026-03-03T00:00:00Z");
    let hold = |payee: Payee| hold_of(&payee, &policy(), now);
    assert_eq!(hold(payee()), None);
    assert_eq!(hold(Payee { is_restricted: true, ..payee() }), Some(PayoutHold::AccountRestricted));
    assert_eq!(hold(Payee { is_suspended_affiliate: true, ..payee() }), Some(PayoutHold::AffiliateSuspended));
    assert_eq!(hold(Payee { owes: true, ..payee() }), Some(PayoutHold::Receivable));
    assert_eq!(hold(Payee { has_failed: true, ..payee() }), Some(PayoutHold::PayoutMethodFailed));
    assert_eq!(hold(Payee { method: None, ..payee() }), Some(PayoutHold::NoPayoutMethod));
    let early = now - TimeDelta::microseconds(1);
    assert_eq!(hold_of(&payee(), &policy(), early), Some(PayoutHold::PayoutMethodChanged));
    assert_eq!(
        hold_of(&payee(), &Payouts { rates_micros: Default::default(), ..policy() }, now),
        Some(PayoutHold::NoRate)
    );
}

fn preference(schedule: PayoutSchedule, threshold_cents: Option<i64>) -> payout_preference::Model {
    let changed_at = at("2026-01-01T00:00:00Z");
    payout_preference::Model { account_id: AccountId::new(), schedule, threshold_cents, changed_at }
}

#[test]
fn f_7_a_fixed_day_needs_ten_dollars_and_a_threshold_is_reached_on_any_day() {
    let due = Due { cents: 1_000, since: at("2026-03-03T00:00:00Z") };
    let fifteenth = preference(PayoutSchedule::Fifteenth, None);
    let waits = |due: Due, preference: &payout_preference::Model, now: &str| {
        waits_for(due, Some(preference), &policy(), at(now))
    };
    assert_eq!(waits(due, &fifteenth, "2026-03-15T12:00:00Z"), Some(PayoutHold::PaidLater), "a Sunday");
    assert_eq!(waits(due, &fifteenth, "2026-03-16T00:00:00Z"), None);
    let little = Due { cents: 999, ..due };
    assert_eq!(waits(little, &fifteenth, "2026-03-16T00:00:00Z"), Some(PayoutHold::BelowMinimum));
    let threshold = preference(PayoutSchedule::Threshold, Some(5_000));
    assert_eq!(waits(due, &threshold, "2026-03-04T00:00:00Z"), Some(PayoutHold::BelowThreshold));
    assert_eq!(waits(Due { cents: 5_000, ..due }, &threshold, "2026-03-04T00:00:00Z"), None);
    assert_eq!(waits_for(due, None, &policy(), at("2026-03-16T00:00:00Z")), None, "the usual day");
}

#[test]
fn w_5_money_is_converted_half_up() {
    assert_eq!(converted(10_000, 785_000), Some(7_850));
    assert_eq!(converted(1, 500_000), Some(1));
    assert_eq!(converted(1, 499_999), Some(0));
    assert_eq!(converted(i64::MAX, 2_000_000), None);
    assert_eq!(rate_of(Currency::Usd, &policy()), Some(1_000_000));
    assert_eq!(rate_of(Currency::Eur, &policy()), None);
}

#[test]
fn w_5_the_holidays_of_the_policy_are_days_off() {
    let holiday = NaiveDate::from_ymd_opt(2026, 3, 16).unwrap();
    let policy = Payouts { holidays: vec![holiday], ..policy() };
    let due = Due { cents: 1_000, since: at("2026-03-03T00:00:00Z") };
    let fifteenth = preference(PayoutSchedule::Fifteenth, None);
    assert_eq!(
        waits_for(due, Some(&fifteenth), &policy, at("2026-03-16T00:00:00Z")),
        Some(PayoutHold::PaidLater)
    );
    assert_eq!(waits_for(due, Some(&fifteenth), &policy, at("2026-03-17T00:00:00Z")), None);
}
