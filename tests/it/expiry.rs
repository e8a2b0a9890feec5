//! Expiry: a lot cannot be spent from its instant on, booked or not, and its owner is notified before.

use connects::{entity::enums::TaskTrigger, schedule::Asked};
use futures_util::future::join_all;
use serde_json::json;

use crate::support::{World, at, code, task};

const NOW: Asked = Asked { trigger: TaskTrigger::Command, actor: None, as_of: None };

#[tokio::test]
async fn l_5_the_task_books_each_lot_at_its_own_instant_however_late() {
    let world = World::new().await;
    world.sleep_until("2026-01-10T08:00:00Z").await;
    let ada = world.freelancer("ada").await;
    world.sleep_until("2027-06-01T00:00:00Z").await;
    let expire = async || world.app.runner().run_now(task("expire-connects"), NOW).await;
    assert_eq!(expire().await.unwrap().1["expired"], 2);
    assert_eq!(expire().await.unwrap().1["expired"], 0);
    let expired: Vec<_> = world.history(&ada).await.into_iter().filter(|row| row.0 == "EXPIRED").collect();
    let instant = "2027-01-10T08:00:00Z".to_owned();
    assert_eq!(expired, [("EXPIRED".into(), -40, 10, instant.clone()), ("EXPIRED".into(), -10, 0, instant)]);
    world.verify().await;
}

#[tokio::test]
async fn l_5_expiries_that_run_at_once_book_each_lot_once() {
    let world = World::new().await;
    for n in 0..8 {
        world.freelancer(&format!("f{n}")).await;
    }
    world.sleep_until("2027-06-01T00:00:00Z").await;
    // Each sees the same wallets before it waits for them.
    let expire = async |_| world.db().write(async |txn| connects::connects::expire_due(txn).await).await;
    let booked = join_all((0..8).map(expire)).await.into_iter().map(|booked| booked.unwrap().unwrap_or(0));
    assert_eq!(booked.sum::<u64>(), 16);
    world.verify().await;
}

#[tokio::test]
async fn x_7_an_expired_lot_counts_no_more_whether_or_not_the_task_has_run() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    world.sleep_until("2026-12-31T23:59:59.999999Z").await;
    let post = world.post(&clara, "Poster", 40).await;
    assert_eq!(world.available(&ada).await, 50);
    let query = "{ viewer { wallets { nodes { available expiringSoon lots { nodes { remaining } } } } } }";
    let wallet = world.data(Some(&ada), query, json!({})).await["viewer"]["wallets"]["nodes"][0].clone();
    assert_eq!((wallet["available"].clone(), wallet["expiringSoon"].clone()), (json!(50), json!(50)));
    world.sleep_until("2027-01-01T00:00:00Z").await;
    let wallet = world.data(Some(&ada), query, json!({})).await["viewer"]["wallets"]["nodes"][0].clone();
    assert_eq!(wallet, json!({ "available": 0, "expiringSoon": 0, "lots": { "nodes": [] } }));
    let query = "{ viewer { wallet { history(last: 1) { nodes { movements { nodes { lot { remaining explanation } } } } } } } }";
    let first =
        world.data(Some(&ada), query, json!({})).await["viewer"]["wallet"]["history"]["nodes"][0].clone();
    let lot = &first["movements"]["nodes"][0]["lot"];
    assert_eq!(lot["remaining"], 0);
    let says = lot["explanation"].as_str().unwrap();
    assert!(says.contains("40 taken or expired, 40 - 40 = 0 left; expired at 2027-01-01"), "{says}");
    let refused = world.propose(&ada, &post, 2, "k").await;
    assert_eq!(code(&refused), "INSUFFICIENT_CONNECTS");
    assert_eq!(refused["userErrors"][0]["available"], 0);
    world.verify().await;
}

#[tokio::test]
async fn l_2_connects_can_be_spent_until_the_last_instant() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    world.sleep_until("2026-12-31T23:59:59.999999Z").await;
    let post = world.post(&clara, "Poster", 40).await;
    let done = world.propose(&ada, &post, 2, "k").await;
    assert_eq!(done["availableAfter"], 48);
}

