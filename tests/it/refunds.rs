//! Refunds of milestones by their freelancers (O-2).

use connects::{
    cash::Holder,
    entity::{
        enums::{
            CashAccountKind::{Clearing, Escrow, Fees, RefundsInTransit},
            PaymentFailure,
        },
        refund,
    },
    payments::{Outcome, give_back},
    providers::payments::{Charged, Sandbox},
    settlement::settle_refund,
};
use futures_util::future::join_all;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::{
    contracts::Hired,
    direct_offers::freelancer,
    support::{Person, World, code},
};

const REFUND: &str = "mutation($m: ID!, $a: MoneyInput, $k: String!, $dry: Boolean! = false) { refundMilestone(input: {
    milestoneId: $m, amount: $a, reason: \"It did not work out.\", idempotencyKey: $k, dryRun: $dry }) {
    milestone { state released { amount } fee { amount } refunded { amount } reversed { amount } dispute { state }
    refunds { amount { amount } state reason } contract { inEscrow { amount } released { amount }
    refunded { amount } } } replayed userErrors { code field message } } }";
impl Hired {
    pub async fn refund(&self, n: usize, amount: Option<&str>, key: &str) -> Value {
        let amount = amount.map(|amount| json!({ "amount": amount }));
        let asked = json!({ "m": self.milestones[n], "a": amount, "k": key });
        self.world.data(Some(&self.ada), REFUND, asked).await["refundMilestone"].clone()
    }

    /// Funds the first milestone by `token`.
    pub async fn funded_by(token: &str) -> Self {
        let hired = Self::new().await;
        let card = hired.world.method(&hired.clara, token).await;
        assert_eq!(hired.fund(0, &card, "f").await["payment"]["state"], "PAID");
        hired
    }

    /// Funds and releases the first milestone.
    pub async fn released_by(token: &str) -> Self {
        let hired = Self::funded_by(token).await;
        assert_eq!(hired.release(0, "r").await["milestone"]["state"], "RELEASED");
        hired
    }

    pub async fn balance(&self, who: &Person) -> String {
        self.world.cash(who).await.0
    }
}

#[tokio::test]
async fn o_2_escrow_goes_back_to_the_clients_card() {
    let hired = Hired::funded_by("tok_visa").await;
    let part = hired.refund(0, Some("50.00"), "p").await;
    assert_eq!(code(&part), "INVALID_INPUT", "escrow goes back as a whole");
    let done = hired.refund(0, None, "b").await;
    assert_eq!(done["userErrors"], json!([]), "{done}");
    assert_eq!(done["milestone"]["state"], "REFUNDED");
    assert_eq!(done["milestone"]["refunds"][0]["state"], "PAID");
    assert_eq!(done["milestone"]["contract"]["inEscrow"]["amount"], "0.00");
    assert_eq!(done["milestone"]["contract"]["refunded"]["amount"], "100.00");
    assert_eq!((hired.total(Clearing).await, hired.total(RefundsInTransit).await), (0, 0));
    assert_eq!(hired.refund(0, None, "b").await["replayed"], true);
    assert_eq!(code(&hired.refund(0, None, "c").await), "ILLEGAL_STATE");
    assert_eq!(code(&hired.release(0, "r").await), "ILLEGAL_STATE");
    let told = hired.world.notified(&hired.clara).await;
    assert!(told.contains(&"MILESTONE_REFUNDED".to_owned()), "{told:?}");
    hired.world.verify().await;
}

#[tokio::test]
async fn o_2_what_was_released_goes_back_with_the_fee_in_it() {
    let hired = Hired::released_by("tok_visa").await;
    let part = hired.refund(0, Some("33.33"), "a").await;
    assert_eq!(part["milestone"]["state"], "RELEASED", "{part}");
    // 3.333 of 10.00 is 3.33: Ada gives 30.00.
    assert_eq!(part["milestone"]["fee"]["amount"], "6.67");
    assert_eq!((hired.balance(&hired.ada).await, hired.total(Fees).await), ("60.00".into(), 667));
    assert_eq!(code(&hired.refund(0, Some("66.68"), "b").await), "INVALID_INPUT");
    let rest = hired.refund(0, None, "c").await;
    assert_eq!(rest["milestone"]["state"], "REFUNDED", "{rest}");
    assert_eq!(rest["milestone"]["refunds"].as_array().unwrap().len(), 2);
    assert_eq!((hired.balance(&hired.ada).await, hired.total(Fees).await), ("0.00".into(), 0));
    assert_eq!(hired.total(Clearing).await, 0);
    hired.world.verify().await;
}

