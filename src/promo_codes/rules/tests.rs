use proptest::prelude::*;

use super::*;
use crate::{
    entity::{
        ids::{AccountId, PromoCodeId},
        values::{Countries, Plans},
    },
    error::Code,
};

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// A code that is valid in 2026.
fn code(kind: PromoKind, amount: i64) -> promo_code::Model {
    promo_code::Model {
        id: PromoCodeId::new(),
        code: "SUMMER".into(),
        kind,
        amount,
        max_uses: None,
        per_account: 1,
        minimum_cents: 0,
        plans: Plans::default(),
        countries: Countries::default(),
        starts_at: at("2026-01-01T00:00:00Z"),
        ends_at: Some(at("2027-01-01T00:00:00Z")),
        uses: 0,
        actor_id: AccountId::new(),
        created_at: at("2026-01-01T00:00:00Z"),
    }
}

const ADA: User<'_> = User { country: "US", plan: MembershipPlan::Basic, uses: 0 };

fn in_june(code: &promo_code::Model, user: &User<'_>, what: Use) -> Result<Offer, Code> {
    offer_of(code, user, what, at("2026-06-01T00:00:00Z")).map_err(|no| no.code)
}

#[test]
fn b_5_each_kind_gives_what_it_says() {
    let given = |kind, amount, list| in_june(&code(kind, amount), &ADA, Use::Purchase(list)).unwrap();
    assert_eq!(given(PromoKind::BonusConnects, 20, 1_200), Offer { bonus: 20, discount: 0 });
    assert_eq!(given(PromoKind::PercentOff, 1_250, 1_200), Offer { bonus: 0, discount: 150 });
    assert_eq!(given(PromoKind::AmountOff, 500, 1_200), Offer { bonus: 0, discount: 500 });
    let free = in_june(&code(PromoKind::FreeConnects, 15), &ADA, Use::Alone);
    assert_eq!(free, Ok(Offer { bonus: 15, discount: 0 }));
}

#[test]
fn b_6_a_discount_rounds_half_up_and_is_never_more_than_the_price() {
    let off = |hundredths, list| {
        in_june(&code(PromoKind::PercentOff, hundredths), &ADA, Use::Purchase(list)).unwrap().discount
    };
    // 12.5% of 1.56 are 19.5 cents.
    assert_eq!(
        [off(1_250, 156), off(1_250, 155), off(10_000, 155), off(1, 49), off(1, 5_000)],
        [20, 19, 155, 0, 1]
    );
    let all = in_june(&code(PromoKind::AmountOff, 9_999), &ADA, Use::Purchase(150)).unwrap();
    assert_eq!(all.discount, 150, "and no remainder is kept");
}

#[test]
fn b_5_a_code_counts_in_its_window_up_to_its_end() {
    let code = code(PromoKind::BonusConnects, 20);
    let then = |time| offer_of(&code, &ADA, Use::Purchase(150), at(time)).map_err(|no| no.code);
    assert_eq!(then("2025-12-31T23:59:59Z"), Err(Code::PromoCodeUnknown));
    assert!(then("2026-01-01T00:00:00Z").is_ok() && then("2026-12-31T23:59:59Z").is_ok());
    assert_eq!(then("2027-01-01T00:00:00Z"), Err(Code::PromoCodeExpired));
}

#[test]
fn b_5_limits_are_told_apart() {
    let used = User { uses: 1, ..ADA };
    let all_taken = promo_code::Model { max_uses: Some(7), uses: 7, ..code(PromoKind::BonusConnects, 20) };
    assert_eq!(in_june(&all_taken, &ADA, Use::Purchase(150)), Err(Code::PromoCodeUsedUp));
    assert_eq!(in_june(&all_taken, &used, Use::Purchase(150)), Err(Code::PromoCodeAlreadyUsed));
    let twice = promo_code::Model { per_account: 2, max_uses: Some(8), ..all_taken };
    assert!(in_june(&twice, &used, Use::Purchase(150)).is_ok());
}

