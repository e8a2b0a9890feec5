//! Withdrawing money from a cash account (O-4, W-1).

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    contracts::Hired,
    payouts::bank,
    support::{World, code},
};

const WITHDRAW: &str =
    "mutation($a: String!, $k: String!, $dry: Boolean! = false) { requestWithdrawal(input: {
    amount: { amount: $a }, idempotencyKey: $k, dryRun: $dry }) { payout { id state amount { amount } }
    cashAccount { balance { amount } } replayed userErrors { __typename code field } } }";
const CANCEL: &str =
    "mutation($p: ID!, $k: String!) { cancelWithdrawal(input: { payoutId: $p, idempotencyKey: $k }) {
    payout { state failure } cashAccount { balance { amount } } userErrors { __typename code } } }";
const PAYOUTS: &str = "{ viewer { payouts { nodes { state hold failure amount { amount } } } } }";

impl Hired {
    /// On 1 January Ada has earned 90.00.
    async fn paid() -> Self {
        let hired = Self::new().await;
        let card = hired.world.method(&hired.clara, "tok_visa").await;
        hired.fund(0, &card, "f").await;
        hired.release(0, "r").await;
        hired
    }

    async fn withdraw(&self, amount: &str, key: &str) -> Value {
        let asked = json!({ "a": amount, "k": key });
        self.world.data(Some(&self.ada), WITHDRAW, asked).await["requestWithdrawal"].clone()
    }

    async fn payouts(&self) -> Value {
        self.world.data(Some(&self.ada), PAYOUTS, json!({})).await["viewer"]["payouts"]["nodes"].clone()
    }
}

#[tokio::test]
async fn o_4_a_withdrawal_leaves_the_account_at_once_and_goes_out_on_the_next_business_day() {
    let hired = Hired::paid().await;
    assert_eq!(code(&hired.withdraw("50.00", "a").await), "NO_PAYOUT_METHOD");
    hired.world.set_payout_method(&hired.ada, bank("Ada Byron")).await;
    assert_eq!(code(&hired.withdraw("9.99", "b").await), "INVALID_INPUT");
    let much = hired.withdraw("90.01", "c").await;
    assert_eq!(
        (code(&much), &much["userErrors"][0]["__typename"]),
        ("INSUFFICIENT_CASH", &json!("InsufficientCash"))
    );
    let dry = json!({ "a": "50.00", "k": "d", "dry": true });
    let dry = hired.world.data(Some(&hired.ada), WITHDRAW, dry).await["requestWithdrawal"].clone();
    assert_eq!(dry["cashAccount"]["balance"]["amount"], "40.00");
    let asked = hired.withdraw("50.00", "d").await;
    assert_eq!(
        (&asked["payout"]["state"], &asked["replayed"]),
        (&json!("SCHEDULED"), &json!(false)),
        "{asked}"
    );
    assert_eq!(hired.withdraw("50.00", "d").await["replayed"], true);
    assert_eq!(hired.world.cash(&hired.ada).await.0, "40.00");
    hired.world.verify().await;
    // 1 January is a holiday, and the details are held for 48 hours: a Saturday; so it leaves on Monday.
    hired.world.advance("2026-01-02T12:00:00Z").await;
    assert_eq!(
        (&hired.payouts().await[0]["state"], &hired.payouts().await[0]["hold"]),
        (&json!("HELD"), &json!("PAYOUT_METHOD_CHANGED"))
    );
    hired.world.advance("2026-01-05T12:00:00Z").await;
    assert_eq!(hired.payouts().await[0]["state"], "PAID");
    hired.world.verify().await;
}

