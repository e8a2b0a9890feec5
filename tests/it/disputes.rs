//! Disputes over milestones, and what `verify` proves of all that happened to one (O-2, O-5, H-4).

use connects::entity::enums::CashAccountKind::{Clearing, Fees, Receivable};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    contracts::Hired,
    support::{Person, code},
};

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
    pub async fn dispute(&self, who: &Person, n: usize) -> Value {
        let asked = json!({ "m": self.milestones[n] });
        self.world.data(Some(who), OPEN, asked).await["openDispute"].clone()
    }

    pub async fn decide(&self, who: &Person, dispute: &Value, amount: &str) -> Value {
        let asked = json!({ "d": dispute["dispute"]["id"], "a": amount, "k": "d" });
        self.world.data(Some(who), DECIDE, asked).await["decideDispute"].clone()
    }
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
async fn p_1_only_the_two_sides_admins_and_auditors_see_a_dispute_and_a_refund() {
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
    hired.decide(&admin, &opened, "100.00").await;
    let refund = "query($id: ID!) { node(id: $id) { ... on Milestone { refunds { id } } } }";
    let refund = hired.world.data(Some(&hired.ada), refund, json!({ "id": hired.milestones[0] })).await;
    let refund = refund["node"]["refunds"][0]["id"].clone();
    let seen = "query($id: ID!) { node(id: $id) { ... on Refund { amount { amount } } } }";
    for (person, is_seen) in [(&hired.clara, true), (&hired.ada, true), (&admin, true), (&eve, false)] {
        let node = hired.world.data(Some(person), seen, json!({ "id": refund })).await["node"].clone();
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

#[tokio::test]
async fn p_4_an_admin_disputes_money_that_two_suspended_people_cannot_move() {
    let hired = Hired::funded_by("tok_visa").await;
    let (admin, eve) = (hired.world.admin().await, hired.world.freelancer("eve").await);
    hired.world.suspend(&admin, &hired.ada).await;
    hired.world.suspend(&admin, &hired.clara).await;
    assert_eq!(code(&hired.dispute(&eve, 0).await), "NOT_FOUND");
    let opened = hired.dispute(&admin, 0).await;
    assert_eq!(opened["dispute"]["state"], "OPEN", "{opened}");
    for side in [&hired.ada, &hired.clara] {
        assert!(hired.world.notified(side).await.contains(&"DISPUTE_OPENED".to_owned()));
    }
    let asked = json!({ "d": opened["dispute"]["id"] });
    let gone = hired.world.data(Some(&admin), WITHDRAW, asked).await["withdrawDispute"].clone();
    assert_eq!(gone["dispute"]["state"], "WITHDRAWN", "{gone}");
    let opened = hired.dispute(&admin, 0).await;
    let done = hired.decide(&admin, &opened, "100.00").await;
    assert_eq!(done["dispute"]["milestone"]["state"], "REFUNDED", "{done}");
    hired.world.verify().await;
}
