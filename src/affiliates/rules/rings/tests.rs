use chrono::DateTime;
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use uuid::Uuid;

use super::*;

fn at(second: i64) -> Instant {
    DateTime::from_timestamp(1_770_000_000 + second, 0).unwrap()
}

fn person(number: u128) -> AccountId {
    AccountId(Uuid::from_u128(number))
}

const CLIENT: u128 = 1;
const AFFILIATE: u128 = 2;
const FREELANCER: u128 = 3;
/// Other people: from here on.
const STRANGERS: u128 = 10;

fn case() -> Case {
    let freelancer = Some(person(FREELANCER));
    Case { client: person(CLIENT), affiliate: person(AFFILIATE), freelancer, by: at(0) }
}

/// Both directions of what two people share.
fn share(one: u128, other: u128, kind: TraceKind) -> [Bond; 2] {
    [(one, other), (other, one)].map(|(of, with)| Bond {
        of: person(of),
        with: person(with),
        kind,
        since: at(0),
    })
}

fn found(bonds: Vec<Bond>, fellows: &[u128]) -> Vec<Suspicion> {
    let mut known = Known::new(bonds);
    known.brought = fellows.iter().map(|fellow| (person(*fellow), person(AFFILIATE))).collect();
    connections_of(&case(), &known)
}

#[test]
fn f_8_who_shares_what_with_whom_is_evidence() {
    use TraceKind::{Device, Payment, Payout};
    let alike = found(share(CLIENT, AFFILIATE, Device).to_vec(), &[]);
    let evidence = Evidence { shared: [Device].into(), ..Evidence::default() };
    assert_eq!(alike, [Suspicion { kind: FlagKind::SelfReferral, evidence }]);
    let chain = [share(FREELANCER, 11, Payout), share(11, AFFILIATE, Payment)].concat();
    let evidence =
        Evidence { shared: [Payment, Payout].into(), through: [person(11)].into(), ..Evidence::default() };
    assert_eq!(found(chain, &[]), [Suspicion { kind: FlagKind::Ring, evidence }]);
    let fellows = share(CLIENT, 12, Device).to_vec();
    assert_eq!(found(fellows.clone(), &[12]).len(), 1);
    assert_eq!(found(fellows, &[]), [], "a stranger, whom nobody brought");
    let hired = Case { freelancer: Some(person(AFFILIATE)), ..case() };
    let known = Known::new(share(AFFILIATE, 13, Device).to_vec());
    assert_eq!(connections_of(&hired, &known), [], "an affiliate who was hired");
    let later: Vec<_> = share(CLIENT, AFFILIATE, Device).map(|bond| Bond { since: at(1), ..bond }).to_vec();
    assert_eq!(found(later, &[]), [], "not yet");
}

#[test]
fn f_8_how_a_person_came_is_evidence() {
    let policy = Review::default();
    let kinds = |since: TimeDelta, term: Option<&str>| -> Vec<FlagKind> {
        arrival_of(since, term, &policy).into_iter().map(|one| one.kind).collect()
    };
    assert_eq!(kinds(TimeDelta::seconds(4), None), [FlagKind::FastSignUp]);
    assert_eq!(kinds(TimeDelta::seconds(5), None), []);
    assert_eq!(kinds(TimeDelta::zero(), None), [], "a clock that stands still");
    assert_eq!(kinds(TimeDelta::hours(1), Some("connects login")), [FlagKind::BrandBidding]);
    assert_eq!(kinds(TimeDelta::hours(1), Some("hire a designer")), []);
}

fn any_kind() -> impl Strategy<Value = TraceKind> {
    use TraceKind::{Device, Organisation, Payment, Payout, Person};
    prop::sample::select(vec![Person, Organisation, Device, Payment, Payout])
}

/// Families and colleagues: what three people and other clients of the affiliate share with anyone of 100,000 strangers.
fn any_honest() -> impl Strategy<Value = (Vec<Bond>, Vec<u128>)> {
    let somebody = STRANGERS..STRANGERS + 100_000;
    let bond = (prop::sample::select(vec![CLIENT, AFFILIATE, FREELANCER]), somebody.clone(), any_kind());
    let bonds = prop::collection::vec(bond, 0..12);
    (bonds, prop::collection::vec(somebody, 0..30)).prop_map(|(bonds, fellows)| {
        (bonds.into_iter().flat_map(|(one, other, kind)| share(one, other, kind)).collect(), fellows)
    })
}

/// The same, with people who work together: two directly, three in a row, or clients of one affiliate.
fn any_ring() -> impl Strategy<Value = (Vec<Bond>, Vec<u128>)> {
    (any_honest(), 0..4_u8, any_kind(), any_kind()).prop_map(
        |((mut bonds, mut fellows), shape, kind, next)| {
            let helper = STRANGERS + 200_000;
            let links = match shape {
                0 => vec![(CLIENT, AFFILIATE, kind)],
                1 => vec![(CLIENT, helper, kind), (helper, AFFILIATE, next)],
                2 => vec![(FREELANCER, helper, kind), (helper, AFFILIATE, next)],
                _ => vec![(CLIENT, helper, kind)],
            };
            if shape == 3 {
                fellows.push(helper);
            }
            bonds.extend(links.into_iter().flat_map(|(one, other, kind)| share(one, other, kind)));
            (bonds, fellows)
        },
    )
}

/// How many of 10,000 are flagged.
fn flagged(any: &impl Strategy<Value = (Vec<Bond>, Vec<u128>)>) -> usize {
    let mut runner = TestRunner::deterministic();
    let is_flagged = |_: &usize| {
        let (bonds, fellows) = any.new_tree(&mut runner).unwrap().current();
        !found(bonds, &fellows).is_empty()
    };
    (0..10_000).filter(is_flagged).count()
}

#[test]
fn f_8_of_ten_thousand_rings_all_are_flagged_and_of_honest_people_hardly_any() {
    assert_eq!(flagged(&any_ring()), 10_000);
    let honest = flagged(&any_honest());
    assert!(honest <= 100, "{honest} of 10,000");
}
