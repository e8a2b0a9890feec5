//! Monthly grants: once per wallet and cycle, however often, however late, from however many machines.

use connects::{
    clock::Instant,
    entity::enums::{MembershipPlan, TaskTrigger},
    memberships,
    schedule::Asked,
};
use serde_json::json;

use crate::support::{Person, World, id, task};

const NOW: Asked = Asked { trigger: TaskTrigger::Command, actor: None, as_of: None };

pub async fn issue(world: &World) -> u64 {
    let run = world.app.runner().run_now(task("monthly-grants"), NOW).await;
    run.expect("issued").1["issued"]
}

async fn plus(world: &World, person: &Person) {
    let admin = world.admin().await;
    let change = async |txn: &connects::db::Txn| {
        memberships::change_plan(txn, &admin.viewer, person.viewer.id(), MembershipPlan::Plus).await
    };
    world.db().write(change).await.expect("PLUS from the next cycle on");
}

/// The days on which `kind` was issued.
async fn days(world: &World, person: &Person, kind: &str) -> Vec<String> {
    let history = world.history(person).await;
    history.into_iter().filter(|row| row.0 == kind).map(|row| row.3[..10].to_owned()).collect()
}

#[tokio::test]
async fn m_4_a_cycle_is_issued_once_however_often_the_task_runs() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.sleep_until("2026-02-01T00:00:00Z").await;
    assert_eq!(issue(&world).await, 1);
    assert_eq!(issue(&world).await, 0);
    let last = world.history(&ada).await.pop().unwrap();
    assert_eq!(last, ("MONTHLY_FREE".into(), 10, 60, "2026-02-01T00:00:00Z".into()));
    world.verify().await;
}

#[tokio::test]
async fn m_4_missed_cycles_are_caught_up_in_order_each_dated_to_its_own_start() {
    let world = World::new().await;
    world.sleep_until("2026-01-12T15:00:00Z").await;
    let ada = world.freelancer("ada").await;
    world.sleep_until("2026-04-22T08:00:00Z").await;
    assert_eq!(issue(&world).await, 3);
    let expected = ["2026-01-12", "2026-02-12", "2026-03-12", "2026-04-12"];
    assert_eq!(days(&world, &ada, "MONTHLY_FREE").await, expected);
    let lots = connects::connects::store::list_live_lots(
        world.db().read(),
        ada.wallet.unwrap(),
        Instant::UNIX_EPOCH,
    );
    let lots = lots.await.unwrap();
    let expiries: Vec<_> = lots.iter().map(|lot| lot.expires_at.to_rfc3339()).collect();
    assert_eq!(expiries[2], "2027-02-12T00:00:00+00:00", "a year from its own cycle, not from the run");
    world.verify().await;
}

#[tokio::test]
async fn m_14_catch_up_issues_both_parts_of_a_plan_that_needs_no_charge() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    plus(&world, &ada).await;
    world.sleep_until("2026-03-15T00:00:00Z").await;
    assert_eq!(issue(&world).await, 4);
    assert_eq!(days(&world, &ada, "MEMBERSHIP").await, ["2026-02-01", "2026-03-01"]);
    assert_eq!(days(&world, &ada, "MONTHLY_FREE").await, ["2026-01-01", "2026-02-01", "2026-03-01"]);
    assert_eq!(world.available(&ada).await, 50 + 2 * 70);
    world.verify().await;
}

#[tokio::test]
async fn m_1_plus_brings_seventy_from_its_first_cycle_on_and_m_8_basic_from_the_next() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let admin = world.admin().await;
    let change = "mutation($input: ChangeMembershipPlanInput!) { changeMembershipPlan(input: $input) {
                  wallet { plan nextGrant { quantity } } effectiveOn userErrors { code } } }";
    let to = |plan| json!({ "input": { "accountId": id("Account", ada.viewer.id()), "plan": plan } });
    let done = world.data(Some(&admin), change, to("PLUS")).await["changeMembershipPlan"].clone();
    assert_eq!(done["effectiveOn"], "2026-02-01");
    assert_eq!(done["wallet"], json!({ "plan": "BASIC", "nextGrant": { "quantity": 70 } }));
    let again = world.data(Some(&admin), change, to("PLUS")).await;
    assert_eq!(again["changeMembershipPlan"]["userErrors"][0]["code"], "PLAN_UNCHANGED");
    world.advance("2026-02-10T00:00:00Z").await;
    assert_eq!(world.available(&ada).await, 120);
    world.data(Some(&admin), change, to("BASIC")).await;
    world.advance("2026-03-10T00:00:00Z").await;
    assert_eq!(world.available(&ada).await, 130);
    world.verify().await;
}

