//! What the screens of clients, freelancers and staff show of money.

use connects::{entity::enums::Role, viewer::Viewer};
use serde_json::{Value, json};

use crate::{contracts::Hired, support::Person};

#[tokio::test]
async fn o_2_a_milestone_and_its_contract_say_what_can_still_happen_and_what_has() {
    let hired = Hired::new().await;
    let world = &hired.world;
    let seen = async || {
        let screen = "query($id: ID!) { node(id: $id) { ... on Contract { offer { category } released { amount } reversed { amount }
            fee { amount } chargedBack { amount } refunded { amount } milestones(first: 1) { nodes { expectedFee { amount }
            refundable { amount } disputableUntil refunds { failure } } } } } }";
        let node =
            world.data(Some(&hired.clara), screen, json!({ "id": hired.contract })).await["node"].clone();
        (node.clone(), node["milestones"]["nodes"][0].clone())
    };
    let (contract, part) = seen().await;
    assert_eq!(
        (&part["expectedFee"]["amount"], &part["refundable"]["amount"], &contract["offer"]["category"]),
        (&json!("10.00"), &json!("0.00"), &json!("DESIGN"))
    );
    let card = world.method(&hired.clara, "tok_refund_fails").await;
    hired.fund(0, &card, "f").await;
    assert_eq!(seen().await.1["refundable"]["amount"], "100.00");
    hired.release(0, "r").await;
    let (contract, part) = seen().await;
    assert_eq!(
        (&part["expectedFee"]["amount"], &part["disputableUntil"]),
        (&json!("0.00"), &json!("2026-01-31T00:00:00.000000Z"))
    );
    assert_eq!(
        (&contract["released"]["amount"], &contract["fee"]["amount"]),
        (&json!("100.00"), &json!("10.00"))
    );
    hired.refund(0, Some("20.00"), "b").await;
    hired.take_back(3_000, "one").await;
    let (contract, part) = seen().await;
    let amount = |field: &str| contract[field]["amount"].as_str().unwrap().to_owned();
    let amounts = ["released", "refunded", "chargedBack", "reversed", "fee"].map(amount);
    assert_eq!(amounts, ["100.00", "20.00", "30.00", "50.00", "5.00"]);
    assert_eq!(part["refunds"][0]["failure"], "METHOD_UNUSABLE", "{part}");
}

#[tokio::test]
async fn o_1_a_proposal_leads_to_its_last_offer_and_contract() {
    let hired = Hired::new().await;
    let (_, proposal) = hired.world.proposed(&hired.ada, &hired.clara, "Flyer").await;
    let withdraw = "mutation($o: ID!) { withdrawOffer(input: { offerId: $o }) { userErrors { code } } }";
    for _ in 0..2 {
        let sent = hired.world.offer(&hired.clara, &proposal, &["50.00"]).await["offer"]["id"].clone();
        hired.world.data(Some(&hired.clara), withdraw, json!({ "o": sent })).await;
    }
    let last = hired.world.offer(&hired.clara, &proposal, &["60.00"]).await["offer"]["id"].clone();
    let board = "{ viewer { proposals { nodes { id offer { id state contract { state } } } } } }";
    let seen =
        hired.world.data(Some(&hired.ada), board, json!({})).await["viewer"]["proposals"]["nodes"].clone();
    let of =
        |id: &Value| seen.as_array().unwrap().iter().find(|one| one["id"] == *id).unwrap()["offer"].clone();
    assert_eq!((&of(&proposal)["id"], &of(&proposal)["state"]), (&last, &json!("NEW")), "{seen}");
    let hired_for = seen.as_array().unwrap().iter().find(|one| one["id"] != proposal).unwrap();
    assert_eq!(hired_for["offer"]["contract"]["state"], "ACTIVE", "{seen}");
}

#[tokio::test]
async fn b_3_a_payment_says_what_it_pays_for_and_staff_find_it_by_its_state() {
    let hired = Hired::new().await;
    let (world, admin) = (&hired.world, hired.world.admin().await);
    let card = world.method(&hired.clara, "tok_visa").await;
    let broke = world.method(&hired.clara, "tok_lost_after").await;
    hired.fund(0, &card, "f").await;
    hired.fund(1, &broke, "g").await;
    let own = "{ viewer { payments { nodes { milestone { title } providerReference provider } } } }";
    let own = world.data(Some(&hired.clara), own, json!({})).await["viewer"]["payments"]["nodes"].clone();
    assert_eq!(own.as_array().unwrap().len(), 2);
    assert!(own[1]["milestone"]["title"].is_string(), "{own}");
    assert_eq!(own[1]["providerReference"], json!(null), "it is the staff's");
    let unknown =
        "{ admin { payments(state: UNKNOWN) { nodes { state providerReference milestone { title } } } } }";
    let listed = world.data(Some(&admin), unknown, json!({})).await["admin"]["payments"]["nodes"].clone();
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
    assert!(listed[0]["providerReference"].as_str().unwrap().starts_with("sandbox_"), "{listed}");
    let everybodys = "{ admin { payments { nodes { id } } } }";
    let everybodys =
        world.data(Some(&admin), everybodys, json!({})).await["admin"]["payments"]["nodes"].clone();
    assert_eq!(everybodys.as_array().unwrap().len(), 2);
    assert!(world.full_scans().await.is_empty(), "the lists are read by an index");
}

#[tokio::test]
async fn p_3_staff_see_the_cash_of_people_and_the_platforms_own_accounts() {
    let hired = Hired::released_by("tok_visa").await;
    let (world, admin) = (&hired.world, hired.world.admin().await);
    let grace = world.freelancer("grace").await;
    let support =
        Person { viewer: Viewer(grace.viewer.0.clone(), vec![Role::Support]), wallet: grace.wallet };
    let people = "{ admin { accounts(first: 100) { nodes { name cashAccount { balance { amount } } } } } }";
    let listed = world.data(Some(&support), people, json!({})).await["admin"]["accounts"]["nodes"].clone();
    let ada = listed.as_array().unwrap().iter().find(|one| one["name"] == "ada").unwrap();
    assert_eq!(ada["cashAccount"]["balance"]["amount"], "90.00");
    let places = "{ admin { platformAccounts { kind provider balance { amount } } } }";
    let seen = world.data(Some(&admin), places, json!({})).await["admin"]["platformAccounts"].clone();
    let of = |kind: &str| {
        let found = seen.as_array().unwrap().iter().find(|one| one["kind"] == kind);
        found.map(|one| (one["provider"].clone(), one["balance"]["amount"].clone()))
    };
    assert_eq!(of("CLEARING"), Some((json!("SANDBOX"), json!("-100.00"))), "{seen}");
    assert_eq!(of("FEES"), Some((json!(null), json!("10.00"))));
    assert_eq!(of("PERSON"), None);
    let none = world.data(Some(&support), places, json!({})).await["admin"]["platformAccounts"].clone();
    assert_eq!(none, json!([]));
    assert!(world.full_scans().await.is_empty(), "they are read by an index");
}
