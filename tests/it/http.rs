//! The endpoint: GraphQL over HTTP, hostile requests, tokens.

use std::io::Read;

use actix_web::{
    body::MessageBody,
    dev::{Service, ServiceResponse},
    http::Method,
    test as web,
};
use serde_json::{Value, json};

use crate::support::World;

pub struct Answer {
    pub status: u16,
    pub media: String,
    pub body: Value,
}

pub async fn send<B: MessageBody>(
    service: &impl Service<actix_http::Request, Response = ServiceResponse<B>, Error = actix_web::Error>,
    request: web::TestRequest,
) -> Answer {
    let response = web::call_service(service, request.to_request()).await;
    let status = response.status().as_u16();
    let media = response.headers().get("content-type").map_or("", |v| v.to_str().unwrap()).to_owned();
    let body = web::read_body(response).await;
    Answer { status, media, body: serde_json::from_slice(&body).unwrap_or(Value::Null) }
}

macro_rules! service {
    ($world:expr) => {{
        let shared = connects::http::Shared::new($world.app.clone());
        let app = actix_web::App::new().configure(connects::http::routes(shared));
        actix_web::test::init_service(app).await
    }};
}
pub(crate) use service;

const RESPONSE: &str = "application/graphql-response+json";

pub fn post(body: impl Into<Vec<u8>>) -> web::TestRequest {
    let body: Vec<u8> = body.into();
    web::TestRequest::post()
        .uri("/graphql")
        .insert_header(("content-type", "application/json"))
        .set_payload(body)
}

pub fn query(document: &str) -> web::TestRequest {
    post(json!({ "query": document }).to_string())
}

pub fn code(answer: &Answer) -> &str {
    answer.body["errors"][0]["extensions"]["code"].as_str().unwrap_or("none")
}

#[actix_web::test]
async fn beyond_capacity_requests_are_refused_for_a_second() {
    let world = World::with(|settings| settings.capacity = 0).await;
    let service = service!(world);
    let response = web::call_service(&service, query("{ clock { kind } }").to_request()).await;
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers().get("retry-after").unwrap(), "1");
    let body: Value = web::read_body_json(response).await;
    assert_eq!(body["errors"][0]["extensions"]["code"], "SERVICE_UNAVAILABLE");
    for path in ["/viewer/personal-data.ndjson", "/wallets/x/history.csv", "/cash-accounts/x/history.csv"] {
        let response = web::call_service(&service, web::TestRequest::get().uri(path).to_request()).await;
        assert_eq!(response.status(), 503, "{path}");
    }
    let ready = web::call_service(&service, web::TestRequest::get().uri("/readyz").to_request()).await;
    assert_eq!(ready.status(), 200, "health is answered all the same");
}

#[actix_web::test]
async fn a_request_that_takes_too_long_is_given_up_and_changes_nothing() {
    let world = World::with(|settings| settings.request_timeout_ms = 50).await;
    let clara = world.client("clara").await;
    let service = service!(world);
    let create = "mutation { createJobPost(input: { content: { title: \"A job\", description: \"To do.\",
        category: DESIGN, payment: FIXED } }) { jobPost { id } userErrors { code } } }";
    let request =
        || query(create).insert_header(("authorization", format!("Bearer {}", clara.token(&world))));
    // Anyone who writes a post of Clara's waits for her row, or, on SQLite, for the writer.
    let held = world.db().write(async |txn| {
        connects::accounts::store::lock_account(txn, clara.viewer.id()).await?;
        Ok(web::call_service(&service, request().to_request()).await)
    });
    let response = held.await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers().get("retry-after").unwrap(), "1");
    let posts = connects::job_posts::store::count_of_client(world.db().read(), clara.viewer.id()).await;
    assert_eq!(posts.unwrap(), 0);
}

#[actix_web::test]
async fn queries_run_by_post_and_by_get() {
    let world = World::new().await;
    let service = service!(world);
    let answer = send(&service, query("{ clock { kind } }")).await;
    assert_eq!((answer.status, answer.media.as_str()), (200, "application/json; charset=utf-8"));
    assert_eq!(answer.body, json!({ "data": { "clock": { "kind": "SANDBOX" } } }));
    let get = web::TestRequest::get().uri(
        "/graphql?query=query%20A%7Bclock%7Bkind%7D%7D%20query%20B%7Bclock%7Bnow%7D%7D&operationName=B&variables=%7B%7D",
    );
    let answer = send(&service, get).await;
    assert_eq!(answer.body["data"]["clock"]["now"], "2026-01-01T00:00:00.000000Z");
    let asked = query("{ clock { kind } }").insert_header(("accept", RESPONSE));
    assert!(send(&service, asked).await.media.starts_with(RESPONSE));
}

