//! What came back for a cancelled job is reversed when the job goes on (T-6).

use connects::entity::enums::HistoryKind;
use serde_json::{Value, json};

use crate::{
    contracts::Hired,
    direct_offers::freelancer,
    support::{Person, World, code, id},
};

const FUND: &str = "mutation($m: ID!, $w: ID!) { fundMilestone(input: { milestoneId: $m, paymentMethodId: $w,
    idempotencyKey: \"f\" }) { payment { state } userErrors { code } } }";

/// Ada, Eve and Clara, who cancelled so many posts to which both had proposed, and offers Ada a contract days later.
async fn cancelled(posts: usize, days: i64) -> (World, [Person; 3], Value) {
    let world = World::new().await;
    let (ada, eve, clara) =
        (world.freelancer("ada").await, world.freelancer("eve").await, world.client("clara").await);
    let cancel =
        "mutation($j: ID!, $k: String!) { cancelJobPost(input: { jobPostId: $j, idempotencyKey: $k }) {
        userErrors { code } } }";
    for n in 0..posts {
        let post = world.post(&clara, &format!("Poster {n}"), 40).await;
        for person in [&ada, &eve] {
            let key = format!("{n}{}", person.viewer.id());
            world.propose(person, &post, world.price(&post).await, &key).await;
        }
        let asked = json!({ "j": id("JobPost", post.id), "k": n.to_string() });
        world.data(Some(&clara), cancel, asked).await;
    }
    let later = crate::support::at("2026-01-01T00:00:00Z") + chrono::TimeDelta::days(days);
    world.sleep_until(&later.to_rfc3339()).await;
    let input = json!({ "freelancerId": freelancer(&ada), "title": "Poster", "category": "DESIGN" });
    let offer = world.direct(&clara, input).await["offer"]["id"].clone();
    (world, [ada, eve, clara], offer)
}

#[tokio::test]
async fn t_6_a_return_is_reversed_once_when_the_cancelled_job_goes_on() {
    let (world, [ada, eve, clara], offer) = cancelled(1, 29).await;
    let (before, others) = (world.available(&ada).await, world.available(&eve).await);
    let accepted = world.accept(&ada, &offer).await;
    assert_eq!((&accepted["userErrors"], &accepted["wallet"]["available"]), (&json!([]), &json!(before - 2)));
    assert_eq!(world.available(&ada).await, before - 2, "what came back for the post");
    assert_eq!(world.available(&eve).await, others, "the others keep theirs");
    let rows = world.history(&ada).await;
    assert_eq!((rows[4].0.as_str(), rows[4].1), ("RETURN_REVERSED", -2), "{rows:?}");
    // Hired again, nothing more is taken.
    let input = json!({ "freelancerId": freelancer(&ada), "title": "Flyer", "category": "DESIGN" });
    let another = world.direct(&clara, input).await["offer"]["id"].clone();
    assert_eq!(world.accept(&ada, &another).await["userErrors"], json!([]));
    assert_eq!(world.available(&ada).await, before - 2);
    world.verify().await;
    let admin = world.admin().await;
    let count = "{ admin { accounts(first: 100) { nodes { name returnReversalCount } } } }";
    let seen = world.data(Some(&admin), count, json!({})).await["admin"]["accounts"]["nodes"].clone();
    let counts: Vec<_> =
        seen.as_array().unwrap().iter().filter(|one| one["returnReversalCount"] == 1).collect();
    assert_eq!(counts.len(), 1);
    assert_eq!(counts[0]["name"], "clara");
}

