//! What may come between a cycle that has begun and its payment, and what an admin grants beside it (M-7, M-8, M-13, M-14).

use connects::{
    clock::Instant,
    config::Limit,
    db::Txn,
    entity::{
        enums::{CashAccountKind::Sales, MembershipPlan, PaymentProvider},
        renewal,
    },
    memberships::{self, store::list_due_renewals},
    payments::Paying,
    subscriptions,
};
use serde_json::{Value, json};

use crate::{
    subscriptions::said,
    support::{Person, World, commands::Commands},
};

const KEEP: &str = "mutation { keepPlan(input: {}) { wallet { planEndsOn } userErrors { code } } }";
const CANCEL: &str = "mutation { cancelPlan(input: {}) { effectiveOn userErrors { code } } }";

impl World {
    async fn sets_plan(&self, person: &Person, plan: MembershipPlan) {
        let staff = self.staff().await;
        let change =
            async |txn: &Txn| memberships::change_plan(txn, &staff.viewer, person.viewer.id(), plan).await;
        self.db().write(change).await.unwrap();
    }

    /// Issues what has begun, and leaves its renewals to somebody else.
    async fn issue(&self) {
        while self.db().write(async |txn| memberships::issue_due(txn).await).await.unwrap().is_some() {}
    }

    async fn due(&self) -> Vec<renewal::Model> {
        list_due_renewals(self.db().read(), (Instant::UNIX_EPOCH, None), 100).await.unwrap()
    }

    async fn charge(&self, renewal: &renewal::Model) -> bool {
        let limit = Limit { times: 1_000, minutes: 1 };
        let paying = Paying::AsUsual(Some((PaymentProvider::Sandbox, limit)));
        let charge = async |txn: &Txn| subscriptions::charge(txn, renewal, paying).await;
        self.db().write(charge).await.unwrap()
    }

    async fn asks(&self, person: &Person, mutation: &str) -> Value {
        let data = self.data(Some(person), mutation, json!({})).await;
        data.as_object().unwrap().values().next().unwrap().clone()
    }
}

#[tokio::test]
async fn m_14_a_renewal_that_waited_until_its_cycle_was_over_is_never_charged() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.upgrade(&ada, "tok_visa", "k").await;
    world.sleep_until("2026-02-01T00:05:00Z").await;
    world.issue().await;
    assert_eq!(world.due().await.len(), 1, "a process was killed before it charged anybody");
    world.sleep_until("2026-03-10T00:00:00Z").await;
    world.advance("2026-03-10T01:00:00Z").await;
    assert_eq!((world.total(Sales).await, world.due().await.len()), (2_998, 0), "January and March");
    assert_eq!(world.available(&ada).await, 110 + 10 + 70);
    assert_eq!(world.member(&ada).await["wallet"]["plan"], "PLUS");
    world.verify().await;
}

#[tokio::test]
async fn m_8_a_plan_that_ended_while_its_renewal_was_due_is_not_charged() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.upgrade(&ada, "tok_visa", "k").await;
    world.sleep_until("2026-02-01T00:05:00Z").await;
    world.issue().await;
    let renewal = world.due().await.remove(0);
    let wallet = ada.wallet.unwrap();
    world.db().write(async |txn| memberships::end_plan(txn, wallet).await).await.unwrap();
    assert!(!world.charge(&renewal).await);
    assert_eq!((world.due().await.len(), world.total(Sales).await), (0, 1_499));
    world.verify().await;
}

#[tokio::test]
async fn m_12_a_cycle_waits_for_the_payment_of_the_one_before() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.upgrade(&ada, "tok_visa", "k").await;
    world.sleep_until("2026-02-01T00:05:00Z").await;
    world.issue().await;
    let february = world.due().await.remove(0);
    assert!(world.charge(&february).await && !world.charge(&february).await, "once");
    world.sleep_until("2026-03-01T00:05:00Z").await;
    world.issue().await;
    let march = world.due().await.remove(0);
    assert!(!world.charge(&march).await);
    assert_eq!(world.due().await.len(), 1, "it is still due");
    world.advance("2026-03-01T02:00:00Z").await;
    assert_eq!(world.due().await.len(), 0);
    world.verify().await;
}

