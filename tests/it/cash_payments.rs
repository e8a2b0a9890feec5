//! Clients pay from their cash account (P-3).

use connects::{
    cash::Holder,
    config::payments::Provider,
    entity::enums::{
        CashAccountKind::{Clearing, Escrow, Fees, RefundsInTransit},
        PaymentProvider::Sandbox,
    },
};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    contracts::Hired,
    every_deed::nameless,
    support::{World, code},
};

const FUND: &str = "mutation($m: ID!, $k: String!, $w: ID, $cash: Boolean! = true, $dry: Boolean! = false) {
    fundMilestone(input: { milestoneId: $m, paymentMethodId: $w, fromCash: $cash, idempotencyKey: $k, dryRun: $dry }) {
    milestone { state contract { inEscrow { amount } } }
    payment { id state provider amount { amount } refunded { amount } method { label } endedAt }
    cashAccount { balance { amount } } replayed
    userErrors { code field message rule ... on InsufficientCash { required { amount } available { amount } } } } }";

impl Hired {
    async fn fund_from_cash(&self, n: usize, key: &str, dry: bool) -> Value {
        let asked = json!({ "m": self.milestones[n], "k": key, "dry": dry });
        self.world.data(Some(&self.clara), FUND, asked).await["fundMilestone"].clone()
    }

    async fn cash_of_clara(&self) -> String {
        self.world.cash(&self.clara).await.0
    }

    /// Somebody whose card takes nothing back: what was refunded to her, 100.00, is in her cash account.
    async fn with_cash() -> Self {
        let hired = Self::funded_by("tok_refund_fails").await;
        assert_eq!(hired.refund(0, None, "back").await["userErrors"], json!([]));
        assert_eq!(hired.cash_of_clara().await, "100.00");
        hired
    }
}

#[tokio::test]
async fn p_3_a_client_pays_from_their_cash_at_once_and_gets_it_back_there() {
    let hired = Hired::with_cash().await;
    let rehearsed = hired.fund_from_cash(1, "cash", true).await;
    assert_eq!(hired.cash_of_clara().await, "100.00", "a dry run takes nothing");
    let funded = hired.fund_from_cash(1, "cash", false).await;
    assert_eq!(funded["userErrors"], json!([]), "{funded}");
    assert_eq!(nameless(&funded), nameless(&rehearsed));
    let payment = &funded["payment"];
    assert_eq!(
        [&payment["state"], &payment["provider"], &payment["method"], &funded["milestone"]["state"]],
        [&json!("PAID"), &json!("CASH_ACCOUNT"), &json!(null), &json!("FUNDED")]
    );
    assert_eq!(funded["cashAccount"]["balance"]["amount"], "66.67");
    assert_eq!(hired.fund_from_cash(1, "cash", false).await["replayed"], true);
    assert_eq!((hired.total(Escrow).await, hired.total(Clearing).await), (3_333, -10_000));
    let told = hired.world.notified(&hired.ada).await;
    assert!(told.contains(&"MILESTONE_FUNDED".to_owned()), "{told:?}");
    hired.world.verify().await;
    let back = hired.refund(1, None, "g").await;
    assert_eq!(back["milestone"]["refunds"][0]["state"], "PAID", "{back}");
    assert_eq!((hired.cash_of_clara().await, hired.total(Escrow).await), ("100.00".into(), 0));
    assert_eq!((hired.total(RefundsInTransit).await, hired.total(Clearing).await), (0, -10_000));
    hired.world.advance("2026-01-03T00:00:00Z").await;
    hired.world.verify().await;
}

#[tokio::test]
async fn p_3_what_was_paid_from_cash_and_released_goes_back_there_with_the_fee_in_it() {
    let hired = Hired::with_cash().await;
    hired.fund_from_cash(1, "cash", false).await;
    assert_eq!(hired.release(1, "r").await["userErrors"], json!([]));
    assert_eq!((hired.world.cash(&hired.ada).await.0, hired.total(Fees).await), ("30.00".into(), 333));
    let part = hired.refund(1, Some("10.00"), "p").await;
    assert_eq!(part["userErrors"], json!([]), "{part}");
    assert_eq!(
        (hired.cash_of_clara().await, hired.world.cash(&hired.ada).await.0),
        ("76.67".into(), "21.00".into())
    );
    // An admin decides on the rest; Ada has less than that, and owes it.
    hired.world.spend_cash(&hired.ada, 2_000).await;
    let oskar = hired.world.admin().await;
    let dispute = hired.dispute(&hired.clara, 1).await;
    let decided = hired.decide(&oskar, &dispute, "20.00").await;
    assert_eq!(decided["userErrors"], json!([]), "{decided}");
    assert_eq!(
        (hired.cash_of_clara().await, hired.world.cash(&hired.ada).await.0),
        ("96.67".into(), "0.00".into())
    );
    assert_eq!((hired.total(RefundsInTransit).await, hired.total(Fees).await), (0, 33));
}

