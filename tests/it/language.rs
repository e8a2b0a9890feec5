//! The language and its endpoint, where other servers and clients say the same thing in other ways.

use actix_web::test as web;
use async_graphql::parser::{
    parse_schema,
    types::{BaseType, TypeKind, TypeSystemDefinition},
};
use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    http::{code, post, query, send, service},
    support::World,
};

#[actix_web::test]
async fn an_empty_operation_name_is_none() {
    let world = World::new().await;
    let service = service!(world);
    let body =
        |name: Value| json!({ "query": "query A { clock { kind } }", "operationName": name }).to_string();
    for name in ["", "A"] {
        let answer = send(&service, post(body(name.into()))).await;
        assert_eq!(answer.body["data"]["clock"]["kind"], "SANDBOX", "{name}");
    }
    assert_eq!(code(&send(&service, post(body("B".into()))).await), "OPERATION_RESOLUTION_FAILURE");
    let get = web::TestRequest::get().uri("/graphql?query=%7Bclock%7Bkind%7D%7D&operationName=");
    assert_eq!(send(&service, get).await.body["data"]["clock"]["kind"], "SANDBOX");
}

#[actix_web::test]
async fn harmless_parameters_of_a_media_type_are_accepted() {
    let world = World::new().await;
    let service = service!(world);
    let sent = async |media: &str| {
        let body = "{\"query\":\"{clock{kind}}\"}";
        let request = web::TestRequest::post().uri("/graphql").insert_header(("content-type", media));
        send(&service, request.set_payload(body)).await.status
    };
    for media in [
        "application/json; charset=utf8",
        "application/json;charset=\"UTF-8\"",
        "Application/JSON; odata=verbose; charset=utf-8",
        "application/json; boundary=x",
        "application/json;",
    ] {
        assert_eq!(sent(media).await, 200, "{media}");
    }
    for media in [
        "application/json; charset=utf-16",
        "application/json; charset=latin1",
        "application/json; charset=x",
    ] {
        assert_eq!(sent(media).await, 415, "{media}");
    }
    let empty = query("{ clock { kind } }").insert_header(("accept", ""));
    assert_eq!(send(&service, empty).await.status, 200, "an empty Accept is none");
}

/// Fields whose arguments have a default and take no null, each with the path on which somebody reaches it.
const DEFAULTED: [(&str, &str); 4] = [
    ("JobPost.proposals.hidden", "viewer { jobPosts { nodes { proposals(hidden: $v) { nodes { id } } } } }"),
    ("Viewer.notifications.unread", "viewer { notifications(unread: $v) { nodes { id } } }"),
    (
        "Wallet.availableAsOf.asEffective",
        "viewer { wallet { availableAsOf(at: \"2026-01-01T00:00:00Z\", asEffective: $v) } }",
    ),
    (
        "Wallet.expiryForecast.plannedSpend",
        "viewer { wallet { expiryForecast(plannedSpend: $v) { available } } }",
    ),
];

/// The arguments of the schema that have a default and take no null, with their types.
fn defaulted() -> Vec<(String, String)> {
    let document = parse_schema(connects::graphql::sdl()).expect("a schema");
    let mut found = Vec::new();
    for definition in &document.definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let TypeKind::Object(object) = &definition.node.kind else { continue };
        for field in &object.fields {
            for argument in &field.node.arguments {
                let (ty, name) = (&argument.node.ty.node, &argument.node.name.node);
                if let (Some(_), false, BaseType::Named(named)) =
                    (&argument.node.default_value, ty.nullable, &ty.base)
                {
                    found.push((
                        format!("{}.{}.{name}", definition.node.name.node, field.node.name.node),
                        named.to_string(),
                    ));
                }
            }
        }
    }
    found
}

