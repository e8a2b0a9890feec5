//! What the database itself refuses, no matter who asks.

use sea_orm::DbBackend;

use crate::support::{Person, World, task};

async fn a_wallet() -> (World, Person) {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let post = world.post(&clara, "Poster", 40).await;
    world.propose(&ada, &post, 2, "k").await;
    (world, ada)
}

#[tokio::test]
async fn x_3_history_cannot_be_changed_or_deleted() {
    let (world, _) = a_wallet().await;
    let mut statements = vec![
        "UPDATE entries SET available_change = 1, outside_change = -1",
        "UPDATE entries SET recorded_at = '2026-01-02T00:00:00+00:00'",
        "DELETE FROM entries",
        "UPDATE movements SET quantity = -1",
        "DELETE FROM movements",
        "UPDATE lots SET quantity = 99",
        "UPDATE lots SET expires_at = '2099-01-01T00:00:00+00:00'",
        "DELETE FROM lots",
        "DELETE FROM wallets",
        "UPDATE policies SET version = 2",
        "DELETE FROM policies",
    ];
    if world.backend() == DbBackend::Postgres {
        statements.extend(["TRUNCATE entries CASCADE", "TRUNCATE movements", "TRUNCATE lots CASCADE"]);
    }
    for statement in statements {
        let refused = world.sql(statement).await.expect_err(statement);
        assert!(refused.to_string().contains("history"), "{statement}: {refused}");
    }
    world.verify().await;
}

#[tokio::test]
async fn x_5_no_balance_is_negative_and_no_lot_overdrawn() {
    let (world, _) = a_wallet().await;
    let statements = [
        "UPDATE wallets SET available = -1",
        "UPDATE wallets SET held = -1",
        "UPDATE lots SET remaining = -1, open = FALSE",
        "UPDATE lots SET remaining = quantity + 1",
        "UPDATE lots SET remaining = 0",
        "UPDATE lots SET open = FALSE WHERE remaining > 0",
    ];
    for statement in statements {
        assert!(world.sql(statement).await.is_err(), "{statement}");
    }
    world.verify().await;
}

#[tokio::test]
async fn x_3_an_entry_must_balance_and_its_key_is_unique() {
    let (world, _) = a_wallet().await;
    let entry = |seq: i64, legs: &str, key: &str| {
        format!(
            "INSERT INTO entries (wallet_id, seq, kind, available_change, held_change, outside_change, \
             available_after, held_after, business_key, document_kind, document_id, effective_at, recorded_at) \
             SELECT id, {seq}, 'ADJUSTMENT', {legs}, 0, 0, '{key}', 'LOT', '1', \
             '2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00+00:00' FROM wallets"
        )
    };
    for (legs, key) in [("5, 0, -4", "new"), ("0, 0, 0", "new"), ("5, 0, -5", "SIGNUP")] {
        assert!(world.sql(&entry(90, legs, key)).await.is_err(), "{legs} {key}");
    }
    assert!(world.sql(&entry(1, "5, 0, -5", "new")).await.is_err(), "a number is used once");
}

#[tokio::test]
async fn h_4_verify_names_each_breach() {
    let (world, ada) = a_wallet().await;
    world.sql("UPDATE wallets SET available = available + 1").await.expect("the one thing a shell can bend");
    let breaches = connects::books::verify(world.db().read()).await.unwrap();
    let wallet = ada.wallet.unwrap().to_string();
    assert_eq!(breaches.len(), 2, "{breaches:#?}");
    assert!(breaches.iter().all(|breach| breach.subject == wallet && breach.invariant.starts_with("X-5")));
    let runner = world.app.runner();
    let run = runner.run_now(
        task("reconcile"),
        connects::schedule::Asked {
            trigger: connects::entity::enums::TaskTrigger::Command,
            actor: None,
            as_of: None,
        },
    );
    assert!(run.await.unwrap_err().to_string().contains("2 breaches"));
}

#[tokio::test]
async fn h_4_the_digest_is_of_business_facts_only() {
    let ((one, _), (two, _)) = (a_wallet().await, a_wallet().await);
    assert_eq!(one.digest().await, two.digest().await, "other ids, the same history");
    two.advance("2026-02-02T00:00:00Z").await;
    assert_ne!(one.digest().await, two.digest().await);
    // The same facts, recorded late.
    one.sleep_until("2026-02-02T00:00:00Z").await;
    one.advance("2026-02-03T00:00:00Z").await;
    assert_eq!(one.digest().await, two.digest().await);
}
