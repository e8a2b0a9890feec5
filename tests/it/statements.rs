//! No query per row: a page costs a fixed number of statements, however many rows it has.

use std::sync::atomic::Ordering;

use connects::{
    db::Txn,
    entity::notification,
    notifications::{Notification, notify},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use crate::{
    direct_offers::freelancer,
    http::{query, send, service},
    support::{Person, World},
};

/// Statements that `query` takes; the sandbox clock is read beforehand, once a request.
async fn cost(world: &World, person: &Person, query: &str) -> usize {
    let clock = 1;
    let before = world.statements.load(Ordering::SeqCst);
    world.data(Some(person), query, json!({})).await;
    world.statements.load(Ordering::SeqCst) - before - clock
}

async fn a_busy_wallet() -> (World, Person) {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    for n in 0..20 {
        let post = world.post(&clara, &format!("Job {n}"), 40).await;
        world.propose(&ada, &post, 2, &format!("k{n}")).await;
    }
    (world, ada)
}

#[tokio::test]
async fn balance_and_history_take_two_statements_at_most() {
    let (world, ada) = a_busy_wallet().await;
    let balance = "{ viewer { wallets { nodes { available held expiringSoon } } } }";
    assert_eq!(cost(&world, &ada, balance).await, 1);
    let page = "{ viewer { wallets { nodes { history(first: 20) { nodes { kind quantity availableAfter document { reference } } } } } } }";
    assert_eq!(cost(&world, &ada, page).await, 2);
}

#[actix_web::test]
async fn over_http_a_balance_takes_one_statement_and_a_page_of_history_two() {
    let (world, ada) = a_busy_wallet().await;
    let service = service!(world);
    let token = ada.token(&world);
    let cost = async |document: &str| {
        let before = world.statements.load(Ordering::SeqCst);
        let asked = query(document).insert_header(("authorization", format!("Bearer {token}")));
        let answer = send(&service, asked).await.body;
        assert!(answer.get("errors").is_none(), "{answer:#}");
        (world.statements.load(Ordering::SeqCst) - before, answer["data"].clone())
    };
    // Behind a pooler too: the transaction around each statement is not among those that are counted.
    let each = 1;
    let balance = "viewer { wallet { available } wallets { nodes { available } } }";
    let (statements, found) = cost(&format!("{{ {balance} }}")).await;
    assert_eq!(
        (statements, &found["viewer"]["wallet"]["available"]),
        (each, &json!(world.available(&ada).await))
    );
    assert_eq!(found["viewer"]["wallets"]["nodes"][0], found["viewer"]["wallet"]);
    let page = "{ viewer { wallet { history(first: 20) { nodes { kind availableAfter } } } } }";
    assert_eq!(cost(page).await.0, 2 * each);
    // What a mutation shows is read after it.
    let mutation = |shown: &str| format!("mutation {{ markNotificationsRead(input: {{}}) {{ {shown} }} }}");
    let (with, without) =
        (cost(&mutation(&format!("count {balance}"))).await, cost(&mutation("count")).await);
    assert_eq!(with.0, without.0 + each);
    assert_eq!(with.1["markNotificationsRead"]["viewer"], found["viewer"]);
}

#[tokio::test]
async fn a_page_with_everything_about_each_row_takes_a_fixed_number() {
    let (world, ada) = a_busy_wallet().await;
    let page = |rows: u32| {
        format!(
            "{{ viewer {{ wallets {{ nodes {{ history(first: {rows}) {{ nodes {{ actor movements {{ nodes {{ quantity \
             lot {{ source }} }} }} }} }} }} }} proposals(first: {rows}) {{ nodes {{ freelancerName \
             jobPost {{ title clientName viewerProposal {{ id }} }} }} }} }} }}"
        )
    };
    let (one, twenty) = (cost(&world, &ada, &page(1)).await, cost(&world, &ada, &page(20)).await);
    // What two fields ask for is one batch when they ask at once, so a few more or less are chance.
    assert!(one.abs_diff(twenty) <= 2 && twenty <= 12, "{one} for one row, {twenty} for twenty");
    let posts = "{ jobPosts(first: 20) { nodes { title clientName connectsPrice { connects } viewerProposal { id } } } }";
    assert_eq!(cost(&world, &ada, posts).await, 3);
}

#[tokio::test]
async fn a_page_of_freelancers_or_of_competing_bids_takes_a_fixed_number() {
    let world = World::new().await;
    let clara = world.client("clara").await;
    let mut people = Vec::new();
    for n in 0..12 {
        people.push(world.freelancer(&format!("f{n}")).await);
        world.give_months(&people[n], 1, &format!("g{n}")).await;
        let post = world.post(&clara, &format!("Job {n}"), 40).await;
        world.propose(&people[0], &post, 2, &format!("k{n}")).await;
    }
    let page = |rows: u32| {
        format!(
            "{{ freelancers(first: {rows}) {{ nodes {{ name slug earned {{ amount }} talentBadges {{ kind }} }} }} }}"
        )
    };
    let (one, all) = (cost(&world, &people[1], &page(1)).await, cost(&world, &people[1], &page(12)).await);
    assert!(one.abs_diff(all) <= 2 && all <= 7, "{one} for one row, {all} for twelve");
    let bids =
        |rows: u32| format!("{{ jobPosts(first: {rows}) {{ nodes {{ competingBids {{ count }} }} }} }}");
    let (one, all) = (cost(&world, &people[1], &bids(1)).await, cost(&world, &people[1], &bids(12)).await);
    assert!(one.abs_diff(all) <= 1 && all <= 4, "{one} for one row, {all} for twelve");
}

#[tokio::test]
async fn the_proposals_to_a_page_of_posts_take_a_fixed_number() {
    let world = World::new().await;
    let clara = world.client("clara").await;
    let people = [world.freelancer("ada").await, world.freelancer("bea").await];
    for n in 0..20 {
        let post = world.post(&clara, &format!("Job {n}"), 40).await;
        for (index, person) in people.iter().enumerate().take(1 + n % 2) {
            world.propose(person, &post, 2, &format!("k{n}{index}")).await;
        }
    }
    let page = |posts: u32, which: &str| {
        format!(
            "{{ viewer {{ jobPosts(first: {posts}) {{ nodes {{ proposals({which}) {{ nodes {{ freelancerName state }} \
             pageInfo {{ hasNextPage hasPreviousPage }} }} }} }} }} }}"
        )
    };
    let (two, twenty) =
        (cost(&world, &clara, &page(2, "first: 5")).await, cost(&world, &clara, &page(20, "first: 5")).await);
    assert!(two.abs_diff(twenty) <= 2 && twenty <= 6, "{two} for two posts, {twenty} for twenty");
    let firsts = world.data(Some(&clara), &page(20, "first: 1"), json!({})).await;
    let lasts = world.data(Some(&clara), &page(20, "last: 1"), json!({})).await;
    let more = |data: &serde_json::Value, which: &str| {
        let posts = data["viewer"]["jobPosts"]["nodes"].as_array().unwrap().clone();
        posts.iter().filter(|post| post["proposals"]["pageInfo"][which] == true).count()
    };
    assert_eq!((more(&firsts, "hasNextPage"), more(&lasts, "hasPreviousPage")), (10, 10));
}

#[tokio::test]
async fn a_hundred_ids_take_a_statement_for_each_kind_of_object() {
    let (world, ada) = a_busy_wallet().await;
    let query = "{ viewer { wallets { nodes { id lots { nodes { id } } history(first: 50) { nodes { id movements { nodes { id } } } } } }
        proposals(first: 20) { nodes { id jobPost { id } } } } }";
    let mine = world.data(Some(&ada), query, json!({})).await;
    let mut ids = Vec::new();
    crate::nodes::collect(&mine, &mut ids);
    assert!(ids.len() >= 80, "{}", ids.len());
    ids.truncate(100);
    let before = world.statements.load(Ordering::SeqCst);
    let many = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let found = world.data(Some(&ada), many, json!({ "ids": ids })).await;
    assert_eq!(found["nodes"].as_array().unwrap().iter().filter(|node| node.is_null()).count(), 0);
    // The clock; posts, proposals, wallets; whose wallets; lots, rows, moved rows and what they moved.
    assert!(world.statements.load(Ordering::SeqCst) - before <= 9);
}