#[test]
fn b_5_a_code_is_for_its_plans_countries_and_purchases() {
    let not = Err(Code::PromoCodeNotApplicable);
    let plain = code(PromoKind::AmountOff, 100);
    let plus = promo_code::Model { plans: Plans(vec![MembershipPlan::Plus]), ..plain.clone() };
    assert_eq!(in_june(&plus, &ADA, Use::Purchase(150)), not);
    assert!(in_june(&plus, &User { plan: MembershipPlan::Plus, ..ADA }, Use::Purchase(150)).is_ok());
    let british = promo_code::Model { countries: Countries(vec!["GB".into(), "IE".into()]), ..plain.clone() };
    assert_eq!(in_june(&british, &ADA, Use::Purchase(150)), not);
    assert!(in_june(&british, &User { country: "IE", ..ADA }, Use::Purchase(150)).is_ok());
    let large = promo_code::Model { minimum_cents: 300, ..plain.clone() };
    assert_eq!(in_june(&large, &ADA, Use::Purchase(299)), not);
    assert!(in_june(&large, &ADA, Use::Purchase(300)).is_ok());
    assert_eq!(in_june(&plain, &ADA, Use::Alone), not);
    assert_eq!(in_june(&code(PromoKind::FreeConnects, 1), &ADA, Use::Purchase(300)), not);
}

#[test]
fn b_5_a_code_is_the_same_in_any_case() {
    let same = [" summer-10 ", "Summer-10", "SUMMER-10"].map(normalised);
    assert_eq!(same, [(); 3].map(|()| Some("SUMMER-10".to_owned())));
    for typed in ["", "abc", "été-10", "a b c d", "summer_10", &"x".repeat(41)] {
        assert_eq!(normalised(typed), None, "{typed}");
    }
}

#[test]
fn b_5_an_admin_gives_the_value_that_the_kind_needs_and_no_other() {
    let given = |connects, percent, cents| Given { connects, percent, cents, months: None };
    let bad = |kind, given| amount_of(kind, given).map_err(|no| no.field);
    assert_eq!(amount_of(PromoKind::PercentOff, given(None, Some(10_000), None)).unwrap(), 10_000);
    assert_eq!(amount_of(PromoKind::AmountOff, given(None, None, Some(1))).unwrap(), 1);
    for wrong in [given(None, None, None), given(Some(0), None, None), given(Some(5), None, Some(5))] {
        assert!(bad(PromoKind::BonusConnects, wrong).is_err(), "{wrong:?}");
    }
    let months =
        |months| amount_of(PromoKind::PlanMonths, Given { months: Some(months), ..Given::default() });
    assert!(months(24).is_ok() && months(25).is_err());
    assert!(bad(PromoKind::PercentOff, given(None, Some(10_001), None)).is_err());
}

#[test]
fn b_5_a_million_guesses_find_none_of_ten_thousand_random_codes() {
    use std::collections::HashSet;
    let random = || code_from("", *crate::keys::random().unwrap());
    let codes: HashSet<_> = (0..10_000).map(|_| random()).collect();
    assert_eq!(codes.len(), 10_000);
    assert!(codes.iter().all(|code| normalised(code).as_ref() == Some(code)));
    assert!(!(0..1_000_000).any(|_| codes.contains(&random())));
}

proptest! {
    #[test]
    fn b_5_the_free_number_is_the_least(taken in proptest::collection::btree_set(1i64..20, 0..15)) {
        let taken: Vec<_> = taken.into_iter().collect();
        let free = free_slot(&taken);
        prop_assert!(!taken.contains(&free) && (1..free).all(|below| taken.contains(&below)));
    }

    #[test]
    fn b_6_a_percentage_is_within_half_a_cent(list in 0i64..100_000_000, hundredths in 1i64..10_000) {
        let exact = i128::from(list) * i128::from(hundredths);
        let apart = i128::from(percentage(list, hundredths)) * 10_000 - exact;
        prop_assert!(-10_000 < apart * 2 && apart * 2 <= 10_000);
    }
}
