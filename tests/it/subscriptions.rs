//! Plans that people pay for: upgrades, renewals, gifts, cancelling (M-6 to M-8, M-10, M-12 to M-14, B-4).

use connects::{
    entity::enums::{
        CashAccountKind::{Sales, Taxes},
        HistoryKind,
    },
    memberships,
};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Person, World};

const PREVIEW: &str = "{ viewer { upgradePreview(plan: PLUS) { connects paid prorated explanation usesGiftMonth
    net { amount } tax { amount } total { amount } charged { amount } oldCycle { startsOn endsOn } newCycle { startsOn endsOn } } } }";
const UPGRADE: &str = "mutation($input: UpgradePlanInput!) { upgradePlan(input: $input) {
    wallet { available plan planBasis billingCycle { startsOn endsOn } } purchase { id state item plan quantity total { amount } cycleStartsOn
        lots { source quantity } } payment { state provider } replayed userErrors { code field message } } }";
const WALLET: &str =
    "{ viewer { wallet { available plan planBasis planEndsOn giftMonthsLeft billingCycle { startsOn endsOn }
    nextGrant { on quantity paid condition } } purchases { nodes { item state cycleStartsOn } } } }";

/// The code of the refusal in a payload; empty if it was done.
pub fn said(payload: &Value) -> &str {
    payload["userErrors"][0]["code"].as_str().unwrap_or_default()
}

impl World {
    pub async fn upgrade_preview(&self, person: &Person) -> Value {
        let answer = self.ask(Some(person), PREVIEW, json!({})).await;
        match answer["errors"].get(0) {
            Some(error) => error["extensions"]["userErrorCode"].clone(),
            None => answer["data"]["viewer"]["upgradePreview"].clone(),
        }
    }

    /// Upgrades for what the preview says, by a payment method with this token, or as usual without one.
    pub async fn upgrade(&self, person: &Person, token: &str, key: &str) -> Value {
        let preview = self.upgrade_preview(person).await;
        let charged =
            if preview.is_object() { preview["charged"].clone() } else { json!({ "amount": "14.99" }) };
        let mut input = json!({ "plan": "PLUS", "expectedTotal": charged, "idempotencyKey": key });
        if !token.is_empty() {
            input["paymentMethodId"] = self.method(person, token).await;
        }
        self.data(Some(person), UPGRADE, json!({ "input": input })).await["upgradePlan"].clone()
    }

    pub async fn member(&self, person: &Person) -> Value {
        self.data(Some(person), WALLET, json!({})).await["viewer"].clone()
    }
}

#[tokio::test]
async fn m_6_an_upgrade_charges_all_starts_a_cycle_and_prorates_the_free_part() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.sleep_until("2026-01-22T10:00:00Z").await;
    let preview = world.upgrade_preview(&ada).await;
    assert_eq!(
        (&preview["connects"], &preview["paid"], &preview["prorated"]),
        (&json!(66), &json!(60), &json!(6)),
        "21 of 31 days: 6.77"
    );
    assert_eq!(preview["newCycle"], json!({ "startsOn": "2026-01-22", "endsOn": "2026-02-21" }));
    assert_eq!(
        (&preview["total"]["amount"], &preview["charged"]["amount"]),
        (&json!("14.99"), &json!("14.99"))
    );
    let upgraded = world.upgrade(&ada, "tok_visa", "k").await;
    assert_eq!(upgraded["userErrors"], json!([]), "{upgraded}");
    assert_eq!(upgraded["wallet"]["plan"], "PLUS");
    assert_eq!(upgraded["wallet"]["billingCycle"], preview["newCycle"]);
    assert_eq!(upgraded["wallet"]["available"], 116, "40 + 10, and 60 + 6");
    assert_eq!(
        (&upgraded["purchase"]["item"], &upgraded["purchase"]["lots"]),
        (&json!("MEMBERSHIP"), &json!([{ "source": "MEMBERSHIP", "quantity": 60 }]))
    );
    assert_eq!(world.upgrade_preview(&ada).await, "PLAN_UNCHANGED");
    assert_eq!(world.upgrade(&ada, "tok_visa", "k").await["replayed"], true);
    assert_eq!(said(&world.upgrade(&ada, "tok_visa", "l").await), "PLAN_UNCHANGED");
    assert_eq!(world.total(Sales).await, 1_499);
    assert!(world.notified(&ada).await.contains(&"PLAN_BEGUN".to_owned()));
    world.verify().await;
}

