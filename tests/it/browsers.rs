//! What browsers are allowed: origins, and the headers that clients add by themselves.

use crate::support::{
    World,
    commands::{Commands, address_of},
    http_client,
};

#[tokio::test]
async fn a_listed_origin_may_send_what_clients_add_and_read_when_to_come_again() {
    let world = World::new().await;
    let mut server = Commands::on(&world.app.settings)
        .and("CONNECTS_CORS_ORIGINS", "https://app.example.com/ , HTTP://localhost:3000")
        .spawn(&["serve", "--listen", "127.0.0.1:0", "--no-scheduler"]);
    let endpoint = format!("{}/graphql", address_of(&mut server));
    let client = http_client();
    let preflight = async |origin: &str, header: &str| {
        let request = client.request(reqwest::Method::OPTIONS, &endpoint).header("origin", origin);
        let request = request.header("access-control-request-method", "POST");
        let answer = request.header("access-control-request-headers", header).send().await.unwrap();
        (answer.status().as_u16(), answer.headers().contains_key("access-control-allow-origin"))
    };
    for header in [
        "authorization,content-type",
        "apollographql-client-name,apollographql-client-version,apollo-require-preflight",
        "traceparent,tracestate,baggage,sentry-trace",
        "x-requested-with,x-request-id",
    ] {
        assert_eq!(preflight("https://app.example.com", header).await, (200, true), "{header}");
    }
    assert_eq!(preflight("http://localhost:3000", "accept").await, (200, true));
    assert_eq!(preflight("https://evil.example", "accept").await, (400, false));
    let request = client.post(&endpoint).header("origin", "https://app.example.com");
    let answer = request.body("{}").send().await.unwrap();
    let exposed = answer.headers()["access-control-expose-headers"].to_str().unwrap().to_owned();
    assert!(exposed.contains("retry-after") && exposed.contains("x-request-id"), "{exposed}");
    server.kill().unwrap();
    server.wait().unwrap();
}
