//! Commissions: from a new client's first payment to what locks at the ends of months (F-5, F-6, F-9).

use serde_json::{Value, json};

use crate::{
    offers::ACCEPT,
    support::{Person, World},
};

const FUND: &str = "mutation($m: ID!, $w: ID!, $k: String!) { fundMilestone(input: { milestoneId: $m,
    paymentMethodId: $w, idempotencyKey: $k }) { milestone { state } userErrors { code } } }";
const RELEASE: &str = "mutation($m: ID!, $k: String!) { releaseMilestone(input: { milestoneId: $m,
    idempotencyKey: $k }) { milestone { state } userErrors { code } } }";
const REFUND: &str =
    "mutation($m: ID!, $k: String!) { refundMilestone(input: { milestoneId: $m, reason: \"Sorry\",
    idempotencyKey: $k }) { milestone { state } userErrors { code } } }";
const COMMISSIONS: &str = "{ viewer { affiliate { commissions { nodes { id state reason base { amount }
    expected { amount } locked { amount } nextLockAt endedAt explanation attribution { state }
    locks { lockedAt released { amount } amount { amount } dueAt } } } } } }";

/// An affiliate's new client, and whom they hire.
pub struct Brought {
    pub world: World,
    pub ann: Person,
    pub ada: Person,
    pub clara: Person,
}

impl Brought {
    /// On 1 January.
    pub async fn new() -> Self {
        Self::within(World::new().await).await
    }

    pub async fn within(world: World) -> Self {
        let (ann, ada) = (world.affiliate("ann").await, world.freelancer("ada").await);
        let (_, path) = world.link(&ann).await;
        let cookie = world.click(&path, None).await;
        let clara = world.come("clara", &cookie, json!({ "client": true })).await;
        Self { world, ann, ada, clara }
    }

    /// A contract of Clara with `freelancer`: the ids of its milestones.
    pub async fn hire(&self, freelancer: &Person, title: &str, dollars: &[&str]) -> Vec<Value> {
        let (_, proposal) = self.world.proposed(freelancer, &self.clara, title).await;
        let offer = self.world.offer(&self.clara, &proposal, dollars).await["offer"]["id"].clone();
        let asked = json!({ "o": offer, "k": offer });
        let accepted = self.world.data(Some(freelancer), ACCEPT, asked).await["acceptOffer"].clone();
        assert_eq!(accepted["userErrors"], json!([]), "{accepted}");
        let milestones = accepted["contract"]["milestones"]["nodes"].as_array().unwrap();
        milestones.iter().map(|one| one["id"].clone()).collect()
    }

    pub async fn fund(&self, milestone: &Value) {
        self.fund_by(milestone, "tok_visa").await;
    }

    pub async fn fund_by(&self, milestone: &Value, token: &str) {
        let card = self.world.method(&self.clara, token).await;
        self.done(&self.clara, FUND, json!({ "m": milestone, "w": card, "k": milestone })).await;
    }

    pub async fn release(&self, milestone: &Value) {
        self.done(&self.clara, RELEASE, json!({ "m": milestone, "k": milestone })).await;
    }

    pub async fn refund(&self, freelancer: &Person, milestone: &Value) {
        self.done(freelancer, REFUND, json!({ "m": milestone, "k": format!("{milestone}") })).await;
    }

    async fn done(&self, person: &Person, mutation: &str, asked: Value) {
        let done = self.world.data(Some(person), mutation, asked).await;
        let payload = done.as_object().unwrap().values().next().unwrap();
        assert_eq!(payload["userErrors"], json!([]), "{payload}");
    }

    pub async fn commissions(&self) -> Vec<Value> {
        let shown = self.world.data(Some(&self.ann), COMMISSIONS, json!({})).await;
        shown["viewer"]["affiliate"]["commissions"]["nodes"].as_array().unwrap().clone()
    }
}

