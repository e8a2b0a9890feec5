//! The Project Catalog: freelancers publish work at a fixed price, and clients order it (O-3).

use connects::entity::enums::CashAccountKind;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    contracts::Hired,
    support::{Person, World, code, id},
};

const PUBLISH: &str = "mutation($c: ProjectContent!, $dry: Boolean! = false) { publishProject(input: { content: $c,
    dryRun: $dry }) { project { id title price { amount } state version freelancerName freelancer { id name } }
    userErrors { code field } } }";
const UPDATE: &str =
    "mutation($p: ID!, $v: Int!, $c: ProjectContent!) { updateProject(input: { projectId: $p,
    version: $v, content: $c }) { project { title price { amount } version } userErrors { code } } }";
const WITHDRAW: &str = "mutation($p: ID!) { withdrawProject(input: { projectId: $p }) {
    project { state } userErrors { code } } }";
const ORDER: &str = "mutation($p: ID!, $x: String!, $w: ID!, $k: String!, $dry: Boolean! = false) {
    orderProject(input: { projectId: $p, expectedPrice: { amount: $x }, paymentMethodId: $w, idempotencyKey: $k,
    dryRun: $dry }) { payment { state } milestone { id state amount { amount }
    contract { id title state category jobPost { id } proposal { id } offer { state project { title } } inEscrow { amount } } }
    replayed userErrors { code field } } }";

fn content(title: &str, price: &str) -> Value {
    json!({ "title": title, "description": "A logo in three days", "category": "DESIGN", "price": { "amount": price } })
}

impl World {
    pub async fn publish(&self, freelancer: &Person, title: &str, price: &str) -> Value {
        let asked = json!({ "c": content(title, price) });
        self.data(Some(freelancer), PUBLISH, asked).await["publishProject"].clone()
    }

    async fn order(&self, client: &Person, project: &Value, price: &str, method: &Value, key: &str) -> Value {
        let asked = json!({ "p": project, "x": price, "w": method, "k": key });
        self.data(Some(client), ORDER, asked).await["orderProject"].clone()
    }

    async fn listed(&self, filter: &str) -> Vec<String> {
        let found =
            self.data(None, &format!("{{ projects{filter} {{ nodes {{ title }} }} }}"), json!({})).await;
        let nodes = found["projects"]["nodes"].as_array().unwrap().clone();
        nodes.iter().map(|node| node["title"].as_str().unwrap().to_owned()).collect()
    }
}

/// Ada's project at 120.00, Clara and her card.
async fn a_project() -> (World, Person, Person, Value, Value) {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let published = world.publish(&ada, "Logo", "120.00").await;
    assert_eq!(published["project"]["freelancer"]["name"], "ada", "{published}");
    let card = world.method(&clara, "tok_visa").await;
    (world, ada, clara, published["project"]["id"].clone(), card)
}

#[tokio::test]
async fn o_3_an_order_makes_a_funded_contract_without_connects() {
    let (world, ada, clara, project, card) = a_project().await;
    let before = world.available(&ada).await;
    let asked = json!({ "p": project, "x": "120.00", "w": card, "k": "o", "dry": true });
    let dry = world.data(Some(&clara), ORDER, asked).await["orderProject"].clone();
    assert_eq!(
        (&dry["payment"]["state"], &dry["milestone"]["state"]),
        (&json!("PENDING"), &json!("FUNDING"))
    );
    let ordered = world.order(&clara, &project, "120.00", &card, "o").await;
    assert_eq!(
        (&ordered["replayed"], &ordered["payment"]["state"]),
        (&json!(false), &json!("PAID")),
        "{ordered}"
    );
    let contract = &ordered["milestone"]["contract"];
    assert_eq!((&contract["title"], &contract["category"]), (&json!("Logo"), &json!("DESIGN")));
    assert_eq!(
        (&contract["inEscrow"]["amount"], &contract["offer"]["state"]),
        (&json!("120.00"), &json!("ACCEPTED"))
    );
    assert_eq!(contract["offer"]["project"]["title"], "Logo");
    let again = world.order(&clara, &project, "120.00", &card, "o").await;
    assert_eq!((&again["replayed"], &again["milestone"]["id"]), (&json!(true), &ordered["milestone"]["id"]));
    assert_eq!(world.cash(&ada).await.1, "120.00");
    assert_eq!(world.available(&ada).await, before);
    assert_eq!(world.notified(&ada).await, ["PROJECT_ORDERED"]);
    let release = "mutation($m: ID!) { releaseMilestone(input: { milestoneId: $m, idempotencyKey: \"r\" }) { milestone { state } } }";
    world.data(Some(&clara), release, json!({ "m": ordered["milestone"]["id"] })).await;
    assert_eq!(world.cash(&ada).await.0, "108.00");
    world.verify().await;
}