#[actix_web::test]
async fn fields_come_in_the_order_of_the_query() {
    let world = World::new().await;
    let service = service!(world);
    let response =
        web::call_service(&service, query("{ z: clock { now kind } a: clock { kind } }").to_request()).await;
    let body = String::from_utf8(web::read_body(response).await.to_vec()).unwrap();
    let expected = "{\"data\":{\"z\":{\"now\":\"2026-01-01T00:00:00.000000Z\",\"kind\":\"SANDBOX\"},\"a\":{\"kind\":\"SANDBOX\"}}}";
    assert_eq!(body, expected);
}

#[actix_web::test]
async fn what_cannot_run_says_so_by_status_where_the_client_asks_for_it() {
    let world = World::new().await;
    let service = service!(world);
    for (document, expected) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nope }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ node(id: 5.5) { id } }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { clock { now } } query B { clock { now } }", "OPERATION_RESOLUTION_FAILURE"),
    ] {
        let plain = send(&service, query(document)).await;
        assert_eq!((plain.status, code(&plain)), (200, expected), "{document}");
        let asked = send(&service, query(document).insert_header(("accept", RESPONSE))).await;
        assert_eq!((asked.status, code(&asked)), (400, expected), "{document}");
        assert!(asked.body.get("data").is_none());
        assert!(asked.body["errors"][0]["extensions"]["requestId"].is_string());
    }
}

#[actix_web::test]
async fn malformed_requests_are_refused_with_json() {
    let world = World::new().await;
    let service = service!(world);
    let bodies = [
        "",
        "{",
        "[]",
        "5",
        "{}",
        "{\"query\":null}",
        "{\"query\":5}",
        "{\"query\":\"{clock{now}}\",\"variables\":\"x\"}",
        "{\"query\":\"{clock{now}}\",\"variables\":[]}",
        "{\"query\":\"{clock{now}}\",\"operationName\":5}",
        "{\"query\":\"{clock{now}}\",\"extensions\":5}",
        "[{\"query\":\"{clock{now}}\"}]",
        "\u{0}",
    ];
    for body in bodies {
        let answer = send(&service, post(body)).await;
        assert_eq!((answer.status, code(&answer)), (400, "BAD_REQUEST"), "{body}");
    }
    let broken = send(&service, post(vec![0xff, 0xfe, b'{'])).await;
    assert_eq!(broken.status, 400);
}

#[actix_web::test]
async fn only_json_by_post_and_queries_by_get() {
    let world = World::new().await;
    let service = service!(world);
    for media in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
        let request = web::TestRequest::post().uri("/graphql").insert_header(("content-type", media));
        let answer = send(&service, request.set_payload("{\"query\":\"{clock{now}}\"}")).await;
        assert_eq!((answer.status, code(&answer)), (415, "UNSUPPORTED_MEDIA_TYPE"), "{media}");
    }
    let zipped = query("{ clock { now } }").insert_header(("content-encoding", "gzip"));
    assert_eq!(send(&service, zipped).await.status, 415);
    let mutation =
        "/graphql?query=mutation%7BpauseTask(input%3A%7Btask%3A%22reconcile%22%7D)%7Breplayed%7D%7D";
    let answer = send(&service, web::TestRequest::get().uri(mutation)).await;
    assert_eq!((answer.status, code(&answer)), (405, "METHOD_NOT_ALLOWED"));
    for method in [Method::PUT, Method::DELETE, Method::PATCH] {
        let answer = send(&service, web::TestRequest::default().method(method).uri("/graphql")).await;
        assert_eq!((answer.status, code(&answer)), (405, "METHOD_NOT_ALLOWED"));
    }
    let refused = send(&service, query("{ clock { now } }").insert_header(("accept", "text/html"))).await;
    assert_eq!(refused.status, 406);
    let large = post(format!("{{\"query\":\"{}\"}}", " ".repeat(300_000)));
    let answer = send(&service, large).await;
    assert_eq!((answer.status, code(&answer)), (413, "PAYLOAD_TOO_LARGE"));
}

#[actix_web::test]
async fn hostile_documents_are_refused_before_they_run() {
    let world = World::new().await;
    let service = service!(world);
    let mut doubling = String::from("{ ...F0 }");
    for level in 0..30 {
        doubling.push_str(&format!(" fragment F{level} on Query {{ ...F{0} ...F{0} }}", level + 1));
    }
    doubling.push_str(" fragment F30 on Query { clock { now } }");
    let hostile = [
        doubling,
        format!("{{ {} }}", (0..10_000).map(|n| format!("a{n}: clock {{ now }} ")).collect::<String>()),
        format!("{{ {} }}", "clock { now } ".repeat(20_000)),
        format!("{}now{}", "{ clock ".repeat(200), " }".repeat(200)),
        format!("{{ node(id: {}1{}) {{ id }} }}", "[".repeat(50_000), "]".repeat(50_000)),
        format!("{{ clock {} {{ now }} }}", "@skip(if: false) ".repeat(5_000)),
        "{ ...A } fragment A on Query { ...A }".to_owned(),
        format!("{{ node(id: \"{}\") {{ id }} }}", "x".repeat(200_000)),
        "{ jobPosts(first: 2147483647) { nodes { id } } }".to_owned(),
        "{ jobPosts(first: -1) { nodes { id } } }".to_owned(),
        "{ jobPosts(after: \"forged\") { nodes { id } } }".to_owned(),
        "{ __schema { types { fields { type { fields { type { fields { type { fields { type { fields { type { fields \
         { type { name } } } } } } } } } } } } } } }"
            .to_owned(),
    ];
    for document in &hostile {
        let answer = send(&service, query(document)).await;
        let text = answer.body.to_string();
        assert!(answer.status < 500, "{}", &document[..60]);
        assert!(text.len() < 2_000, "no echo: {}", &text[..200]);
        let is_harmless = answer.body["data"]["node"] == Value::Null && answer.body.get("errors").is_none();
        assert!(is_harmless || answer.body["errors"].is_array(), "{text}");
    }
    let bad = send(&service, query("{ jobPosts(first: 101) { nodes { id } } }")).await;
    assert_eq!(code(&bad), "BAD_USER_INPUT");
}

