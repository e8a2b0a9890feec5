//! People ask support about documents of theirs, and dispute commissions (F-10).

use serde_json::{Value, json};

use crate::{commissions::Brought, every_deed::Market, support::Person};

const OPEN: &str =
    "mutation($d: ID!, $dispute: Boolean) { openTicket(input: { documentId: $d, subject: \"Too little\",
    body: \"I expected more.\", dispute: $dispute }) { ticket { id state isDispute document { __typename } }
    userErrors { __typename code field } } }";
const WRITE: &str = "mutation($t: ID!) { writeToTicket(input: { ticketId: $t, body: \"We look into it.\" }) {
    ticket { state } userErrors { __typename code } } }";
const CLOSE: &str = "mutation($t: ID!) { closeTicket(input: { ticketId: $t }) { ticket { state closedAt }
    userErrors { __typename code } } }";
const COMMISSION: &str = "{ viewer { affiliate { commissions { nodes { id state isDisputed nextLockAt
    locks { dueAt } } } } } }";
const MINE: &str =
    "{ viewer { tickets { nodes { subject state messages { nodes { body isMine authorName } } } } } }";
const ENTRIES: &str = "{ viewer { wallet { history { nodes { id } } } } }";

impl Brought {
    /// A commission of 70.00 on what was released at once.
    async fn commission(&self) -> Value {
        let shown = self.world.data(Some(&self.ann), COMMISSION, json!({})).await;
        shown["viewer"]["affiliate"]["commissions"]["nodes"][0].clone()
    }

    async fn earn(&self) -> Value {
        let parts = self.hire(&self.ada, "Poster", &["100.00"]).await;
        self.fund(&parts[0]).await;
        self.release(&parts[0]).await;
        self.world.advance("2026-01-05T00:00:00Z").await;
        self.commission().await
    }

    async fn open_ticket(&self, person: &Person, document: &Value, dispute: bool) -> Value {
        let asked = json!({ "d": document, "dispute": dispute });
        self.world.data(Some(person), OPEN, asked).await["openTicket"].clone()
    }

    async fn to_ticket(&self, person: &Person, mutation: &str, ticket: &Value) -> Value {
        let done = self.world.data(Some(person), mutation, json!({ "t": ticket["ticket"]["id"] })).await;
        done.as_object().unwrap().values().next().unwrap().clone()
    }
}

#[actix_web::test]
async fn f_10_a_disputed_commission_locks_later_and_not_silently() {
    let brought = Brought::new().await;
    let commission = brought.earn().await;
    let Brought { world, ann, .. } = &brought;
    let ticket = brought.open_ticket(ann, &commission["id"], true).await;
    assert_eq!(ticket["userErrors"], json!([]));
    assert_eq!(ticket["ticket"]["document"]["__typename"], "Commission");
    world.advance("2026-03-02T00:00:00Z").await;
    let held = brought.commission().await;
    let next = json!("2026-04-01T00:00:00.000000Z");
    assert_eq!(
        (&held["state"], &held["isDisputed"], &held["nextLockAt"]),
        (&json!("PENDING"), &json!(true), &next)
    );
    assert!(world.notified(ann).await.contains(&"COMMISSION_POSTPONED".to_owned()));
    let staff = world.staff().await;
    assert_eq!(brought.to_ticket(&staff, WRITE, &ticket).await["ticket"]["state"], "ANSWERED");
    assert_eq!(brought.to_ticket(&staff, CLOSE, &ticket).await["ticket"]["state"], "CLOSED");
    let heard = world.notified(ann).await;
    assert!(
        ["TICKET_ANSWERED", "TICKET_CLOSED"].iter().all(|kind| heard.contains(&(*kind).to_owned())),
        "{heard:?}"
    );
    world.advance("2026-04-02T00:00:00Z").await;
    let locked = brought.commission().await;
    assert_eq!((&locked["state"], &locked["isDisputed"]), (&json!("LOCKED"), &json!(false)));
    assert_eq!(locked["locks"], json!([{ "dueAt": "2026-04-03T00:00:00.000000Z" }]));
    let late = brought.open_ticket(ann, &commission["id"], true).await;
    assert_eq!(late["userErrors"][0]["__typename"], "IllegalCommissionState");
    world.verify().await;
}