#[tokio::test]
async fn o_5_nobody_gives_back_what_they_do_not_have() {
    let hired = Hired::released_by("tok_visa").await;
    hired.world.spend_cash(&hired.ada, 5_000).await;
    let refused = hired.refund(0, None, "a").await;
    assert_eq!(
        (code(&refused), &refused["userErrors"][0]["field"]),
        ("INSUFFICIENT_CASH", &json!(["input", "amount"]))
    );
    assert_eq!(hired.refund(0, Some("44.44"), "b").await["userErrors"], json!([]));
    assert_eq!(hired.balance(&hired.ada).await, "0.00");
}

#[tokio::test]
async fn o_2_a_refund_of_unknown_outcome_is_asked_about_and_one_that_fails_is_cash() {
    for (token, first, state, cash, clearing) in [
        ("tok_refund_lost_before", "UNKNOWN", "PAID", "0.00", 0),
        ("tok_refund_lost_after", "UNKNOWN", "PAID", "0.00", 0),
        ("tok_refund_fails", "FAILED", "FAILED", "100.00", -10_000),
    ] {
        let hired = Hired::funded_by(token).await;
        let begun = hired.refund(0, None, "b").await;
        assert_eq!(begun["milestone"]["refunds"][0]["state"], first, "{token}: {begun}");
        hired.world.verify().await;
        hired.world.advance("2026-01-01T00:10:00Z").await;
        // Nobody sends it again: the task has asked.
        let seen = "query($id: ID!) { node(id: $id) { ... on Milestone { refunds { state } } } }";
        let seen = hired.world.data(Some(&hired.ada), seen, json!({ "id": hired.milestones[0] })).await;
        assert_eq!(seen["node"]["refunds"][0]["state"], state, "{token}: {seen}");
        assert_eq!(hired.balance(&hired.clara).await, cash, "{token}");
        assert_eq!(
            (hired.total(Clearing).await, hired.total(RefundsInTransit).await),
            (clearing, 0),
            "{token}"
        );
        let told = hired.world.notified(&hired.clara).await;
        assert_eq!(told.contains(&"REFUND_IN_CASH".to_owned()), state == "FAILED", "{told:?}");
        hired.world.verify().await;
    }
}

#[tokio::test]
async fn o_2_a_dry_run_of_a_refund_shows_what_would_be_and_changes_nothing() {
    let hired = Hired::released_by("tok_visa").await;
    let asked = json!({ "m": hired.milestones[0], "a": { "amount": "10.00" }, "k": "a", "dry": true });
    let dry = hired.world.data(Some(&hired.ada), REFUND, asked).await["refundMilestone"]["milestone"].clone();
    assert_eq!(dry["refunds"][0]["state"], "PENDING", "{dry}");
    assert_eq!(hired.balance(&hired.ada).await, "90.00");
    let mut real = hired.refund(0, Some("10.00"), "a").await["milestone"].clone();
    real["refunds"][0]["state"] = json!("PENDING");
    assert_eq!(dry, real, "but for what the provider says");
}

#[tokio::test]
async fn o_2_only_the_freelancer_refunds_and_a_release_races_with_it() {
    let hired = Hired::funded_by("tok_visa").await;
    for person in [&hired.clara, &hired.world.client("eve").await] {
        let asked = json!({ "m": hired.milestones[0], "a": null, "k": "x" });
        let refused = hired.world.data(Some(person), REFUND, asked).await["refundMilestone"].clone();
        assert_eq!(code(&refused), "NOT_FOUND");
    }
    let keys: Vec<_> = (0..64).map(|n| format!("k{n}")).collect();
    let both = keys.iter().enumerate().map(async |(n, key)| match n % 2 {
        0 => hired.release(0, key).await,
        _ => hired.refund(0, None, key).await,
    });
    let done = join_all(both).await;
    // A release that comes first can still be refunded, once; after a refund nothing happens any more.
    let succeeded = done.iter().filter(|one| one["userErrors"] == json!([])).count();
    assert!(matches!(succeeded, 1 | 2), "{done:?}");
    assert_eq!((hired.total(Escrow).await, hired.total(Fees).await, hired.total(Clearing).await), (0, 0, 0));
    hired.world.verify().await;
}