#[actix_web::test]
async fn the_standard_introspection_query_passes() {
    let world = World::new().await;
    let service = service!(world);
    let answer = send(&service, query(INTROSPECTION)).await;
    assert!(answer.body.get("errors").is_none(), "{}", answer.body["errors"]);
    assert_eq!(answer.body["data"]["__schema"]["queryType"]["name"], "Query");
}

/// As graphql-js 16 sends it.
const INTROSPECTION: &str = "query IntrospectionQuery { __schema { queryType { name } mutationType { name }
  subscriptionType { name } types { ...FullType } directives { name description locations args { ...InputValue } } } }
  fragment FullType on __Type { kind name description fields(includeDeprecated: true) { name description
    args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason } inputFields { ...InputValue }
    interfaces { ...TypeRef } enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
    possibleTypes { ...TypeRef } }
  fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
  fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
    ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }";

#[actix_web::test]
async fn a_token_must_be_ours_and_fresh_and_of_someone() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let service = service!(world);
    let asked = |token: String| query("{ viewer { email } }").insert_header(("authorization", token));
    let answer = send(&service, asked(format!("Bearer {}", ada.token(&world)))).await;
    assert_eq!(answer.body["data"]["viewer"]["email"], "ada@test.example");
    let now = connects::clock::wall_now();
    let keys = &world.app.keys;
    let expired = keys.mint(ada.viewer.id(), now, now - chrono::TimeDelta::seconds(5)).unwrap();
    let nobody =
        keys.mint(connects::entity::ids::AccountId::new(), now, now + chrono::TimeDelta::hours(1)).unwrap();
    let other = World::new().await.app.keys;
    let foreign = other.mint(ada.viewer.id(), now, now + chrono::TimeDelta::hours(1)).unwrap();
    for token in
        [expired, nobody, foreign, "nonsense".into(), String::new(), format!("{}x", ada.token(&world))]
    {
        let answer = send(&service, asked(format!("Bearer {token}"))).await;
        assert_eq!((answer.status, code(&answer)), (401, "UNAUTHENTICATED"), "{token}");
    }
    assert_eq!(send(&service, asked("Basic YTpi".into())).await.status, 401);
    assert_eq!(send(&service, query("{ viewer { email } }")).await.body["data"]["viewer"], Value::Null);
}

#[actix_web::test]
async fn health_and_playground_are_served() {
    let world = World::new().await;
    let service = service!(world);
    assert_eq!(send(&service, web::TestRequest::get().uri("/livez")).await.status, 200);
    assert_eq!(send(&service, web::TestRequest::get().uri("/readyz")).await.status, 200);
    for path in ["/graphiql", "/graphiql/"] {
        let page = web::call_service(&service, web::TestRequest::get().uri(path).to_request()).await;
        assert_eq!(page.status(), 200);
        let policy = page.headers().get("content-security-policy").unwrap().to_str().unwrap().to_owned();
        assert!(policy.starts_with("default-src 'none'"));
        let text = String::from_utf8(web::read_body(page).await.to_vec()).unwrap();
        assert!(!text.contains("=\"http"), "no other host");
        // The same page, as browsers ask for it.
        let asked = web::TestRequest::get().uri(path).insert_header(("accept-encoding", "gzip, deflate, br"));
        let page = web::call_service(&service, asked.to_request()).await;
        assert_eq!(page.headers().get("content-encoding").unwrap(), "gzip");
        let mut unpacked = String::new();
        let packed = web::read_body(page).await;
        flate2::read::GzDecoder::new(&packed[..]).read_to_string(&mut unpacked).unwrap();
        assert_eq!(unpacked, text);
    }
    assert_eq!(send(&service, web::TestRequest::get().uri("/graphiql/../Cargo.toml")).await.status, 404);
    world.app.stop.cancel();
    assert_eq!(send(&service, web::TestRequest::get().uri("/readyz")).await.status, 503);
}
