//! Money that goes back: refunds, disputes and charge-backs (O-2, O-5).

use connects::entity::enums::CashAccountKind::{Clearing, Escrow, Fees, Receivable, RefundsInTransit};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    contracts::Hired,
    support::{Person, World, code},
};

const REFUND: &str = "mutation($m: ID!, $a: MoneyInput, $k: String!, $dry: Boolean! = false) { refundMilestone(input: {
    milestoneId: $m, amount: $a, reason: \"It did not work out.\", idempotencyKey: $k, dryRun: $dry }) {
    milestone { state released { amount } fee { amount } refunded { amount } reversed { amount } dispute { state }
    refunds { amount { amount } state failure reason } contract { inEscrow { amount } released { amount }
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
        let settled = hired.refund(0, None, "b").await;
        assert_eq!(settled["milestone"]["refunds"][0]["state"], state, "{token}: {settled}");
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
        world.advance("2026-01-13T00:00:00Z").await;
        assert_eq!(hired.total(Clearing).await, 0);
        for person in [&hired.clara, &hired.ada] {
            let told = world.notified(person).await;
            assert!(told.contains(&"PAYMENT_CHARGED_BACK".to_owned()), "{told:?}");
        }
        if !released {
            world.verify().await;
        }
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

impl World {
    /// Takes `cents` of a person's cash away, as a payout would; the books of contracts do not know of it.
    async fn spend_cash(&self, person: &Person, cents: i64) {
        use connects::{
            cash::{Entry, Holder, Journal},
            entity::enums::{CashDocumentKind, CashKind},
        };
        let (cash, gone) = (Holder::Person(person.viewer.id()), Holder::RefundsInTransit);
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
