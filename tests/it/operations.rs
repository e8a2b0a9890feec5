//! What an operator sees of a running server: logs without secrets, metrics.

use std::io::{BufRead, BufReader, Read};

use serde_json::{Value, json};

use crate::support::{World, commands::Commands, http_client};

/// Stands where a secret would: in a token, a variable, a document, an address, a header.
const CANARY: &str = "canary-4fd1c2";

#[tokio::test]
async fn logs_are_json_without_secrets_and_metrics_tell_of_requests_tasks_pools_and_ledger() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.sleep_until("2026-02-01T02:05:00Z").await;
    let mut server = Commands::on(&world.app.settings)
        .and("CONNECTS_LOG_FORMAT", "json")
        .and("CONNECTS_LOG", "debug,sqlx=warn")
        .and("CONNECTS_METRICS_LISTEN", "127.0.0.1:0")
        .spawn(&["serve", "--listen", "127.0.0.1:0", "--no-scheduler"]);
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines().map_while(Result::ok);
    let line = lines.find(|line| line.starts_with("GraphQL on ")).expect("an address");
    let server_at = line.trim_start_matches("GraphQL on ").trim_end_matches("/graphql").to_owned();
    let line = lines.find(|line| line.starts_with("Metrics on ")).expect("an address");
    let metrics_at = line.trim_start_matches("Metrics on ").to_owned();
    let client = http_client();
    let ask = async |token: &str, query: &str, variables: Value| {
        let request = client.post(format!("{server_at}/graphql")).bearer_auth(token);
        let request =
            request.header("x-secret", CANARY).json(&json!({ "query": query, "variables": variables }));
        request.send().await.unwrap().status().as_u16()
    };
    let token = ada.token(&world);
    assert_eq!(ask(&token, &format!("{{ viewer {{ name }} }} # {CANARY}"), json!({})).await, 200);
    assert_eq!(ask(&token, "query($id: ID!) { node(id: $id) { id } }", json!({ "id": CANARY })).await, 200);
    assert_eq!(ask(CANARY, "{ clock { now } }", json!({})).await, 401);
    assert_eq!(ask(&token, &format!("{{ {} }}", CANARY.replace('-', "_")), json!({})).await, 200);
    let address = format!("{server_at}/graphql?query={CANARY}");
    assert_eq!(client.get(address).send().await.unwrap().status(), 200);
    let public = client.get(format!("{server_at}/metrics")).send().await.unwrap();
    assert_eq!(public.status(), 404, "not for the world");
    let metrics = client.get(metrics_at).send().await.unwrap().text().await.unwrap();
    server.ask_to_stop();
    assert!(server.wait().unwrap().success());
    let mut log = String::new();
    server.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert!(!log.contains(CANARY) && !log.contains(&token), "{log}");
    let requests = log.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let requests = requests.filter(|line| line["message"] == "request");
    assert!(requests.filter(|line| line["request_id"].is_string()).count() >= 5, "{log}");
    for line in [
        "connects_http_requests_total{route=\"/graphql\",status=\"200\"} 4",
        "connects_http_requests_total{route=\"/graphql\",status=\"401\"} 1",
        "connects_http_request_seconds_count{route=\"/graphql\"} 5",
        "connects_pool_connections{pool=\"",
        // Due at 00:05 and not done: two hours ago.
        "connects_task_lag_seconds{task=\"monthly-grants\"} 7200",
        "connects_task_lag_seconds{task=\"expire-connects\"} 0",
        "connects_wallets 1",
        "connects_available_connects 50",
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
    assert_eq!(metrics.matches("# EOF").count(), 1);
}