#[tokio::test]
async fn m_6_the_cycle_that_has_begun_is_issued_before_another_one_begins() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.sleep_until("2026-02-01T00:02:00Z").await;
    let preview = world.upgrade_preview(&ada).await;
    assert_eq!(preview["prorated"], 0);
    world.upgrade(&ada, "tok_visa", "k").await;
    assert_eq!(world.available(&ada).await, 120, "the free part of February, and the paid one");
    world.advance("2026-02-02T00:00:00Z").await;
    assert_eq!(world.available(&ada).await, 120);
    world.verify().await;
}

#[tokio::test]
async fn m_12_nothing_begins_before_an_upgrade_is_paid() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let failed = world.upgrade(&ada, "tok_declined", "a").await;
    assert_eq!((&failed["payment"]["state"], &failed["wallet"]["plan"]), (&json!("FAILED"), &json!("BASIC")));
    let waits = world.upgrade(&ada, "tok_lost_after", "b").await;
    assert_eq!((&waits["payment"]["state"], &waits["wallet"]["plan"]), (&json!("UNKNOWN"), &json!("BASIC")));
    assert_eq!(said(&world.upgrade(&ada, "tok_visa", "c").await), "UPGRADE_PENDING");
    world.advance("2026-01-01T01:00:00Z").await;
    let member = world.member(&ada).await;
    assert_eq!(
        (&member["wallet"]["plan"], &member["wallet"]["planBasis"]),
        (&json!("PLUS"), &json!("CHARGED"))
    );
    assert_eq!(member["wallet"]["available"], 110);
    world.verify().await;
}

#[tokio::test]
async fn m_7_a_renewal_is_charged_and_its_paid_part_counts_from_the_cycles_start() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.upgrade(&ada, "tok_visa", "k").await;
    assert_eq!(world.available(&ada).await, 110);
    world.advance("2026-02-01T00:20:00Z").await;
    assert_eq!(world.available(&ada).await, 180);
    let lots = world
        .data(Some(&ada), "{ viewer { wallet { lots { nodes { source issuedAt } } } } }", json!({}))
        .await;
    let paid = lots["viewer"]["wallet"]["lots"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|lot| lot["source"] == "MEMBERSHIP");
    let issued: Vec<_> = paid.map(|lot| lot["issuedAt"].as_str().unwrap().to_owned()).collect();
    assert_eq!(issued, ["2026-01-01T00:00:00.000000Z", "2026-02-01T00:00:00.000000Z"]);
    assert!(world.notified(&ada).await.contains(&"PLAN_RENEWED".to_owned()));
    world.advance("2026-02-20T00:00:00Z").await;
    assert_eq!(world.available(&ada).await, 180, "once");
    assert_eq!(world.total(Sales).await, 2_998);
    world.verify().await;
}

#[tokio::test]
async fn m_7_a_renewal_is_paid_from_cash_if_that_has_all_of_it_and_otherwise_by_the_primary_method() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    world.upgrade(&ada, "tok_visa", "k").await;
    world.earn(&ada, &clara, "20").await;
    world.advance("2026-02-01T00:20:00Z").await;
    let payments =
        "{ viewer { payments { nodes { provider amount { amount } } } cashAccount { balance { amount } } } }";
    let seen = world.data(Some(&ada), payments, json!({})).await["viewer"].clone();
    assert_eq!(seen["payments"]["nodes"][0]["provider"], "CASH_ACCOUNT", "{seen}");
    assert_eq!(seen["cashAccount"]["balance"]["amount"], "3.01");
    assert_eq!(world.available(&ada).await, 180);
    world.advance("2026-03-01T00:20:00Z").await;
    let seen = world.data(Some(&ada), payments, json!({})).await["viewer"].clone();
    assert_eq!(seen["payments"]["nodes"][0]["provider"], "SANDBOX", "not in two parts: {seen}");
    assert_eq!(seen["cashAccount"]["balance"]["amount"], "3.01");
    world.verify().await;
}