#[tokio::test]
async fn o_3_an_order_whose_payment_fails_is_funded_by_another_method_or_ended() {
    let (world, ada, clara, project, card) = a_project().await;
    let broke = world.method(&clara, "tok_declined").await;
    let ordered = world.order(&clara, &project, "120.00", &broke, "o").await;
    assert_eq!(
        (&ordered["payment"]["state"], &ordered["milestone"]["state"]),
        (&json!("FAILED"), &json!("PENDING"))
    );
    assert!(world.notified(&ada).await.is_empty(), "an order that nobody has paid for is no news");
    let fund = "mutation($m: ID!, $w: ID!) { fundMilestone(input: { milestoneId: $m, paymentMethodId: $w,
        idempotencyKey: \"f\" }) { payment { state } userErrors { code } } }";
    let asked = json!({ "m": ordered["milestone"]["id"], "w": card });
    let funded = world.data(Some(&clara), fund, asked).await["fundMilestone"].clone();
    assert_eq!(funded["payment"]["state"], "PAID");
    let other = world.order(&clara, &project, "120.00", &broke, "p").await;
    assert_eq!(code(&world.order(&clara, &project, "120.00", &card, "q").await), "ORDER_UNPAID");
    let end = "mutation($c: ID!) { endContract(input: { contractId: $c }) { contract { state } } }";
    let asked = json!({ "c": other["milestone"]["contract"]["id"] });
    assert_eq!(world.data(Some(&clara), end, asked).await["endContract"]["contract"]["state"], "ENDED");
    world.verify().await;
}

#[tokio::test]
async fn j_5_an_order_counts_as_a_hire_once_it_has_been_paid() {
    let (world, _, clara, project, card) = a_project().await;
    world.post(&clara, "Poster", 40).await;
    let hires = async || {
        let posts = "{ jobPosts { nodes { client { hireCount } } } }";
        world.data(None, posts, json!({})).await["jobPosts"]["nodes"][0]["client"]["hireCount"].clone()
    };
    let broke = world.method(&clara, "tok_declined").await;
    let ordered = world.order(&clara, &project, "120.00", &broke, "o").await;
    assert_eq!(hires().await, 0);
    let fund = "mutation($m: ID!, $w: ID!) { fundMilestone(input: { milestoneId: $m, paymentMethodId: $w,
        idempotencyKey: \"f\" }) { payment { state } } }";
    world.data(Some(&clara), fund, json!({ "m": ordered["milestone"]["id"], "w": card })).await;
    assert_eq!(hires().await, 1);
}

#[tokio::test]
async fn o_3_a_project_is_changed_and_withdrawn_and_orders_keep_their_price() {
    let (world, ada, clara, project, card) = a_project().await;
    let ordered = world.order(&clara, &project, "120.00", &card, "o").await;
    let update = async |version: i64, price: &str| {
        let asked = json!({ "p": project, "v": version, "c": content("Logo", price) });
        world.data(Some(&ada), UPDATE, asked).await["updateProject"].clone()
    };
    let changed = update(1, "150.00").await;
    assert_eq!(
        (&changed["project"]["price"]["amount"], &changed["project"]["version"]),
        (&json!("150.00"), &json!(2))
    );
    assert_eq!(code(&update(1, "1000.00").await), "CONFLICT");
    assert_eq!(code(&world.order(&clara, &project, "120.00", &card, "p").await), "PRICE_CHANGED");
    let seen = "query($id: ID!) { node(id: $id) { ... on Milestone { amount { amount } } } }";
    let kept = world.data(Some(&clara), seen, json!({ "id": ordered["milestone"]["id"] })).await;
    assert_eq!(kept["node"]["amount"]["amount"], "120.00");
    for stranger in [&clara, &world.freelancer("eve").await] {
        let refused =
            world.data(Some(stranger), WITHDRAW, json!({ "p": project })).await["withdrawProject"].clone();
        assert_eq!(code(&refused), "NOT_FOUND");
    }
    let withdrawn =
        world.data(Some(&ada), WITHDRAW, json!({ "p": project })).await["withdrawProject"].clone();
    assert_eq!(withdrawn["project"]["state"], "WITHDRAWN");
    assert_eq!(code(&world.order(&clara, &project, "150.00", &card, "q").await), "ILLEGAL_STATE");
    assert!(world.listed("").await.is_empty());
    let mine = world.data(Some(&ada), "{ viewer { projects { nodes { state } } } }", json!({})).await;
    assert_eq!(mine["viewer"]["projects"]["nodes"], json!([{ "state": "WITHDRAWN" }]));
    let shown = "{ viewer { contracts { nodes { offer { project { state } } } } } }";
    let shown = world.data(Some(&clara), shown, json!({})).await["viewer"]["contracts"]["nodes"][0].clone();
    assert_eq!(shown["offer"]["project"]["state"], "WITHDRAWN", "who ordered it still sees it");
    let node = "query($id: ID!) { node(id: $id) { id } }";
    let carl = world.client("carl").await;
    assert_eq!(world.data(Some(&clara), node, json!({ "id": project })).await["node"]["id"], project);
    assert!(world.data(Some(&carl), node, json!({ "id": project })).await["node"].is_null());
    let theirs = world.method(&carl, "tok_visa").await;
    assert_eq!(code(&world.order(&carl, &project, "150.00", &theirs, "r").await), "NOT_FOUND");
    world.verify().await;
}

