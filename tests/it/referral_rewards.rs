//! Rewards for referrals: what friends earn, who qualifies, and when it is paid (C-3 to C-5).

use serde_json::{Value, json};

use crate::{
    offers::ACCEPT,
    subscriptions::said,
    support::{Person, World},
};

const FUND: &str = "mutation($m: ID!, $w: ID!, $k: String!) { fundMilestone(input: { milestoneId: $m,
    paymentMethodId: $w, idempotencyKey: $k }) { milestone { state } userErrors { code } } }";
const RELEASE: &str = "mutation($m: ID!, $k: String!) { releaseMilestone(input: { milestoneId: $m,
    idempotencyKey: $k }) { milestone { state } userErrors { code } } }";
const REFUND: &str =
    "mutation($m: ID!, $a: MoneyInput!, $k: String!) { refundMilestone(input: { milestoneId: $m,
    amount: $a, reason: \"Sorry\", idempotencyKey: $k }) { milestone { state } userErrors { code } } }";
const FORFEIT: &str = "mutation($r: ID!) { forfeitReferral(input: { referralId: $r, reason: \"Fraud\" }) {
    referral { state reason } userErrors { code field } } }";
const RESERVED: &str = "{ admin { referrals { nodes { state campaign { reserved { amount } } } } } }";

/// A referrer and a friend of hers, who works for a client, since 1 January.
struct Referred {
    world: World,
    grace: Person,
    frank: Person,
    clara: Person,
    code: Value,
}

impl Referred {
    async fn new() -> Self {
        Self::with(json!({})).await
    }

    async fn with(more: Value) -> Self {
        let world = World::new().await;
        let grace = world.top_rated("grace").await;
        let campaign = world.campaign(more).await["referralCampaign"]["id"].clone();
        let code = world.join(&grace, &campaign).await["referralLink"]["code"].clone();
        let frank = world.referred("frank", &code).await;
        let clara = world.client("clara").await;
        Self { world, grace, frank, clara, code }
    }

    /// `freelancer` earns so many dollars of a client; the milestone.
    async fn earn(&self, freelancer: &Person, client: &Person, title: &str, dollars: &str) -> Value {
        let milestone = self.funded(freelancer, client, title, dollars).await;
        self.done(client, RELEASE, json!({ "m": milestone, "k": milestone })).await;
        milestone
    }

    async fn funded(&self, freelancer: &Person, client: &Person, title: &str, dollars: &str) -> Value {
        let world = &self.world;
        let (_, proposal) = world.proposed(freelancer, client, title).await;
        let offer = world.offer(client, &proposal, &[dollars]).await;
        assert_eq!(offer["userErrors"], json!([]), "{proposal} {offer}");
        let offer = offer["offer"]["id"].clone();
        let accepted = world.data(Some(freelancer), ACCEPT, json!({ "o": offer, "k": offer })).await;
        let milestone = accepted["acceptOffer"]["contract"]["milestones"]["nodes"][0]["id"].clone();
        let card = world.method(client, "tok_visa").await;
        self.done(client, FUND, json!({ "m": milestone, "w": card, "k": milestone })).await;
        milestone
    }

    async fn refund(&self, milestone: &Value, dollars: &str) {
        let asked =
            json!({ "m": milestone, "a": { "amount": dollars }, "k": format!("{milestone}{dollars}") });
        self.done(&self.frank, REFUND, asked).await;
    }

    async fn done(&self, person: &Person, mutation: &str, asked: Value) {
        let done = self.world.data(Some(person), mutation, asked).await;
        let payload = done.as_object().unwrap().values().next().unwrap();
        assert_eq!(payload["userErrors"], json!([]), "{payload}");
    }

    /// The referrals as the referrer sees them, the last first.
    async fn seen(&self) -> Vec<Value> {
        let seen = self.world.referring(&self.grace).await;
        seen["referrals"]["nodes"].as_array().unwrap().clone()
    }

    /// State and progress of the first referral.
    async fn stands(&self) -> (String, String) {
        let first = self.seen().await.pop().unwrap();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&first["state"]), text(&first["progress"]["amount"]))
    }

    async fn cash(&self) -> String {
        self.world.cash(&self.grace).await.0
    }

    async fn reserved(&self) -> Value {
        let staff = self.world.staff().await;
        let shown = self.world.data(Some(&staff), RESERVED, json!({})).await;
        shown["admin"]["referrals"]["nodes"][0]["campaign"]["reserved"]["amount"].clone()
    }
}