#[actix_web::test]
async fn f_5_a_new_clients_first_payment_is_a_commission_that_locks_and_falls_due() {
    let brought = Brought::new().await;
    brought.world.sleep_until("2026-01-10T00:00:00Z").await;
    let parts = brought.hire(&brought.ada, "Poster", &["214.28", "500.00"]).await;
    brought.fund(&parts[0]).await;
    brought.fund(&parts[1]).await;
    assert_eq!(brought.commissions().await, Vec::<Value>::new(), "the task records it");
    brought.world.advance("2026-01-12T00:00:00Z").await;
    let commission = &brought.commissions().await[0];
    assert_eq!((&commission["state"], &commission["base"]["amount"]), (&json!("PENDING"), &json!("214.28")));
    assert_eq!(commission["expected"]["amount"], "150.00");
    assert_eq!(commission["nextLockAt"], "2026-03-01T00:00:00.000000Z");
    assert_eq!(commission["attribution"]["state"], "COMMISSIONED");
    assert!(brought.world.notified(&brought.ann).await.contains(&"COMMISSION_RECORDED".to_owned()));
    brought.release(&parts[0]).await;
    brought.world.advance("2026-03-02T00:00:00Z").await;
    let commission = &brought.commissions().await[0];
    assert_eq!((&commission["state"], &commission["locked"]["amount"]), (&json!("LOCKED"), &json!("150.00")));
    assert_eq!(
        commission["locks"],
        json!([{ "lockedAt": "2026-03-01T00:00:00.000000Z", "released": { "amount": "214.28" },
                 "amount": { "amount": "150.00" }, "dueAt": "2026-03-03T00:00:00.000000Z" }])
    );
    let said = commission["explanation"].as_array().unwrap();
    assert_eq!(said[0], "The client's first payment was 214.28 USD on 2026-01-10.");
    assert_eq!(
        said[1],
        "70% of it is 150.00 USD, and a commission is at most 150.00 USD: 150.00 USD (policy version 1)."
    );
    brought.world.verify().await;
}

#[actix_web::test]
async fn f_6_what_is_still_in_escrow_is_looked_at_again_each_month_also_by_a_late_run() {
    let brought = Brought::new().await;
    let parts = brought.hire(&brought.ada, "Poster", &["1000.00"]).await;
    brought.fund(&parts[0]).await;
    brought.world.sleep_until("2026-04-15T00:00:00Z").await;
    brought.release(&parts[0]).await;
    // The task comes late and does what it would have done on time.
    brought.world.sleep_until("2026-06-01T12:00:00Z").await;
    brought.world.advance("2026-06-03T00:00:00Z").await;
    let commission = &brought.commissions().await[0];
    let locks = commission["locks"].as_array().unwrap();
    assert_eq!(locks.len(), 1);
    assert_eq!(
        (&locks[0]["lockedAt"], &locks[0]["amount"]["amount"]),
        (&json!("2026-05-01T00:00:00.000000Z"), &json!("150.00"))
    );
    assert_eq!(
        (&commission["state"], &commission["endedAt"]),
        (&json!("LOCKED"), &json!("2026-05-01T00:00:00.000000Z"))
    );
    brought.world.verify().await;
}

#[actix_web::test]
async fn f_6_a_refund_before_the_lock_reverses_and_one_after_it_changes_nothing() {
    let brought = Brought::new().await;
    let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
    brought.fund(&parts[0]).await;
    brought.world.advance("2026-01-02T02:00:00Z").await;
    brought.refund(&brought.ada, &parts[0]).await;
    assert_eq!(brought.commissions().await[0]["expected"]["amount"], "0.00");
    brought.world.advance("2026-01-04T02:00:00Z").await;
    let commission = &brought.commissions().await[0];
    assert_eq!((&commission["state"], &commission["reason"]), (&json!("REVERSED"), &json!("REFUNDED")));
    let brought = Brought::new().await;
    let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
    brought.fund(&parts[0]).await;
    brought.release(&parts[0]).await;
    brought.world.advance("2026-03-02T00:00:00Z").await;
    brought.refund(&brought.ada, &parts[0]).await;
    brought.world.advance("2026-04-02T00:00:00Z").await;
    let commission = &brought.commissions().await[0];
    assert_eq!((&commission["state"], &commission["locked"]["amount"]), (&json!("LOCKED"), &json!("70.00")));
    brought.world.verify().await;
}

