//! The history and balances of a wallet: now, and at any past instant.

use actix_web::{App, test as web};
use connects::{
    connects::balance::available_at,
    http::{Shared, routes},
};
use serde_json::{Value, json};

use crate::support::{Person, World, id};

/// A wallet with a year behind it: grants, spends, expiries.
async fn a_year() -> (World, Person) {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    for month in 2..=12 {
        world.advance(&format!("2026-{month:02}-10T12:00:00Z")).await;
        let post = world.post(&clara, &format!("Job {month}"), 40).await;
        world.propose(&ada, &post, 2, &format!("k{month}")).await;
    }
    world.advance("2027-02-10T12:00:00Z").await;
    (world, ada)
}

async fn rows(world: &World, person: &Person, arguments: &str) -> Vec<Value> {
    let query = format!(
        "{{ viewer {{ wallets {{ nodes {{ history({arguments}) {{ nodes {{ seq kind quantity availableAfter effectiveAt }} }} }} }} }} }}"
    );
    let data = world.data(Some(person), &query, json!({})).await;
    data["viewer"]["wallets"]["nodes"][0]["history"]["nodes"].as_array().unwrap().clone()
}

#[tokio::test]
async fn h_2_history_is_newest_first_and_paged_both_ways_without_loss() {
    let (world, ada) = a_year().await;
    let all = rows(&world, &ada, "first: 100").await;
    assert!(all.len() > 25);
    let query = "query($after: String, $before: String, $first: Int, $last: Int) { viewer { wallets { nodes {
        history(first: $first, after: $after, last: $last, before: $before) { nodes { seq kind quantity availableAfter
        effectiveAt } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } } }";
    for (forward, count, cursor, start, more) in [
        (true, "first", "after", "endCursor", "hasNextPage"),
        (false, "last", "before", "startCursor", "hasPreviousPage"),
    ] {
        let (mut seen, mut variables) = (Vec::new(), json!({ count: 7 }));
        loop {
            let page = world.data(Some(&ada), query, variables.clone()).await;
            let page = page["viewer"]["wallets"]["nodes"][0]["history"].clone();
            let mut nodes = page["nodes"].as_array().unwrap().clone();
            if forward {
                seen.extend(nodes);
            } else {
                nodes.extend(seen);
                seen = nodes;
            }
            if page["pageInfo"][more] == json!(false) {
                break;
            }
            variables[cursor] = page["pageInfo"][start].clone();
        }
        assert_eq!(seen, all, "{count}");
    }
}

#[tokio::test]
async fn h_2_windows_are_rolling_hours_by_when_things_count() {
    let (world, ada) = a_year().await;
    let kinds = |rows: Vec<Value>| -> Vec<String> {
        rows.iter().map(|row| row["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(rows(&world, &ada, "window: LAST_7_DAYS").await), Vec::<String>::new());
    assert_eq!(
        kinds(rows(&world, &ada, "window: LAST_30_DAYS").await),
        ["MONTHLY_FREE", "EXPIRED"],
        "newest first"
    );
    let spends = rows(&world, &ada, "kinds: [PROPOSAL], first: 100").await;
    assert_eq!(spends.len(), 11);
    let range = "from: \"2026-03-01T00:00:00Z\", to: \"2026-04-01T00:00:00Z\"";
    assert_eq!(kinds(rows(&world, &ada, range).await), ["PROPOSAL", "MONTHLY_FREE"], "half-open");
}

#[tokio::test]
async fn h_5_a_past_balance_is_as_recorded_then_or_as_effective() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    // The February grant is recorded ten days late.
    world.sleep_until("2026-02-10T00:00:00Z").await;
    world.advance("2026-02-11T00:00:00Z").await;
    let query = "query($at: DateTime!, $e: Boolean!) { viewer { wallets { nodes { availableAsOf(at: $at, asEffective: $e) } } } }";
    let available = async |at: &str, effective: bool| {
        let data = world.data(Some(&ada), query, json!({ "at": at, "e": effective })).await;
        data["viewer"]["wallets"]["nodes"][0]["availableAsOf"].as_i64().unwrap()
    };
    assert_eq!(available("2026-02-05T00:00:00Z", false).await, 50);
    assert_eq!(available("2026-02-05T00:00:00Z", true).await, 60);
    assert_eq!(available("2026-02-10T12:00:00Z", false).await, 60);
    assert_eq!(available("2025-12-31T00:00:00Z", true).await, 0);
    assert_eq!(available("2999-01-01T00:00:00Z", false).await, 60, "the future is not foretold");
}

#[tokio::test]
async fn h_5_every_past_balance_is_the_balance_after_that_row() {
    let (world, ada) = a_year().await;
    let all = rows(&world, &ada, "first: 100").await;
    for row in &all {
        let wallet = ada.wallet.unwrap();
        let seq = row["seq"].as_i64().unwrap();
        let entry =
            connects::connects::store::find_entry(world.db().read(), wallet, seq).await.unwrap().unwrap();
        let then = available_at(world.db().read(), wallet, entry.recorded_at, false).await.unwrap();
        let later = all.iter().filter(|other| other["seq"].as_i64() > Some(seq));
        let same_instant = later.filter(|other| other["effectiveAt"] == row["effectiveAt"]).count() > 0;
        if !same_instant && entry.kind != connects::entity::enums::HistoryKind::Expired {
            assert_eq!(then, entry.available_after, "row {seq}");
        }
    }
}

#[tokio::test]
async fn h_1_and_l_8_the_balance_is_shown_with_what_expires_when() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.advance("2026-12-15T00:00:00Z").await;
    let query = "{ viewer { wallets { nodes { available held expiringSoon nextGrant { quantity }
                 expiryForecast(plannedSpend: 45) { available shortfall days { on quantity left } }
                 lots(first: 2) { nodes { source quantity remaining explanation expiresAt movements { nodes { quantity } } } } } } } }";
    let wallet = world.data(Some(&ada), query, json!({})).await["viewer"]["wallets"]["nodes"][0].clone();
    assert_eq!(
        (&wallet["available"], &wallet["held"], &wallet["expiringSoon"]),
        (&json!(160), &json!(0), &json!(50))
    );
    let days = wallet["expiryForecast"]["days"].as_array().unwrap();
    assert_eq!(days[0], json!({ "on": "2027-01-01", "quantity": 50, "left": 5 }));
    assert_eq!(days.len(), 12);
    assert_eq!(wallet["lots"]["nodes"][0]["source"], "SIGNUP");
    assert!(wallet["lots"]["nodes"][0]["explanation"].as_str().unwrap().contains("40 - 0 = 40 left"));
    assert_eq!(wallet["lots"]["nodes"][0]["movements"]["nodes"], json!([{ "quantity": 40 }]));
    let query = "{ viewer { wallets { nodes { expiryForecast(plannedSpend: 500) { shortfall } } } } }";
    let short = world.data(Some(&ada), query, json!({})).await;
    assert_eq!(short["viewer"]["wallets"]["nodes"][0]["expiryForecast"]["shortfall"], 340);
}