fn stand(state: &str, progress: &str) -> (String, String) {
    (state.to_owned(), progress.to_owned())
}

#[tokio::test]
async fn c_3_gross_earnings_of_several_clients_reach_the_threshold_and_c_4_the_reward_is_paid_in_the_next_month()
 {
    let referred = Referred::new().await;
    let (world, frank) = (&referred.world, &referred.frank);
    referred.earn(frank, &referred.clara, "Logo", "300.00").await;
    assert_eq!(referred.stands().await, stand("OPEN", "300.00"), "gross, and at once");
    let dora = world.client("dora").await;
    world.advance("2026-01-20T12:00:00Z").await;
    referred.funded(frank, &referred.clara, "In escrow", "900.00").await;
    referred.earn(frank, &dora, "Poster", "200.00").await;
    assert_eq!(referred.stands().await, stand("OPEN", "500.00"));
    world.advance("2026-01-21T03:00:00Z").await;
    let row = referred.seen().await.pop().unwrap();
    assert_eq!(
        (&row["state"], &row["reachedAt"]),
        (&json!("QUALIFIED"), &json!("2026-01-20T12:00:00.000000Z"))
    );
    assert_eq!(row["dueOn"], "2026-02-02", "1 February 2026 is a Sunday");
    assert_eq!((referred.reserved().await, referred.cash().await), (json!("100.00"), "0.00".to_owned()));
    world.advance("2026-02-02T02:29:00Z").await;
    assert_eq!(referred.cash().await, "0.00");
    world.advance("2026-02-02T02:31:00Z").await;
    assert_eq!(referred.stands().await.0, "PAID");
    assert_eq!(referred.cash().await, "100.00", "without fees");
    let history = "{ viewer { cashAccount { history { nodes { kind amount { amount } reason } } } } }";
    let rows = world.data(Some(&referred.grace), history, json!({})).await;
    let row = &rows["viewer"]["cashAccount"]["history"]["nodes"][0];
    assert_eq!((&row["kind"], &row["amount"]["amount"]), (&json!("REFERRAL_REWARD"), &json!("100.00")));
    let told = world.notified(&referred.grace).await;
    for kind in ["REFERRAL_QUALIFIED", "REFERRAL_PAID"] {
        assert!(told.contains(&kind.to_owned()), "{told:?}");
    }
    world.advance("2026-04-01T00:00:00Z").await;
    assert_eq!(referred.cash().await, "100.00", "one reward per friend");
    world.verify().await;
}

#[tokio::test]
async fn c_5_a_refund_before_the_payment_subtracts_and_one_after_it_does_not() {
    let referred = Referred::new().await;
    let world = &referred.world;
    let milestone = referred.earn(&referred.frank, &referred.clara, "Logo", "500.00").await;
    world.advance("2026-01-02T03:00:00Z").await;
    assert_eq!(referred.stands().await.0, "QUALIFIED");
    referred.refund(&milestone, "5.00").await;
    world.advance("2026-01-03T03:00:00Z").await;
    assert_eq!(referred.stands().await, stand("OPEN", "495.00"));
    assert_eq!(referred.reserved().await, "0.00");
    assert!(world.notified(&referred.grace).await.contains(&"REFERRAL_FALLEN".to_owned()));
    referred.earn(&referred.frank, &referred.clara, "More", "5.00").await;
    world.advance("2026-02-02T03:00:00Z").await;
    assert_eq!((referred.stands().await.0, referred.cash().await), ("PAID".to_owned(), "100.00".to_owned()));
    referred.refund(&milestone, "100.00").await;
    world.advance("2026-02-20T03:00:00Z").await;
    assert_eq!((referred.stands().await.0, referred.cash().await), ("PAID".to_owned(), "100.00".to_owned()));
    world.verify().await;
}

#[tokio::test]
async fn c_5_only_the_category_of_the_campaign_counts() {
    let referred = Referred::with(json!({ "category": "WRITING_AND_TRANSLATION" })).await;
    referred.earn(&referred.frank, &referred.clara, "Logo", "500.00").await;
    assert_eq!(referred.stands().await, stand("OPEN", "0.00"), "design");
    let world = &referred.world;
    world.advance("2026-07-02T00:00:00Z").await;
    let row = referred.seen().await.pop().unwrap();
    assert_eq!((&row["state"], &row["reason"]), (&json!("ENDED"), &json!("NOT_REACHED")));
    assert!(world.notified(&referred.grace).await.contains(&"REFERRAL_ENDED".to_owned()));
    world.verify().await;
}