#[tokio::test]
async fn t_6_nothing_is_reversed_after_thirty_days_and_no_more_than_the_wallet_has() {
    let (world, [ada, ..], offer) = cancelled(1, 30).await;
    let before = world.available(&ada).await;
    world.accept(&ada, &offer).await;
    assert_eq!(world.available(&ada).await, before, "thirty days are over at their instant");
    let (world, [ada, ..], offer) = cancelled(2, 1).await;
    let carl = world.client("carl").await;
    // Four came back, and Ada spends all but two.
    for n in 0..24 {
        let post = world.post(&carl, &format!("Job {n}"), 40).await;
        world.propose(&ada, &post, 2, &format!("x{n}")).await;
    }
    assert_eq!(world.available(&ada).await, 2);
    world.accept(&ada, &offer).await;
    assert_eq!(world.available(&ada).await, 0, "as far as the wallet reaches");
    assert_eq!(world.count_entries(HistoryKind::ReturnReversed).await, 1);
    world.verify().await;
}

#[tokio::test]
async fn t_6_the_thirty_days_of_an_order_end_with_its_contract_and_not_with_its_payment() {
    let (world, [ada, _, clara], _) = cancelled(1, 29).await;
    let project = world.publish(&ada, "Logo", "60.00").await["project"]["id"].clone();
    let card = world.method(&clara, "tok_lost_after").await;
    let order = "mutation($p: ID!, $w: ID!) { orderProject(input: { projectId: $p, expectedPrice: { amount: \"60.00\" },
        paymentMethodId: $w, idempotencyKey: \"o\" }) { payment { state } userErrors { code } } }";
    let ordered =
        world.data(Some(&clara), order, json!({ "p": project, "w": card })).await["orderProject"].clone();
    assert_eq!(ordered["payment"]["state"], "UNKNOWN", "{ordered}");
    // Nobody asks for two days.
    world.sleep_until("2026-02-01T00:00:00Z").await;
    world.advance("2026-02-01T00:10:00Z").await;
    assert_eq!(world.count_entries(HistoryKind::ReturnReversed).await, 1);
    world.verify().await;
}

#[tokio::test]
async fn h_4_verify_names_a_reversal_that_its_proposal_does_not_say() {
    let (world, [ada, ..], offer) = cancelled(1, 1).await;
    world.accept(&ada, &offer).await;
    world.verify().await;
    world.sql("UPDATE proposals SET return_reversed_at = NULL").await.unwrap();
    let breaches = connects::books::verify(world.db().read()).await.unwrap();
    let found = breaches.iter().any(|one| one.invariant.starts_with("T-6: what was reversed"));
    assert!(found, "{breaches:#?}");
}

#[tokio::test]
async fn t_5_what_was_reversed_has_not_come_back() {
    let (world, [ada, ..], offer) = cancelled(1, 1).await;
    let seen = "{ viewer { proposals { nodes { refundEligibility { returned outstanding cases { connects } } } } } }";
    let returned = async || {
        let seen = world.data(Some(&ada), seen, json!({})).await["viewer"]["proposals"]["nodes"][0].clone();
        let eligible = &seen["refundEligibility"];
        let still: i64 =
            eligible["cases"].as_array().unwrap().iter().map(|one| one["connects"].as_i64().unwrap()).sum();
        (eligible["returned"].as_i64(), eligible["outstanding"].as_i64(), still)
    };
    assert_eq!(returned().await, (Some(2), Some(0), 0));
    world.accept(&ada, &offer).await;
    assert_eq!(returned().await, (Some(0), Some(2), 0));
    assert!(world.notified(&ada).await.contains(&"RETURN_REVERSED".to_owned()));
}