#[tokio::test]
async fn m_13_nobody_keeps_what_an_admin_granted_and_ended() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.sets_plan(&ada, MembershipPlan::Plus).await;
    world.advance("2026-02-02T00:00:00Z").await;
    world.sets_plan(&ada, MembershipPlan::Basic).await;
    assert_eq!(said(&world.asks(&ada, KEEP).await), "PLAN_UNCHANGED");
    let cara = world.freelancer("cara").await;
    world.upgrade(&cara, "tok_visa", "k").await;
    world.sets_plan(&cara, MembershipPlan::Basic).await;
    assert_eq!(said(&world.asks(&cara, KEEP).await), "PLAN_UNCHANGED", "an admin has ended it");
    let ben = world.freelancer("ben").await;
    world.upgrade(&ben, "tok_visa", "k").await;
    assert_eq!(said(&world.asks(&ben, CANCEL).await), "");
    world.sets_plan(&ben, MembershipPlan::Plus).await;
    assert_eq!(
        said(&world.asks(&ben, KEEP).await),
        "PLAN_UNCHANGED",
        "an admin has put another in its place"
    );
    world.advance("2026-04-03T00:00:00Z").await;
    assert_eq!(world.total(Sales).await, 2 * 1_499, "the grants cost nothing");
    world.verify().await;
}

#[tokio::test]
async fn m_6_an_upgrade_lasts_until_what_an_admin_has_granted_begins() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.sets_plan(&ada, MembershipPlan::Plus).await;
    world.sleep_until("2026-01-10T00:00:00Z").await;
    world.upgrade(&ada, "tok_visa", "k").await;
    world.advance("2026-03-11T00:00:00Z").await;
    assert_eq!(world.member(&ada).await["wallet"]["planBasis"], "GRANTED");
    assert_eq!(world.total(Sales).await, 1_499);
    world.verify().await;
}

#[tokio::test]
async fn m_13_a_month_that_was_given_is_used_once_however_late_the_cycle_before_is_issued() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.upgrade(&ada, "tok_visa", "k").await;
    world.promo(json!({ "code": "ONE-MONTH", "kind": "PLAN_MONTHS", "months": 1 })).await;
    assert_eq!(said(&world.redeem(&ada, "ONE-MONTH", "r").await), "");
    world.sleep_until("2026-02-10T00:00:00Z").await;
    world.asks(&ada, CANCEL).await;
    world.sleep_until("2026-03-02T00:00:00Z").await;
    // The month is used for February, which is issued first, also for the preview; it issues nothing.
    let (preview, before) = (world.upgrade_preview(&ada).await, world.history(&ada).await);
    assert_eq!((&preview["usesGiftMonth"], &preview["charged"]["amount"]), (&json!(false), &json!("14.99")));
    assert_eq!(preview["oldCycle"]["startsOn"], "2026-03-01", "{preview}");
    assert_eq!(world.history(&ada).await, before);
    let upgraded = world.upgrade(&ada, "tok_visa", "again").await;
    assert_eq!(said(&upgraded), "", "{upgraded}");
    assert_eq!(upgraded["purchase"]["total"]["amount"], "14.99");
    world.verify().await;
}

#[tokio::test]
async fn m_13_a_gift_pays_for_no_cycle_that_began_before_however_late_the_task_is() {
    let world = World::new().await;
    let (ada, bob) = (world.freelancer("ada").await, world.freelancer("bob").await);
    for person in [&ada, &bob] {
        world.upgrade(person, "tok_visa", "k").await;
    }
    world.give_months(&bob, 1, "first").await;
    world.sleep_until("2026-02-03T00:00:00Z").await;
    world.give_months(&ada, 1, "gift").await;
    world.advance("2026-02-04T00:00:00Z").await;
    let member = world.member(&ada).await;
    assert_eq!((&member["wallet"]["plan"], &member["wallet"]["giftMonthsLeft"]), (&json!("PLUS"), &json!(1)));
    let paid: Vec<_> =
        member["purchases"]["nodes"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
    assert_eq!(paid, ["PAID", "PAID"], "February is charged, as on time");
    assert_eq!(
        world.member(&bob).await["purchases"]["nodes"].as_array().unwrap().len(),
        1,
        "the other cycle is given"
    );
    world.verify().await;
}

#[tokio::test]
async fn b_5_a_retry_is_answered_as_before_however_many_codes_were_guessed_since() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.promo(json!({ "code": "WELCOME", "kind": "FREE_CONNECTS", "connects": 15 })).await;
    assert_eq!(said(&world.redeem(&ada, "WELCOME", "r").await), "");
    for n in 0..10 {
        world.redeem(&ada, &format!("WRONG-{n}"), "w").await;
    }
    assert_eq!(said(&world.redeem(&ada, "WELCOME", "s").await), "THROTTLED");
    assert_eq!(said(&world.redeem(&ada, "WELCOME", "r").await), "");
    world.verify().await;
}

