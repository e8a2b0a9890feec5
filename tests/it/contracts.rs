//! Offers, contracts and money: from a proposal to released pay (O-1, O-2, B-3).

use connects::{
    entity::{
        enums::{CashAccountKind, HistoryKind, PaymentFailure},
        job_post, payment,
    },
    money::Money,
    providers::payments::{Charge, Charged, Payments, Sandbox},
};
use futures_util::future::join_all;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::{
    offers::ACCEPT,
    support::{Person, World, code},
};

const FUND: &str = "mutation($m: ID!, $w: ID!, $k: String!, $dry: Boolean! = false) { fundMilestone(input: {
    milestoneId: $m, paymentMethodId: $w, idempotencyKey: $k, dryRun: $dry }) {
    milestone { state fundedAt contract { inEscrow { amount } released { amount } } payment { state } }
    payment { id state failure amount { amount } method { label } } replayed userErrors { code field } } }";
const RELEASE: &str = "mutation($m: ID!, $k: String!, $dry: Boolean! = false) { releaseMilestone(input: {
    milestoneId: $m, idempotencyKey: $k, dryRun: $dry }) {
    milestone { state contract { inEscrow { amount } released { amount } } } replayed userErrors { code } } }";
const CASH: &str = "{ viewer { cashAccount { balance { amount } pending { amount } } } }";

/// A client who has hired: the people, and the ids of what there is.
pub struct Hired {
    pub world: World,
    pub ada: Person,
    pub clara: Person,
    post: job_post::Model,
    pub contract: Value,
    pub milestones: Vec<Value>,
}

impl World {
    pub async fn cash(&self, person: &Person) -> (String, String) {
        let cash = self.data(Some(person), CASH, json!({})).await["viewer"]["cashAccount"].clone();
        let text = |field: &str| cash[field]["amount"].as_str().unwrap().to_owned();
        (text("balance"), text("pending"))
    }
}

impl Hired {
    pub async fn new() -> Self {
        Self::in_world(World::new().await).await
    }

    pub async fn in_world(world: World) -> Self {
        let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
        let (post, proposal) = world.proposed(&ada, &clara, "Poster").await;
        let offer = world.offer(&clara, &proposal, &["100.00", "33.33"]).await["offer"]["id"].clone();
        let accepted =
            world.data(Some(&ada), ACCEPT, json!({ "o": offer, "k": offer })).await["acceptOffer"].clone();
        assert_eq!(accepted["userErrors"], json!([]), "{accepted}");
        let contract = accepted["contract"].clone();
        let milestones = contract["milestones"]["nodes"].as_array().unwrap();
        let milestones = milestones.iter().map(|one| one["id"].clone()).collect();
        Self { world, ada, clara, post, contract: contract["id"].clone(), milestones }
    }

    pub async fn fund(&self, n: usize, method: &Value, key: &str) -> Value {
        let asked = json!({ "m": self.milestones[n], "w": method, "k": key });
        self.world.data(Some(&self.clara), FUND, asked).await["fundMilestone"].clone()
    }

    pub async fn release(&self, n: usize, key: &str) -> Value {
        let asked = json!({ "m": self.milestones[n], "k": key });
        self.world.data(Some(&self.clara), RELEASE, asked).await["releaseMilestone"].clone()
    }

    /// The journal's balance of a kind of account, over all of them.
    pub async fn total(&self, kind: CashAccountKind) -> i64 {
        self.world.total(kind).await
    }
}

impl World {
    /// What all accounts of a kind hold, in minor units.
    pub async fn total(&self, kind: CashAccountKind) -> i64 {
        use connects::entity::cash_account::{Column, Entity};
        use sea_orm::{ColumnTrait, QueryFilter};
        let rows = Entity::find().filter(Column::Kind.eq(kind)).all(self.db().read()).await.unwrap();
        rows.iter().map(|row| row.balance).sum()
    }
}