#[actix_web::test]
async fn f_5_a_hire_after_thirty_days_earns_nothing() {
    let brought = Brought::new().await;
    brought.world.sleep_until("2026-01-31T00:00:00Z").await;
    let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
    brought.fund(&parts[0]).await;
    brought.world.advance("2026-02-02T00:00:00Z").await;
    assert_eq!(brought.commissions().await, Vec::<Value>::new());
    let attribution = "{ viewer { affiliate { attributions { nodes { state } } } } }";
    let shown = brought.world.data(Some(&brought.ann), attribution, json!({})).await;
    assert_eq!(shown["viewer"]["affiliate"]["attributions"]["nodes"][0]["state"], "NO_HIRE_IN_TIME");
    brought.world.verify().await;
}

#[actix_web::test]
async fn f_8_a_suspension_reverses_what_is_pending_and_keeps_what_has_locked() {
    let brought = Brought::new().await;
    let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
    brought.fund(&parts[0]).await;
    brought.world.sleep_until("2026-02-27T00:00:00Z").await;
    brought.world.decide(&brought.ann, "SUSPEND", Some("Brand bidding.")).await;
    brought.release(&parts[0]).await;
    brought.world.advance("2026-03-05T00:00:00Z").await;
    let commission = &brought.commissions().await[0];
    assert_eq!(
        (&commission["state"], &commission["reason"]),
        (&json!("REVERSED"), &json!("AFFILIATE_SUSPENDED"))
    );
    let brought = Brought::new().await;
    let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
    brought.fund(&parts[0]).await;
    brought.release(&parts[0]).await;
    // It locked before, although no task had come by then.
    brought.world.sleep_until("2026-03-02T00:00:00Z").await;
    brought.world.decide(&brought.ann, "SUSPEND", Some("Brand bidding.")).await;
    brought.world.advance("2026-03-05T00:00:00Z").await;
    let commission = &brought.commissions().await[0];
    assert_eq!((&commission["state"], &commission["locked"]["amount"]), (&json!("LOCKED"), &json!("70.00")));
    brought.world.verify().await;
}

#[actix_web::test]
async fn f_8_a_late_run_knows_every_suspension() {
    let brought = Brought::new().await;
    let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
    brought.fund(&parts[0]).await;
    brought.release(&parts[0]).await;
    // The first one reverses it, the second one would not.
    for (begun, ended) in [("2026-02-10", "2026-02-11"), ("2026-03-05", "2026-03-06")] {
        brought.world.sleep_until(&format!("{begun}T12:00:00Z")).await;
        brought.world.decide(&brought.ann, "SUSPEND", Some("Brand bidding.")).await;
        brought.world.sleep_until(&format!("{ended}T12:00:00Z")).await;
        brought.world.decide(&brought.ann, "REINSTATE", None).await;
    }
    brought.world.advance("2026-03-08T12:00:00Z").await;
    let commission = &brought.commissions().await[0];
    assert_eq!(commission["reason"], "AFFILIATE_SUSPENDED");
    let brought = Brought::new().await;
    let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
    brought.world.decide(&brought.ann, "SUSPEND", Some("Brand bidding.")).await;
    brought.world.sleep_until("2026-01-01T01:00:00Z").await;
    brought.fund(&parts[0]).await;
    brought.world.sleep_until("2026-01-01T01:10:00Z").await;
    brought.world.decide(&brought.ann, "REINSTATE", None).await;
    brought.world.advance("2026-01-03T12:00:00Z").await;
    let commission = &brought.commissions().await[0];
    assert_eq!(commission["reason"], "AFFILIATE_SUSPENDED", "the client paid meanwhile");
    brought.world.verify().await;
}

