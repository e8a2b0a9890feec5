//! Banks that take payments back (O-5).

use actix_web::{App, test as web};
use connects::{
    clock::Instant,
    entity::{
        enums::{
            CashAccountKind::{Clearing, Escrow, Fees, Receivable},
            Currency, PaymentProvider,
        },
        payment,
    },
    http::{Shared, routes},
    money::Money,
    providers::payments::{Chargeback, Sandbox, sandbox},
    settlement::{charge_back, look_into_chargeback},
};
use sea_orm::EntityTrait;
use serde_json::json;

use crate::{contracts::Hired, support::code};

impl Hired {
    /// What the sandbox says that banks took back.
    pub async fn told(&self) -> Vec<Chargeback> {
        let by = self.world.db().now().await.unwrap();
        sandbox::list_chargebacks(self.world.db().read(), Instant::UNIX_EPOCH, by).await.unwrap()
    }

    /// What a provider says of so much of the payment for the first milestone that a bank took back.
    pub async fn told_of(&self, cents: i64, reference: &str, is_won: bool) -> Chargeback {
        let charge = payment::Entity::find().one(self.world.db().read()).await.unwrap().unwrap();
        Chargeback {
            reference: reference.into(),
            of: charge.reference.unwrap(),
            amount: Money::new(cents, Currency::Usd),
            at: self.world.db().now().await.unwrap(),
            is_won,
        }
    }

    /// A bank takes back so much of the payment for the first milestone.
    pub async fn take_back(&self, cents: i64, reference: &str) {
        let told = self.told_of(cents, reference, false).await;
        let news = self.world.db().write(async |txn| charge_back(txn, PaymentProvider::Sandbox, &told).await);
        assert!(news.await.unwrap());
    }
}

#[tokio::test]
async fn o_5_a_bank_takes_a_payment_back_from_wherever_the_money_is() {
    for released in [false, true] {
        let hired = Hired::funded_by("tok_charged_back").await;
        let world = &hired.world;
        if released {
            hired.release(0, "r").await;
            world.spend_cash(&hired.ada, 1_000).await;
        }
        let disputed = hired.dispute(&hired.clara, 0).await;
        assert_eq!(disputed["userErrors"], json!([]));
        world.advance("2026-01-10T23:00:00Z").await;
        assert_eq!(hired.total(Clearing).await, -10_000);
        world.advance("2026-01-11T00:10:00Z").await;
        let spent = if released { 1_000 } else { 0 };
        assert_eq!(
            (hired.total(Clearing).await, hired.total(Escrow).await),
            (0, spent),
            "released: {released}"
        );
        assert_eq!(hired.total(Fees).await, 0);
        let owed = if released { -1_000 } else { 0 };
        assert_eq!((hired.balance(&hired.ada).await, hired.total(Receivable).await), ("0.00".into(), owed));
        let seen = "query($id: ID!) { node(id: $id) { ... on Milestone { state dispute { state }
            payment { chargedBack { amount } } } } }";
        let seen =
            world.data(Some(&hired.clara), seen, json!({ "id": hired.milestones[0] })).await["node"].clone();
        assert_eq!((&seen["state"], &seen["dispute"]["state"]), (&json!("CHARGED_BACK"), &json!("SETTLED")));
        assert_eq!(seen["payment"]["chargedBack"]["amount"], "100.00");
        // It is told again, and nothing more happens.
        for told in hired.told().await {
            let again = world.db().write(async |txn| charge_back(txn, PaymentProvider::Sandbox, &told).await);
            assert!(!again.await.unwrap(), "it was known");
        }
        assert_eq!(hired.total(Clearing).await, 0);
        for person in [&hired.clara, &hired.ada] {
            let told = world.notified(person).await;
            assert!(told.contains(&"PAYMENT_CHARGED_BACK".to_owned()), "{told:?}");
        }
        world.verify().await;
    }
}

#[tokio::test]
async fn o_5_a_client_who_got_the_money_back_twice_owes_it() {
    let hired = Hired::funded_by("tok_charged_back").await;
    hired.world.sleep_until("2026-01-11T00:00:00Z").await;
    // The bank has it already, so the card takes no refund.
    let back = hired.refund(0, None, "b").await;
    assert_eq!(back["milestone"]["refunds"][0]["state"], "FAILED", "{back}");
    assert_eq!(hired.balance(&hired.clara).await, "100.00");
    hired.world.advance("2026-01-11T00:10:00Z").await;
    assert_eq!((hired.balance(&hired.clara).await, hired.total(Clearing).await), ("0.00".into(), 0));
    hired.world.verify().await;
}