#[tokio::test]
async fn c_3_earnings_paid_by_the_referrer_or_by_people_who_belong_to_them_do_not_count() {
    let referred = Referred::new().await;
    let world = &referred.world;
    // Grace is a client, too.
    world.sql("UPDATE accounts SET is_client = TRUE WHERE email = 'grace@test.example'").await.unwrap();
    let grace = Person {
        viewer: connects::viewer::Viewer(
            connects::accounts::store::find_by_email(world.db().read(), "grace@test.example")
                .await
                .unwrap()
                .unwrap(),
            Vec::new(),
        ),
        wallet: referred.grace.wallet,
    };
    referred.earn(&referred.frank, &grace, "By Grace", "500.00").await;
    assert_eq!(referred.stands().await, stand("OPEN", "0.00"));
    let sister = world.client("frank+sister").await;
    referred.earn(&referred.frank, &sister, "By a sister", "500.00").await;
    assert_eq!(referred.stands().await, stand("OPEN", "0.00"), "the same person by the address");
    world.advance("2026-01-05T03:00:00Z").await;
    assert_eq!(referred.stands().await.0, "OPEN");
    // Frank and Grace have the same card, so that they belong together.
    world.method(&grace, "tok_visa#shared").await;
    world.method(&referred.frank, "tok_visa#shared").await;
    world.advance("2026-01-06T03:00:00Z").await;
    let row = referred.seen().await.pop().unwrap();
    assert_eq!((&row["state"], &row["reason"]), (&json!("ENDED"), &json!("RELATED")));
    world.verify().await;
}