#[actix_web::test]
async fn f_6_what_was_paid_before_the_rest_came_to_nothing_is_paid() {
    let brought = Brought::new().await;
    let (world, ann) = (&brought.world, &brought.ann);
    world.set_payout_method(ann, crate::payouts::bank("Ann Lee")).await;
    let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
    brought.fund(&parts[0]).await;
    brought.release(&parts[0]).await;
    world.advance("2026-03-17T12:00:00Z").await;
    assert_eq!(brought.commissions().await[0]["state"], "PAID");
    // As if some of the payment were in escrow until the end of March.
    let pending = "UPDATE commissions SET state = 'PENDING', ended_at = NULL, next_lock_at = '2026-04-01T00:00:00.000000Z'";
    world.sql(pending).await.unwrap();
    world.advance("2026-04-02T12:00:00Z").await;
    assert_eq!(brought.commissions().await[0]["state"], "PAID");
    world.verify().await;
}

#[actix_web::test]
async fn f_9_no_commission_for_hiring_someone_who_belongs_to_affiliate_or_client() {
    use connects::entity::enums::TraceKind;
    for (with_affiliate, reason) in [(true, "RELATED_TO_AFFILIATE"), (false, "RELATED_TO_CLIENT")] {
        let brought = Brought::new().await;
        let other = if with_affiliate { &brought.ann } else { &brought.clara };
        let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
        let (keys, device) = (&brought.world.app.keys, (TraceKind::Device, "the same device"));
        for person in [other, &brought.ada] {
            let id = person.viewer.id();
            let note = brought
                .world
                .db()
                .write(async |txn| connects::accounts::note_trace(txn, keys, id, device).await);
            note.await.unwrap();
        }
        brought.fund(&parts[0]).await;
        brought.world.advance("2026-01-03T00:00:00Z").await;
        let commission = &brought.commissions().await[0];
        assert_eq!((&commission["state"], &commission["reason"]), (&json!("OUTSIDE_TERMS"), &json!(reason)));
        brought.world.verify().await;
    }
}

#[actix_web::test]
async fn f_9_who_belongs_together_is_asked_again_when_the_month_is_over() {
    use connects::entity::enums::TraceKind;
    let outside = (json!("OUTSIDE_TERMS"), json!(null));
    let whole = (json!("LOCKED"), json!("2026-03-03T00:00:00.000000Z"));
    for (seen_with, expected) in [(Some(0), &outside), (Some(1), &outside), (Some(2), &whole), (None, &whole)]
    {
        let brought = Brought::new().await;
        let world = &brought.world;
        let others = [&brought.ann, &brought.clara, &world.client("stranger").await];
        let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
        brought.fund(&parts[0]).await;
        world.advance("2026-01-03T00:00:00Z").await;
        for person in seen_with.iter().flat_map(|at| [others[*at], &brought.ada]) {
            let (keys, id, device) =
                (&world.app.keys, person.viewer.id(), (TraceKind::Device, "the same device"));
            let note =
                world.db().write(async |txn| connects::accounts::note_trace(txn, keys, id, device).await);
            note.await.unwrap();
        }
        brought.release(&parts[0]).await;
        world.advance("2026-03-02T00:00:00Z").await;
        let commission = &brought.commissions().await[0];
        let found = (commission["state"].clone(), commission["locks"][0]["dueAt"].clone());
        assert_eq!(&found, expected, "seen with {seen_with:?}: {commission}");
        world.verify().await;
    }
}