#[tokio::test]
async fn a_variable_that_is_left_out_gives_the_arguments_default() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    world.post(&clara, "A job", 40).await;
    let defaulted = defaulted();
    let known: Vec<_> = DEFAULTED.iter().map(|(argument, _)| *argument).collect();
    assert_eq!(defaulted.iter().map(|(argument, _)| argument.as_str()).collect::<Vec<_>>(), known);
    for ((argument, ty), (_, field)) in defaulted.iter().zip(DEFAULTED) {
        let query = format!("query($v: {ty}) {{ {field} }}");
        let asker = if argument.starts_with("JobPost") { &clara } else { &ada };
        let left_out = world.ask(Some(asker), &query, json!({})).await;
        assert!(left_out.get("errors").is_none(), "{argument}: {left_out:#}");
        let value = if ty == "Int" { json!(0) } else { json!(false) };
        assert_eq!(left_out, world.ask(Some(asker), &query, json!({ "v": value })).await, "{argument}");
        let null = world.ask(Some(asker), &query, json!({ "v": null })).await;
        assert!(null["errors"].is_array(), "{argument} takes no null");
    }
}

#[actix_web::test]
async fn strings_mean_what_the_language_says() {
    let world = World::new().await;
    let clara = world.client("clara").await;
    let service = service!(world);
    let token = format!("Bearer {}", clara.token(&world));
    for (title, description, expected) in [
        (r#""Fair \ud83d\ude00""#, r#""\u{1F600} caf\u00e9""#, ["Fair \u{1f600}", "\u{1f600} caf\u{e9}"]),
        (
            r#""""One \""" two""""#,
            "\"\"\"\n    Lines\n      of text\n  \"\"\"",
            ["One \"\"\" two", "Lines\n  of text"],
        ),
    ] {
        let create = format!(
            "mutation {{ createJobPost(input: {{ content: {{ title: {title}, description: {description},
             category: DESIGN, payment: FIXED }} }}) {{ jobPost {{ title description }} userErrors {{ message }} }} }}"
        );
        let answer = send(&service, query(&create).insert_header(("authorization", token.as_str()))).await;
        let post = &answer.body["data"]["createJobPost"]["jobPost"];
        assert_eq!(
            [&post["title"], &post["description"]],
            expected.map(Value::from).each_ref(),
            "{}",
            answer.body
        );
    }
}

/// Each is invalid by the specification, with the place that it is refused for.
const REFUSED: [(&str, &str, (u32, u32)); 9] = [
    ("GRAPHQL_PARSE_FAILED", "{\n  clock { now ", (2, 15)),
    ("GRAPHQL_PARSE_FAILED", "{ nodes(ids: [01]) { id } }", (1, 15)),
    ("GRAPHQL_PARSE_FAILED", "queryA { clock { now } }", (1, 1)),
    ("GRAPHQL_VALIDATION_FAILED", "{ jobPosts(filter: { payment: \"FIXED\" }) { nodes { id } } }", (1, 20)),
    ("GRAPHQL_VALIDATION_FAILED", "{ jobPosts(filter: 5) { nodes { id } } }", (1, 20)),
    (
        "GRAPHQL_VALIDATION_FAILED",
        "mutation { pauseTask(input: { task: \"reconcile\", dryRun: true, dryRun: false }) { replayed } }",
        (1, 64),
    ),
    ("GRAPHQL_VALIDATION_FAILED", "query($hide: Boolean) { clock { now @skip(if: $hide) } }", (1, 47)),
    ("GRAPHQL_VALIDATION_FAILED", "query($list: [Nope] = 1) { clock { now @skip(if: $list) } }", (1, 14)),
    (
        "GRAPHQL_VALIDATION_FAILED",
        "{ node(id: \"x\") { ... on Wallet { x: available } ... on Account { x: email } } }",
        (1, 35),
    ),
];

#[actix_web::test]
async fn variables_have_their_defaults_or_are_asked_for() {
    let world = World::new().await;
    let service = service!(world);
    let sent = async |definition: &str, variables: Value| {
        let document = format!("query({definition}) {{ clock {{ kind now @include(if: $now) }} }}");
        send(&service, post(json!({ "query": document, "variables": variables }).to_string())).await
    };
    for (definition, variables, is_shown) in [
        ("$now: Boolean = true", json!({}), true),
        ("$now: Boolean = false", json!({}), false),
        ("$now: Boolean = true", json!({ "now": false }), false),
        ("$now: Boolean!", json!({ "now": true }), true),
    ] {
        let answer = sent(definition, variables).await;
        assert_eq!(
            answer.body["data"]["clock"]["now"].is_string(),
            is_shown,
            "{definition}: {}",
            answer.body
        );
    }
    for variables in [json!({}), json!({ "now": null }), json!({ "now": "true" })] {
        let answer = sent("$now: Boolean!", variables).await;
        assert_eq!(code(&answer), "GRAPHQL_VALIDATION_FAILED");
        assert_eq!(answer.body["errors"][0]["locations"][0], json!({ "line": 1, "column": 7 }));
        assert!(answer.body.get("data").is_none(), "nothing ran");
    }
}