#[actix_web::test]
async fn f_10_a_late_run_postpones_what_was_disputed_when_the_month_was_over() {
    let brought = Brought::new().await;
    let commission = brought.earn().await;
    let ticket = brought.open_ticket(&brought.ann, &commission["id"], true).await;
    brought.world.sleep_until("2026-03-02T00:00:00Z").await;
    brought.to_ticket(&brought.ann, CLOSE, &ticket).await;
    brought.world.advance("2026-03-08T00:00:00Z").await;
    assert_eq!(brought.commission().await["nextLockAt"], "2026-04-01T00:00:00.000000Z");
    brought.world.verify().await;
}

#[actix_web::test]
async fn f_10_a_dispute_that_comes_when_the_month_is_over_is_refused() {
    let brought = Brought::new().await;
    let commission = brought.earn().await;
    brought.world.sleep_until("2026-03-01T00:30:00Z").await;
    let refused = brought.open_ticket(&brought.ann, &commission["id"], true).await;
    assert_eq!(
        refused["userErrors"],
        json!([{ "__typename": "Refusal", "code": "COMMISSION_LOCKING", "field": ["input", "documentId"] }])
    );
    assert_eq!(brought.open_ticket(&brought.ann, &commission["id"], false).await["userErrors"], json!([]));
    brought.world.advance("2026-03-02T00:00:00Z").await;
    assert_eq!(brought.commission().await["state"], "LOCKED");
    brought.world.verify().await;
}

#[actix_web::test]
async fn f_10_what_is_held_is_explained() {
    let brought = Brought::new().await;
    let commission = brought.earn().await;
    let explained = async || {
        let asked = "{ viewer { affiliate { commissions { nodes { explanation } } } } }";
        brought.world.data(Some(&brought.ann), asked, json!({})).await.to_string()
    };
    assert!(explained().await.contains("locks then."));
    let ticket = brought.open_ticket(&brought.ann, &commission["id"], true).await;
    let held = explained().await;
    assert!(
        held.contains("It is disputed, and nothing of it locks") && !held.contains("locks then."),
        "{held}"
    );
    brought.to_ticket(&brought.ann, CLOSE, &ticket).await;
    assert!(explained().await.contains("locks then."));
}

#[actix_web::test]
async fn f_10_people_ask_about_their_own_documents_and_no_others() {
    let brought = Brought::new().await;
    let commission = brought.earn().await;
    let Brought { world, ann, ada, clara } = &brought;
    for (person, document) in [(clara, &commission["id"]), (ada, &commission["id"]), (ann, &json!("x"))] {
        let refused = brought.open_ticket(person, document, false).await;
        assert_eq!(
            refused["userErrors"],
            json!([{ "__typename": "Refusal", "code": "NOT_FOUND", "field": ["input", "documentId"] }])
        );
    }
    let entries = world.data(Some(ada), ENTRIES, json!({})).await;
    let entry = &entries["viewer"]["wallet"]["history"]["nodes"][0]["id"];
    assert_eq!(brought.open_ticket(ada, entry, true).await["userErrors"][0]["code"], "INVALID_INPUT");
    let ticket = brought.open_ticket(ada, entry, false).await;
    assert_eq!(ticket["ticket"]["document"]["__typename"], "HistoryEntry");
    assert_eq!(brought.open_ticket(ada, entry, false).await["userErrors"][0]["code"], "TICKET_OPEN");
    assert_eq!(brought.to_ticket(clara, WRITE, &ticket).await["userErrors"][0]["code"], "NOT_FOUND");
    let staff = world.staff().await;
    brought.to_ticket(&staff, WRITE, &ticket).await;
    assert_eq!(brought.to_ticket(ada, WRITE, &ticket).await["ticket"]["state"], "OPEN");
    let mine = world.data(Some(ada), MINE, json!({})).await["viewer"]["tickets"]["nodes"].clone();
    let said: Vec<_> =
        mine[0]["messages"]["nodes"].as_array().unwrap().iter().map(|one| one["isMine"].clone()).collect();
    assert_eq!(said, [json!(true), json!(false), json!(true)]);
    assert_eq!(brought.to_ticket(ada, CLOSE, &ticket).await["ticket"]["state"], "CLOSED");
    let closed = brought.to_ticket(ada, WRITE, &ticket).await;
    assert_eq!(closed["userErrors"][0]["__typename"], "IllegalTicketState");
    assert_eq!(brought.open_ticket(ada, entry, false).await["userErrors"], json!([]), "another one");
    world.verify().await;
}

