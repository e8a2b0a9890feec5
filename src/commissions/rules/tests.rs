use super::*;
use crate::entity::ids::{AffiliateLinkId, CommissionId, ContractId, MilestoneId, PaymentId};

fn terms() -> Terms {
    Terms::of(&Affiliate::default())
}

#[test]
fn f_5_seventy_percent_half_up_and_at_most_150_dollars() {
    for (base, earned) in [
        (10_000, 7_000),
        (21_428, 15_000),
        (21_429, 15_000),
        (21_427, 14_999),
        (1, 1),
        (100_000_000, 15_000),
        (i64::MAX, 15_000),
        (5, 4),
        (15, 11),
        (0, 0),
    ] {
        assert_eq!(terms().earned(base), earned, "{base}");
    }
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// A commission on 1,000.00, of which so much has locked.
pub(super) fn of_a_thousand(locked_cents: i64) -> commission::Model {
    commission::Model {
        id: CommissionId::new(),
        client_id: AccountId::new(),
        affiliate_id: AccountId::new(),
        link_id: AffiliateLinkId::new(),
        contract_id: ContractId::new(),
        milestone_id: MilestoneId::new(),
        payment_id: PaymentId::new(),
        freelancer_id: AccountId::new(),
        base_cents: 100_000,
        rate_basis_points: 7_000,
        cap_cents: 15_000,
        policy_version: 1,
        currency: Currency::Usd,
        state: Pending,
        reason: None,
        locked_cents,
        next_lock_at: Some(at("2026-03-01T00:00:00Z")),
        funded_at: at("2026-01-20T00:00:00Z"),
        created_at: at("2026-01-21T00:00:00Z"),
        ended_at: None,
    }
}

fn looked(locked: i64, released: i64, escrow: i64, is_charged_back: bool) -> Looked {
    let standing = Standing { released_cents: released, escrow_cents: escrow, is_charged_back };
    looked_at(&of_a_thousand(locked), at("2026-03-01T00:00:00Z"), standing, &Affiliate::default())
}

#[test]
fn f_6_what_is_released_locks_and_what_is_in_escrow_is_looked_at_again() {
    let first = looked(0, 10_000, 90_000, false);
    assert_eq!((first.locks_cents, first.state), (7_000, Pending));
    assert_eq!(first.next_lock_at, Some(at("2026-04-01T00:00:00Z")));
    assert_eq!(first.due_at, at("2026-03-03T00:00:00Z"));
    let second = looked(7_000, 100_000, 0, false);
    assert_eq!((second.locks_cents, second.state, second.next_lock_at), (8_000, Locked, None));
    let nothing_yet = looked(0, 0, 100_000, false);
    assert_eq!((nothing_yet.locks_cents, nothing_yet.state), (0, Pending));
    let enough = looked(0, 30_000, 70_000, false);
    assert_eq!((enough.locks_cents, enough.state), (15_000, Locked), "more cannot be earned");
}

#[test]
fn f_6_a_refund_before_the_lock_counts_and_one_after_it_changes_nothing() {
    assert_eq!(looked(0, 5_000, 0, false).locks_cents, 3_500);
    let whole = looked(0, 0, 0, false);
    assert_eq!((whole.state, whole.reason), (Reversed, Some(CommissionReason::Refunded)));
    assert_eq!(looked(0, 0, 0, true).reason, Some(CommissionReason::ChargedBack));
    let after = looked(7_000, 2_000, 0, false);
    assert_eq!((after.locks_cents, after.state, after.reason), (0, Locked, None));
}

#[test]
fn f_9_the_hired_freelancer_belongs_to_nobody() {
    let (affiliate, freelancer) = (AccountId::new(), AccountId::new());
    let outside =
        |relations: &[Relation]| outside_of((affiliate, freelancer), &relations.iter().copied().collect());
    assert_eq!(outside(&[]), None);
    assert_eq!(outside(&[Relation::FreelancerWithAffiliate]), Some(RelatedToAffiliate));
    assert_eq!(outside(&[Relation::FreelancerWithClient]), Some(RelatedToClient));
    assert_eq!(outside(&[Relation::ClientWithOlder]), Some(NotANewClient));
    assert_eq!(outside_of((affiliate, affiliate), &BTreeSet::new()), Some(AffiliateHired));
}
