//! Banks that take back what was paid for Connects (B-4).

use connects::entity::enums::{
    CashAccountKind::{Clearing, Sales, Taxes},
    HistoryKind,
};
use serde_json::{Value, json};

use crate::support::{Person, World, code, id};

const UNFREEZE: &str =
    "mutation($a: ID!) { unfreezePurchases(input: { accountId: $a, reason: \"A mistake\" }) {
    account { id } userErrors { code } } }";

impl World {
    async fn unfreeze(&self, person: &Person) -> Value {
        let staff = self.staff().await;
        let asked = json!({ "a": id("Account", person.viewer.id()) });
        self.data(Some(&staff), UNFREEZE, asked).await["unfreezePurchases"].clone()
    }
}

#[tokio::test]
async fn b_4_a_charge_back_removes_what_is_left_and_what_returns_later_and_freezes_purchases() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    // The welcome gift goes first.
    world.sleep_until("2026-01-02T00:00:00Z").await;
    let bought = world.buy_by(&ada, 20, "tok_charged_back").await;
    assert_eq!(bought["purchase"]["state"], "PAID", "{bought}");
    let mut posts = Vec::new();
    for n in 0..7 {
        let post = world.post(&clara, &format!("Big job {n}"), 5_000).await;
        world.propose(&ada, &post, 8, &format!("k{n}")).await;
        posts.push(post);
    }
    assert_eq!(world.available(&ada).await, 14, "56 were spent: 50, and 6 of what was bought");
    world.advance("2026-01-12T00:10:00Z").await;
    assert_eq!(world.available(&ada).await, 0);
    assert_eq!([world.total(Clearing).await, world.total(Sales).await, world.total(Taxes).await], [0; 3]);
    let seen = world.purchases(&ada).await;
    assert_eq!(
        (&seen["arePurchasesFrozen"], &seen["purchases"]["nodes"][0]["state"]),
        (&json!(true), &json!("CHARGED_BACK"))
    );
    assert!(world.notified(&ada).await.contains(&"PURCHASE_CHARGED_BACK".to_owned()));
    assert_eq!(code(&world.buy_by(&ada, 10, "tok_visa").await), "PURCHASES_FROZEN");
    // The last proposal took two of the gift and six of what was bought: only the two come back.
    let cancel = "mutation($id: ID!) { cancelJobPost(input: { jobPostId: $id, idempotencyKey: \"c\" }) { userErrors { code } } }";
    let cancelled = world.data(Some(&clara), cancel, json!({ "id": id("JobPost", posts[6].id) })).await;
    assert_eq!(cancelled["cancelJobPost"]["userErrors"], json!([]), "{cancelled}");
    assert_eq!(world.available(&ada).await, 2);
    let history = world.history(&ada).await;
    let gone: Vec<_> = history.iter().filter(|row| row.0 == "CHARGEBACK").map(|row| row.1).collect();
    assert_eq!(gone.iter().sum::<i64>(), -20, "{history:?}");
    world.verify().await;
    assert_eq!(world.unfreeze(&ada).await["userErrors"], json!([]));
    assert_eq!(code(&world.unfreeze(&ada).await), "PURCHASES_NOT_FROZEN");
    let again = world.buy_by(&ada, 10, "tok_visa").await;
    assert_eq!((&again["userErrors"], world.available(&ada).await), (&json!([]), 12));
    world.verify().await;
}

