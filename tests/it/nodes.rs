//! Objects by their ids: every kind, and nobody else's.

use base64::Engine;
use serde_json::{Value, json};

use crate::support::{World, id};

const NODE: &str = "query($id: ID!) { node(id: $id) { __typename id } }";

#[tokio::test]
async fn every_object_is_found_by_its_id_by_those_who_may_see_it_and_by_nobody_else() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let (bea, admin) = (world.freelancer("bea").await, world.admin().await);
    let post = world.post(&clara, "Poster", 40).await;
    world.propose(&ada, &post, 2, "k").await;
    world.advance("2026-02-02T00:00:00Z").await;
    let query = "{ viewer { id wallets { nodes { id lots { nodes { id movements { nodes { id } } } }
        history { nodes { id movements { nodes { id } } } } } } proposals { nodes { id jobPost { id } } }
        notifications { nodes { id } } } }";
    let mine = world.data(Some(&ada), query, json!({})).await;
    let mut ids = Vec::new();
    collect(&mine, &mut ids);
    ids.sort();
    ids.dedup();
    assert!(ids.len() > 12, "{}", ids.len());
    for node in &ids {
        let found = world.data(Some(&ada), NODE, json!({ "id": node })).await;
        assert_eq!(found["node"]["id"], json!(node), "her own");
        let kind = found["node"]["__typename"].as_str().unwrap().to_owned();
        let public = kind == "JobPost";
        let foreign = world.data(Some(&bea), NODE, json!({ "id": node })).await;
        assert_eq!(foreign["node"] == Value::Null, !public, "{kind} to another freelancer");
        let visitor = world.data(None, NODE, json!({ "id": node })).await;
        assert_eq!(visitor["node"] == Value::Null, !public, "{kind} to a visitor");
        let client = world.data(Some(&clara), NODE, json!({ "id": node })).await;
        let both_sides = public || kind == "Proposal";
        assert_eq!(client["node"] == Value::Null, !both_sides, "{kind} to the client");
        let operator = world.data(Some(&admin), NODE, json!({ "id": node })).await;
        let personal = matches!(kind.as_str(), "Viewer" | "Notification");
        assert_eq!(operator["node"] == Value::Null, personal, "{kind} to an admin");
    }
    let client = id("Client", clara.viewer.id());
    assert_eq!(world.data(None, NODE, json!({ "id": client })).await["node"]["__typename"], "Client");
    let nobodys = id("Client", ada.viewer.id());
    assert_eq!(
        world.data(Some(&bea), NODE, json!({ "id": nobodys })).await["node"],
        Value::Null,
        "has no post"
    );
    let task = id("Task", "monthly-grants");
    assert_eq!(world.data(Some(&ada), NODE, json!({ "id": task })).await["node"], Value::Null);
    assert_eq!(world.data(Some(&admin), NODE, json!({ "id": task })).await["node"]["id"], json!(task));
    let account = id("Account", ada.viewer.id());
    assert_eq!(world.data(Some(&bea), NODE, json!({ "id": account })).await["node"], Value::Null);
    assert_eq!(
        world.data(Some(&admin), NODE, json!({ "id": account })).await["node"]["__typename"],
        "Account"
    );
}

#[tokio::test]
async fn malformed_and_absent_ids_are_null_like_foreign_ones() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let wallet = ada.wallet.unwrap();
    let absent = uuid::Uuid::now_v7();
    let ids = [
        String::new(),
        "nonsense".into(),
        "====".into(),
        "\u{0}".into(),
        id("Wallet", absent),
        id("Wallet", "x"),
        id("Lot", format!("{wallet}:99")),
        id("Lot", format!("{wallet}:x")),
        id("Lot", wallet),
        id("Nope", wallet),
        id("HistoryEntry", format!("{wallet}:-1")),
        id("LotMovement", format!("{wallet}:1:9")),
        id("Notification", format!("{}:NOPE", ada.viewer.id())),
        id("Notification", format!("{}:N\0", ada.viewer.id())),
        id("Task", "reconcile\0"),
        id("Wallet", "1".repeat(5_000)),
    ];
    for node in &ids {
        let answer = world.ask(Some(&ada), NODE, json!({ "id": node })).await;
        assert_eq!(answer, json!({ "data": { "node": null } }), "{node}");
    }
    let many = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let mine = id("Wallet", wallet);
    let found = world.data(Some(&ada), many, json!({ "ids": [ids[4], mine, ids[1]] })).await;
    assert_eq!(found["nodes"], json!([null, { "id": mine }, null]), "in the same order");
    let too_many = world.ask(Some(&ada), many, json!({ "ids": vec![mine; 101] })).await;
    assert_eq!(too_many["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}

#[tokio::test]
async fn cursors_of_ones_own_making_are_refused_before_the_database_sees_them() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let query = "query($c: String!) { viewer { notifications(after: $c) { nodes { id } } } }";
    for made in [
        "[\"2026-01-01T00:00:00Z\",\"N\\u0000\"]",
        "[\"+200000-01-01T00:00:00Z\",\"N\"]",
        "[\"-200000-01-01T00:00:00Z\",\"N\"]",
        "[\"2026-01-01T00:00:00Z\"]",
        "nonsense",
    ] {
        let cursor = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(made);
        let answer = world.ask(Some(&ada), query, json!({ "c": cursor })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{made}");
    }
}

/// Every id in `value`.
pub fn collect(value: &Value, ids: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            ids.extend(fields.get("id").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|field| collect(field, ids));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, ids)),
        _ => {}
    }
}