#[tokio::test]
async fn a_grant_takes_as_many_statements_for_many_wallets_as_for_one() {
    let mut costs = Vec::new();
    for people in [1, 30] {
        let world = World::new().await;
        for n in 0..people {
            world.freelancer(&format!("f{n}")).await;
        }
        world.sleep_until("2027-01-01T00:00:00Z").await;
        let before = world.statements.load(Ordering::SeqCst);
        world.db().write(async |txn| connects::memberships::issue_due(txn).await).await.unwrap();
        costs.push(world.statements.load(Ordering::SeqCst) - before);
    }
    assert_eq!(costs[0], costs[1]);
}

#[tokio::test]
async fn more_rows_than_one_statement_takes_are_written() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await.viewer.id();
    let event = &connects::connects::EVENTS[0];
    let many = |txn: &Txn| {
        let of = |n| Notification::new(event, ada, format!("MANY/{n}"), txn.now());
        (0..3_000).map(of).collect::<Vec<_>>()
    };
    world.db().write(async |txn| notify(txn, many(txn)).await).await.unwrap();
    let mine = notification::Entity::find().filter(notification::Column::Key.starts_with("MANY/"));
    assert_eq!(mine.count(world.db().read()).await.unwrap(), 3_000);
}

/// Clara, who has hired Ada so many times, each for three milestones of which one is funded and one released.
async fn hired(times: usize) -> (World, [Person; 2]) {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let card = world.method(&clara, "tok_visa").await;
    let part = |title: &str| json!({ "title": title, "amount": { "amount": "50.00" } });
    for n in 0..times {
        let input = json!({ "freelancerId": freelancer(&ada), "title": format!("Job {n}"), "category": "DESIGN",
            "milestones": [part("One"), part("Two"), part("Three")] });
        let offer = world.direct(&clara, input).await["offer"]["id"].clone();
        let parts = world.accept(&ada, &offer).await["contract"]["milestones"]["nodes"].clone();
        for (at, part) in parts.as_array().unwrap().iter().take(2).enumerate() {
            let fund = "mutation($m: ID!, $w: ID!, $k: String!) { fundMilestone(input: { milestoneId: $m,
                paymentMethodId: $w, idempotencyKey: $k }) { payment { state } } }";
            let asked = json!({ "m": part["id"], "w": card, "k": format!("{n}/{at}") });
            assert_eq!(
                world.data(Some(&clara), fund, asked).await["fundMilestone"]["payment"]["state"],
                "PAID"
            );
        }
        let release = "mutation($m: ID!, $k: String!) { releaseMilestone(input: { milestoneId: $m, idempotencyKey: $k }) {
            milestone { state } } }";
        world.data(Some(&clara), release, json!({ "m": parts[0]["id"], "k": format!("r{n}") })).await;
    }
    (world, [ada, clara])
}