#[actix_web::test]
async fn f_10_nobody_floods_support() {
    let brought = Brought::new().await;
    let entries = brought.world.data(Some(&brought.ada), ENTRIES, json!({})).await;
    let entry = &entries["viewer"]["wallet"]["history"]["nodes"][0]["id"];
    let ticket = brought.open_ticket(&brought.ada, entry, false).await;
    for _ in 1..30 {
        assert_eq!(brought.to_ticket(&brought.ada, WRITE, &ticket).await["userErrors"], json!([]));
    }
    assert_eq!(brought.to_ticket(&brought.ada, WRITE, &ticket).await["userErrors"][0]["code"], "THROTTLED");
    let staff = brought.world.staff().await;
    assert_eq!(
        brought.to_ticket(&staff, WRITE, &ticket).await["userErrors"],
        json!([]),
        "support may answer"
    );
}

#[actix_web::test]
async fn f_10_a_person_has_at_most_twenty_tickets_that_are_not_closed() {
    let brought = Brought::new().await;
    let Brought { world, ada, .. } = &brought;
    let parts = brought.hire(ada, "Poster", &["500.00"]).await;
    brought.fund(&parts[0]).await;
    brought.release(&parts[0]).await;
    world.set_payout_method(ada, crate::payouts::bank("Ada Byron")).await;
    let withdraw = "mutation($k: String!) { requestWithdrawal(input: { amount: { amount: \"10.00\" },
        idempotencyKey: $k }) { payout { id } userErrors { code } } }";
    let mut last = Value::Null;
    for at in 0..21 {
        let made = world.data(Some(ada), withdraw, json!({ "k": format!("w{at}") })).await;
        let opened = brought.open_ticket(ada, &made["requestWithdrawal"]["payout"]["id"], false).await;
        if at < 20 {
            assert_eq!(opened["ticket"]["document"]["__typename"], "Payout", "{opened}");
            last = opened;
        } else {
            assert_eq!(opened["userErrors"][0]["code"], "TOO_MANY_TICKETS");
        }
    }
    brought.to_ticket(ada, CLOSE, &last).await;
    world.verify().await;
}

#[actix_web::test]
async fn f_10_each_change_of_a_ticket_is_rehearsed_retried_and_only_for_its_people() {
    let brought = Brought::new().await;
    let commission = brought.earn().await;
    let Brought { world, ann, ada, clara } = brought;
    let market = Market { world, ada, clara: ann, eve: clara };
    let (ann, shown) = (&market.clara, "ticket { id state subject isDispute }");
    let opened =
        json!({ "documentId": commission["id"], "subject": "Too little", "body": "More?", "dispute": true });
    let made = market.does(ann, "openTicket", shown, opened).await;
    let ticket = made["ticket"]["id"].clone();
    market.does(ann, "writeToTicket", shown, json!({ "ticketId": ticket, "body": "Well?" })).await;
    market.does(ann, "closeTicket", shown, json!({ "ticketId": ticket })).await;
    market.world.verify().await;
}
