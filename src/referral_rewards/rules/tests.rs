use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::entity::ids::{AccountId, ReferralCampaignId, ReferralLinkId};

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

const CALENDAR: Calendar<'static> = Calendar { holidays: &[] };

fn campaign(budget_cents: i64) -> referral_campaign::Model {
    referral_campaign::Model {
        id: ReferralCampaignId::new(),
        name: "Customer service".to_owned(),
        category: None,
        country: None,
        badge: None,
        opens_at: at("2026-03-01T00:00:00Z"),
        closes_at: at("2026-07-01T00:00:00Z"),
        threshold_cents: 50_000,
        reward_cents: 10_000,
        gift_months: 1,
        budget_cents,
        reserved_cents: 0,
        ended_at: None,
        actor_id: None,
        created_at: at("2026-03-01T00:00:00Z"),
    }
}

fn referral(campaign: &referral_campaign::Model) -> referral::Model {
    referral::Model {
        friend_id: AccountId::new(),
        id: ReferralId::new(),
        campaign_id: campaign.id,
        link_id: ReferralLinkId::new(),
        referrer_id: AccountId::new(),
        registered_at: campaign.opens_at,
        state: Open,
        reason: None,
        reached_at: None,
        due_at: None,
        ended_at: None,
    }
}

fn earned(all: &[(&str, i64)]) -> Vec<Earned> {
    all.iter().map(|(when, cents)| Earned { at: at(when), cents: *cents }).collect()
}

fn states(looked: &[Looked]) -> Vec<(ReferralState, i64)> {
    looked.iter().map(|one| (one.row.state, one.reserves)).collect()
}

#[test]
fn c_3_the_release_that_reaches_the_threshold_counts_and_refunds_subtract() {
    let day = |n: u32| format!("2026-04-{n:02}T00:00:00Z");
    let of = |all: &[(u32, i64)]| {
        let all: Vec<_> = all.iter().map(|(n, cents)| Earned { at: at(&day(*n)), cents: *cents }).collect();
        reached_at(&all, 50_000)
    };
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[(1, 49_999)]), None);
    assert_eq!(of(&[(1, 20_000), (2, 30_000), (3, 10_000)]), Some(at(&day(2))));
    assert_eq!(of(&[(1, 60_000), (2, -10_000)]), Some(at(&day(1))));
    assert_eq!(of(&[(1, 60_000), (2, -10_001)]), None);
    assert_eq!(of(&[(1, 60_000), (2, -10_001), (3, 1)]), Some(at(&day(3))));
}

#[test]
fn c_4_a_reward_is_due_on_the_first_business_day_of_the_next_month() {
    for (reached, due) in [
        ("2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"),
        ("2026-04-30T23:59:59Z", "2026-05-01T00:00:00Z"),
        // 1 August 2026 is a Saturday.
        ("2026-07-31T12:00:00Z", "2026-08-03T00:00:00Z"),
        ("2026-12-31T12:00:00Z", "2027-01-01T00:00:00Z"),
    ] {
        assert_eq!(due_at(at(reached), &CALENDAR), at(due), "{reached}");
    }
    let new_year = [NaiveDate::from_ymd_opt(2027, 1, 1).unwrap()];
    let due = due_at(at("2026-12-31T12:00:00Z"), &Calendar { holidays: &new_year });
    assert_eq!(due, at("2027-01-04T00:00:00Z"));
}

#[test]
fn c_5_the_release_must_come_before_the_deadline_and_the_budget_goes_in_time_order() {
    let campaign = campaign(20_000);
    let rows: Vec<_> = (0..4).map(|_| referral(&campaign)).collect();
    let [first, second, third, late] = [0, 1, 2, 3].map(|n: usize| rows[n].id);
    let known = Known {
        earned: HashMap::from([
            (first, earned(&[("2026-05-03T00:00:00Z", 50_000)])),
            (second, earned(&[("2026-05-01T00:00:00Z", 50_000)])),
            (third, earned(&[("2026-05-02T00:00:00Z", 50_000)])),
            (late, earned(&[("2026-07-01T00:00:00Z", 50_000)])),
        ]),
        barred: HashMap::new(),
    };
    let looked = look(&campaign, rows, &known, (at("2026-07-02T00:00:00Z"), &CALENDAR));
    let order: Vec<_> = looked.iter().map(|one| one.row.id).collect();
    assert_eq!(order, [late, second, third, first]);
    assert_eq!(states(&looked), [(Ended, 0), (Qualified, 10_000), (Qualified, 10_000), (Waiting, 0)]);
    assert_eq!(looked[0].row.reason, Some(NotReached));
    assert_eq!(looked[1].row.due_at, Some(at("2026-06-01T00:00:00Z")));
}