#[tokio::test]
async fn o_2_from_a_proposal_to_released_pay() {
    let hired = Hired::new().await;
    let world = &hired.world;
    let card = world.method(&hired.clara, "tok_visa").await;
    let funded = hired.fund(0, &card, "f").await;
    assert_eq!(funded["userErrors"], json!([]), "{funded}");
    assert_eq!(
        (&funded["payment"]["state"], &funded["milestone"]["state"]),
        (&json!("PAID"), &json!("FUNDED"))
    );
    assert_eq!(funded["milestone"]["contract"]["inEscrow"]["amount"], "100.00");
    assert_eq!(funded["payment"]["method"]["label"], "Visa ending in 4242");
    assert_eq!(world.cash(&hired.ada).await, ("0.00".into(), "100.00".into()));
    assert_eq!(hired.total(CashAccountKind::Clearing).await, -10_000);
    let released = hired.release(0, "r").await;
    assert_eq!(released["milestone"]["state"], "RELEASED", "{released}");
    assert_eq!(released["milestone"]["contract"]["released"]["amount"], "100.00");
    assert_eq!(world.cash(&hired.ada).await, ("90.00".into(), "0.00".into()));
    assert_eq!(
        (hired.total(CashAccountKind::Fees).await, hired.total(CashAccountKind::Escrow).await),
        (1_000, 0)
    );
    // The second milestone is not touched, and a cent's half goes up: 33.33 less 3.33.
    hired.fund(1, &card, "f2").await;
    hired.release(1, "r2").await;
    assert_eq!(world.cash(&hired.ada).await, ("120.00".into(), "0.00".into()));
    let told = world.notified(&hired.ada).await;
    for kind in ["OFFER_RECEIVED", "MILESTONE_FUNDED", "MILESTONE_RELEASED"] {
        assert!(told.iter().any(|told| told == kind), "{kind}: {told:?}");
    }
    world.verify().await;
}

#[tokio::test]
async fn b_3_a_payment_that_fails_leaves_the_milestone_to_another_one() {
    let hired = Hired::new().await;
    for (token, why) in [
        ("tok_declined", "DECLINED"),
        ("tok_insufficient_funds", "INSUFFICIENT_FUNDS"),
        ("tok_authentication_required", "AUTHENTICATION_REQUIRED"),
    ] {
        let card = hired.world.method(&hired.clara, token).await;
        let failed = hired.fund(0, &card, token).await;
        assert_eq!(
            (&failed["payment"]["state"], &failed["payment"]["failure"]),
            (&json!("FAILED"), &json!(why))
        );
        assert_eq!(failed["milestone"]["state"], "PENDING");
        let again = hired.fund(0, &card, token).await;
        assert_eq!((&again["replayed"], &again["payment"]["id"]), (&json!(true), &failed["payment"]["id"]));
    }
    let card = hired.world.method(&hired.clara, "tok_visa").await;
    assert_eq!(hired.fund(0, &card, "f").await["payment"]["state"], "PAID");
    assert!(hired.world.notified(&hired.clara).await.contains(&"PAYMENT_FAILED".to_owned()));
    hired.world.verify().await;
}

#[tokio::test]
async fn b_3_an_unknown_outcome_is_asked_about_until_it_is_known_and_never_charged_again() {
    for token in ["tok_lost_before", "tok_lost_after"] {
        let hired = Hired::new().await;
        let card = hired.world.method(&hired.clara, token).await;
        let unknown = hired.fund(0, &card, "f").await;
        assert_eq!(
            (&unknown["payment"]["state"], &unknown["milestone"]["state"]),
            (&json!("UNKNOWN"), &json!("FUNDING"))
        );
        let other = hired.world.method(&hired.clara, "tok_visa").await;
        let refused = hired.fund(0, &other, "another").await;
        assert_eq!(code(&refused), "ILLEGAL_STATE", "{token}: not while one is under way");
        assert_eq!(hired.total(CashAccountKind::Escrow).await, 0);
        hired.world.verify().await;
        hired.world.advance("2026-01-01T00:10:00Z").await;
        let settled = hired.fund(0, &card, "f").await;
        assert_eq!(
            (&settled["replayed"], &settled["payment"]["state"]),
            (&json!(true), &json!("PAID")),
            "{token}"
        );
        assert_eq!(settled["payment"]["id"], unknown["payment"]["id"]);
        assert_eq!(hired.total(CashAccountKind::Escrow).await, 10_000);
        hired.world.verify().await;
    }
}