#[tokio::test]
async fn o_4_a_withdrawal_is_cancelled_until_it_goes_out() {
    let hired = Hired::paid().await;
    hired.world.set_payout_method(&hired.ada, bank("Ada Byron")).await;
    let one = hired.withdraw("50.00", "a").await["payout"]["id"].clone();
    let cancel = json!({ "p": one, "k": "c" });
    let stranger = hired.world.data(Some(&hired.clara), CANCEL, cancel.clone()).await;
    assert_eq!(code(&stranger["cancelWithdrawal"]), "NOT_FOUND");
    let done = hired.world.data(Some(&hired.ada), CANCEL, cancel).await["cancelWithdrawal"].clone();
    assert_eq!(
        (&done["payout"]["failure"], &done["cashAccount"]["balance"]["amount"]),
        (&json!("CANCELLED"), &json!("90.00")),
        "{done}"
    );
    let two = hired.withdraw("50.00", "b").await["payout"]["id"].clone();
    hired.world.advance("2026-01-05T12:00:00Z").await;
    let late = hired.world.data(Some(&hired.ada), CANCEL, json!({ "p": two, "k": "d" })).await;
    let late = &late["cancelWithdrawal"];
    assert_eq!(
        (code(late), &late["userErrors"][0]["__typename"]),
        ("ILLEGAL_STATE", &json!("IllegalPayoutState"))
    );
    hired.world.verify().await;
}

#[tokio::test]
async fn o_4_what_a_bank_refuses_is_in_the_cash_account_again() {
    let hired = Hired::paid().await;
    hired.world.set_payout_method(&hired.ada, bank("Refused")).await;
    hired.withdraw("50.00", "a").await;
    hired.world.advance("2026-01-05T12:00:00Z").await;
    assert_eq!(hired.payouts().await[0]["failure"], "REFUSED");
    assert_eq!(hired.world.cash(&hired.ada).await.0, "90.00");
    assert!(hired.world.notified(&hired.ada).await.contains(&"PAYOUT_FAILED".to_owned()));
    hired.world.verify().await;
}

#[tokio::test]
async fn p_4_a_withdrawal_of_someone_suspended_is_held() {
    let hired = Hired::paid().await;
    hired.world.set_payout_method(&hired.ada, bank("Ada Byron")).await;
    hired.withdraw("50.00", "a").await;
    let admin = hired.world.admin().await;
    hired.world.suspend(&admin, &hired.ada).await;
    hired.world.advance("2026-01-05T12:00:00Z").await;
    assert_eq!(hired.payouts().await[0]["hold"], "ACCOUNT_RESTRICTED");
    hired.world.reinstate(&admin, &hired.ada).await;
    hired.world.advance("2026-01-06T12:00:00Z").await;
    assert_eq!(hired.payouts().await[0]["state"], "PAID", "a held one leaves in the next run");
    hired.world.verify().await;
}

#[tokio::test]
async fn o_4_of_many_withdrawals_at_once_only_what_there_is_leaves() {
    let hired = Hired::paid().await;
    hired.world.set_payout_method(&hired.ada, bank("Ada Byron")).await;
    let asked = join_all((0..16).map(|n| {
        let hired = &hired;
        async move { hired.withdraw("20.00", &format!("k{n}")).await }
    }));
    let asked = asked.await;
    let made = asked.iter().filter(|one| one["userErrors"] == json!([])).count();
    assert_eq!(made, 4);
    assert_eq!(hired.world.cash(&hired.ada).await.0, "10.00");
    hired.world.verify().await;
}

#[tokio::test]
async fn o_4_a_visitor_withdraws_nothing() {
    let world = World::new().await;
    let answer = world.ask(None, WITHDRAW, json!({ "a": "50.00", "k": "a" })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}

#[tokio::test]
async fn p_6_closing_an_account_cancels_what_has_not_gone_out_and_erasing_waits_for_what_has() {
    let hired = Hired::paid().await;
    let world = &hired.world;
    world.set_payout_method(&hired.ada, bank("Lost After")).await;
    hired.withdraw("50.00", "a").await;
    let end = "mutation($c: ID!) { endContract(input: { contractId: $c, idempotencyKey: \"e\" }) { userErrors { code } } }";
    world.data(Some(&hired.ada), end, json!({ "c": hired.contract })).await;
    let waiting = async || {
        connects::payouts::store::is_under_way(world.db().read(), hired.ada.viewer.id()).await.unwrap()
    };
    assert!(waiting().await);
    let origin = connects::accounts::Origin::default();
    let close =
        world.db().write(async |txn| connects::closing::close_account(txn, &hired.ada.viewer, origin).await);
    close.await.unwrap();
    assert!(!waiting().await);
    assert_eq!(world.cash(&hired.ada).await.0, "90.00");
    world.verify().await;
}