#[tokio::test]
async fn m_7_a_renewal_that_cannot_be_paid_leaves_the_free_plan_from_the_cycles_start() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.upgrade(&ada, "tok_visa", "k").await;
    // Good once: the method is removed, and there is no other.
    let method = world.method(&ada, "tok_visa").await;
    let remove =
        "mutation($m: ID!) { removePaymentMethod(input: { paymentMethodId: $m }) { userErrors { code } } }";
    world.data(Some(&ada), remove, json!({ "m": method })).await;
    world.advance("2026-02-01T00:20:00Z").await;
    let member = world.member(&ada).await;
    assert_eq!((&member["wallet"]["plan"], &member["wallet"]["available"]), (&json!("BASIC"), &json!(120)));
    assert!(world.notified(&ada).await.contains(&"PLAN_NOT_RENEWED".to_owned()));
    world.advance("2026-03-01T00:20:00Z").await;
    assert_eq!(world.available(&ada).await, 130, "and nothing is tried again");
    let again = world.upgrade(&ada, "tok_visa", "again").await;
    assert_eq!((said(&again), &again["wallet"]["available"]), ("", &json!(190)));
    world.verify().await;
}

#[tokio::test]
async fn m_12_a_renewal_of_unknown_outcome_keeps_the_plan_until_it_is_known() {
    let fates = [
        ("tok_lost_after", "PLUS", 180),
        ("tok_lost_before", "PLUS", 180),
        ("tok_lost_declined", "BASIC", 120),
    ];
    for (token, plan, available) in fates {
        let world = World::new().await;
        let ada = world.freelancer("ada").await;
        world.method(&ada, token).await;
        world.upgrade(&ada, "tok_visa", "k").await;
        world.advance("2026-02-01T00:05:00Z").await;
        assert_eq!(world.member(&ada).await["wallet"]["plan"], "PLUS", "{token}");
        assert_eq!(world.available(&ada).await, 120, "the free part is there");
        world.advance("2026-02-02T00:00:00Z").await;
        let member = world.member(&ada).await;
        assert_eq!(
            (&member["wallet"]["plan"], &member["wallet"]["available"]),
            (&json!(plan), &json!(available)),
            "{token}"
        );
        world.verify().await;
    }
}

#[tokio::test]
async fn m_6_an_upgrade_that_brings_other_connects_than_were_seen_is_refused() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.method(&ada, "tok_visa").await;
    world.sleep_until("2026-01-31T23:59:00Z").await;
    let seen = world.upgrade_preview(&ada).await;
    assert_eq!(seen["connects"], 69, "30 of 31 days: 9.67");
    world.sleep_until("2026-02-01T00:01:00Z").await;
    let upgrade = async |connects: &Value, key: &str| {
        let input = json!({ "plan": "PLUS", "expectedTotal": seen["charged"], "expectedConnects": connects,
            "idempotencyKey": key });
        world.data(Some(&ada), UPGRADE, json!({ "input": input })).await["upgradePlan"].clone()
    };
    let refused = upgrade(&seen["connects"], "k").await;
    let why = &refused["userErrors"][0];
    assert_eq!((&why["code"], &why["field"]), (&json!("CONFLICT"), &json!(["input", "expectedConnects"])));
    assert_eq!(why["message"], "This upgrade brings 60 Connects now, not 69. Upgrade again if you agree.");
    assert_eq!(upgrade(&json!(60), "k2").await["wallet"]["plan"], "PLUS");
    world.verify().await;
}

#[tokio::test]
async fn m_13_nobody_upgrades_while_a_cycle_of_theirs_is_being_paid() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.method(&ada, "tok_lost_after").await;
    world.upgrade(&ada, "tok_visa", "k").await;
    world.sleep_until("2026-02-01T00:05:00Z").await;
    crate::grants::issue(&world).await;
    // An admin takes the plan away meanwhile.
    world.db().write(async |txn| memberships::end_plan(txn, ada.wallet.unwrap()).await).await.unwrap();
    assert_eq!(world.upgrade_preview(&ada).await, "UPGRADE_PENDING");
    assert_eq!(said(&world.upgrade(&ada, "tok_visa", "k2").await), "UPGRADE_PENDING");
    world.advance("2026-02-03T00:00:00Z").await;
    assert!(world.upgrade_preview(&ada).await.is_object(), "it is known");
    world.verify().await;
}

#[tokio::test]
async fn m_7_a_declined_renewal_is_not_tried_again() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.method(&ada, "tok_declined").await;
    world.upgrade(&ada, "tok_visa", "k").await;
    world.advance("2026-04-01T00:00:00Z").await;
    let member = world.member(&ada).await;
    assert_eq!((&member["wallet"]["plan"], &member["wallet"]["available"]), (&json!("BASIC"), &json!(130)));
    let states: Vec<_> =
        member["purchases"]["nodes"].as_array().unwrap().iter().map(|row| row["state"].clone()).collect();
    assert_eq!(states, ["FAILED", "PAID"]);
    world.verify().await;
}