#[test]
fn c_5_a_refund_before_the_payment_frees_the_budget_for_who_waits() {
    let campaign = referral_campaign::Model { reserved_cents: 10_000, ..campaign(10_000) };
    let reserved = referral::Model {
        state: Qualified,
        reached_at: Some(at("2026-05-01T00:00:00Z")),
        due_at: Some(at("2026-06-01T00:00:00Z")),
        ..referral(&campaign)
    };
    let waiting = referral::Model {
        state: Waiting,
        reached_at: Some(at("2026-05-02T00:00:00Z")),
        ..referral(&campaign)
    };
    let known = Known {
        earned: HashMap::from([
            (reserved.id, earned(&[("2026-05-01T00:00:00Z", 50_000), ("2026-05-09T00:00:00Z", -1)])),
            (waiting.id, earned(&[("2026-05-02T00:00:00Z", 50_000)])),
        ]),
        barred: HashMap::new(),
    };
    let rows = vec![reserved.clone(), waiting.clone()];
    let looked = look(&campaign, rows, &known, (at("2026-05-10T00:00:00Z"), &CALENDAR));
    assert_eq!(states(&looked), [(Open, -10_000), (Qualified, 10_000)]);
    let rows = vec![reserved, waiting];
    let looked = look(&campaign, rows, &known, (at("2026-07-01T00:00:00Z"), &CALENDAR));
    assert_eq!(states(&looked), [(Ended, -10_000), (Qualified, 10_000)]);
}

#[test]
fn c_3_who_turns_out_to_belong_together_gets_nothing() {
    let campaign = referral_campaign::Model { reserved_cents: 10_000, ..campaign(10_000) };
    let row = referral::Model { state: Qualified, ..referral(&campaign) };
    let known = Known { earned: HashMap::new(), barred: HashMap::from([(row.id, ReferralReason::Related)]) };
    let looked = look(&campaign, vec![row], &known, (at("2026-05-10T00:00:00Z"), &CALENDAR));
    assert_eq!(states(&looked), [(Ended, -10_000)]);
    assert_eq!(looked[0].row.reason, Some(ReferralReason::Related));
}

#[test]
fn c_4_progress_shows_no_more_than_the_campaign_asks_for() {
    assert_eq!([-5, 0, 20, 50, 90].map(|cents| progress_of(cents, 50)), [0, 0, 20, 50, 50]);
}

proptest! {
    /// However often a campaign is looked at, and whatever is released and refunded meanwhile, the budget is never exceeded,
    /// and what is reserved is what the qualified have.
    #[test]
    fn c_5_the_budget_is_what_the_qualified_have(
        slots in 0i64..4,
        deeds in prop::collection::vec((0usize..6, -40_000i64..60_000, any::<bool>()), 1..60),
    ) {
        let mut campaign = campaign(slots * 10_000);
        let mut rows: Vec<_> = (0..6).map(|_| referral(&campaign)).collect();
        let mut known = Known::default();
        let mut now = campaign.opens_at;
        for (who, cents, is_looked_at) in deeds {
            now += TimeDelta::hours(51);
            known.earned.entry(rows[who].id).or_default().push(Earned { at: now, cents });
            if !is_looked_at {
                continue;
            }
            let open: Vec<_> = rows.iter().filter(|row| row.state != Ended).cloned().collect();
            for Looked { row, reserves } in look(&campaign, open, &known, (now, &CALENDAR)) {
                campaign.reserved_cents += reserves;
                let place = rows.iter().position(|one| one.id == row.id).unwrap();
                rows[place] = row;
            }
            let qualified = rows.iter().filter(|row| row.state == Qualified).count() as i64;
            prop_assert_eq!(campaign.reserved_cents, qualified * 10_000);
            prop_assert!(campaign.reserved_cents <= campaign.budget_cents);
            for row in &rows {
                let sum: i64 = known.earned.get(&row.id).into_iter().flatten().map(|one| one.cents).sum();
                prop_assert!(row.state != Qualified || sum >= 50_000, "a qualified friend has earned enough");
                prop_assert_eq!(row.state == Ended, row.reason.is_some());
            }
            // Nobody waits while there is room for them.
            let is_room = campaign.reserved_cents + 10_000 <= campaign.budget_cents;
            prop_assert!(!is_room || rows.iter().all(|row| row.state != Waiting));
        }
    }
}