#[tokio::test]
async fn o_2_a_page_of_contracts_with_milestones_and_money_costs_the_same_for_one_as_for_ten() {
    let contracts = "{ viewer { contracts(first: 20) { nodes { title clientName freelancerName state inEscrow { amount }
        released { amount } refunded { amount } offer { total { amount } } milestones(first: 20) { nodes { title state
        amount { amount } refunds { state } dispute { state } payment { state method { label } } } } } } } }";
    let payments =
        "{ viewer { payments(first: 50) { nodes { state amount { amount } method { label } } } } }";
    let ((one, [_, clara]), (ten, [_, clara_of_ten])) = (hired(1).await, hired(10).await);
    for document in [contracts, payments] {
        let costs = (cost(&one, &clara, document).await, cost(&ten, &clara_of_ten, document).await);
        assert_eq!(costs.0, costs.1, "{document}");
    }
}

#[tokio::test]
async fn p_3_a_page_of_cash_history_costs_the_same_for_one_row_as_for_ten() {
    let history = "{ viewer { cashAccount { balance { amount } history(first: 20) { nodes { kind reason
        amount { amount } balanceAfter { amount } milestone { title } } } } } }";
    let mut costs = Vec::new();
    for times in [1, 10] {
        let (world, [ada, _]) = hired(times).await;
        costs.push(cost(&world, &ada, history).await);
    }
    assert_eq!(costs[0], costs[1]);
}