#[tokio::test]
async fn m_14_a_missed_cycle_is_never_charged_and_the_one_in_force_is_charged_once() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.upgrade(&ada, "tok_visa", "k").await;
    world.sleep_until("2026-04-10T00:00:00Z").await;
    world.advance("2026-04-10T01:00:00Z").await;
    let member = world.member(&ada).await;
    assert_eq!(member["wallet"]["plan"], "PLUS");
    assert_eq!(world.total(Sales).await, 2_998, "January and April");
    assert_eq!(world.available(&ada).await, 110 + 10 + 10 + 70);
    world.verify().await;
}

#[tokio::test]
async fn p_4_a_suspended_plus_is_not_charged_and_falls_to_basic() {
    let world = World::new().await;
    let (ada, staff) = (world.freelancer("ada").await, world.staff().await);
    world.upgrade(&ada, "tok_visa", "k").await;
    world.suspend(&staff, &ada).await;
    world.advance("2026-02-02T00:00:00Z").await;
    world.reinstate(&staff, &ada).await;
    assert_eq!(world.member(&ada).await["wallet"]["plan"], "BASIC");
    assert_eq!((world.available(&ada).await, world.total(Sales).await), (110, 1_499));
    world.verify().await;
}

#[tokio::test]
async fn b_4_a_charged_back_plus_is_basic_at_once_and_loses_what_is_left_of_its_paid_part() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.upgrade(&ada, "tok_charged_back", "k").await;
    assert_eq!(world.available(&ada).await, 110);
    world.advance("2026-01-12T00:10:00Z").await;
    let member = world.member(&ada).await;
    assert_eq!((&member["wallet"]["plan"], &member["wallet"]["available"]), (&json!("BASIC"), &json!(50)));
    assert_eq!([world.total(Sales).await, world.total(Taxes).await], [0, 0]);
    assert_eq!(said(&world.upgrade(&ada, "tok_visa", "l").await), "PURCHASES_FROZEN");
    world.advance("2026-02-01T00:20:00Z").await;
    assert_eq!(world.available(&ada).await, 60, "the free part");
    world.verify().await;
}

#[tokio::test]
async fn m_13_of_many_upgrades_at_once_one_is_charged() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let card = world.method(&ada, "tok_visa").await;
    let upgrade = async |n: usize| {
        let input = json!({ "plan": "PLUS", "expectedTotal": { "amount": "14.99" }, "paymentMethodId": card,
            "idempotencyKey": format!("k{n}") });
        world.data(Some(&ada), UPGRADE, json!({ "input": input })).await["upgradePlan"].clone()
    };
    let answers = join_all((0..16).map(upgrade)).await;
    assert_eq!(answers.iter().filter(|answer| said(answer).is_empty()).count(), 1);
    assert_eq!((world.available(&ada).await, world.total(Sales).await), (110, 1_499));
    world.verify().await;
}

#[tokio::test]
async fn m_7_two_processes_renew_each_member_once() {
    let world = World::new().await;
    let mut people = Vec::new();
    for n in 0..12 {
        let person = world.freelancer(&format!("f{n}")).await;
        world.upgrade(&person, "tok_visa", "k").await;
        people.push(person);
    }
    world.sleep_until("2026-02-01T00:05:00Z").await;
    let run = async |_: usize| {
        world.db().write(async |txn| memberships::issue_due(txn).await).await.unwrap();
        for renewal in memberships::store::list_due_renewals(
            world.db().read(),
            (connects::clock::Instant::UNIX_EPOCH, None),
            100,
        )
        .await
        .unwrap()
        {
            let paying = connects::payments::Paying::AsUsual(Some((
                connects::entity::enums::PaymentProvider::Sandbox,
                connects::config::Limit { times: 1_000, minutes: 1 },
            )));
            world
                .db()
                .write(async |txn| connects::subscriptions::charge(txn, &renewal, paying).await)
                .await
                .unwrap();
        }
    };
    join_all((0..4).map(run)).await;
    world.advance("2026-02-01T01:00:00Z").await;
    for person in &people {
        assert_eq!(world.available(person).await, 180);
    }
    assert_eq!(world.total(Sales).await, 12 * 2_998);
    assert_eq!(world.count_entries(HistoryKind::Membership).await, 24);

    world.verify().await;
}
