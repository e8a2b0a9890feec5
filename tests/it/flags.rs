//! Registrations that may be fraud are flagged, held for review and decided (F-8).

use connects::{accounts, entity::enums::TraceKind};
use serde_json::{Value, json};

use crate::{
    affiliates::BROWSER,
    commissions::Brought,
    payouts::bank,
    support::{Person, World},
};

const FLAGS: &str = "query($s: FlagState) { admin { affiliateFlags(state: $s) { nodes { id kind state reason
    evidence { shared through { name } secondsSinceClick signUps adTerm } client { name }
    affiliate { account { name } } attribution { commission { state } } decidedBy { name } } } } }";
const DECIDE: &str =
    "mutation($f: ID!, $d: FlagDecision!) { decideAffiliateFlag(input: { affiliateFlagId: $f,
    decision: $d, reason: \"I asked them.\" }) { affiliateFlag { state reason decidedBy { name } }
    userErrors { __typename code field } } }";
const COMMISSION: &str = "{ viewer { affiliate { commissions { nodes { state reason isUnderReview nextLockAt
    locks { dueAt amount { amount } } } } } } }";
const PAYOUTS: &str = "{ viewer { payouts { nodes { state } } } }";

impl World {
    pub async fn flags(&self, state: &str) -> Vec<Value> {
        let staff = self.staff().await;
        let shown = self.data(Some(&staff), FLAGS, json!({ "s": state })).await;
        shown["admin"]["affiliateFlags"]["nodes"].as_array().unwrap().clone()
    }

    async fn judge(&self, flag: &Value, decision: &str) -> Value {
        let staff = self.staff().await;
        let asked = json!({ "f": flag["id"], "d": decision });
        self.data(Some(&staff), DECIDE, asked).await["decideAffiliateFlag"].clone()
    }

    /// Somebody is seen with a device.
    async fn seen_with(&self, person: &Person, device: &str) {
        let keys = &self.app.keys;
        let note = async |txn: &connects::db::Txn| {
            accounts::note_trace(txn, keys, person.viewer.id(), (TraceKind::Device, device)).await
        };
        self.db().write(note).await.unwrap();
    }

    async fn commission(&self, affiliate: &Person) -> Value {
        let shown = self.data(Some(affiliate), COMMISSION, json!({})).await;
        shown["viewer"]["affiliate"]["commissions"]["nodes"][0].clone()
    }
}

/// On 1 January, a client of Ann's who was seen with her laptop has paid 100.00, and all of it was released.
pub async fn suspicious() -> Brought {
    let mut brought = Brought::new().await;
    let Brought { world, ann, .. } = &brought;
    world.seen_with(ann, "a red laptop").await;
    let (_, path) = world.link(ann).await;
    let cookie = world.click(&path, None).await;
    brought.clara = world.come("cleo", &cookie, json!({ "client": true, "deviceId": "a red laptop" })).await;
    let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
    brought.fund(&parts[0]).await;
    brought.release(&parts[0]).await;
    brought
}

#[actix_web::test]
async fn f_8_a_flag_holds_a_commission_until_an_admin_clears_it() {
    let brought = suspicious().await;
    let Brought { world, ann, .. } = &brought;
    let flags = world.flags("OPEN").await;
    assert_eq!((flags.len(), &flags[0]["kind"]), (1, &json!("SELF_REFERRAL")), "{flags:?}");
    assert_eq!(flags[0]["evidence"]["shared"], json!(["DEVICE"]));
    assert_eq!(
        (&flags[0]["client"]["name"], &flags[0]["affiliate"]["account"]["name"]),
        (&json!("cleo"), &json!("ann"))
    );
    world.advance("2026-03-02T00:00:00Z").await;
    let held = world.commission(ann).await;
    let next = json!("2026-04-01T00:00:00.000000Z");
    assert_eq!(
        (&held["state"], &held["isUnderReview"], &held["nextLockAt"]),
        (&json!("PENDING"), &json!(true), &next)
    );
    assert!(world.notified(ann).await.contains(&"COMMISSION_POSTPONED".to_owned()));
    let decided = world.judge(&flags[0], "CLEAR").await;
    assert_eq!((&decided["affiliateFlag"]["state"], &decided["userErrors"]), (&json!("CLEARED"), &json!([])));
    world.advance("2026-04-02T00:00:00Z").await;
    let locked = world.commission(ann).await;
    assert_eq!((&locked["state"], &locked["isUnderReview"]), (&json!("LOCKED"), &json!(false)));
    assert_eq!(
        locked["locks"],
        json!([{ "dueAt": "2026-04-03T00:00:00.000000Z", "amount": { "amount": "70.00" } }])
    );
    assert_eq!(world.flags("OPEN").await, Vec::<Value>::new(), "the same evidence is judged once");
    world.verify().await;
}