#[tokio::test]
async fn q_5_a_dry_run_of_an_advance_counts_the_charge_backs() {
    let hired = Hired::funded_by("tok_charged_back").await;
    let (world, admin) = (&hired.world, hired.world.admin().await);
    let dry =
        "mutation($dry: Boolean!) { advanceClock(input: { to: \"2026-02-01T00:00:00Z\", dryRun: $dry }) {
        ran { task runs counts { what count } } userErrors { code } } }";
    let ran = async |dry_run: bool| {
        let done =
            world.data(Some(&admin), dry, json!({ "dry": dry_run })).await["advanceClock"]["ran"].clone();
        done.as_array().unwrap().iter().find(|one| one["task"] == "payments").cloned()
    };
    let rehearsed = ran(true).await;
    assert_eq!(hired.total(Clearing).await, -10_000);
    assert_eq!(rehearsed, ran(false).await);
    assert_eq!(hired.total(Clearing).await, 0);
}

#[tokio::test]
async fn o_5_a_bank_may_take_back_a_part_and_the_rest_goes_on() {
    for released in [false, true] {
        let hired = Hired::funded_by("tok_visa").await;
        if released {
            hired.release(0, "r").await;
        }
        hired.take_back(3_000, "one").await;
        assert_eq!(hired.total(Escrow).await, if released { 0 } else { 7_000 });
        hired.world.verify().await;
        if !released {
            let done = hired.release(0, "r").await;
            assert_eq!(done["milestone"]["state"], "RELEASED", "{done}");
        }
        assert_eq!((hired.balance(&hired.ada).await, hired.total(Fees).await), ("63.00".into(), 700));
        let back = hired.refund(0, Some("20.00"), "b").await;
        assert_eq!(back["milestone"]["state"], "RELEASED", "{back}");
        // The bank takes more than is left: for what was refunded, the client owes.
        hired.take_back(7_000, "two").await;
        assert_eq!(
            (hired.balance(&hired.ada).await, hired.balance(&hired.clara).await),
            ("0.00".into(), "0.00".into())
        );
        assert_eq!((hired.total(Fees).await, hired.total(Receivable).await), (0, -2_000));
        assert_eq!(code(&hired.refund(0, None, "c").await), "ILLEGAL_STATE");
        hired.world.verify().await;
        // Neither side sees what the other one has.
        let legs = "{ viewer { cashAccount { history { nodes { kind legs { account amount { amount } }
            milestone { id } } } } } }";
        let seen = hired.world.data(Some(&hired.ada), legs, json!({})).await;
        let nodes = seen["viewer"]["cashAccount"]["history"]["nodes"].as_array().unwrap().clone();
        for node in nodes {
            let people =
                node["legs"].as_array().unwrap().iter().filter(|leg| leg["account"] == "PERSON").count();
            assert_eq!((people, &node["milestone"]["id"]), (1, &hired.milestones[0]), "{node}");
        }
    }
}

#[tokio::test]
async fn o_5_a_charge_back_of_a_payment_that_failed_is_not_taken_from_the_one_that_did_not() {
    let hired = Hired::new().await;
    let (bad, good) = (
        hired.world.method(&hired.clara, "tok_declined").await,
        hired.world.method(&hired.clara, "tok_visa").await,
    );
    assert_eq!(hired.fund(0, &bad, "f").await["payment"]["state"], "FAILED");
    let failed = payment::Entity::find().one(hired.world.db().read()).await.unwrap().unwrap();
    assert_eq!(hired.fund(0, &good, "g").await["payment"]["state"], "PAID");
    let told = Chargeback {
        reference: "x".into(),
        of: failed.reference.expect("it was named before it was asked for"),
        amount: Money::new(10_000, Currency::Usd),
        at: hired.world.db().now().await.unwrap(),
        is_won: false,
    };
    let written = hired.world.db().write(async |txn| charge_back(txn, PaymentProvider::Sandbox, &told).await);
    assert!(written.await.is_err());
    assert_eq!(hired.total(Escrow).await, 10_000);
    hired.world.verify().await;
}