#[actix_web::test]
async fn f_2_a_report_counts_clicks_sign_ups_hires_and_commission_in_the_api_and_as_csv() {
    use actix_web::test as web;
    let brought = Brought::new().await;
    let world = &brought.world;
    let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
    brought.fund(&parts[0]).await;
    world.advance("2026-01-02T02:00:00Z").await;
    let (_, path) = world.link(&brought.ann).await;
    world.click(&path, None).await;
    let query = "query($by: AffiliateReportBy!) { viewer { affiliate { id report(from: \"2026-01-01\", to: \"2026-01-31\", by: $by) {
        clickCount signUpCount hireCount commissionCount pending { amount } locked { amount }
        lines { day country affiliateLinkId clickCount signUpCount hireCount commissionCount pending { amount } } } } } }";
    let report = async |by: &str| {
        world.data(Some(&brought.ann), query, json!({ "by": by })).await["viewer"]["affiliate"].clone()
    };
    let by_day = report("DAY").await;
    let lines = by_day["report"]["lines"].as_array().unwrap();
    let shown: Vec<_> =
        lines.iter().map(|line| (&line["day"], &line["clickCount"], &line["hireCount"])).collect();
    assert_eq!(
        shown,
        [(&json!("2026-01-01"), &json!(1), &json!(1)), (&json!("2026-01-02"), &json!(1), &json!(0))]
    );
    let totals = &by_day["report"];
    assert_eq!((&totals["signUpCount"], &totals["commissionCount"]), (&json!(1), &json!(1)));
    assert_eq!(totals["pending"]["amount"], "70.00");
    assert_eq!(report("LINK").await["report"]["lines"].as_array().unwrap().len(), 2);
    assert_eq!(report("COUNTRY").await["report"]["lines"][0]["country"], "GB");
    let service = crate::http::service!(world);
    let get = async |person: &Person, days: &str| {
        let by = if days.contains("by=") { "" } else { "&by=DAY" };
        let uri = format!("/affiliates/{}/report.csv?{days}{by}", by_day["id"].as_str().unwrap());
        let bearer = format!("Bearer {}", person.token(world));
        let request = web::TestRequest::get().uri(&uri).insert_header(("authorization", bearer));
        let response = web::call_service(&service, request.to_request()).await;
        let status = response.status().as_u16();
        (status, String::from_utf8(web::read_body(response).await.to_vec()).unwrap())
    };
    let month = "from=2026-01-01&to=2026-01-31";
    let (status, csv) = get(&brought.ann, month).await;
    let lines: Vec<_> = csv.lines().skip(1).collect();
    assert_eq!(
        (status, lines),
        (200, vec!["2026-01-01,1,1,1,1,0.00,70.00,USD", "2026-01-02,1,0,0,0,0.00,0.00,USD"])
    );
    assert_eq!(get(&brought.clara, month).await.0, 404);
    for days in ["from=2026-01-01&to=2026-12-31", "from=2026-01-02&to=2026-01-01", "from=x&to=2026-01-01"] {
        assert_eq!(get(&brought.ann, days).await.0, 400, "{days}");
    }
    let links = get(&brought.ann, &format!("{month}&by=LINK")).await.1;
    for line in report("LINK").await["report"]["lines"].as_array().unwrap() {
        assert!(links.contains(line["affiliateLinkId"].as_str().unwrap()), "{links}");
    }
    for day in ["-4800-01-01", "0000-01-01", "1969-12-31", "9999-01-01", "+10000-01-01", "+262142-12-31"] {
        let days = format!("from={0}&to={0}", day.replace('+', "%2B"));
        assert_eq!(get(&brought.ann, &days).await.0, 400, "{day}");
        let asked = format!(
            "{{ viewer {{ affiliate {{ report(from: \"{day}\", to: \"{day}\", by: DAY) {{ clickCount }} }} }} }}"
        );
        let answer = world.ask(Some(&brought.ann), &asked, json!({})).await;
        let message = answer["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains("a day must lie between 1970 and 9998"), "{day}: {message}");
    }
    world.verify().await;
}

#[actix_web::test]
async fn f_5_a_client_who_pays_with_somebodys_card_is_not_a_new_one() {
    let brought = Brought::new().await;
    let world = &brought.world;
    let eve = world.client("eve").await;
    world.method(&eve, "tok_visa#card one").await;
    let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
    world.method(&brought.clara, "tok_visa#card one").await;
    brought.fund(&parts[0]).await;
    world.advance("2026-01-03T00:00:00Z").await;
    // Eve's account is the younger one.
    assert_eq!(brought.commissions().await[0]["state"], "PENDING");
    let brought = Brought::new().await;
    let world = &brought.world;
    world.method(&brought.ada, "tok_visa#card one").await;
    let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
    world.method(&brought.clara, "tok_visa#card one").await;
    brought.fund(&parts[0]).await;
    world.advance("2026-01-03T00:00:00Z").await;
    assert_eq!(brought.commissions().await[0]["reason"], "RELATED_TO_CLIENT");
}
