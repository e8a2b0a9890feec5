//! Money that goes back: refunds, disputes and charge-backs (O-2, O-5).

use connects::{
    clock::Instant,
    contracts::charge_back,
    entity::{
        enums::{
            CashAccountKind::{Clearing, Escrow, Fees, Receivable, RefundsInTransit},
            Currency, PaymentProvider,
        },
        payment,
    },
    money::Money,
    providers::payments::{Chargeback, sandbox},
};
use futures_util::future::join_all;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::{
    contracts::Hired,
    support::{Person, World, code},
};

const REFUND: &str = "mutation($m: ID!, $a: MoneyInput, $k: String!, $dry: Boolean! = false) { refundMilestone(input: {
    milestoneId: $m, amount: $a, reason: \"It did not work out.\", idempotencyKey: $k, dryRun: $dry }) {
    milestone { state released { amount } fee { amount } refunded { amount } reversed { amount } dispute { state }
    refunds { amount { amount } state reason } contract { inEscrow { amount } released { amount }
    refunded { amount } } } replayed userErrors { code field message } } }";
const OPEN: &str =
    "mutation($m: ID!) { openDispute(input: { milestoneId: $m, reason: \"Half is missing.\" }) {
    dispute { id state reason openerName milestone { title } } userErrors { code } } }";
const WITHDRAW: &str = "mutation($d: ID!) { withdrawDispute(input: { disputeId: $d }) {
    dispute { state endedAt } userErrors { code } } }";
const DECIDE: &str =
    "mutation($d: ID!, $a: String!, $k: String!, $dry: Boolean! = false) { decideDispute(input: {
    disputeId: $d, refund: { amount: $a }, reason: \"Half was done.\", idempotencyKey: $k, dryRun: $dry }) {
    dispute { state decision refund { amount } milestone { state released { amount } refunded { amount } } }
    replayed userErrors { code } } }";

impl Hired {
    async fn refund(&self, n: usize, amount: Option<&str>, key: &str) -> Value {
        let amount = amount.map(|amount| json!({ "amount": amount }));
        let asked = json!({ "m": self.milestones[n], "a": amount, "k": key });
        self.world.data(Some(&self.ada), REFUND, asked).await["refundMilestone"].clone()
    }

    async fn dispute(&self, who: &Person, n: usize) -> Value {
        let asked = json!({ "m": self.milestones[n] });
        self.world.data(Some(who), OPEN, asked).await["openDispute"].clone()
    }

    async fn decide(&self, who: &Person, dispute: &Value, amount: &str) -> Value {
        let asked = json!({ "d": dispute["dispute"]["id"], "a": amount, "k": "d" });
        self.world.data(Some(who), DECIDE, asked).await["decideDispute"].clone()
    }

    /// Funds the first milestone by `token`.
    async fn funded_by(token: &str) -> Self {
        let hired = Self::new().await;
        let card = hired.world.method(&hired.clara, token).await;
        assert_eq!(hired.fund(0, &card, "f").await["payment"]["state"], "PAID");
        hired
    }

    /// Funds and releases the first milestone.
    async fn released_by(token: &str) -> Self {
        let hired = Self::funded_by(token).await;
        assert_eq!(hired.release(0, "r").await["milestone"]["state"], "RELEASED");
        hired
    }

    /// What the sandbox says that banks took back.
    async fn told(&self) -> Vec<Chargeback> {
        let by = self.world.db().now().await.unwrap();
        sandbox::list_chargebacks(self.world.db().read(), Instant::UNIX_EPOCH, by).await.unwrap()
    }

    /// A bank takes back so much of the payment for the first milestone.
    async fn take_back(&self, cents: i64, reference: &str) {
        let charge = payment::Entity::find().one(self.world.db().read()).await.unwrap().unwrap();
        let told = Chargeback {
            reference: reference.into(),
            of: charge.reference.unwrap(),
            amount: Money::new(cents, Currency::Usd),
            at: self.world.db().now().await.unwrap(),
        };
        let news = self.world.db().write(async |txn| charge_back(txn, PaymentProvider::Sandbox, &told).await);
        assert!(news.await.unwrap());
    }