#[tokio::test]
async fn o_3_what_cannot_be_published_or_ordered_is_refused_with_its_field() {
    let (world, ada, clara, project, card) = a_project().await;
    for (content, field) in [
        (content("", "120.00"), "title"),
        (content("Logo", "4.99"), "price"),
        (content("Logo", "1000000.01"), "price"),
        (
            json!({ "title": "Logo", "description": "", "category": "DESIGN", "price": { "amount": "5" } }),
            "description",
        ),
    ] {
        let refused =
            world.data(Some(&ada), PUBLISH, json!({ "c": content })).await["publishProject"].clone();
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", "content", field]));
    }
    assert_eq!(code(&world.publish(&clara, "Logo", "5.00").await), "NOT_A_FREELANCER");
    assert_eq!(code(&world.order(&ada, &project, "120.00", &card, "a").await), "NOT_A_CLIENT");
    let nothing = json!(id("Project", clara.viewer.id()));
    assert_eq!(code(&world.order(&clara, &nothing, "120.00", &card, "b").await), "NOT_FOUND");
    let theirs = world.method(&world.client("carl").await, "tok_visa").await;
    let refused = world.order(&clara, &project, "120.00", &theirs, "c").await;
    assert_eq!(
        (code(&refused), &refused["userErrors"][0]["field"]),
        ("NOT_FOUND", &json!(["input", "paymentMethodId"]))
    );
    let contracts = "{ viewer { contracts { nodes { id } } } }";
    assert_eq!(
        world.data(Some(&clara), contracts, json!({})).await["viewer"]["contracts"]["nodes"],
        json!([])
    );
    for n in 1..50 {
        assert_eq!(world.publish(&ada, &format!("Logo {n}"), "5.00").await["userErrors"], json!([]));
    }
    assert_eq!(code(&world.publish(&ada, "One more", "5.00").await), "TOO_MANY_PROJECTS");
}

#[tokio::test]
async fn p_4_projects_of_people_who_cannot_be_hired_are_hidden_and_not_ordered() {
    let (world, ada, clara, project, card) = a_project().await;
    let admin = world.admin().await;
    assert_eq!(world.listed("(category: DESIGN)").await, ["Logo"]);
    assert!(world.listed("(category: DEVELOPMENT_AND_IT)").await.is_empty());
    world.suspend(&admin, &ada).await;
    assert!(world.listed("").await.is_empty());
    assert_eq!(code(&world.order(&clara, &project, "120.00", &card, "o").await), "NOT_FOUND");
    assert_eq!(code(&world.publish(&ada, "Flyer", "20.00").await), "ACCOUNT_SUSPENDED");
    world.reinstate(&admin, &ada).await;
    assert_eq!(world.listed("").await, ["Logo"]);
    let close =
        "mutation { closeAccount(input: { idempotencyKey: \"c\" }) { closure { projectsWithdrawn } } }";
    let closed = world.data(Some(&ada), close, json!({})).await;
    assert_eq!(closed["closeAccount"]["closure"]["projectsWithdrawn"], 1);
    assert!(world.listed("").await.is_empty());
    world.verify().await;
}

