//! Hours: a freelancer invoices them, and their client funds and releases the invoice (O-2).

use serde_json::{Value, json};

use crate::{
    direct_offers::freelancer,
    support::{Person, World, code},
};

const INVOICE: &str = "mutation($c: ID!, $n: Int!, $dry: Boolean! = false) { submitInvoice(input: {
    contractId: $c, title: \"Week 1\", minutes: $n, dryRun: $dry }) {
    milestone { id number state minutes amount { amount } contract { total { amount } hourlyRate { amount } } }
    userErrors { code field message } } }";
const WITHDRAW: &str = "mutation($m: ID!) { withdrawInvoice(input: { milestoneId: $m }) {
    milestone { state contract { total { amount } } } userErrors { code } } }";
const FUND: &str = "mutation($m: ID!, $w: ID!) { fundMilestone(input: { milestoneId: $m, paymentMethodId: $w,
    idempotencyKey: \"f\" }) { payment { state } userErrors { code } } }";
const RELEASE: &str =
    "mutation($m: ID!) { releaseMilestone(input: { milestoneId: $m, idempotencyKey: \"r\" }) {
    milestone { state } userErrors { code } } }";

/// An hourly contract of Ada and Clara at 50.00; its id.
async fn hourly() -> (World, Person, Person, Value) {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let input = json!({ "freelancerId": freelancer(&ada), "title": "Support", "category": "DESIGN",
        "hourlyRate": { "amount": "50.00" } });
    let offer = world.direct(&clara, input).await["offer"].clone();
    assert_eq!(offer["hourlyRate"]["amount"], "50.00");
    let contract = world.accept(&ada, &offer["id"]).await["contract"]["id"].clone();
    (world, ada, clara, contract)
}

#[tokio::test]
async fn o_2_hours_are_invoiced_funded_and_released() {
    let (world, ada, clara, contract) = hourly().await;
    let dry = world.data(Some(&ada), INVOICE, json!({ "c": contract, "n": 95, "dry": true })).await["submitInvoice"].clone();
    let sent =
        world.data(Some(&ada), INVOICE, json!({ "c": contract, "n": 95 })).await["submitInvoice"].clone();
    let invoice = sent["milestone"].clone();
    let without_id = |mut shown: Value| {
        shown["id"] = json!(0);
        shown
    };
    assert_eq!(without_id(dry["milestone"].clone()), without_id(invoice.clone()));
    assert_eq!(
        (&invoice["amount"]["amount"], &invoice["minutes"], &invoice["number"], &invoice["state"]),
        (&json!("79.17"), &json!(95), &json!(1), &json!("PENDING")),
        "{sent}"
    );
    assert!(world.notified(&clara).await.contains(&"INVOICE_RECEIVED".to_owned()));
    let card = world.method(&clara, "tok_visa").await;
    let funded = world.data(Some(&clara), FUND, json!({ "m": invoice["id"], "w": card })).await;
    assert_eq!(funded["fundMilestone"]["payment"]["state"], "PAID");
    world.data(Some(&clara), RELEASE, json!({ "m": invoice["id"] })).await;
    assert_eq!(world.cash(&ada).await.0, "71.25", "79.17 less 7.92");
    world.verify().await;
}

#[tokio::test]
async fn o_2_an_invoice_is_withdrawn_by_its_freelancer_before_it_is_funded() {
    let (world, ada, clara, contract) = hourly().await;
    let invoice = async || {
        let sent = world.data(Some(&ada), INVOICE, json!({ "c": contract, "n": 60 })).await;
        sent["submitInvoice"]["milestone"]["id"].clone()
    };
    let withdraw = async |person: &Person, id: &Value| {
        world.data(Some(person), WITHDRAW, json!({ "m": id })).await["withdrawInvoice"].clone()
    };
    let (first, second) = (invoice().await, invoice().await);
    assert_eq!(code(&withdraw(&clara, &first).await), "NOT_FOUND");
    let withdrawn = withdraw(&ada, &first).await;
    assert_eq!(
        withdrawn["milestone"],
        json!({ "state": "WITHDRAWN", "contract": { "total": { "amount": "50.00" } } })
    );
    assert_eq!(code(&withdraw(&ada, &first).await), "ILLEGAL_STATE");
    let card = world.method(&clara, "tok_visa").await;
    let late =
        world.data(Some(&clara), FUND, json!({ "m": first, "w": card })).await["fundMilestone"].clone();
    assert_eq!(code(&late), "ILLEGAL_STATE");
    world.data(Some(&clara), FUND, json!({ "m": second, "w": card })).await;
    assert_eq!(code(&withdraw(&ada, &second).await), "ILLEGAL_STATE", "it is funded");
    world.verify().await;
}

#[tokio::test]
async fn o_2_an_invoice_is_refused_with_what_is_wrong() {
    let (world, ada, clara, contract) = hourly().await;
    let submit = async |person: &Person, contract: &Value, minutes: i64| {
        world.data(Some(person), INVOICE, json!({ "c": contract, "n": minutes })).await["submitInvoice"]
            .clone()
    };
    for minutes in [0, -60, 5, 10_081] {
        let refused = submit(&ada, &contract, minutes).await;
        assert_eq!(
            (code(&refused), &refused["userErrors"][0]["field"]),
            ("INVALID_INPUT", &json!(["input", "minutes"]))
        );
    }
    assert_eq!(code(&submit(&clara, &contract, 60).await), "NOT_FOUND", "the freelancer invoices");
    for _ in 0..10 {
        assert_eq!(submit(&ada, &contract, 60).await["userErrors"], json!([]));
    }
    assert_eq!(code(&submit(&ada, &contract, 60).await), "TOO_MANY_INVOICES");
    let end = "mutation($c: ID!) { endContract(input: { contractId: $c }) { contract { state } userErrors { code } } }";
    let ended = world.data(Some(&clara), end, json!({ "c": contract })).await["endContract"].clone();
    assert_eq!(ended["contract"]["state"], "ENDED", "what is not funded is not owed");
    assert_eq!(code(&submit(&ada, &contract, 60).await), "ILLEGAL_STATE");
    let input = json!({ "freelancerId": freelancer(&ada), "title": "A logo", "category": "DESIGN" });
    let offer = world.direct(&clara, input).await["offer"]["id"].clone();
    let fixed = world.accept(&ada, &offer).await["contract"]["id"].clone();
    assert_eq!(code(&submit(&ada, &fixed, 60).await), "CONTRACT_NOT_HOURLY");
    world.verify().await;
}

#[tokio::test]
async fn h_4_verify_names_what_is_wrong_with_an_invoice() {
    let (world, ada, _, contract) = hourly().await;
    world.data(Some(&ada), INVOICE, json!({ "c": contract, "n": 60 })).await;
    world.verify().await;
    let breaches = async |world: &World| {
        let breaches = connects::books::verify(world.db().read()).await.unwrap();
        breaches.iter().map(|breach| breach.invariant.to_owned()).collect::<Vec<_>>()
    };
    // The database refuses another time or rate; the contract of another client shows the rest.
    assert!(world.sql("UPDATE milestones SET minutes = 61").await.is_err());
    assert!(world.sql("UPDATE contracts SET hourly_cents = 1").await.is_err());
    world.sql("DROP TRIGGER contracts_refuse_other_rate ON contracts").await.ok();
    world.sql("DROP TRIGGER contracts_refuse_other_rate").await.ok();
    world.sql("UPDATE contracts SET hourly_cents = 4000").await.unwrap();
    let found = breaches(&world).await;
    assert!(found.iter().any(|one| one.starts_with("O-2: an hourly contract")), "{found:?}");
}