#[tokio::test]
async fn b_3_a_payment_that_was_never_received_is_not_asked_for_after_hours() {
    let hired = Hired::new().await;
    let world = &hired.world;
    let card = world.method(&hired.clara, "tok_lost_before").await;
    assert_eq!(hired.fund(0, &card, "f").await["payment"]["state"], "UNKNOWN");
    // No task runs for half a day. What was sent then may still arrive, so nothing is sent, and nothing is over yet.
    world.sleep_until("2026-01-01T12:00:00Z").await;
    world.advance("2026-01-01T12:10:00Z").await;
    assert_eq!(hired.fund(0, &card, "f").await["payment"]["state"], "UNKNOWN");
    world.sleep_until("2026-01-01T13:00:00Z").await;
    world.advance("2026-01-01T13:10:00Z").await;
    let settled = hired.fund(0, &card, "f").await;
    assert_eq!(settled["payment"]["failure"], "NOT_RECEIVED", "{settled}");
    assert_eq!(settled["milestone"]["state"], "PENDING");
    // Somebody who was asleep meanwhile cannot carry it out any more.
    let row = payment::Entity::find().one(world.db().read()).await.unwrap().unwrap();
    let charge = Charge {
        key: row.id,
        token: "tok_lost_before".into(),
        amount: Money::new(row.amount_cents, row.currency),
    };
    let late = Sandbox::new(world.db().clone()).charge(&charge, &row.reference.unwrap()).await;
    assert_eq!(late, Charged::Failed(PaymentFailure::NotReceived));
    world.verify().await;
}

#[tokio::test]
async fn q_5_a_dry_run_of_an_advance_asks_nobody_and_counts_each_payment_once() {
    let hired = Hired::new().await;
    let (world, admin) = (&hired.world, hired.world.admin().await);
    let card = world.method(&hired.clara, "tok_lost_after").await;
    hired.fund(0, &card, "f").await;
    let dry = "mutation { advanceClock(input: { to: \"2026-01-03T00:00:00Z\", dryRun: true }) {
        ran { task runs counts { what count } } userErrors { code } } }";
    let ran = world.data(Some(&admin), dry, json!({})).await["advanceClock"]["ran"].clone();
    let payments =
        ran.as_array().unwrap().iter().find(|one| one["task"] == "payments").expect("it would run");
    assert_eq!(payments["runs"], 1, "{payments}");
    assert_eq!(world.cash(&hired.ada).await.1, "0.00");
}

#[tokio::test]
async fn o_2_a_dry_run_shows_what_would_be_and_changes_nothing() {
    let hired = Hired::new().await;
    let world = &hired.world;
    let card = world.method(&hired.clara, "tok_visa").await;
    let asked = json!({ "m": hired.milestones[0], "w": card, "k": "f", "dry": true });
    let dry = world.data(Some(&hired.clara), FUND, asked).await["fundMilestone"].clone();
    assert_eq!(
        (&dry["payment"]["state"], &dry["milestone"]["state"]),
        (&json!("PENDING"), &json!("FUNDING"))
    );
    assert_eq!(hired.fund(0, &card, "f").await["replayed"], false);
    let asked = json!({ "m": hired.milestones[0], "k": "r", "dry": true });
    let dry = world.data(Some(&hired.clara), RELEASE, asked).await["releaseMilestone"]["milestone"].clone();
    let real = hired.release(0, "r").await["milestone"].clone();
    assert_eq!(dry, real, "a dry run answers as the real one");
    assert_eq!(world.cash(&hired.ada).await.0, "90.00");
    world.verify().await;
}