#[tokio::test]
async fn x_6_every_row_says_what_why_which_document_who_and_which_lots() {
    let (world, ada) = a_year().await;
    let query = "{ viewer { wallets { nodes { history(first: 100) { nodes { kind reason actor quantity
                 document { kind reference } movements { nodes { quantity lot { id } } } } } } } } }";
    let data = world.data(Some(&ada), query, json!({})).await;
    for row in data["viewer"]["wallets"]["nodes"][0]["history"]["nodes"].as_array().unwrap() {
        assert!(row["reason"].as_str().unwrap().contains('('), "{row}");
        assert!(!row["document"]["reference"].as_str().unwrap().is_empty());
        let moved: i64 = row["movements"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| m["quantity"].as_i64().unwrap())
            .sum();
        assert_eq!(moved, row["quantity"].as_i64().unwrap());
        let actor = if row["kind"] == "PROPOSAL" { json!("ada") } else { json!(null) };
        assert_eq!(row["actor"], actor);
    }
}

#[tokio::test]
async fn h_2_the_csv_has_the_same_rows_as_the_connection() {
    let (world, ada) = a_year().await;
    let service = web::init_service(App::new().configure(routes(Shared::new(world.app.clone())))).await;
    let wallet = id("Wallet", ada.wallet.unwrap());
    let get = async |path: String, token: Option<String>| {
        let request = web::TestRequest::get().uri(&path);
        let request = token.into_iter().fold(request, |request, token| {
            request.insert_header(("authorization", format!("Bearer {token}")))
        });
        let response = web::call_service(&service, request.to_request()).await;
        let status = response.status().as_u16();
        (status, String::from_utf8(web::read_body(response).await.to_vec()).unwrap())
    };
    let (status, csv) = get(format!("/wallets/{wallet}/history.csv"), Some(ada.token(&world))).await;
    assert_eq!(status, 200);
    assert!(csv.starts_with("\u{feff}seq,"), "Excel takes it for UTF-8");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let seqs: Vec<i64> = reader.records().map(|record| record.unwrap()[0].parse().unwrap()).collect();
    let expected: Vec<i64> =
        rows(&world, &ada, "first: 100").await.iter().map(|row| row["seq"].as_i64().unwrap()).collect();
    assert_eq!(seqs, expected);
    assert!(csv.contains(",ada,#1:-2,\"Spent on a proposal"), "who acted, which lots, why: {csv}");
    let range = "?from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z";
    let (_, csv) = get(format!("/wallets/{wallet}/history.csv{range}"), Some(ada.token(&world))).await;
    assert_eq!(csv.lines().count(), 3, "{csv}");
    let bea = world.freelancer("bea").await;
    let foreign = get(format!("/wallets/{wallet}/history.csv"), Some(bea.token(&world))).await;
    let absent =
        get(format!("/wallets/{}/history.csv", id("Wallet", uuid::Uuid::now_v7())), Some(bea.token(&world)))
            .await;
    assert_eq!((foreign.0, absent.0), (404, 404), "alike");
    assert_eq!(get(format!("/wallets/{wallet}/history.csv"), None).await.0, 401);
    let bad = get(format!("/wallets/{wallet}/history.csv?from=yesterday"), Some(ada.token(&world))).await;
    assert_eq!(bad.0, 400);
}
