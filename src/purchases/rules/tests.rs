use proptest::prelude::*;

use super::*;
use crate::policy::{Policy, UnitPrice};

fn in_place(country: &str, region: Option<&str>, tax_id: Option<&str>) -> Place {
    Place {
        country: country.to_owned(),
        region: region.map(str::to_owned),
        tax_id: tax_id.map(str::to_owned),
    }
}

fn cost(place: &Place, quantity: i64) -> (i64, i64, i64) {
    let policy = Policy::seed().unwrap();
    let cost = cost_of(&policy.purchases, &policy.taxes, place, quantity, 0);
    (cost.net, cost.tax, cost.total)
}

#[test]
fn b_1_a_connect_costs_fifteen_cents_however_many_are_bought() {
    let nowhere = in_place("FR", None, None);
    for (quantity, cents) in [(10, 150), (11, 165), (80, 1_200), (300, 4_500), (10_000, 150_000)] {
        assert_eq!(cost(&nowhere, quantity), (cents, 0, cents), "{quantity}");
    }
}

#[test]
fn b_1_a_step_of_the_price_counts_for_all_that_are_bought() {
    let prices = [(1, 150_000), (100, 145_500), (1_000, 120_000)];
    let prices = prices.map(|(from, micros)| UnitPrice { from, micros }).to_vec();
    let policy = Purchases { prices, ..Purchases::default() };
    let of = |quantity| cost_of(&policy, &[], &in_place("FR", None, None), quantity, 0).list;
    // 101 at 0.1455 are 14.6955, and half a cent rounds up.
    assert_eq!([99, 100, 101, 110, 999, 1_000].map(of), [1_485, 1_455, 1_470, 1_601, 14_535, 12_000]);
}

#[test]
fn b_1_bundles_and_numbers_from_ten_on_can_be_bought() {
    let policy = Purchases { bundles: vec![5, 20_000], ..Purchases::default() };
    for (quantity, can) in [
        (5, true),
        (9, false),
        (10, true),
        (10_000, true),
        (10_001, false),
        (20_000, true),
        (0, false),
        (-10, false),
    ] {
        assert_eq!(may_buy(&policy, quantity).is_ok(), can, "{quantity}");
    }
}

#[test]
fn b_2_the_published_examples_of_tax() {
    assert_eq!(cost(&in_place("US", Some("CT"), None), 10), (150, 10, 160));
    assert_eq!(share(1_499, 57_500), 86, "14.99 at 5.75% is 15.85");
}

#[test]
fn b_2_the_region_comes_before_the_country_and_nowhere_is_untaxed() {
    assert_eq!(cost(&in_place("US", None, None), 100).1, 0);
    assert_eq!(cost(&in_place("US", Some("TX"), None), 100).1, 0);
    assert_eq!(cost(&in_place("US", Some("OH"), None), 100).1, 86);
    assert_eq!(cost(&in_place("GB", Some("SCT"), None), 100).1, 300, "a region without a row of its own");
    assert_eq!(cost(&in_place("FR", Some("CT"), None), 100).1, 0, "another country's region");
}

#[test]
fn b_2_companies_account_for_the_tax_themselves_where_the_policy_says_so() {
    assert_eq!(cost(&in_place("DE", None, None), 100), (1_500, 285, 1_785));
    assert_eq!(cost(&in_place("DE", None, Some("DE123456789")), 100), (1_500, 0, 1_500));
    assert_eq!(cost(&in_place("US", Some("CT"), Some("123456789")), 100), (1_500, 95, 1_595));
}

#[test]
fn b_2_regions_and_tax_ids_have_one_form() {
    let region = |typed| checked_region("US", typed).ok();
    assert_eq!(["ct", " US-CT ", "CT"].map(region), [(); 3].map(|()| Some(Some("CT".to_owned()))));
    assert_eq!(["", "  "].map(region), [Some(None), Some(None)]);
    assert_eq!(["Connecticut", "C-T", "GB-SCT", "É"].map(region), [None, None, None, None]);
    let id = |typed| checked_tax_id(typed).ok();
    assert_eq!(id("de 123.456-789/"), Some(Some("DE123456789".to_owned())));
    assert_eq!(["", " - "].map(id), [Some(None), Some(None)]);
    assert_eq!(["123", "123456789012345678901", "12345é", "12;34"].map(id), [None, None, None, None]);
}

#[test]
fn b_2_a_rate_is_shown_as_a_percentage() {
    let shown = [63_500, 88_750, 200_000, 0, 1].map(percent_of);
    assert_eq!(shown, ["6.35", "8.875", "20", "0", "0.0001"]);
}

#[test]
fn b_4_what_a_bank_takes_in_parts_has_the_tax_of_the_whole() {
    let parts = [0, 1, 7, 8, 80, 159, 160].map(|cents| tax_in((160, 10), cents));
    assert_eq!(parts, [0, 0, 0, 1, 5, 10, 10]);
}

#[test]
fn b_3_what_is_over_does_not_begin_again() {
    assert!(moved(Failed, PurchaseMove::Pay).is_err());
    assert!(moved(Paid, PurchaseMove::Fail).is_err());
    assert!(moved(Pending, PurchaseMove::ChargeBack).is_err());
}

proptest! {
    #[test]
    fn b_2_tax_is_within_half_a_cent_and_never_less_than_that(net in 0i64..100_000_000, micros in 0i64..1_000_000) {
        let apart = share(net, micros) * WHOLE - net * micros;
        prop_assert!(-WHOLE < apart * 2 && apart * 2 <= WHOLE);
    }

    #[test]
    fn b_6_what_is_paid_is_the_sum_of_its_parts(quantity in 1i64..10_000, region in proptest::option::of("CT|OH|TX"), discount in 0i64..3_000) {
        let policy = Policy::seed().unwrap();
        let cost = cost_of(&policy.purchases, &policy.taxes, &in_place("US", region.as_deref(), None), quantity, discount);
        prop_assert_eq!(cost.net, cost.list - cost.discount);
        prop_assert_eq!(cost.total, cost.net + cost.tax);
        prop_assert!(cost.tax >= 0 && cost.discount >= 0 && cost.net >= 0);
    }
}