#[tokio::test]
async fn t_6_an_order_reverses_a_return_once_it_is_paid_and_an_unpaid_one_blocks_the_next() {
    let (world, [ada, _, clara], _) = cancelled(1, 1).await;
    let publish = "mutation { publishProject(input: { content: { title: \"Logo\", description: \"A logo\", category: DESIGN,
        price: { amount: \"50.00\" } } }) { project { id } } }";
    let project = world.data(Some(&ada), publish, json!({})).await["publishProject"]["project"]["id"].clone();
    let order = "mutation($p: ID!, $w: ID!, $k: String!) { orderProject(input: { projectId: $p, paymentMethodId: $w,
        expectedPrice: { amount: \"50.00\" }, idempotencyKey: $k }) { milestone { id } payment { state } userErrors { code } } }";
    let (bad, good) = (world.method(&clara, "tok_declined").await, world.method(&clara, "tok_visa").await);
    let before = world.available(&ada).await;
    let asked = |card: &Value, key: &str| json!({ "p": project, "w": card, "k": key });
    let failed = world.data(Some(&clara), order, asked(&bad, "a")).await["orderProject"].clone();
    assert_eq!(failed["payment"]["state"], "FAILED");
    assert_eq!(world.available(&ada).await, before, "nobody has paid");
    let another = world.data(Some(&clara), order, asked(&good, "b")).await["orderProject"].clone();
    assert_eq!(code(&another), "ORDER_UNPAID");
    let paid = world.data(Some(&clara), FUND, json!({ "m": failed["milestone"]["id"], "w": good })).await;
    assert_eq!(paid["fundMilestone"]["payment"]["state"], "PAID");
    assert_eq!(world.available(&ada).await, before - 2);
    world.verify().await;
}

#[tokio::test]
async fn t_6_an_offer_that_is_accepted_while_a_project_is_ordered_reverses_a_return_once() {
    let (world, [ada, _, clara], offer) = cancelled(1, 1).await;
    let publish = "mutation { publishProject(input: { content: { title: \"Logo\", description: \"A logo\", category: DESIGN,
        price: { amount: \"50.00\" } } }) { project { id } } }";
    let project = world.data(Some(&ada), publish, json!({})).await["publishProject"]["project"]["id"].clone();
    let order = "mutation($p: ID!, $w: ID!) { orderProject(input: { projectId: $p, paymentMethodId: $w,
        expectedPrice: { amount: \"50.00\" }, idempotencyKey: \"o\" }) { payment { state } userErrors { code } } }";
    let card = world.method(&clara, "tok_visa").await;
    let before = world.available(&ada).await;
    let ordering = world.data(Some(&clara), order, json!({ "p": project, "w": card }));
    let (accepted, ordered) = futures_util::future::join(world.accept(&ada, &offer), ordering).await;
    assert_eq!(accepted["userErrors"], json!([]));
    assert_eq!(ordered["orderProject"]["payment"]["state"], "PAID");
    assert_eq!(world.available(&ada).await, before - 2);
    assert_eq!(world.count_entries(HistoryKind::ReturnReversed).await, 1);
    world.verify().await;
}

#[tokio::test]
async fn t_6_a_contract_from_before_the_cancellation_reverses_nothing_however_late_it_is_funded() {
    let hired = Hired::new().await;
    let (world, ada, clara) = (&hired.world, &hired.ada, &hired.clara);
    let input = json!({ "freelancerId": freelancer(ada), "title": "Flyer", "category": "DESIGN",
        "milestones": [{ "title": "All", "amount": { "amount": "50.00" } }] });
    let direct = world.direct(clara, input).await["offer"]["id"].clone();
    let milestone = world.accept(ada, &direct).await["contract"]["milestones"]["nodes"][0]["id"].clone();
    world.sleep_until("2026-01-05T00:00:00Z").await;
    let post = world.post(clara, "Another poster", 40).await;
    world.propose(ada, &post, world.price(&post).await, "p").await;
    let cancel = "mutation($j: ID!) { cancelJobPost(input: { jobPostId: $j, idempotencyKey: \"c\" }) { userErrors { code } } }";
    world.data(Some(clara), cancel, json!({ "j": id("JobPost", post.id) })).await;
    let before = world.available(ada).await;
    let card = world.method(clara, "tok_visa").await;
    let funded =
        world.data(Some(clara), FUND, json!({ "m": milestone, "w": card })).await["fundMilestone"].clone();
    assert_eq!(funded["payment"]["state"], "PAID", "{funded}");
    assert_eq!(hired.fund(0, &card, "g").await["payment"]["state"], "PAID");
    assert_eq!(world.available(ada).await, before);
    world.verify().await;
}