#[tokio::test]
async fn b_4_a_charge_back_that_is_won_gives_back_what_was_removed() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    world.sleep_until("2026-01-02T00:00:00Z").await;
    world.buy_by(&ada, 20, "tok_charge_back_won").await;
    let mut last = None;
    for n in 0..7 {
        let post = world.post(&clara, &format!("Big job {n}"), 5_000).await;
        world.propose(&ada, &post, 8, &format!("k{n}")).await;
        last = Some(post);
    }
    world.advance("2026-01-12T00:10:00Z").await;
    assert_eq!(world.available(&ada).await, 0);
    let cancel = "mutation($id: ID!) { cancelJobPost(input: { jobPostId: $id, idempotencyKey: \"c\" }) { userErrors { code } } }";
    world.data(Some(&clara), cancel, json!({ "id": id("JobPost", last.unwrap().id) })).await;
    assert_eq!(world.available(&ada).await, 2);
    world.advance("2026-01-22T00:10:00Z").await;
    let seen = world.purchases(&ada).await;
    assert_eq!(
        (&seen["arePurchasesFrozen"], &seen["purchases"]["nodes"][0]["state"]),
        (&json!(false), &json!("PAID"))
    );
    assert_eq!(world.available(&ada).await, 22, "fourteen that were left, and six that had returned");
    assert!(world.notified(&ada).await.contains(&"PURCHASE_RESTORED".to_owned()));
    assert_eq!(world.total(Sales).await, 300);
    assert_eq!(world.count_entries(HistoryKind::Chargeback).await, 4);
    world.verify().await;
}

#[tokio::test]
async fn b_4_what_returns_to_an_expired_lot_of_a_charged_back_purchase_expires() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    world.sleep_until("2026-01-02T00:00:00Z").await;
    world.buy_by(&ada, 20, "tok_charged_back").await;
    let mut last = None;
    for n in 0..7 {
        let post = world.post(&clara, &format!("Big job {n}"), 5_000).await;
        world.propose(&ada, &post, 8, &format!("k{n}")).await;
        last = Some(post);
    }
    world.advance("2026-01-12T00:10:00Z").await;
    let last = last.unwrap();
    world.sleep_until("2027-01-03T00:00:00Z").await;
    let staff = world.staff().await;
    let remove = "mutation($id: ID!) { removeJobPost(input: { jobPostId: $id, reason: \"spam\", idempotencyKey: \"r\" }) { userErrors { code } } }";
    let before = world.history(&ada).await.len();
    let removed = world.data(Some(&staff), remove, json!({ "id": id("JobPost", last.id) })).await;
    assert_eq!(removed["removeJobPost"]["userErrors"], json!([]), "{removed}");
    let since: Vec<_> = world.history(&ada).await.split_off(before);
    // Two are of a lot that lives on by grace; six are of what the bank took back, and expired like the rest of it.
    let at = |text: &str| text.to_owned();
    let removed = (at("RETURNED_REMOVED"), 8, 8, at("2027-01-03T00:00:00Z"));
    assert_eq!(since, [removed, (at("EXPIRED"), -6, 2, at("2027-01-02T00:00:00Z"))]);
    world.verify().await;
}

#[tokio::test]
async fn b_4_another_charge_back_freezes_again_and_nobody_unfreezes_themselves() {
    use connects::{
        entity::{enums::PaymentProvider, payment},
        money::Money,
        providers::payments::Chargeback,
        settlement::charge_back,
    };
    use sea_orm::EntityTrait;
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.buy_by(&ada, 100, "tok_visa").await;
    let paid = payment::Entity::find().one(world.db().read()).await.unwrap().unwrap();
    let told = async |cents: i64, reference: &str, is_won: bool| {
        let told = Chargeback {
            reference: reference.into(),
            of: paid.reference.clone().unwrap(),
            amount: Money::new(cents, connects::entity::enums::Currency::Usd),
            at: world.db().now().await.unwrap(),
            is_won,
        };
        let news = world.db().write(async |txn| charge_back(txn, PaymentProvider::Sandbox, &told).await);
        assert!(news.await.unwrap());
        world.verify().await;
    };
    told(500, "one", false).await;
    assert_eq!(world.available(&ada).await, 50, "however little it takes");
    assert_eq!(world.unfreeze(&ada).await["userErrors"], json!([]));
    told(1_000, "two", false).await;
    assert_eq!(world.purchases(&ada).await["arePurchasesFrozen"], true);
    assert_eq!(world.total(Sales).await, 0);
    told(500, "one", true).await;
    assert_eq!((world.available(&ada).await, world.total(Sales).await), (50, 500));
    told(1_000, "two", true).await;
    assert_eq!((world.available(&ada).await, world.total(Sales).await), (150, 1_500));
    let staff = world.staff().await;
    assert_eq!(code(&world.unfreeze(&staff).await), "NOT_ALLOWED");
}
