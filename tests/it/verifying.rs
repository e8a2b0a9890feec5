//! `connects verify` names what is wrong between the journal and the documents (H-4, X-6).

use serde_json::json;

use crate::{contracts::Hired, direct_offers::freelancer, support::World};

/// Money that was funded, released, refunded in part by decision, taken back by a bank, owed, and settled.
async fn history() -> Hired {
    let hired = Hired::released_by("tok_visa").await;
    let (admin, opened) = (hired.world.admin().await, hired.dispute(&hired.clara, 0).await);
    hired.decide(&admin, &opened, "40.00").await;
    hired.world.verify().await;
    hired
}

async fn without_triggers(world: &World) {
    let names = ["cash_transactions_refuse_update", "cash_accounts_refuse_update", "payments_refuse_update"];
    for (name, table) in names.map(|name| (name, name.trim_end_matches("_refuse_update"))) {
        world.sql(&format!("DROP TRIGGER {name}")).await.ok();
        world.sql(&format!("DROP TRIGGER {name} ON {table}")).await.ok();
    }
}

async fn breaches(world: &World) -> Vec<&'static str> {
    let breaches = connects::books::verify(world.db().read()).await.expect("verified");
    breaches.iter().map(|breach| breach.invariant).collect()
}

#[tokio::test]
async fn h_4_verify_names_a_transaction_without_its_document_actor_or_accounts() {
    let of = "UPDATE cash_transactions SET";
    for (fault, invariant) in [
        (format!("{of} document_id = id WHERE kind = 'RELEASE'"), "X-6: a transaction's document exists"),
        (
            format!("{of} document_kind = 'REFUND' WHERE kind = 'FUNDING'"),
            "X-6: a transaction's document exists",
        ),
        (format!("{of} actor_id = NULL WHERE kind = 'FUNDING'"), "X-6: only the payer funds"),
        (
            format!("{of} actor_id = (SELECT freelancer_id FROM contracts) WHERE kind = 'RELEASE'"),
            "X-6: only the payer funds",
        ),
        (
            format!("{of} actor_id = (SELECT client_id FROM contracts) WHERE kind = 'REFUND'"),
            "X-6: only the freelancer or an admin",
        ),
        (
            format!("{of} actor_id = (SELECT client_id FROM contracts) WHERE kind = 'REFUND_PAID'"),
            "X-6: only the freelancer or an admin",
        ),
        (format!("{of} kind = 'REFUND_PAID' WHERE kind = 'REFUND'"), "X-3: a document causes one"),
        (
            "UPDATE cash_accounts SET holder = 'STRIPE' WHERE kind = 'CLEARING'".to_owned(),
            "P-3: a payment went from its provider",
        ),
        (
            "UPDATE cash_accounts SET holder = 'STRIPE' WHERE kind = 'CLEARING'".to_owned(),
            "O-2: a refund arrived where",
        ),
        (
            "UPDATE cash_accounts SET account_id = (SELECT client_id FROM contracts) WHERE kind = 'PERSON' \
             AND account_id = (SELECT freelancer_id FROM contracts)"
                .to_owned(),
            "O-2: money moves between",
        ),
    ] {
        let hired = history().await;
        without_triggers(&hired.world).await;
        hired.world.sql(&fault).await.expect(&fault);
        let found = breaches(&hired.world).await;
        assert!(found.iter().any(|one| one.starts_with(invariant)), "{fault}: {found:#?}");
    }
}

#[tokio::test]
async fn h_4_verify_names_a_debt_that_was_settled_without_an_income() {
    let hired = Hired::released_by("tok_visa").await;
    hired.world.spend_cash(&hired.ada, 9_000).await;
    hired.take_back(1_000, "one").await;
    let card = hired.world.method(&hired.clara, "tok_visa").await;
    hired.fund(1, &card, "f2").await;
    hired.release(1, "r2").await;
    hired.world.verify().await;
    without_triggers(&hired.world).await;
    for fault in [
        "UPDATE cash_accounts SET account_id = (SELECT id FROM accounts WHERE name = 'clara') WHERE kind = 'RECEIVABLE' \
         AND account_id = (SELECT id FROM accounts WHERE name = 'ada')",
        "UPDATE cash_transactions SET business_key = 'RECEIVABLE_SETTLED/nothing' WHERE kind = 'RECEIVABLE_SETTLED'",
    ] {
        hired.world.sql(fault).await.expect("changed");
        let found = breaches(&hired.world).await;
        assert!(found.iter().any(|one| one.starts_with("O-5: what a person owed was settled")), "{found:#?}");
        let back = "UPDATE cash_accounts SET account_id = (SELECT id FROM accounts WHERE name = 'ada') \
                    WHERE kind = 'RECEIVABLE' AND balance = (SELECT MIN(balance) FROM cash_accounts WHERE kind = 'RECEIVABLE')";
        hired.world.sql(back).await.expect("changed back");
    }
}

#[tokio::test]
async fn h_4_verify_names_a_payment_from_cash_that_is_not_one() {
    let hired = Hired::released_by("tok_visa").await;
    hired.world.spend_cash(&hired.ada, 1_000).await;
    hired.world.verify().await;
    let fault = "UPDATE payments SET charged_back_cents = 1 WHERE provider = 'CASH_ACCOUNT'";
    hired.world.sql(fault).await.expect("changed");
    let found = breaches(&hired.world).await;
    assert!(found.iter().any(|one| one.starts_with("P-3: what is paid from a cash account")), "{found:#?}");
    let fault = "UPDATE payments SET state = 'PENDING' WHERE provider = 'CASH_ACCOUNT'";
    assert!(hired.world.sql(fault).await.is_err(), "the database refuses it");
}

#[tokio::test]
async fn h_4_the_digest_covers_contracts() {
    let hired = history().await;
    let before = hired.world.digest().await;
    hired.world.sql("UPDATE milestones SET title = title").await.expect("the same");
    assert_eq!(hired.world.digest().await, before);
    hired.world.sql("UPDATE milestones SET state = 'WITHDRAWN' WHERE number = 2").await.expect("changed");
    assert_ne!(hired.world.digest().await, before);
}

#[tokio::test]
async fn h_4_the_digest_tells_two_equal_contracts_from_one() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let mut digests = Vec::new();
    for _ in 0..2 {
        let input = json!({ "freelancerId": freelancer(&ada), "title": "Logo", "category": "DESIGN" });
        let offer = world.direct(&clara, input).await["offer"]["id"].clone();
        assert_eq!(world.accept(&ada, &offer).await["userErrors"], json!([]));
        digests.push(world.digest().await);
    }
    assert_ne!(digests[0], digests[1], "at the same instant, with the same words");
}
