//! Months of plans that were given, and plans that were cancelled (M-8, M-10, M-13).

use connects::entity::{enums::CashAccountKind::Sales, renewal};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::{
    subscriptions::said,
    support::{Person, World, id},
};

pub const CANCEL: &str =
    "mutation { cancelPlan(input: {}) { effectiveOn wallet { plan planEndsOn } userErrors { code } } }";
pub const KEEP: &str = "mutation { keepPlan(input: {}) { wallet { plan planEndsOn } userErrors { code } } }";
const GIVE: &str = "mutation($a: ID!, $n: Int!, $k: String!) { givePlanMonths(input: { accountId: $a, plan: PLUS, months: $n,
    reason: \"A mistake of ours\", idempotencyKey: $k }) { wallet { plan giftMonthsLeft } userErrors { code field } } }";

impl World {
    pub async fn give_months(&self, person: &Person, months: i32, key: &str) -> Value {
        let staff = self.staff().await;
        let asked = json!({ "a": id("Account", person.viewer.id()), "n": months, "k": key });
        self.data(Some(&staff), GIVE, asked).await["givePlanMonths"].clone()
    }

    /// The history of a person: kind and change, the oldest first.
    async fn changes(&self, person: &Person) -> Vec<(String, i64)> {
        self.history(person).await.into_iter().map(|row| (row.0, row.1)).collect()
    }
}

#[tokio::test]
async fn m_8_a_cancelled_plan_ends_with_its_cycle_and_m_13_can_be_kept_until_then() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let cancel = async || world.data(Some(&ada), CANCEL, json!({})).await["cancelPlan"].clone();
    let keep = async || world.data(Some(&ada), KEEP, json!({})).await["keepPlan"].clone();
    assert_eq!([said(&cancel().await), said(&keep().await)], ["PLAN_UNCHANGED", "PLAN_UNCHANGED"]);
    world.upgrade(&ada, "tok_visa", "k").await;
    let cancelled = cancel().await;
    assert_eq!(
        (&cancelled["effectiveOn"], &cancelled["wallet"]["plan"]),
        (&json!("2026-02-01"), &json!("PLUS"))
    );
    assert_eq!(said(&cancel().await), "PLAN_UNCHANGED");
    assert_eq!(world.upgrade_preview(&ada).await, "PLAN_UNCHANGED");
    assert_eq!(keep().await["wallet"]["planEndsOn"], Value::Null);
    assert_eq!(cancel().await["wallet"]["planEndsOn"], "2026-02-01");
    world.advance("2026-02-01T00:20:00Z").await;
    let member = world.member(&ada).await;
    assert_eq!((&member["wallet"]["plan"], &member["wallet"]["available"]), (&json!("BASIC"), &json!(120)));
    assert_eq!(renewal::Entity::find().count(world.db().read()).await.unwrap(), 0);
    world.verify().await;
}

#[tokio::test]
async fn m_10_a_gift_gives_the_plan_without_a_payment_method_and_then_falls_to_basic() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let given = world.give_months(&ada, 2, "g").await;
    assert_eq!(
        (said(&given), &given["wallet"]["plan"], &given["wallet"]["giftMonthsLeft"]),
        ("", &json!("PLUS"), &json!(1))
    );
    assert_eq!(world.available(&ada).await, 110, "at registration: 40 + 10 + 60");
    world.advance("2026-02-01T00:20:00Z").await;
    assert_eq!(world.available(&ada).await, 180);
    world.advance("2026-03-01T00:20:00Z").await;
    let member = world.member(&ada).await;
    assert_eq!((&member["wallet"]["plan"], &member["wallet"]["available"]), (&json!("BASIC"), &json!(190)));
    assert_eq!(member["purchases"]["nodes"], json!([]));
    world.verify().await;
}

#[tokio::test]
async fn x_7_a_plan_by_gifts_is_over_with_the_last_one_however_late_the_task_is() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let ends = async || world.member(&ada).await["wallet"]["planEndsOn"].clone();
    world.give_months(&ada, 2, "g").await;
    assert_eq!(ends().await, Value::Null, "another month is left");
    world.advance("2026-02-01T00:20:00Z").await;
    assert_eq!(ends().await, "2026-03-01");
    let cancelled = world.data(Some(&ada), CANCEL, json!({})).await["cancelPlan"].clone();
    assert_eq!(said(&cancelled), "PLAN_UNCHANGED", "it ends anyway");
    // No task runs from here on.
    world.sleep_until("2026-02-28T23:59:59Z").await;
    assert_eq!(world.member(&ada).await["wallet"]["plan"], "PLUS");
    world.sleep_until("2026-03-01T00:00:00Z").await;
    assert_eq!(world.member(&ada).await["wallet"]["plan"], "BASIC");
    world.verify().await;
}