    async fn balance(&self, who: &Person) -> String {
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
    let keys: Vec<_> = (0..16).map(|n| format!("k{n}")).collect();
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
async fn o_2_an_admin_divides_what_is_in_escrow() {
    let hired = Hired::funded_by("tok_visa").await;
    let admin = hired.world.admin().await;
    let opened = hired.dispute(&hired.clara, 0).await;
    assert_eq!(opened["dispute"]["state"], "OPEN", "{opened}");
    assert_eq!(opened["dispute"]["openerName"], "clara");
    assert_eq!(code(&hired.dispute(&hired.ada, 0).await), "ALREADY_DISPUTED");
    let listed = "{ admin { disputes(state: OPEN) { nodes { id reason } } } }";
    let listed =
        hired.world.data(Some(&admin), listed, json!({})).await["admin"]["disputes"]["nodes"].clone();
    assert_eq!(listed[0]["reason"], "Half is missing.");
    for person in [&hired.clara, &hired.ada] {
        assert_eq!(code(&hired.decide(person, &opened, "1.00").await), "NOT_ALLOWED");
    }
    assert_eq!(code(&hired.decide(&admin, &opened, "100.01").await), "INVALID_INPUT");
    let dry = json!({ "d": opened["dispute"]["id"], "a": "40.00", "k": "d", "dry": true });
    let dry = hired.world.data(Some(&admin), DECIDE, dry).await["decideDispute"].clone();
    let done = hired.decide(&admin, &opened, "40.00").await;
    assert_eq!((&dry["dispute"], &done["userErrors"]), (&done["dispute"], &json!([])), "{done}");
    assert_eq!(
        done["dispute"]["milestone"],
        json!({ "state": "RELEASED", "released": { "amount": "60.00" },
        "refunded": { "amount": "40.00" } })
    );
    assert_eq!((hired.balance(&hired.ada).await, hired.total(Fees).await), ("54.00".into(), 600));
    assert_eq!(hired.total(Clearing).await, -6_000);
    assert_eq!(hired.decide(&admin, &opened, "40.00").await["replayed"], true);
    // What was released of it can still go back, and no more.
    assert_eq!(code(&hired.refund(0, Some("60.01"), "a").await), "INVALID_INPUT");
    assert_eq!(hired.refund(0, Some("60.00"), "b").await["milestone"]["state"], "REFUNDED");
    for person in [&hired.clara, &hired.ada] {
        let told = hired.world.notified(person).await;
        assert!(told.contains(&"DISPUTE_DECIDED".to_owned()), "{told:?}");
    }
    hired.world.verify().await;
}

#[tokio::test]
async fn o_5_a_decision_reclaims_what_was_released_and_the_rest_is_owed() {
    let hired = Hired::released_by("tok_visa").await;
    let (world, admin) = (&hired.world, hired.world.admin().await);
    assert_eq!(code(&hired.dispute(&hired.ada, 0).await), "ILLEGAL_STATE", "she has the money");
    let opened = hired.dispute(&hired.clara, 0).await;
    world.spend_cash(&hired.ada, 5_000).await;
    let done = hired.decide(&admin, &opened, "80.00").await;
    assert_eq!(done["dispute"]["milestone"]["state"], "RELEASED", "{done}");
    // 80.00 less 8.00 of the fee: 40.00 are there, and 32.00 are owed.
    assert_eq!((hired.balance(&hired.ada).await, hired.total(Receivable).await), ("0.00".into(), -3_200));
    assert_eq!(hired.total(Fees).await, 200);
    // The next income settles it.
    let card = world.method(&hired.clara, "tok_visa").await;
    hired.fund(1, &card, "f2").await;
    hired.release(1, "r2").await;
    assert_eq!((hired.balance(&hired.ada).await, hired.total(Receivable).await), ("0.00".into(), -200));
    world.verify().await;
}

#[tokio::test]
async fn o_2_a_dispute_ends_when_its_opener_withdraws_it_or_the_money_goes_to_one_side() {
    let hired = Hired::funded_by("tok_visa").await;
    let world = &hired.world;
    let opened = hired.dispute(&hired.ada, 0).await;
    let withdraw = async |who: &Person| {
        let asked = json!({ "d": opened["dispute"]["id"] });
        world.data(Some(who), WITHDRAW, asked).await["withdrawDispute"].clone()
    };
    assert_eq!(code(&withdraw(&hired.clara).await), "NOT_FOUND");
    assert_eq!(withdraw(&hired.ada).await["dispute"]["state"], "WITHDRAWN");
    assert_eq!(code(&withdraw(&hired.ada).await), "ILLEGAL_STATE");
    let admin = world.admin().await;
    assert_eq!(code(&hired.decide(&admin, &opened, "1.00").await), "ILLEGAL_STATE");
    hired.dispute(&hired.clara, 0).await;
    let released = hired.release(0, "r").await;
    assert_eq!(released["milestone"]["state"], "RELEASED");
    let second = hired.dispute(&hired.clara, 0).await;
    assert_eq!(second["dispute"]["state"], "OPEN", "{second}");
    let back = hired.refund(0, None, "b").await;
    assert_eq!(back["milestone"]["dispute"]["state"], "SETTLED", "{back}");
    world.verify().await;
}

#[tokio::test]
async fn o_2_a_release_can_be_disputed_for_thirty_days() {
    let hired = Hired::released_by("tok_visa").await;
    hired.world.sleep_until("2026-01-31T00:00:00Z").await;
    assert_eq!(code(&hired.dispute(&hired.clara, 0).await), "DISPUTE_TOO_LATE");
    assert_eq!(code(&hired.dispute(&hired.clara, 1).await), "ILLEGAL_STATE", "it is not funded");
}

#[tokio::test]
async fn p_4_nothing_is_released_by_a_decision_to_someone_who_may_not_be_paid() {
    let hired = Hired::funded_by("tok_visa").await;
    let admin = hired.world.admin().await;
    let opened = hired.dispute(&hired.clara, 0).await;
    hired.world.suspend(&admin, &hired.ada).await;
    assert_eq!(code(&hired.decide(&admin, &opened, "40.00").await), "FREELANCER_RESTRICTED");
    let done = hired.decide(&admin, &opened, "100.00").await;
    assert_eq!(done["dispute"]["milestone"]["state"], "REFUNDED", "{done}");
    hired.world.verify().await;
}

#[tokio::test]
async fn p_6_a_person_with_an_open_dispute_cannot_leave() {
    let hired = Hired::released_by("tok_visa").await;
    let opened = hired.dispute(&hired.clara, 0).await;
    let end = "mutation($c: ID!) { endContract(input: { contractId: $c }) { userErrors { code } } }";
    hired.world.data(Some(&hired.ada), end, json!({ "c": hired.contract })).await;
    let close = "mutation { closeAccount(input: { idempotencyKey: \"c\" }) { userErrors { code } } }";
    let refused = hired.world.data(Some(&hired.ada), close, json!({})).await["closeAccount"].clone();
    assert_eq!(code(&refused), "CONTRACTS_ACTIVE");
    let asked = json!({ "d": opened["dispute"]["id"] });
    hired.world.data(Some(&hired.clara), WITHDRAW, asked).await;
    let closed = hired.world.data(Some(&hired.ada), close, json!({})).await["closeAccount"].clone();
    assert_eq!(closed["userErrors"], json!([]), "{closed}");
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
        assert_eq!((hired.total(Clearing).await, hired.total(Escrow).await), (0, 0), "released: {released}");
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
async fn o_2_a_payment_is_refunded_twenty_times_at_most() {
    let hired = Hired::released_by("tok_visa").await;
    for n in 0..20 {
        assert_eq!(hired.refund(0, Some("1.00"), &format!("k{n}")).await["userErrors"], json!([]), "{n}");
    }
    assert_eq!(code(&hired.refund(0, Some("1.00"), "more").await), "TOO_MANY_REFUNDS");
    hired.world.verify().await;
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
async fn o_5_a_charge_back_in_another_currency_or_of_nothing_is_not_written() {
    let hired = Hired::funded_by("tok_visa").await;
    let told = Chargeback {
        reference: "x".into(),
        of: "sandbox_unknown".into(),
        amount: Money::new(1, Currency::Usd),
        at: hired.world.db().now().await.unwrap(),
    };
    let written = hired.world.db().write(async |txn| charge_back(txn, PaymentProvider::Sandbox, &told).await);
    assert!(written.await.is_err());
    hired.world.verify().await;
}

#[tokio::test]
async fn o_2_what_an_admin_decided_is_final_and_nobody_disputes_for_ever() {
    let hired = Hired::released_by("tok_visa").await;
    let admin = hired.world.admin().await;
    for _ in 0..3 {
        let opened = hired.dispute(&hired.clara, 0).await;
        let asked = json!({ "d": opened["dispute"]["id"] });
        hired.world.data(Some(&hired.clara), WITHDRAW, asked).await;
    }
    assert_eq!(code(&hired.dispute(&hired.clara, 0).await), "TOO_MANY_DISPUTES");
    let other = Hired::released_by("tok_visa").await;
    let opened = other.dispute(&other.clara, 0).await;
    let admin_there = other.world.admin().await;
    for n in 0..20 {
        assert_eq!(other.refund(0, Some("1.00"), &format!("k{n}")).await["userErrors"], json!([]), "{n}");
    }
    // The freelancer's refunds keep nobody from deciding.
    let done = other.decide(&admin_there, &opened, "50.00").await;
    assert_eq!(done["userErrors"], json!([]), "{done}");
    assert_eq!(code(&other.dispute(&other.clara, 0).await), "DISPUTE_DECIDED");
    assert_eq!(other.refund(0, None, "rest").await["milestone"]["state"], "REFUNDED");
    other.world.verify().await;
    assert!(hired.world.notified(&admin).await.is_empty());
}

#[tokio::test]
async fn p_4_a_suspended_freelancer_gives_back_escrow_without_a_word_and_opens_no_dispute() {
    let hired = Hired::funded_by("tok_visa").await;
    let admin = hired.world.admin().await;
    hired.world.suspend(&admin, &hired.ada).await;
    assert_eq!(code(&hired.refund(0, None, "a").await), "ACCOUNT_SUSPENDED", "with a reason");
    assert_eq!(code(&hired.dispute(&hired.ada, 0).await), "ACCOUNT_SUSPENDED");
    let silent = "mutation($m: ID!) { refundMilestone(input: { milestoneId: $m, idempotencyKey: \"b\" }) {
        milestone { state } userErrors { code } } }";
    let done = hired.world.data(Some(&hired.ada), silent, json!({ "m": hired.milestones[0] })).await;
    assert_eq!(done["refundMilestone"]["milestone"]["state"], "REFUNDED", "{done}");
}

#[tokio::test]
async fn p_1_only_the_two_sides_admins_and_auditors_see_a_dispute() {
    let hired = Hired::funded_by("tok_visa").await;
    let opened = hired.dispute(&hired.clara, 0).await;
    let (admin, eve) = (hired.world.admin().await, hired.world.freelancer("eve").await);
    let seen = "query($id: ID!) { node(id: $id) { ... on Dispute { reason } } }";
    for (person, is_seen) in [(&hired.clara, true), (&hired.ada, true), (&admin, true), (&eve, false)] {
        let node =
            hired.world.data(Some(person), seen, json!({ "id": opened["dispute"]["id"] })).await["node"]
                .clone();
        assert_eq!(node.is_object(), is_seen, "{node}");
    }
    let list = "{ admin { disputes { nodes { id } } } }";
    assert!(hired.world.data(Some(&eve), list, json!({})).await["admin"].is_null());
}

#[tokio::test]
async fn o_2_of_many_who_decide_withdraw_and_release_at_once_the_money_goes_one_way() {
    let hired = Hired::funded_by("tok_visa").await;
    let (admin, opened) = (hired.world.admin().await, hired.dispute(&hired.clara, 0).await);
    let id = &opened["dispute"]["id"];
    let acts = (0..24).map(async |n| match n % 3 {
        0 => hired.release(0, &format!("r{n}")).await,
        1 => hired.world.data(Some(&hired.clara), WITHDRAW, json!({ "d": id })).await["withdrawDispute"]
            .clone(),
        _ => {
            let asked = json!({ "d": id, "a": "40.00", "k": format!("d{n}") });
            hired.world.data(Some(&admin), DECIDE, asked).await["decideDispute"].clone()
        }
    });
    let done = join_all(acts).await;
    assert!(done.iter().any(|one| one["userErrors"] == json!([])), "{done:?}");
    hired.world.verify().await;
}

#[tokio::test]
async fn h_4_verify_names_what_is_wrong_with_contracts_and_their_money() {
    for (fault, invariant) in [
        ("UPDATE milestones SET reversed_cents = reversed_cents - 1 WHERE number = 1", "what was taken back"),
        (
            "UPDATE milestones SET refunded_cents = refunded_cents + 1 WHERE number = 1",
            "a milestone's refunds",
        ),
        ("UPDATE milestones SET fee_cents = fee_cents - 1 WHERE number = 1", "what was released"),
        ("UPDATE milestones SET released_cents = released_cents - 1 WHERE number = 1", "what was released"),
        ("UPDATE milestones SET fee_reversed_cents = 0 WHERE number = 1", "the platform has the fees"),
        ("UPDATE milestones SET charged_back_cents = 0 WHERE number = 1", "know what banks took back"),
        ("UPDATE milestones SET state = 'FUNDING' WHERE number = 2", "has a payment under way"),
        (
            "UPDATE milestones SET state = 'FUNDED', funded_at = '2026-01-01T00:00:00Z' WHERE number = 2",
            "escrow holds",
        ),
        ("UPDATE payments SET refunded_cents = refunded_cents - 1", "a milestone's refunds"),
        ("UPDATE payments SET charged_back_cents = 0", "know what banks took back"),
        (
            "UPDATE refunds SET state = 'UNKNOWN', ended_at = NULL, ask_at = '2026-01-01T00:00:00Z'",
            "on its way back",
        ),
        ("UPDATE refunds SET state = 'FAILED', failure = 'DECLINED'", "a refund left its place"),
        ("UPDATE disputes SET refund_cents = refund_cents + 1", "what an admin decided"),
        ("UPDATE contracts SET offer_id = offer_id, state = 'ENDED', ended_at = '2026-01-01T00:00:00Z'", ""),
        ("UPDATE proposals SET state = 'SUBMITTED'", "an accepted offer has a contract"),
    ] {
        let hired = Hired::released_by("tok_visa").await;
        let (admin, opened) = (hired.world.admin().await, hired.dispute(&hired.clara, 0).await);
        hired.decide(&admin, &opened, "40.00").await;
        hired.take_back(1_000, "one").await;
        hired.world.verify().await;
        hired.world.sql(fault).await.expect(fault);
        let breaches = connects::books::verify(hired.world.db().read()).await.unwrap();
        let found = breaches.iter().any(|breach| breach.invariant.contains(invariant));
        assert_eq!(found, !invariant.is_empty(), "{fault}: {breaches:#?}");
    }
}

impl World {
    /// Takes `cents` of a person's cash away to somebody else's, as a payout would.
    async fn spend_cash(&self, person: &Person, cents: i64) {
        use connects::{
            cash::{Entry, Holder, Journal},
            entity::enums::{CashDocumentKind, CashKind},
        };
        let other = self.client("the-other-one").await;
        let (cash, gone) = (Holder::Person(person.viewer.id()), Holder::Person(other.viewer.id()));
        let spend = async |txn: &connects::db::Txn| {
            let mut journal = Journal::lock(txn, &[cash, gone]).await?;
            let entry = Entry {
                kind: CashKind::RefundToCash,
                business_key: format!("SPENT/{}", uuid::Uuid::now_v7()),
                document: (CashDocumentKind::Payment, uuid::Uuid::nil()),
                actor: None,
                reverses: None,
                effective_at: txn.now(),
            };
            journal.post(&entry, &[(cash, -cents), (gone, cents)])?;
            let mut writes = txn.writes();
            journal.write(&mut writes);
            writes.run().await
        };
        self.db().write(spend).await.expect("spent");
    }
}