#[actix_web::test]
async fn what_the_library_lets_pass_is_refused_with_its_place() {
    let world = World::new().await;
    let service = service!(world);
    for (expected, document, (line, column)) in REFUSED {
        let answer = send(&service, query(document)).await;
        assert_eq!((answer.status, code(&answer)), (200, expected), "{document}: {}", answer.body);
        let place = json!({ "line": line, "column": column });
        assert_eq!(answer.body["errors"][0]["locations"][0], place, "{document}");
    }
    let merged = send(&service, query(REFUSED[8].1)).await;
    assert_eq!(merged.body["errors"][0]["locations"].as_array().map(Vec::len), Some(2), "both fields");
}

/// What pages of a front end ask for, each level by its default page.
const NATURAL: [(&str, &str); 4] = [
    (
        "ada",
        "{ viewer { name wallet { available held expiringSoon plan billingCycle { startsOn endsOn } nextGrant { on quantity }
           lots { nodes { source remaining expiresAt } } expiryForecast(plannedSpend: 20) { days { on quantity left } }
           history { nodes { kind quantity availableAfter reason document { kind reference } movements { nodes { quantity
             lot { source expiresAt } } } } pageInfo { endCursor hasNextPage } } } } }",
    ),
    (
        "ada",
        "{ jobPosts { nodes { id title skills budget { amount currencyCode } client { name postCount memberSince }
           connectsPrice { connects explanation value { amount } } viewerProposal { state refundEligibility { returned } } }
           pageInfo { endCursor hasNextPage } } }",
    ),
    (
        "clara",
        "{ viewer { unreadNotificationCount jobPosts { nodes { title state proposalCount connectsPrice { connects }
           proposals { nodes { id freelancerName coverLetter amount { amount } state isShortlisted submittedAt }
             pageInfo { endCursor hasNextPage } } } } } }",
    ),
    (
        "admin",
        "{ admin { tasks { name pausedSince nextRunAt lastSuccessAt } taskRuns { nodes { task outcome counts { what count } } }
           auditLog { nodes { action actor { name } account { name } facts { name value } } }
           jobPostReports { nodes { reason comment jobPost { title client { name } } } }
           accounts { nodes { name roles suspendedSince wallet { available history { nodes { kind quantity movements { nodes {
             quantity lot { source } } } } } } } } } }",
    ),
];

#[actix_web::test]
async fn mistakes_are_named_in_the_order_of_the_document() {
    let world = World::new().await;
    let service = service!(world);
    let text = "query A { one two }\nquery B { three }\nquery C { four }\nfragment D on Query { five }";
    let body = json!({ "query": text, "operationName": "A" }).to_string();
    for _ in 0..20 {
        let answer = send(&service, post(body.clone())).await;
        let errors = answer.body["errors"].as_array().unwrap();
        let places: Vec<_> = errors.iter().map(|error| error["locations"][0].clone()).collect();
        let lines: Vec<_> = places.iter().map(|place| place["line"].as_i64().unwrap()).collect();
        assert_eq!(lines, [1, 1, 2, 3, 4, 4], "{errors:?}");
    }
}

#[actix_web::test]
async fn what_pages_naturally_ask_for_is_answered() {
    let world = World::new().await;
    let people = [
        ("ada", world.freelancer("ada").await),
        ("clara", world.client("clara").await),
        ("admin", world.admin().await),
    ];
    let post = world.post(&people[1].1, "A job", 40).await;
    world.propose(&people[0].1, &post, 2, "p-1").await;
    let service = service!(world);
    for (name, document) in NATURAL {
        let (_, person) = people.iter().find(|(person, _)| *person == name).unwrap();
        let request =
            query(document).insert_header(("authorization", format!("Bearer {}", person.token(&world))));
        let answer = send(&service, request).await;
        assert!(answer.body.get("errors").is_none(), "{name}: {}", answer.body["errors"]);
    }
}