#[actix_web::test]
async fn p_6_both_sides_take_a_charge_back_with_them() {
    let hired = Hired::funded_by("tok_visa").await;
    hired.take_back(10_000, "one").await;
    let service = web::init_service(App::new().configure(routes(Shared::new(hired.world.app.clone())))).await;
    for person in [&hired.clara, &hired.ada] {
        let request = web::TestRequest::get().uri("/viewer/personal-data.ndjson");
        let bearer = format!("Bearer {}", person.token(&hired.world));
        let request = request.insert_header(("authorization", bearer)).to_request();
        let text = web::call_and_read_body(&service, request).await;
        let text = String::from_utf8(text.to_vec()).unwrap();
        assert!(text.lines().any(|line| line.contains("CHARGEBACK") && line.contains("10000")), "{text}");
    }
}

#[tokio::test]
async fn o_5_a_charge_back_of_nothing_is_not_written() {
    let hired = Hired::funded_by("tok_visa").await;
    let told = Chargeback {
        reference: "x".into(),
        of: "sandbox_unknown".into(),
        amount: Money::new(1, Currency::Usd),
        at: hired.world.db().now().await.unwrap(),
        is_won: false,
    };
    let written = hired.world.db().write(async |txn| charge_back(txn, PaymentProvider::Sandbox, &told).await);
    assert!(written.await.is_err());
    hired.world.verify().await;
}

#[tokio::test]
async fn o_5_what_a_bank_gives_back_is_in_escrow_again_or_the_freelancers() {
    for released in [false, true] {
        let hired = Hired::funded_by("tok_charge_back_won").await;
        let world = &hired.world;
        if released {
            hired.release(0, "r").await;
            world.spend_cash(&hired.ada, 1_000).await;
        }
        world.advance("2026-01-20T23:00:00Z").await;
        let spent = if released { 1_000 } else { 0 };
        assert_eq!((hired.total(Clearing).await, hired.total(Escrow).await), (0, spent));
        assert_eq!(hired.total(Receivable).await, -spent);
        world.verify().await;
        world.advance("2026-01-21T00:10:00Z").await;
        assert_eq!((hired.total(Clearing).await, hired.total(Receivable).await), (-10_000, 0), "{released}");
        let (escrow, fees) = if released { (spent, 1_000) } else { (10_000, 0) };
        assert_eq!((hired.total(Escrow).await, hired.total(Fees).await), (escrow, fees));
        let stands =
            "query($id: ID!) { node(id: $id) { ... on Milestone { state chargedBack { amount } fee { amount }
            reversed { amount } refundable { amount } payment { chargedBack { amount } } } } }";
        let stands =
            world.data(Some(&hired.clara), stands, json!({ "id": hired.milestones[0] })).await["node"]
                .clone();
        let (state, fee) = if released { ("RELEASED", "10.00") } else { ("FUNDED", "0.00") };
        assert_eq!((&stands["state"], &stands["fee"]["amount"]), (&json!(state), &json!(fee)), "{stands}");
        let none = json!({ "amount": "0.00" });
        assert_eq!(
            [&stands["chargedBack"], &stands["reversed"], &stands["payment"]["chargedBack"]],
            [&none, &none, &none]
        );
        assert_eq!(stands["refundable"]["amount"], "100.00");
        // What they owed is settled first.
        assert_eq!(hired.balance(&hired.ada).await, if released { "80.00" } else { "0.00" });
        for person in [&hired.clara, &hired.ada] {
            let told = world.notified(person).await;
            assert!(told.contains(&"CHARGE_BACK_WON".to_owned()), "{told:?}");
        }
        for told in hired.told().await {
            let again = world.db().write(async |txn| charge_back(txn, PaymentProvider::Sandbox, &told).await);
            assert!(!again.await.unwrap(), "it was known");
        }
        world.verify().await;
        if !released {
            assert_eq!(hired.release(0, "late").await["milestone"]["state"], "RELEASED");
            assert_eq!(hired.balance(&hired.ada).await, "90.00");
        }
        world.verify().await;
    }
}