#[tokio::test]
async fn l_4_unused_connects_roll_over_without_a_cap() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.advance("2026-12-31T12:00:00Z").await;
    assert_eq!(world.available(&ada).await, 40 + 12 * 10);
    world.advance("2027-02-15T00:00:00Z").await;
    assert_eq!(
        world.available(&ada).await,
        12 * 10,
        "the first year's January lots are gone, February's too"
    );
    world.verify().await;
}

#[tokio::test]
async fn l_6_the_owner_is_notified_thirty_seven_and_one_day_ahead_once_each() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.advance("2027-01-01T12:00:00Z").await;
    let query =
        "{ viewer { notifications(first: 100) { nodes { kind quantity thresholdDays createdAt } } } }";
    let notifications =
        world.data(Some(&ada), query, json!({})).await["viewer"]["notifications"]["nodes"].clone();
    let notified: Vec<_> = notifications
        .as_array()
        .unwrap()
        .iter()
        .filter(|notification| notification["kind"] == "CONNECTS_EXPIRING")
        .map(|notification| {
            let day = notification["createdAt"].as_str().unwrap()[..10].to_owned();
            (notification["thresholdDays"].as_i64().unwrap(), notification["quantity"].as_i64().unwrap(), day)
        })
        .collect();
    // One digest for both lots of 1 January; newest first.
    let expected = [
        (1, 50, "2026-12-31".to_owned()),
        (7, 50, "2026-12-25".to_owned()),
        (30, 50, "2026-12-02".to_owned()),
    ];
    assert_eq!(notified, expected);
}

#[tokio::test]
async fn l_6_a_late_run_tells_only_of_the_nearest_threshold() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.sleep_until("2026-12-27T00:00:00Z").await;
    for expected in [1, 0] {
        let run = world.app.runner().run_now(task("expiry-notices"), NOW).await.unwrap();
        assert_eq!(run.1["notified"], expected);
    }
    let query = "{ viewer { notifications { nodes { thresholdDays } } } }";
    let notifications = world.data(Some(&ada), query, json!({})).await;
    assert_eq!(notifications["viewer"]["notifications"]["nodes"], json!([{ "thresholdDays": 7 }]));
}

#[tokio::test]
async fn q_4_a_task_asked_for_as_of_an_instant_does_what_was_due_by_then() {
    let world = World::new().await;
    let early = world.freelancer("early").await;
    world.sleep_until("2026-02-01T00:00:00Z").await;
    let late = world.freelancer("late").await;
    world.sleep_until("2027-03-01T00:00:00Z").await;
    let as_of = Asked { as_of: Some(at("2027-01-15T00:00:00Z")), ..NOW };
    let run = world.app.runner().run_now(task("expire-connects"), as_of).await.unwrap();
    assert_eq!(run.1["expired"], 2, "the first one's lots only");
    let booked =
        |history: Vec<(String, i64, i64, String)>| history.iter().filter(|row| row.0 == "EXPIRED").count();
    assert_eq!(booked(world.history(&early).await), 2);
    assert_eq!(booked(world.history(&late).await), 0);
    let future = Asked { as_of: Some(at("2030-01-01T00:00:00Z")), ..NOW };
    assert!(world.app.runner().run_now(task("expire-connects"), future).await.is_err());
}

#[tokio::test]
async fn l_6_a_run_as_of_an_instant_leaves_what_came_later_to_the_next() {
    let world = World::new().await;
    world.freelancer("ada").await;
    world.sleep_until("2026-12-10T00:00:00Z").await;
    let as_of = Asked { as_of: Some(at("2026-11-25T00:00:00Z")), ..NOW };
    let run = world.app.runner().run_now(task("expiry-notices"), as_of).await.unwrap();
    assert_eq!(run.1["notified"], 0, "thirty days ahead of 1 January is 2 December");
    let run = world.app.runner().run_now(task("expiry-notices"), NOW).await.unwrap();
    assert_eq!(run.1["notified"], 1);
}
