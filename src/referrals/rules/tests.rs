use super::*;
use crate::entity::{
    enums::{JobCategory, ReferralObstacle::CampaignClosed},
    ids::ReferralCampaignId,
};

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn campaign() -> referral_campaign::Model {
    referral_campaign::Model {
        id: ReferralCampaignId::new(),
        name: "Customer service".to_owned(),
        category: Some(JobCategory::AdminAndCustomerSupport),
        country: Some("US".to_owned()),
        badge: Some(TalentBadgeKind::TopRated),
        opens_at: at("2026-03-01T00:00:00Z"),
        closes_at: closes_at(NaiveDate::from_ymd_opt(2026, 6, 30).unwrap()),
        threshold_cents: 50_000,
        reward_cents: 10_000,
        gift_months: 1,
        budget_cents: 100_000,
        reserved_cents: 0,
        ended_at: None,
        actor_id: None,
        created_at: at("2026-02-01T00:00:00Z"),
    }
}

fn candidate() -> Candidate {
    Candidate {
        is_freelancer: true,
        country: "US".to_owned(),
        badges: vec![TalentBadgeKind::TopRatedPlus],
        wants_mails: true,
        is_verified: true,
    }
}

#[test]
fn c_5_the_whole_day_of_the_deadline_counts() {
    let campaign = campaign();
    assert_eq!(campaign.closes_at, at("2026-07-01T00:00:00Z"));
    assert_eq!(deadline_of(&campaign), NaiveDate::from_ymd_opt(2026, 6, 30).unwrap());
    assert!(campaign.is_open(at("2026-06-30T23:59:59.999999Z")));
    assert!(!campaign.is_open(campaign.closes_at));
    assert!(!campaign.is_open(at("2026-02-28T23:59:59.999999Z")));
}

#[test]
fn c_1_who_may_refer_fulfils_all_that_the_campaign_asks_for() {
    let (campaign, now) = (campaign(), at("2026-04-01T00:00:00Z"));
    assert_eq!(obstacles_of(&campaign, &candidate(), now), []);
    let cases = [
        (Candidate { is_freelancer: false, ..candidate() }, ReferralObstacle::NotAFreelancer),
        (Candidate { country: "CA".to_owned(), ..candidate() }, OtherCountry),
        (Candidate { badges: vec![TalentBadgeKind::RisingTalent], ..candidate() }, BadgeMissing),
        (Candidate { wants_mails: false, ..candidate() }, MailsUnwanted),
        (Candidate { is_verified: false, ..candidate() }, EmailUnverified),
    ];
    for (person, obstacle) in cases {
        assert_eq!(obstacles_of(&campaign, &person, now), [obstacle]);
    }
    let ended = referral_campaign::Model { ended_at: Some(now), ..campaign };
    assert_eq!(obstacles_of(&ended, &candidate(), now), [CampaignClosed]);
}

#[test]
fn c_2_a_friend_counts_who_is_new_and_not_of_the_household() {
    let friend = || Friend {
        is_freelancer: true,
        shared: BTreeSet::new(),
        is_related: false,
        is_open: true,
        is_barred: false,
    };
    assert_eq!(refusal_of(&friend()), None);
    // A colleague of strangers, or somebody at a public computer, may still be new.
    let shared = BTreeSet::from([TraceKind::Organisation, TraceKind::Device]);
    assert_eq!(refusal_of(&Friend { shared, ..friend() }), None);
    let cases = [
        (Friend { is_freelancer: false, ..friend() }, ReferralReason::NotAFreelancer),
        (Friend { shared: BTreeSet::from([TraceKind::Person]), ..friend() }, KnownPerson),
        (Friend { shared: BTreeSet::from([TraceKind::Payment]), ..friend() }, KnownPerson),
        (Friend { is_related: true, ..friend() }, Related),
        (Friend { is_open: false, ..friend() }, ReferralReason::CampaignClosed),
        (Friend { is_barred: true, ..friend() }, ReferrerBarred),
    ];
    for (friend, reason) in cases {
        assert_eq!(refusal_of(&friend), Some(reason));
    }
}

#[test]
fn c_1_terms_make_sense() {
    let terms = Terms { threshold_cents: 50_000, reward_cents: 10_000, gift_months: 1, budget_cents: 10_000 };
    assert!(terms.checked().is_ok());
    for wrong in [
        Terms { threshold_cents: 0, ..terms },
        Terms { reward_cents: 0, ..terms },
        Terms { gift_months: -1, ..terms },
        Terms { gift_months: 25, ..terms },
        Terms { budget_cents: 9_999, ..terms },
    ] {
        assert!(wrong.checked().is_err(), "{wrong:?}");
    }
}