#[tokio::test]
async fn c_5_the_budget_goes_to_those_who_qualify_first_and_what_is_freed_to_those_who_wait() {
    let referred = Referred::with(json!({ "budget": { "amount": "100" } })).await;
    let world = &referred.world;
    let gail = world.referred("gail", &referred.code).await;
    let dora = world.client("dora").await;
    world.advance("2026-01-02T03:00:00Z").await;
    referred.earn(&gail, &dora, "Gail", "500.00").await;
    world.sleep_until("2026-01-02T04:00:00Z").await;
    let milestone = referred.earn(&referred.frank, &referred.clara, "Frank", "500.00").await;
    world.advance("2026-01-03T03:00:00Z").await;
    let states = async || -> Vec<String> {
        referred.seen().await.iter().map(|one| one["state"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(states().await, ["QUALIFIED", "WAITING"], "Gail was first");
    let of_gail = world
        .data(Some(&gail), "{ viewer { contracts { nodes { milestones { nodes { id } } } } } }", json!({}))
        .await;
    let of_gail = of_gail["viewer"]["contracts"]["nodes"][0]["milestones"]["nodes"][0]["id"].clone();
    let back = json!({ "m": of_gail, "a": { "amount": "5" }, "k": "back" });
    referred.done(&gail, REFUND, back).await;
    world.advance("2026-01-04T03:00:00Z").await;
    assert_eq!(states().await, ["OPEN", "QUALIFIED"]);
    referred.earn(&gail, &dora, "Gail again", "5.00").await;
    world.advance("2026-01-05T03:00:00Z").await;
    assert_eq!(states().await, ["WAITING", "QUALIFIED"]);
    world.advance("2026-07-02T00:00:00Z").await;
    let seen = referred.seen().await;
    assert_eq!((&seen[0]["state"], &seen[0]["reason"]), (&json!("ENDED"), &json!("BUDGET_USED_UP")));
    assert_eq!(seen[1]["state"], "PAID");
    assert!(!milestone.is_null());
    world.verify().await;
}

#[tokio::test]
async fn p_4_a_reward_is_kept_for_a_suspended_referrer_until_an_admin_forfeits_it() {
    let referred = Referred::new().await;
    let world = &referred.world;
    let staff = world.staff().await;
    referred.earn(&referred.frank, &referred.clara, "Logo", "500.00").await;
    world.advance("2026-01-02T03:00:00Z").await;
    let row = referred.seen().await.pop().unwrap()["id"].clone();
    let forfeit = async || {
        let done = world.data(Some(&staff), FORFEIT, json!({ "r": row })).await;
        done["forfeitReferral"].clone()
    };
    assert_eq!(said(&forfeit().await), "REFERRER_NOT_BARRED");
    world.suspend(&staff, &referred.grace).await;
    world.advance("2026-02-10T03:00:00Z").await;
    assert_eq!(referred.stands().await.0, "QUALIFIED", "due, and kept");
    world.reinstate(&staff, &referred.grace).await;
    world.advance("2026-02-11T03:00:00Z").await;
    assert_eq!((referred.stands().await.0, referred.cash().await), ("PAID".to_owned(), "100.00".to_owned()));
    assert_eq!(said(&forfeit().await), "ILLEGAL_STATE");
    let gail = world.referred("gail", &referred.code).await;
    referred.earn(&gail, &world.client("dora").await, "Poster", "500.00").await;
    world.advance("2026-02-12T03:00:00Z").await;
    world.suspend(&staff, &referred.grace).await;
    let row = referred.seen().await[0]["id"].clone();
    let done = world.data(Some(&staff), FORFEIT, json!({ "r": row })).await["forfeitReferral"].clone();
    assert_eq!(
        (&done["referral"]["state"], &done["referral"]["reason"]),
        (&json!("ENDED"), &json!("FORFEITED"))
    );
    world.advance("2026-04-10T03:00:00Z").await;
    assert_eq!(referred.cash().await, "100.00");
    assert_eq!(referred.reserved().await, "100.00");
    world.verify().await;
}

#[tokio::test]
async fn q_1_the_task_may_run_late_and_twice() {
    let referred = Referred::new().await;
    let world = &referred.world;
    referred.earn(&referred.frank, &referred.clara, "Logo", "500.00").await;
    world.sleep_until("2026-02-20T12:00:00Z").await;
    let run = async || {
        let asked = connects::schedule::Asked {
            trigger: connects::entity::enums::TaskTrigger::Manual,
            actor: None,
            as_of: None,
        };
        world.app.runner().run_now(crate::support::task("referral-rewards"), asked).await.unwrap().1
    };
    let counts = run().await;
    assert_eq!((counts["qualified"], counts["paid"]), (1, 1), "{counts:?}");
    let counts = run().await;
    assert!(counts.values().all(|count| *count == 0), "{counts:?}");
    assert_eq!(referred.cash().await, "100.00");
    world.verify().await;
}

#[tokio::test]
async fn c_3_a_friend_who_turns_out_to_have_had_an_account_does_not_count() {
    let referred = Referred::new().await;
    let world = &referred.world;
    referred.earn(&referred.frank, &referred.clara, "Logo", "500.00").await;
    world.method(&referred.clara, "tok_visa#of-clara").await;
    world.method(&referred.frank, "tok_visa#new").await;
    world.advance("2026-01-02T03:00:00Z").await;
    assert_eq!(referred.stands().await.0, "QUALIFIED");
    // A card of somebody who was here before.
    let old = world.freelancer("old").await;
    world
        .sql("UPDATE accounts SET created_at = '2025-12-31T00:00:00Z' WHERE email = 'old@test.example'")
        .await
        .unwrap();
    world.method(&old, "tok_visa#new").await;
    world.advance("2026-01-03T03:00:00Z").await;
    let row = referred.seen().await.pop().unwrap();
    assert_eq!((&row["state"], &row["reason"]), (&json!("ENDED"), &json!("KNOWN_PERSON")));
    assert_eq!(referred.reserved().await, "0.00");
    world.verify().await;
}

#[tokio::test]
async fn p_6_a_referrer_who_leaves_for_good_gives_up_what_is_reserved() {
    let referred = Referred::new().await;
    let world = &referred.world;
    referred.earn(&referred.frank, &referred.clara, "Logo", "500.00").await;
    world.advance("2026-01-02T03:00:00Z").await;
    let give_up = async |and_rewards: bool| {
        let person = referred.grace.viewer.id();
        world
            .db()
            .write(async |txn| connects::referral_rewards::give_up(txn, person, and_rewards).await)
            .await
            .unwrap();
        connects::referral_rewards::store::is_reserved_for(world.db().read(), person).await.unwrap()
    };
    assert!(give_up(false).await, "what is reserved stays");
    assert!(!give_up(true).await);
    let row = referred.seen().await.pop().unwrap();
    assert_eq!((&row["state"], &row["reason"]), (&json!("ENDED"), &json!("FORFEITED")));
    assert_eq!(referred.reserved().await, "0.00");
    world.verify().await;
}