#[tokio::test]
async fn o_5_a_charge_back_that_was_won_of_a_refunded_release_is_the_freelancers_again() {
    let hired = Hired::released_by("tok_visa").await;
    hired.take_back(3_000, "one").await;
    let rest = hired.refund(0, None, "r").await;
    assert_eq!(rest["milestone"]["state"], "REFUNDED", "{rest}");
    let told = hired.told_of(3_000, "one", true).await;
    let news = hired.world.db().write(async |txn| charge_back(txn, PaymentProvider::Sandbox, &told).await);
    assert!(news.await.unwrap());
    hired.world.verify().await;
    assert_eq!(hired.balance(&hired.ada).await, "27.00");
    let back = hired.refund(0, None, "s").await;
    assert_eq!(
        (&back["milestone"]["state"], &back["userErrors"]),
        (&json!("REFUNDED"), &json!([])),
        "{back}"
    );
    assert_eq!(hired.balance(&hired.ada).await, "0.00");
    hired.world.verify().await;
}

#[tokio::test]
async fn o_5_a_charge_back_that_was_won_is_looked_into_by_its_name_however_old_it_is() {
    let hired = Hired::funded_by("tok_charge_back_won").await;
    hired.world.advance("2026-01-12T00:00:00Z").await;
    assert_eq!(hired.total(Escrow).await, 0);
    hired.world.sleep_until("2026-12-01T00:00:00Z").await;
    let (provider, name) = (Sandbox::new(hired.world.db().clone()), hired.told().await.remove(0).reference);
    for reference in ["nothing", &name, &name] {
        look_into_chargeback(hired.world.db(), &provider, reference).await.unwrap();
    }
    assert_eq!((hired.total(Escrow).await, hired.total(Clearing).await), (10_000, -10_000));
    hired.world.verify().await;
}

#[tokio::test]
async fn o_5_of_charge_backs_that_took_more_than_there_was_each_gives_back_what_the_others_have_not() {
    for (cents, after_one) in [(6_000, (4_000, "FUNDED")), (10_000, (0, "CHARGED_BACK"))] {
        let hired = Hired::funded_by("tok_visa").await;
        hired.take_back(cents, "one").await;
        hired.take_back(cents, "two").await;
        assert_eq!(hired.total(Escrow).await, 0);
        hired.world.verify().await;
        let stands = "query($id: ID!) { node(id: $id) { ... on Milestone { state } } }";
        for (name, (escrow, state)) in [("one", after_one), ("two", (10_000, "FUNDED"))] {
            let told = hired.told_of(cents, name, true).await;
            let win =
                hired.world.db().write(async |txn| charge_back(txn, PaymentProvider::Sandbox, &told).await);
            assert!(win.await.unwrap());
            let asked = json!({ "id": hired.milestones[0] });
            let seen = hired.world.data(Some(&hired.clara), stands, asked).await["node"]["state"].clone();
            assert_eq!((hired.total(Escrow).await, seen), (escrow, json!(state)), "{name} of {cents}");
            hired.world.verify().await;
        }
        assert_eq!((hired.balance(&hired.clara).await, hired.total(Receivable).await), ("0.00".into(), 0));
    }
}

#[tokio::test]
async fn o_5_a_charge_back_that_is_heard_of_only_once_it_was_won_changes_nothing_in_the_end() {
    let hired = Hired::funded_by("tok_charge_back_won").await;
    hired.world.sleep_until("2026-01-22T00:00:00Z").await;
    let told = hired.told().await.pop().expect("told");
    assert!(told.is_won);
    let news = hired.world.db().write(async |txn| charge_back(txn, PaymentProvider::Sandbox, &told).await);
    assert!(news.await.unwrap());
    assert_eq!((hired.total(Clearing).await, hired.total(Escrow).await), (-10_000, 10_000));
    hired.world.verify().await;
}

#[tokio::test]
async fn o_5_what_a_bank_gives_back_of_what_the_client_had_back_already_is_the_clients() {
    let hired = Hired::funded_by("tok_charge_back_won").await;
    hired.world.sleep_until("2026-01-11T00:00:00Z").await;
    // The bank has it already, so that the refund goes into the client's cash, from where the charge-back takes it.
    hired.refund(0, None, "b").await;
    hired.world.advance("2026-01-11T00:10:00Z").await;
    assert_eq!(hired.balance(&hired.clara).await, "0.00");
    hired.world.advance("2026-01-21T00:10:00Z").await;
    assert_eq!((hired.balance(&hired.clara).await, hired.total(Clearing).await), ("100.00".into(), -10_000));
    hired.world.verify().await;
}