#[tokio::test]
async fn o_2_a_payment_is_refunded_twenty_times_at_most() {
    let hired = Hired::released_by("tok_visa").await;
    for n in 0..20 {
        assert_eq!(hired.refund(0, Some("1.00"), &format!("k{n}")).await["userErrors"], json!([]), "{n}");
    }
    assert_eq!(code(&hired.refund(0, Some("1.00"), "more").await), "TOO_MANY_REFUNDS");
    hired.world.verify().await;
}

impl World {
    /// Somebody spends `cents` of their cash: it is in escrow for somebody else's work.
    pub async fn spend_cash(&self, person: &Person, cents: i64) {
        let other = self.freelancer("the-other-one").await;
        self.sql("UPDATE accounts SET is_client = TRUE").await.expect("a client");
        let amount = format!("{}.{:02}", cents / 100, cents % 100);
        let input = json!({ "freelancerId": freelancer(&other), "title": "Else", "category": "DESIGN",
            "milestones": [{ "title": "Else", "amount": { "amount": amount } }] });
        let offer = self.direct(person, input).await["offer"]["id"].clone();
        let milestone = self.accept(&other, &offer).await["contract"]["milestones"]["nodes"][0]["id"].clone();
        let spend = "mutation($m: ID!) { fundMilestone(input: { milestoneId: $m, fromCash: true,
            idempotencyKey: \"spend\" }) { userErrors { code message } } }";
        let spent = self.data(Some(person), spend, json!({ "m": milestone })).await;
        assert_eq!(spent["fundMilestone"]["userErrors"], json!([]));
    }

    /// Moves `cents` in the journal without a document.
    pub async fn move_cash(&self, from: Holder, to: Holder, cents: i64) {
        use connects::{
            cash::{Entry, Journal},
            entity::enums::{CashDocumentKind, CashKind},
        };
        let spend = async |txn: &connects::db::Txn| {
            let mut journal = Journal::lock(txn, &[from, to]).await?;
            let entry = Entry {
                kind: CashKind::RefundToCash,
                business_key: format!("SPENT/{}", uuid::Uuid::now_v7()),
                document: (CashDocumentKind::Payment, uuid::Uuid::now_v7()),
                actor: None,
                reverses: None,
                effective_at: txn.now(),
            };
            journal.post(&entry, &[(from, -cents), (to, cents)])?;
            let mut writes = txn.writes();
            journal.write(&mut writes);
            writes.run().await
        };
        self.db().write(spend).await.expect("spent");
    }
}

#[tokio::test]
async fn o_2_a_refund_that_fails_long_after_it_was_paid_goes_into_the_clients_cash() {
    let hired = Hired::funded_by("tok_visa").await;
    let world = &hired.world;
    assert_eq!(hired.refund(0, None, "b").await["milestone"]["refunds"][0]["state"], "PAID");
    world.sleep_until("2026-01-25T00:00:00Z").await;
    let id = refund::Entity::find().one(world.db().read()).await.unwrap().unwrap().id;
    let outcome = Outcome { id, charged: Charged::Failed(PaymentFailure::MethodUnusable) };
    for is_news in [true, false] {
        let settled = world.db().write(async |txn| settle_refund(txn, &outcome).await).await.unwrap();
        assert_eq!(settled, is_news);
        assert_eq!(
            (hired.balance(&hired.clara).await, hired.total(Clearing).await),
            ("100.00".into(), -10_000)
        );
    }
    assert!(world.notified(&hired.clara).await.contains(&"REFUND_IN_CASH".to_owned()));
    world.verify().await;
}

#[tokio::test]
async fn b_3_news_of_a_paid_refund_are_not_taken_for_looked_into_while_the_provider_is_silent() {
    let hired = Hired::funded_by("tok_visa").await;
    let db = hired.world.db();
    assert_eq!(hired.refund(0, None, "b").await["milestone"]["refunds"][0]["state"], "PAID");
    let id = refund::Entity::find().one(db.read()).await.unwrap().unwrap().id;
    // The provider cannot read what it knows.
    hired.world.sql("ALTER TABLE sandbox_refunds RENAME TO elsewhere").await.expect("renamed");
    let silent = Sandbox::new(db.clone());
    assert!(give_back(db, &silent, &[id]).await.is_err(), "it shall tell again");
}