#[tokio::test]
async fn o_2_only_the_client_funds_and_releases_each_milestone_once() {
    let hired = Hired::new().await;
    let world = &hired.world;
    let (card, eve) = (world.method(&hired.clara, "tok_visa").await, world.client("eve").await);
    let theirs = world.method(&eve, "tok_visa").await;
    let asked = |method: &Value| json!({ "m": hired.milestones[0], "w": method, "k": "x" });
    for (person, method) in [(&eve, &theirs), (&hired.ada, &card)] {
        let refused = world.data(Some(person), FUND, asked(method)).await["fundMilestone"].clone();
        assert_eq!(code(&refused), "NOT_FOUND");
    }
    let refused = hired.fund(0, &theirs, "x").await;
    assert_eq!(
        (code(&refused), &refused["userErrors"][0]["field"]),
        ("NOT_FOUND", &json!(["input", "paymentMethodId"]))
    );
    assert_eq!(code(&hired.release(0, "early").await), "ILLEGAL_STATE", "it is not funded");
    hired.fund(0, &card, "f").await;
    assert_eq!(code(&hired.fund(0, &card, "g").await), "ILLEGAL_STATE");
    for person in [&eve, &hired.ada] {
        let asked = json!({ "m": hired.milestones[0], "k": "x" });
        let refused = world.data(Some(person), RELEASE, asked).await["releaseMilestone"].clone();
        assert_eq!(code(&refused), "NOT_FOUND");
    }
    hired.release(0, "r").await;
    assert_eq!(code(&hired.release(0, "s").await), "ILLEGAL_STATE");
    let contract = "query($id: ID!) { node(id: $id) { id } }";
    let seen = async |who: &Person| {
        world.data(Some(who), contract, json!({ "id": hired.contract })).await["node"].clone()
    };
    assert_eq!(
        (seen(&eve).await, seen(&hired.ada).await["id"].clone()),
        (json!(null), hired.contract.clone())
    );
    world.verify().await;
}

#[tokio::test]
async fn o_2_of_many_who_fund_and_release_at_once_one_succeeds() {
    let hired = Hired::new().await;
    let card = hired.world.method(&hired.clara, "tok_visa").await;
    let keys: Vec<_> = (0..64).map(|n| format!("f{n}")).collect();
    let funded = join_all(keys.iter().map(|key| hired.fund(0, &card, key))).await;
    let paid = funded.iter().filter(|one| one["userErrors"] == json!([])).count();
    assert_eq!(paid, 1, "{funded:?}");
    let released = join_all(keys.iter().map(|key| hired.release(0, key))).await;
    assert_eq!(released.iter().filter(|one| one["userErrors"] == json!([])).count(), 1, "{released:?}");
    assert_eq!(hired.world.cash(&hired.ada).await.0, "90.00");
    hired.world.verify().await;
}

#[tokio::test]
async fn p_4_money_stays_in_escrow_while_the_freelancer_may_not_be_paid() {
    let hired = Hired::new().await;
    let (world, admin) = (&hired.world, hired.world.admin().await);
    let card = world.method(&hired.clara, "tok_visa").await;
    hired.fund(0, &card, "f").await;
    world.suspend(&admin, &hired.ada).await;
    assert_eq!(code(&hired.release(0, "r").await), "FREELANCER_RESTRICTED");
    assert_eq!(code(&hired.fund(1, &card, "g").await), "FREELANCER_RESTRICTED", "nor is more put there");
    assert_eq!(hired.total(CashAccountKind::Escrow).await, 10_000);
    world.reinstate(&admin, &hired.ada).await;
    // The client's suspension keeps nobody from being paid.
    world.suspend(&admin, &hired.clara).await;
    assert_eq!(hired.release(0, "r").await["milestone"]["state"], "RELEASED");
    world.verify().await;
}

#[tokio::test]
async fn p_4_the_cash_of_a_suspended_person_is_held_until_the_suspension_is_lifted() {
    let hired = Hired::new().await;
    let (world, admin) = (&hired.world, hired.world.admin().await);
    let card = world.method(&hired.clara, "tok_visa").await;
    hired.fund(0, &card, "f").await;
    hired.release(0, "r").await;
    let held = async || {
        let cash = "{ viewer { cashAccount { balance { amount } held { amount } } } }";
        let cash = world.data(Some(&hired.ada), cash, json!({})).await["viewer"]["cashAccount"].clone();
        assert_eq!(cash["balance"]["amount"], "90.00");
        cash["held"]["amount"].clone()
    };
    assert_eq!(held().await, "0.00");
    world.suspend(&admin, &hired.ada).await;
    assert_eq!(held().await, "90.00");
    world.reinstate(&admin, &hired.ada).await;
    assert_eq!(held().await, "0.00");
}