#[tokio::test]
async fn p_3_a_dispute_over_what_was_paid_from_cash_is_divided() {
    let hired = Hired::with_cash().await;
    hired.fund_from_cash(1, "cash", false).await;
    let oskar = hired.world.admin().await;
    let dispute = hired.dispute(&hired.ada, 1).await;
    let decided = hired.decide(&oskar, &dispute, "13.33").await;
    assert_eq!(decided["userErrors"], json!([]), "{decided}");
    assert_eq!(
        (hired.cash_of_clara().await, hired.world.cash(&hired.ada).await.0),
        ("80.00".into(), "18.00".into())
    );
    hired.world.verify().await;
}

#[tokio::test]
async fn p_3_paying_from_cash_is_refused_with_what_is_there_and_one_pays_in_one_way() {
    let hired = Hired::new().await;
    let refused = hired.fund_from_cash(0, "cash", false).await;
    let error = &refused["userErrors"][0];
    assert_eq!(
        [
            &error["code"],
            &error["field"],
            &error["rule"],
            &error["required"]["amount"],
            &error["available"]["amount"]
        ],
        [
            &json!("INSUFFICIENT_CASH"),
            &json!(["input", "fromCash"]),
            &json!("P-3"),
            &json!("100.00"),
            &json!("0.00")
        ]
    );
    assert_eq!((&refused["payment"], &refused["cashAccount"]), (&json!(null), &json!(null)));
    let card = hired.world.method(&hired.clara, "tok_visa").await;
    for (card, cash) in [(json!(null), false), (card, true)] {
        let asked = json!({ "m": hired.milestones[0], "k": "g", "w": card, "cash": cash });
        let refused = hired.world.data(Some(&hired.clara), FUND, asked).await["fundMilestone"].clone();
        assert_eq!(
            (code(&refused), &refused["userErrors"][0]["field"]),
            ("INVALID_INPUT", &json!(["input", "paymentMethodId"]))
        );
    }
    assert_eq!(hired.total(Escrow).await, 0);
    hired.world.verify().await;
}

#[tokio::test]
async fn p_3_of_many_who_pay_from_one_cash_account_only_as_many_as_it_has_succeed() {
    let hired = Hired::with_cash().await;
    let (_, proposal) = hired.world.proposed(&hired.ada, &hired.clara, "Ten parts").await;
    let offer = hired.world.offer(&hired.clara, &proposal, &["30.00"; 10]).await["offer"]["id"].clone();
    let contract = hired.world.accept(&hired.ada, &offer).await["contract"].clone();
    let milestones: Vec<_> =
        contract["milestones"]["nodes"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
    let tries = (0..64).map(|n| {
        let (world, clara, milestone) = (&hired.world, &hired.clara, &milestones[n % 10]);
        async move {
            let asked = json!({ "m": milestone, "k": format!("k{n}") });
            world.data(Some(clara), FUND, asked).await["fundMilestone"]["userErrors"].clone()
        }
    });
    let answers = join_all(tries).await;
    let count = |code: &str| answers.iter().filter(|errors| errors[0]["code"] == code).count();
    assert_eq!(answers.iter().filter(|errors| **errors == json!([])).count(), 3, "{answers:?}");
    assert_eq!(count("INSUFFICIENT_CASH") + count("ILLEGAL_STATE"), 61, "{answers:?}");
    assert_eq!((hired.cash_of_clara().await, hired.total(Escrow).await), ("10.00".into(), 9_000));
    hired.world.verify().await;
}

#[tokio::test]
async fn p_3_a_project_is_ordered_from_cash() {
    let hired = Hired::with_cash().await;
    let project = hired.world.publish(&hired.ada, "Logo", "60.00").await["project"]["id"].clone();
    let order = "mutation($p: ID!) { orderProject(input: { projectId: $p, expectedPrice: { amount: \"60.00\" }, fromCash: true,
        idempotencyKey: \"o\" }) { milestone { state } payment { state provider } cashAccount { balance { amount } }
        userErrors { code } } }";
    let ordered =
        hired.world.data(Some(&hired.clara), order, json!({ "p": project })).await["orderProject"].clone();
    assert_eq!(ordered["milestone"]["state"], "FUNDED", "{ordered}");
    assert_eq!(ordered["cashAccount"]["balance"]["amount"], "40.00");
    hired.world.verify().await;
}

#[tokio::test]
async fn p_3_cash_pays_where_no_provider_is_configured() {
    let world = World::with(|settings| settings.payments.provider = Provider::None).await;
    let hired = Hired::in_world(world).await;
    hired.world.move_cash(Holder::Clearing(Sandbox), Holder::Person(hired.clara.viewer.id()), 10_000).await;
    let funded = hired.fund_from_cash(0, "cash", false).await;
    assert_eq!(
        (&funded["payment"]["state"], &funded["userErrors"]),
        (&json!("PAID"), &json!([])),
        "{funded}"
    );
    let back = hired.refund(0, None, "b").await;
    assert_eq!(
        (&back["milestone"]["refunds"][0]["state"], hired.cash_of_clara().await),
        (&json!("PAID"), "100.00".into())
    );
}