#[tokio::test]
async fn m_3_the_29th_to_31st_bill_on_the_1st() {
    let world = World::new().await;
    let mut people = Vec::new();
    for day in [28, 29, 30, 31] {
        world.advance(&format!("2026-01-{day}T12:00:00Z")).await;
        people.push(world.freelancer(&format!("day{day}")).await);
    }
    world.advance("2026-04-30T00:00:00Z").await;
    let first = ["2026-01-28", "2026-02-28", "2026-03-28", "2026-04-28"];
    assert_eq!(days(&world, &people[0], "MONTHLY_FREE").await, first);
    for (person, day) in people[1..].iter().zip(["29", "30", "31"]) {
        let expected = [format!("2026-01-{day}"), "2026-03-01".to_owned(), "2026-04-01".to_owned()];
        assert_eq!(days(&world, person, "MONTHLY_FREE").await, expected);
    }
}

#[tokio::test]
async fn m_9_suspended_on_a_grant_day_gets_nothing_and_no_back_pay() {
    let world = World::new().await;
    let (ada, bea) = (world.freelancer("ada").await, world.freelancer("bea").await);
    let admin = world.admin().await;
    world.advance("2026-01-20T00:00:00Z").await;
    world.suspend(&admin, &ada).await;
    world.advance("2026-02-20T00:00:00Z").await;
    world.reinstate(&admin, &ada).await;
    world.advance("2026-03-20T00:00:00Z").await;
    assert_eq!(days(&world, &ada, "MONTHLY_FREE").await, ["2026-01-01", "2026-03-01"]);
    assert_eq!(days(&world, &bea, "MONTHLY_FREE").await, ["2026-01-01", "2026-02-01", "2026-03-01"]);
}

#[tokio::test]
async fn m_9_suspension_is_judged_at_the_cycles_start_not_at_the_run() {
    let world = World::new().await;
    let (ada, admin) = (world.freelancer("ada").await, world.admin().await);
    world.sleep_until("2026-02-10T00:00:00Z").await;
    world.suspend(&admin, &ada).await;
    assert_eq!(issue(&world).await, 1, "the cycle began before the suspension");
    assert_eq!(world.available(&ada).await, 60);
}

#[tokio::test]
async fn m_5_the_owner_is_notified_of_a_cycles_connects_once() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    plus(&world, &ada).await;
    world.sleep_until("2026-02-01T01:00:00Z").await;
    issue(&world).await;
    issue(&world).await;
    let query = "{ viewer { notifications { nodes { id kind quantity message aboutAt readAt } } } }";
    let notifications =
        world.data(Some(&ada), query, json!({})).await["viewer"]["notifications"]["nodes"].clone();
    assert_eq!(notifications.as_array().map(Vec::len), Some(1));
    assert_eq!(notifications[0]["quantity"], 70);
    assert!(notifications[0]["message"].as_str().unwrap().contains("70 Connects"));
    let node = "query($id: ID!) { node(id: $id) { __typename id } }";
    let found = world.data(Some(&ada), node, json!({ "id": notifications[0]["id"] })).await;
    assert_eq!(found["node"]["__typename"], "Notification");
}

#[tokio::test]
async fn m_4_a_grant_in_many_batches_is_the_same_as_in_one() {
    let world = World::new().await;
    let mut people = Vec::new();
    for n in 0..12 {
        people.push(world.freelancer(&format!("f{n}")).await);
    }
    world.sleep_until("2026-02-01T00:00:00Z").await;
    // Two processes at once: each batch is one transaction, and no wallet is issued twice.
    let twin = world.twin().await;
    let (a, b) = tokio::join!(
        world.db().write(async |txn| memberships::issue_due(txn).await),
        twin.db.write(async |txn| memberships::issue_due(txn).await)
    );
    let issued = a.unwrap().unwrap_or(0) + b.unwrap().unwrap_or(0);
    assert_eq!(issued, 12);
    for person in &people {
        assert_eq!(world.available(person).await, 60);
    }
    world.verify().await;
}

#[tokio::test]
async fn m_8_a_change_of_plan_never_reaches_back_to_cycles_that_have_begun() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    // February and March have begun and are not issued yet.
    world.sleep_until("2026-03-15T00:00:00Z").await;
    plus(&world, &ada).await;
    let query = "{ viewer { wallets { nodes { nextGrant { on quantity } } } } }";
    let next =
        world.data(Some(&ada), query, json!({})).await["viewer"]["wallets"]["nodes"][0]["nextGrant"].clone();
    assert_eq!(next, json!({ "on": "2026-04-01", "quantity": 70 }));
    world.advance("2026-04-15T00:00:00Z").await;
    assert_eq!(days(&world, &ada, "MEMBERSHIP").await, ["2026-04-01"]);
    assert_eq!(world.available(&ada).await, 50 + 10 + 10 + 70);
}