#[tokio::test]
async fn p_6_an_upgrade_that_is_paid_after_the_account_was_closed_ends_with_its_cycle() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.upgrade(&ada, "tok_lost_after", "k").await;
    let close = "mutation { closeAccount(input: { idempotencyKey: \"c\" }) { userErrors { code } } }";
    let reopen = "mutation { reopenAccount(input: {}) { userErrors { code } } }";
    assert_eq!(said(&world.asks(&ada, close).await), "");
    world.advance("2026-01-01T01:00:00Z").await;
    assert_eq!(said(&world.asks(&ada, reopen).await), "");
    world.advance("2026-02-02T00:00:00Z").await;
    assert_eq!(
        (world.member(&ada).await["wallet"]["plan"].clone(), world.total(Sales).await),
        (json!("BASIC"), 1_499)
    );
    world.verify().await;
}

#[tokio::test]
async fn m_6_a_grant_that_was_taken_back_before_it_began_does_not_end_an_upgrade() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.sets_plan(&ada, MembershipPlan::Plus).await;
    world.sets_plan(&ada, MembershipPlan::Basic).await;
    world.sleep_until("2026-01-12T00:00:00Z").await;
    world.upgrade(&ada, "tok_visa", "k").await;
    assert_eq!(world.member(&ada).await["wallet"]["planEndsOn"], Value::Null);
    world.advance("2026-02-13T00:00:00Z").await;
    assert_eq!(world.member(&ada).await["wallet"]["planBasis"], "CHARGED");
    assert_eq!(world.total(Sales).await, 2 * 1_499);
    world.verify().await;
}

#[tokio::test]
async fn m_7_a_rehearsal_of_time_goes_past_a_renewal_that_cannot_be_paid() {
    let world = World::new().await;
    let (ada, staff) = (world.freelancer("ada").await, world.staff().await);
    world.upgrade(&ada, "tok_visa", "k").await;
    let method = world.method(&ada, "tok_visa").await;
    let remove =
        "mutation($m: ID!) { removePaymentMethod(input: { paymentMethodId: $m }) { userErrors { code } } }";
    world.data(Some(&ada), remove, json!({ "m": method })).await;
    let advance = "mutation { advanceClock(input: { to: \"2026-02-03T00:00:00Z\", dryRun: true }) { to userErrors { code } } }";
    let rehearsed = world.asks(&staff, advance).await;
    assert_eq!(
        (said(&rehearsed), &rehearsed["to"]),
        ("", &json!("2026-02-03T00:00:00.000000Z")),
        "{rehearsed}"
    );
    world.advance("2026-02-03T00:00:00Z").await;
    assert_eq!(world.member(&ada).await["wallet"]["plan"], "BASIC");
    world.verify().await;
}

#[tokio::test]
async fn m_7_a_command_begins_the_payments_of_renewals() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.upgrade(&ada, "tok_visa", "k").await;
    world.sleep_until("2026-02-01T00:10:00Z").await;
    let commands = Commands::on(&world.app.settings);
    let ran = commands.run(&["task", "run", "monthly-grants", "--json"]);
    let ran: Value = serde_json::from_str(ran.last_line()).expect(&ran.stderr);
    assert_eq!(ran["counts"], json!({ "issued": 1, "notRenewed": 0, "renewals": 1 }), "{ran}");
    world.sleep_until("2026-02-01T01:00:00Z").await;
    assert_eq!(commands.run(&["task", "run", "payments"]).code, 0);
    assert_eq!(world.available(&ada).await, 180, "both parts of both cycles");
    world.verify().await;
}

#[tokio::test]
async fn b_3_payments_of_one_person_are_settled_in_their_order() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let card = world.method(&ada, "tok_lost_after").await;
    for quantity in 11..=18 {
        let total = world.quote(&ada, quantity).await["total"].clone();
        let input = json!({ "quantity": quantity, "expectedTotal": total, "paymentMethodId": card,
            "idempotencyKey": quantity.to_string() });
        world.buy(&ada, input).await;
    }
    world.advance("2026-01-01T01:00:00Z").await;
    let bought: Vec<_> = world.history(&ada).await.into_iter().filter(|row| row.0 == "PURCHASE").collect();
    let quantities: Vec<_> = bought.iter().map(|row| row.1).collect();
    assert_eq!(quantities, (11..=18).collect::<Vec<_>>());
    world.verify().await;
}