#[tokio::test]
async fn the_wallet_of_a_viewer_is_a_freelancers_own() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let asked = "{ viewer { wallet { id available } wallets { nodes { id available } } } }";
    let viewer = world.data(Some(&ada), asked, json!({})).await["viewer"].clone();
    assert_eq!(viewer["wallet"], viewer["wallets"]["nodes"][0]);
    assert_eq!(viewer["wallet"]["available"], world.available(&ada).await);
    let viewer = world.data(Some(&clara), asked, json!({})).await["viewer"].clone();
    assert_eq!(viewer, json!({ "wallet": null, "wallets": { "nodes": [] } }));
}

/// The code between backticks in the README's tour.
fn tour() -> Vec<&'static str> {
    let readme = include_str!("../../README.md");
    let (_, tour) = readme.split_once("## A tour in twenty-three queries").expect("a tour");
    let (tour, _) = tour.split_once("## ").unwrap_or((tour, ""));
    let code = tour.split('`').skip(1).step_by(2);
    code.filter(|code| code.starts_with("{ ") || code.starts_with("mutation")).collect()
}

/// What stands in the tour for an id, and where a payload has it.
const MADE: [(&str, &str); 10] = [
    ("\"POST\"", "/jobPost/id"),
    ("\"PROPOSAL\"", "/proposal/id"),
    ("\"OFFER\"", "/offer/id"),
    ("\"MILESTONE\"", "/contract/milestones/nodes/0/id"),
    ("\"CARD\"", "/paymentMethod/id"),
    ("\"DISPUTE\"", "/dispute/id"),
    ("\"PROJECT\"", "/project/id"),
    ("\"AFFILIATE\"", "/affiliate/id"),
    ("\"LINK\"", "/affiliateLink/id"),
    ("\"CAMPAIGN\"", "/referralCampaign/id"),
];

#[actix_web::test]
async fn the_readmes_tour_can_be_walked() {
    let world = World::new().await;
    let (ada, clara, oskar) = (world.briton("ada").await, world.client("clara").await, world.admin().await);
    let grace = world.freelancer("grace").await;
    let service = service!(world);
    let tour = tour();
    let hire = [&clara, &clara, &ada, &clara, &clara, &clara, &ada, &ada, &clara, &oskar, &ada, &clara];
    let programme = [&grace, &oskar, &grace, &grace, &oskar, &grace, &oskar];
    let plus = [&ada, &ada, &ada, &oskar, &ada, &ada];
    let alone = [&ada, &ada, &ada, &ada, &ada, &clara, &ada, &clara];
    let askers = [
        &alone[..],
        &hire,
        &[&grace; 3],
        &[&oskar, &ada, &ada, &ada, &ada],
        &plus,
        &[&ada, &ada],
        &programme,
        &[&oskar],
    ]
    .concat();
    assert_eq!(tour.len(), askers.len(), "{tour:?}");
    let mut ids = BTreeMap::new();
    for (step, asker) in tour.iter().zip(askers) {
        // Only a few days instead of a year: what a year does is shown elsewhere.
        let document = step.replace("2027-04-26", "2026-01-04");
        let named = |text: String, (word, id): (&&str, &String)| text.replace(word, id);
        let document = ids.iter().fold(document, named);
        let request = query(&document);
        let request = match step.contains("register(") || step.contains("signIn(") {
            true => request,
            false => request.insert_header(("authorization", format!("Bearer {}", asker.token(&world)))),
        };
        let answer = send(&service, request).await;
        assert!(answer.body.get("errors").is_none(), "{document}: {}", answer.body["errors"]);
        for (_, payload) in answer.body["data"].as_object().expect("data") {
            let refused = payload["userErrors"].as_array().is_some_and(|errors| !errors.is_empty());
            assert!(!refused, "{document}: {payload}");
            for (word, path) in MADE {
                if let Some(id) = payload.pointer(path).and_then(Value::as_str) {
                    ids.insert(word, format!("\"{id}\""));
                }
            }
        }
    }
}