#[tokio::test]
async fn m_10_another_gift_lets_a_plan_go_on_that_was_to_end_with_the_last_one() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.give_months(&ada, 1, "g").await;
    assert_eq!(world.member(&ada).await["wallet"]["planEndsOn"], "2026-02-01");
    world.give_months(&ada, 1, "h").await;
    assert_eq!(world.member(&ada).await["wallet"]["planEndsOn"], Value::Null);
    world.advance("2026-02-01T00:20:00Z").await;
    let wallet = world.member(&ada).await["wallet"].clone();
    assert_eq!(
        (&wallet["plan"], &wallet["available"], &wallet["planEndsOn"]),
        (&json!("PLUS"), &json!(180), &json!("2026-03-01"))
    );
    world.verify().await;
}

#[tokio::test]
async fn m_10_what_the_person_has_cancelled_stays_cancelled_when_more_is_given() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.give_months(&ada, 2, "g").await;
    world.data(Some(&ada), CANCEL, json!({})).await;
    world.give_months(&ada, 1, "h").await;
    assert_eq!(world.member(&ada).await["wallet"]["planEndsOn"], "2026-02-01");
    world.advance("2026-02-01T00:20:00Z").await;
    let wallet = world.member(&ada).await["wallet"].clone();
    assert_eq!((&wallet["plan"], &wallet["giftMonthsLeft"]), (&json!("BASIC"), &json!(2)));
    world.verify().await;
}

#[tokio::test]
async fn m_13_a_gift_postpones_the_next_charge_and_several_add_up() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.upgrade(&ada, "tok_visa", "k").await;
    world.give_months(&ada, 1, "g").await;
    world.give_months(&ada, 1, "h").await;
    assert_eq!(world.available(&ada).await, 110, "nothing begins now");
    world.advance("2026-03-01T00:20:00Z").await;
    assert_eq!((world.available(&ada).await, world.total(Sales).await), (250, 1_499));
    world.advance("2026-04-01T00:20:00Z").await;
    assert_eq!((world.available(&ada).await, world.total(Sales).await), (320, 2_998));
    world.verify().await;
}

#[tokio::test]
async fn m_13_a_gift_in_mid_cycle_is_an_upgrade_without_a_charge() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.sleep_until("2026-01-22T10:00:00Z").await;
    world.give_months(&ada, 1, "g").await;
    assert_eq!(
        world.changes(&ada).await[2..],
        [("MEMBERSHIP".to_owned(), 60), ("MEMBERSHIP_PRORATED".to_owned(), 6)]
    );
    let refused = world.give_months(&ada, 25, "h").await;
    assert_eq!((said(&refused), &refused["userErrors"][0]["field"][1]), ("INVALID_INPUT", &json!("months")));
    world.verify().await;
}

#[tokio::test]
async fn b_5_a_promo_code_gives_months_of_plus() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.promo(json!({ "code": "PLUS-ON-US", "kind": "PLAN_MONTHS", "months": 3 })).await;
    let redeemed = world.redeem(&ada, "plus-on-us", "r").await;
    assert_eq!((said(&redeemed), &redeemed["wallet"]["available"]), ("", &json!(110)), "{redeemed}");
    assert_eq!(world.member(&ada).await["wallet"]["giftMonthsLeft"], 2);
    world.advance("2026-04-01T00:20:00Z").await;
    assert_eq!(world.member(&ada).await["wallet"]["plan"], "BASIC");
    world.verify().await;
}

#[tokio::test]
async fn m_13_months_that_are_left_are_used_by_the_next_upgrade() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.give_months(&ada, 2, "g").await;
    world.data(Some(&ada), CANCEL, json!({})).await;
    world.advance("2026-02-05T00:00:00Z").await;
    assert_eq!(world.member(&ada).await["wallet"]["plan"], "BASIC");
    let preview = world.upgrade_preview(&ada).await;
    assert_eq!((&preview["usesGiftMonth"], &preview["charged"]["amount"]), (&json!(true), &json!("0.00")));
    let upgraded = world.upgrade(&ada, "", "k").await;
    assert_eq!(
        (&upgraded["purchase"], &upgraded["wallet"]["planBasis"]),
        (&Value::Null, &json!("GIFT")),
        "{upgraded}"
    );
    world.verify().await;
}