#[actix_web::test]
async fn f_8_a_flag_that_is_upheld_ends_the_commission_and_is_decided_for_good() {
    let brought = suspicious().await;
    let Brought { world, ann, .. } = &brought;
    world.advance("2026-01-05T00:00:00Z").await;
    let flag = world.flags("OPEN").await[0].clone();
    assert_eq!(flag["attribution"]["commission"]["state"], "PENDING");
    assert_eq!(world.judge(&flag, "UPHOLD").await["affiliateFlag"]["state"], "UPHELD");
    world.advance("2026-01-07T00:00:00Z").await;
    let ended = world.commission(ann).await;
    assert_eq!((&ended["state"], &ended["reason"]), (&json!("OUTSIDE_TERMS"), &json!("FRAUD")));
    let again = world.judge(&flag, "CLEAR").await;
    assert_eq!(again["userErrors"][0]["code"], "ILLEGAL_STATE");
    world.verify().await;
}

#[actix_web::test]
async fn f_8_what_comes_to_light_after_the_lock_holds_the_payout() {
    let brought = Brought::new().await;
    let Brought { world, ann, clara, .. } = &brought;
    world.set_payout_method(ann, bank("Ann Lee")).await;
    let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
    brought.fund(&parts[0]).await;
    brought.release(&parts[0]).await;
    world.advance("2026-03-02T00:00:00Z").await;
    assert_eq!(world.commission(ann).await["state"], "LOCKED");
    world.seen_with(ann, "a red laptop").await;
    world.seen_with(clara, "a red laptop").await;
    world.advance("2026-03-16T01:00:00Z").await;
    let plan = world.plan("COMMISSIONS").await;
    assert_eq!(plan["lines"]["nodes"][0]["hold"], "UNDER_REVIEW", "{plan}");
    world.advance("2026-03-17T12:00:00Z").await;
    let flags = world.flags("OPEN").await;
    assert_eq!(flags.len(), 1, "{flags:?}");
    assert_eq!(world.data(Some(ann), PAYOUTS, json!({})).await["viewer"]["payouts"]["nodes"], json!([]));
    world.judge(&flags[0], "CLEAR").await;
    world.advance("2026-03-19T12:00:00Z").await;
    assert_eq!(
        world.data(Some(ann), PAYOUTS, json!({})).await["viewer"]["payouts"]["nodes"][0]["state"],
        "PAID"
    );
    assert_eq!(world.commission(ann).await["state"], "PAID");
    world.verify().await;
}

#[actix_web::test]
async fn f_8_what_is_upheld_is_not_paid_even_before_the_task_has_come_by() {
    let brought = Brought::new().await;
    let Brought { world, ann, clara, .. } = &brought;
    world.set_payout_method(ann, bank("Ann Lee")).await;
    let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
    brought.fund(&parts[0]).await;
    brought.release(&parts[0]).await;
    world.advance("2026-03-02T00:00:00Z").await;
    world.seen_with(ann, "a red laptop").await;
    world.seen_with(clara, "a red laptop").await;
    world.advance("2026-03-17T12:00:00Z").await;
    world.judge(&world.flags("OPEN").await[0], "UPHOLD").await;
    let plan = world.plan("COMMISSIONS").await;
    assert_eq!(plan["lines"]["nodes"][0]["hold"], "OUTSIDE_TERMS", "{plan}");
    world.advance("2026-03-19T12:00:00Z").await;
    let ended = world.commission(ann).await;
    assert_eq!((&ended["state"], &ended["reason"]), (&json!("OUTSIDE_TERMS"), &json!("FRAUD")));
    assert_eq!(world.data(Some(ann), PAYOUTS, json!({})).await["viewer"]["payouts"]["nodes"], json!([]));
    world.verify().await;
}

#[actix_web::test]
async fn f_8_a_flag_holds_its_own_commission_and_the_others_are_paid() {
    let mut brought = Brought::new().await;
    for (title, token) in [("Poster", "tok_visa"), ("Flyer", "tok_refund_fails")] {
        if title == "Flyer" {
            let (_, path) = brought.world.link(&brought.ann).await;
            let cookie = brought.world.click(&path, None).await;
            brought.clara = brought.world.come("cleo", &cookie, json!({ "client": true })).await;
        }
        let parts = brought.hire(&brought.ada, title, &["100.00"]).await;
        brought.fund_by(&parts[0], token).await;
        brought.release(&parts[0]).await;
    }
    let Brought { world, ann, clara, .. } = &brought;
    world.set_payout_method(ann, bank("Ann Lee")).await;
    world.advance("2026-03-05T00:00:00Z").await;
    world.seen_with(ann, "a red laptop").await;
    world.seen_with(clara, "a red laptop").await;
    world.advance("2026-03-17T12:00:00Z").await;
    let paid = "{ viewer { payouts { nodes { state amount { amount } } } } }";
    let paid = world.data(Some(ann), paid, json!({})).await["viewer"]["payouts"]["nodes"].clone();
    assert_eq!(paid, json!([{ "state": "PAID", "amount": { "amount": "70.00" } }]));
    assert_eq!(world.flags("OPEN").await.len(), 1);
    world.verify().await;
}