#[tokio::test]
async fn o_3_orders_race_with_the_freelancers_closing_and_each_other() {
    let (world, ada, clara, project, card) = a_project().await;
    let close = "mutation { closeAccount(input: { idempotencyKey: \"c\" }) { userErrors { code } } }";
    let orders = (0..8).map(|n| {
        let (world, clara, project, card) = (&world, &clara, &project, &card);
        async move { world.order(clara, project, "120.00", card, &n.to_string()).await }
    });
    let closing = async { world.data(Some(&ada), close, json!({})).await["closeAccount"].clone() };
    let (ordered, closed) = futures_util::future::join(join_all(orders), closing).await;
    let done = ordered.iter().filter(|one| one["payment"]["state"] == "PAID").count();
    if closed["userErrors"] == json!([]) {
        assert_eq!(done, 0, "nobody is hired after they have left: {ordered:#?}");
    } else {
        let waiting = ordered.iter().filter(|one| one["userErrors"][0]["code"] == "ORDER_UNPAID").count();
        assert_eq!((code(&closed), done + waiting), ("CONTRACTS_ACTIVE", 8));
        assert!(done > 0, "{ordered:#?}");
    }
    world.verify().await;
}

#[tokio::test]
async fn o_3_a_freelancer_who_is_a_client_too_does_not_order_from_themselves() {
    let hired = Hired::new().await;
    let world = &hired.world;
    let add = "mutation { addProfile(input: { profile: CLIENT }) { userErrors { code } } }";
    world.data(Some(&hired.ada), add, json!({})).await;
    let project = world.publish(&hired.ada, "Logo", "120.00").await["project"]["id"].clone();
    let card = world.method(&hired.ada, "tok_visa").await;
    assert_eq!(code(&world.order(&hired.ada, &project, "120.00", &card, "o").await), "NOT_ALLOWED");
    assert_eq!(hired.total(CashAccountKind::Escrow).await, 0);
}

#[tokio::test]
async fn o_3_an_order_whose_payment_is_under_way_is_not_doubled() {
    let (world, _, clara, project, card) = a_project().await;
    let lost = world.method(&clara, "tok_lost_after").await;
    let ordered = world.order(&clara, &project, "120.00", &lost, "o").await;
    assert_eq!(ordered["payment"]["state"], "UNKNOWN", "{ordered}");
    assert_eq!(code(&world.order(&clara, &project, "120.00", &card, "p").await), "ORDER_UNPAID");
    assert_eq!(world.order(&clara, &project, "120.00", &lost, "o").await["payment"]["state"], "PAID");
    assert_eq!(world.order(&clara, &project, "120.00", &card, "q").await["payment"]["state"], "PAID");
    world.verify().await;
}

#[tokio::test]
async fn o_3_a_contract_keeps_what_the_project_said_when_it_was_ordered() {
    let (world, ada, clara, project, card) = a_project().await;
    let order = async |version: i64, key: &str| {
        let document = "mutation($p: ID!, $v: Int!, $w: ID!, $k: String!) { orderProject(input: { projectId: $p,
            expectedPrice: { amount: \"120.00\" }, expectedVersion: $v, paymentMethodId: $w, idempotencyKey: $k }) {
            milestone { contract { offer { id projectDescription } } } userErrors { code field } } }";
        let asked = json!({ "p": project, "v": version, "w": card, "k": key });
        world.data(Some(&clara), document, asked).await["orderProject"].clone()
    };
    let ordered = order(1, "o").await;
    let offer = ordered["milestone"]["contract"]["offer"].clone();
    assert_eq!(offer["projectDescription"], "A logo in three days", "{ordered}");
    let mut less = content("Logo", "120.00");
    less["description"] = json!("A sketch in three weeks");
    world.data(Some(&ada), UPDATE, json!({ "p": project, "v": 1, "c": less })).await;
    let seen =
        "query($id: ID!) { node(id: $id) { ... on Offer { projectDescription project { description } } } }";
    let seen = world.data(Some(&clara), seen, json!({ "id": offer["id"] })).await["node"].clone();
    assert_eq!(seen["projectDescription"], "A logo in three days");
    assert_eq!(seen["project"]["description"], "A sketch in three weeks");
    let refused = order(1, "p").await;
    assert_eq!(
        (code(&refused), &refused["userErrors"][0]["field"]),
        ("CONFLICT", &json!(["input", "expectedVersion"]))
    );
    assert_eq!(order(2, "q").await["userErrors"], json!([]));
}