#[tokio::test]
async fn o_1_either_side_ends_a_contract_once_no_money_is_in_escrow() {
    let hired = Hired::new().await;
    let world = &hired.world;
    let (card, eve) = (world.method(&hired.clara, "tok_visa").await, world.client("eve").await);
    let end = "mutation($c: ID!) { endContract(input: { contractId: $c }) {
        contract { state endedAt } userErrors { code } } }";
    let ended = async |who: &Person| {
        world.data(Some(who), end, json!({ "c": hired.contract })).await["endContract"].clone()
    };
    hired.fund(0, &card, "f").await;
    assert_eq!((code(&ended(&eve).await), code(&ended(&hired.ada).await)), ("NOT_FOUND", "MONEY_IN_ESCROW"));
    hired.release(0, "r").await;
    let done = ended(&hired.ada).await;
    assert_eq!(done["contract"]["state"], "ENDED", "{done}");
    assert!(world.notified(&hired.clara).await.contains(&"CONTRACT_ENDED".to_owned()));
    assert_eq!(code(&ended(&hired.clara).await), "ILLEGAL_STATE");
    assert_eq!(code(&hired.fund(1, &card, "g").await), "CONTRACT_ENDED");
    world.verify().await;
}

#[tokio::test]
async fn p_6_a_person_with_a_contract_under_way_cannot_leave() {
    let hired = Hired::new().await;
    let close = "mutation { closeAccount(input: { idempotencyKey: \"c\" }) { userErrors { code } } }";
    for person in [&hired.ada, &hired.clara] {
        let refused = hired.world.data(Some(person), close, json!({})).await["closeAccount"].clone();
        assert_eq!(code(&refused), "CONTRACTS_ACTIVE");
    }
    let end = "mutation($c: ID!) { endContract(input: { contractId: $c }) { userErrors { code } } }";
    hired.world.data(Some(&hired.clara), end, json!({ "c": hired.contract })).await;
    // Somebody was hired for the client's post, which looks for one more: it is closed, and nothing comes back (T-2).
    let (post, proposal) = hired.world.proposed(&hired.ada, &hired.clara, "Logo").await;
    hired.world.sql("UPDATE job_posts SET hires_wanted = 2 WHERE title = 'Logo'").await.unwrap();
    let eve = hired.world.freelancer("eve").await;
    hired.world.propose(&eve, &post, hired.world.price(&post).await, "e").await;
    let offer = hired.world.offer(&hired.clara, &proposal, &["50.00"]).await["offer"]["id"].clone();
    let accepted =
        hired.world.data(Some(&hired.ada), ACCEPT, json!({ "o": offer, "k": offer })).await["acceptOffer"]
            .clone();
    let second = json!({ "c": accepted["contract"]["id"] });
    hired.world.data(Some(&hired.ada), end, second).await;
    for person in [&hired.clara, &hired.ada] {
        let closed = hired.world.data(Some(person), close, json!({})).await["closeAccount"].clone();
        assert_eq!(closed["userErrors"], json!([]), "{closed}");
    }
    assert_eq!(hired.world.count_entries(HistoryKind::ReturnedCancelled).await, 0);
    hired.world.verify().await;
    assert_eq!(hired.post.hires_wanted, 1);
}

#[tokio::test]
async fn p_4_a_client_suspended_for_fraud_releases_nothing() {
    let hired = Hired::funded_by("tok_visa").await;
    let admin = hired.world.admin().await;
    let account = json!(crate::support::id("Account", hired.clara.viewer.id()));
    let suspend = "mutation($a: ID!) { suspendForFraud(input: { accountId: $a, reason: \"Stolen card.\",
        idempotencyKey: \"s\" }) { userErrors { code } } }";
    let done =
        hired.world.data(Some(&admin), suspend, json!({ "a": account })).await["suspendForFraud"].clone();
    assert_eq!(done["userErrors"], json!([]), "{done}");
    assert_eq!(code(&hired.release(0, "r").await), "ACCOUNT_SUSPENDED");
    assert_eq!(hired.total(CashAccountKind::Escrow).await, 10_000);
}