#[actix_web::test]
async fn f_8_nothing_locks_after_it_was_found_to_be_fraud() {
    let brought = suspicious().await;
    let Brought { world, ann, .. } = &brought;
    world.advance("2026-02-28T20:00:00Z").await;
    world.judge(&world.flags("OPEN").await[0], "UPHOLD").await;
    world.advance("2026-03-02T12:00:00Z").await;
    let ended = world.commission(ann).await;
    assert_eq!((&ended["reason"], &ended["locks"]), (&json!("FRAUD"), &json!([])));
    world.verify().await;
}

#[actix_web::test]
async fn f_8_sign_ups_that_are_too_fast_too_many_or_by_an_ad_for_the_brand_are_flagged() {
    let mut world = World::new().await;
    world.with_policy(|policy| policy.affiliate.review.sign_ups_of_network = 2).await;
    let ann = world.affiliate("ann").await;
    let (_, path) = world.link(&ann).await;
    let path = format!("{path}?utm_medium=cpc&utm_term=Connects+Login");
    let headers = [("user-agent", BROWSER)];
    let cookie = world.follow(&path, &headers).await.cookie.unwrap();
    world.sleep_until("2026-01-01T00:00:03Z").await;
    world.come("clara", &cookie, json!({ "client": true })).await;
    let flags = world.flags("OPEN").await;
    let mut kinds: Vec<_> = flags.iter().map(|flag| flag["kind"].as_str().unwrap()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["BRAND_BIDDING", "FAST_SIGN_UP"]);
    let evidence = |kind: &str| flags.iter().find(|flag| flag["kind"] == kind).unwrap()["evidence"].clone();
    assert_eq!(evidence("BRAND_BIDDING")["adTerm"], "connects login");
    assert_eq!(evidence("FAST_SIGN_UP")["secondsSinceClick"], 3);
    for name in ["cleo", "cora"] {
        let cookie = world.click(path.split('?').next().unwrap(), None).await;
        world.come(name, &cookie, json!({ "client": true })).await;
    }
    let many = world.flags("OPEN").await.into_iter().filter(|flag| flag["kind"] == "MANY_SIGN_UPS");
    let mut clients: Vec<_> =
        many.map(|flag| (flag["client"]["name"].clone(), flag["evidence"]["signUps"].clone())).collect();
    clients.sort_by_key(|(name, _)| name.to_string());
    assert_eq!(clients, ["clara", "cleo", "cora"].map(|name| (json!(name), json!(3))));
    world.verify().await;
}

#[actix_web::test]
async fn f_8_what_many_people_were_seen_with_connects_nobody() {
    let mut world = World::new().await;
    world.with_policy(|policy| policy.affiliate.review.common_above = 2).await;
    let (ann, ada) = (world.affiliate("ann").await, world.freelancer("ada").await);
    for person in [&ann, &ada] {
        world.seen_with(person, "computer of a library").await;
    }
    let (_, path) = world.link(&ann).await;
    let cookie = world.click(&path, None).await;
    world.come("clara", &cookie, json!({ "client": true, "deviceId": "computer of a library" })).await;
    assert_eq!(world.flags("OPEN").await, Vec::<Value>::new());
    world.verify().await;
}

#[actix_web::test]
async fn f_8_only_admins_decide_and_nobody_on_themselves() {
    let brought = suspicious().await;
    let Brought { world, ann, clara, .. } = &brought;
    let flag = world.flags("OPEN").await[0].clone();
    for person in [ann, clara] {
        let seen = world
            .data(Some(person), "query($f: ID!) { node(id: $f) { id } }", json!({ "f": flag["id"] }))
            .await;
        assert_eq!(seen["node"], Value::Null);
        let refused = world.data(Some(person), DECIDE, json!({ "f": flag["id"], "d": "CLEAR" })).await;
        assert_eq!(refused["decideAffiliateFlag"]["userErrors"][0]["code"], "NOT_ALLOWED");
    }
    let decided = world.judge(&flag, "CLEAR").await;
    assert_eq!(decided["affiliateFlag"]["decidedBy"]["name"], "admin");
    let missing = world.judge(&json!({ "id": "x" }), "CLEAR").await;
    assert_eq!(missing["userErrors"][0]["code"], "NOT_FOUND");
}
