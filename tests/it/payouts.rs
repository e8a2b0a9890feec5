//! Payouts: plans that are read before they run, where people are paid, and what providers say (F-7, W-1 to W-5).

use connects::entity::{key, payout, payout_method, sandbox_transfer};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::{
    commissions::Brought,
    support::{Person, World, code, commands::Commands, door::PASSWORD},
};

const SET: &str = "mutation($input: SetPayoutMethodInput!) { setPayoutMethod(input: $input) {
    payoutMethod { rail currencyCode label setAt usableAt } userErrors { code field } } }";
const PREFER: &str =
    "mutation($s: PayoutSchedule!, $t: MoneyInput) { setPayoutPreference(input: { schedule: $s,
    threshold: $t }) { payoutPreference { schedule threshold { amount } } userErrors { code field } } }";
const PLAN: &str = "query($p: PayoutPurpose!) { admin { payoutPlan(purpose: $p) { digest payoutCount total { amount }
    held { amount } needsSecondAdmin approvals { approvedAt } lines { nodes { id amount { amount } itemCount hold
    method { label } paid { amount currencyCode } } } } } }";
const APPROVE: &str =
    "mutation($p: PayoutPurpose!, $d: String!) { approvePayoutPlan(input: { purpose: $p, digest: $d }) {
    payoutPlan { approvals { approvedAt } } userErrors { code } } }";
const APPLY: &str =
    "mutation($p: PayoutPurpose!, $d: String!, $k: String!) { applyPayoutPlan(input: { purpose: $p,
    digest: $d, idempotencyKey: $k }) { payoutCount total { amount } replayed userErrors { code field } } }";
const PAYOUTS: &str = "{ viewer { affiliate { owed { amount } sent { amount } paid { amount } }
    payouts { nodes { id purpose state hold failure amount { amount } paid { amount currencyCode } rate rateSource
    method { label } items { nodes { amount { amount } commission { state base { amount }
    attribution { clicks { fate } } } } } } } } }";

impl World {
    /// Sets a password for `person`, who was registered without one.
    async fn give_password(&self, person: &Person) {
        let phc = self.app.gate.hasher.hash(PASSWORD).await.unwrap();
        let id = person.viewer.id();
        let set = self.db().write(async |txn| connects::accounts::store::set_password(txn, id, &phc).await);
        set.await.unwrap();
    }

    pub async fn set_payout_method(&self, person: &Person, account: Value) -> Value {
        self.give_password(person).await;
        let mut input = json!({ "password": PASSWORD });
        input.as_object_mut().unwrap().extend(account.as_object().unwrap().clone());
        self.data(Some(person), SET, json!({ "input": input })).await["setPayoutMethod"].clone()
    }

    pub async fn plan(&self, purpose: &str) -> Value {
        let staff = self.staff().await;
        let shown = self.data(Some(&staff), PLAN, json!({ "p": purpose })).await;
        shown["admin"]["payoutPlan"].clone()
    }

    async fn apply(&self, admin: &Person, purpose: &str, digest: &Value, key: &str) -> Value {
        let asked = json!({ "p": purpose, "d": digest, "k": key });
        self.data(Some(admin), APPLY, asked).await["applyPayoutPlan"].clone()
    }

    async fn second_admin(&self) -> Person {
        let registered = self.try_register(&crate::support::registration("olga", false, false, true)).await;
        Person { viewer: connects::viewer::Viewer(registered.unwrap().account, Vec::new()), wallet: None }
    }
}

/// A bank account that gets US dollars.
pub fn bank(holder: &str) -> Value {
    json!({ "bankTransfer": { "holder": holder, "iban": "DE89 3704 0044 0532 0130 00" } })
}

/// On 3 March 70.00 of commission are due, on an account that is usable.
async fn due() -> Brought {
    let brought = Brought::new().await;
    brought.world.set_payout_method(&brought.ann, bank("Ann Lee")).await;
    let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
    brought.fund(&parts[0]).await;
    brought.release(&parts[0]).await;
    brought.world.advance("2026-03-04T12:00:00Z").await;
    brought
}

#[actix_web::test]
async fn f_7_a_commission_is_paid_on_the_business_day_and_traced_back_to_its_click() {
    let brought = due().await;
    let plan = brought.world.plan("COMMISSIONS").await;
    assert_eq!(plan["lines"]["nodes"][0]["hold"], "PAID_LATER", "the fifteenth of March is a Sunday");
    brought.world.advance("2026-03-16T01:00:00Z").await;
    assert_eq!(brought.world.plan("COMMISSIONS").await["total"]["amount"], "70.00");
    brought.world.advance("2026-03-16T12:00:00Z").await;
    let shown = brought.world.data(Some(&brought.ann), PAYOUTS, json!({})).await["viewer"].clone();
    let payout = &shown["payouts"]["nodes"][0];
    assert_eq!((&payout["state"], &payout["amount"]["amount"]), (&json!("PAID"), &json!("70.00")), "{shown}");
    assert_eq!(payout["rate"], "1.000000");
    let commission = &payout["items"]["nodes"][0]["commission"];
    assert_eq!((&commission["state"], &commission["base"]["amount"]), (&json!("PAID"), &json!("100.00")));
    assert_eq!(commission["attribution"]["clicks"][0]["fate"], "WON");
    assert_eq!(shown["affiliate"]["paid"]["amount"], "70.00");
    let told = brought.world.notified(&brought.ann).await;
    assert!(told.contains(&"PAYOUT_SENT".to_owned()), "{told:?}");
    assert_eq!(sandbox_transfer::Entity::find().all(brought.world.db().read()).await.unwrap().len(), 1);
    // Nothing is due any more, and another run pays nothing.
    brought.world.advance("2026-04-20T00:00:00Z").await;
    assert_eq!(sandbox_transfer::Entity::find().all(brought.world.db().read()).await.unwrap().len(), 1);
    brought.world.verify().await;
}

#[actix_web::test]
async fn w_1_only_the_plan_that_was_read_is_paid() {
    let brought = due().await;
    let world = &brought.world;
    world.data(Some(&brought.ann), PREFER, json!({ "s": "THRESHOLD", "t": { "amount": "50.00" } })).await;
    world.sleep_until("2026-03-05T08:00:00Z").await;
    let plan = world.plan("COMMISSIONS").await;
    assert_eq!((&plan["payoutCount"], &plan["needsSecondAdmin"]), (&json!(1), &json!(false)), "{plan}");
    let admin = world.staff().await;
    let other = world.apply(&admin, "COMMISSIONS", &json!("another"), "a").await;
    assert_eq!(code(&other), "PAYOUT_PLAN_CHANGED");
    let by_affiliate = world.apply(&brought.ann, "COMMISSIONS", &plan["digest"], "a").await;
    assert_eq!(code(&by_affiliate), "NOT_ALLOWED");
    // The details change after the plan was read.
    world.set_payout_method(&brought.ann, bank("Ann Lee")).await;
    let changed = world.apply(&admin, "COMMISSIONS", &plan["digest"], "b").await;
    assert_eq!(code(&changed), "PAYOUT_PLAN_CHANGED");
    assert_eq!(world.plan("COMMISSIONS").await["lines"]["nodes"][0]["hold"], "PAYOUT_METHOD_CHANGED");
    world.sleep_until("2026-03-09T08:00:00Z").await;
    let plan = world.plan("COMMISSIONS").await;
    let applied = world.apply(&admin, "COMMISSIONS", &plan["digest"], "c").await;
    assert_eq!(
        (&applied["payoutCount"], &applied["total"]["amount"]),
        (&json!(1), &json!("70.00")),
        "{applied}"
    );
    let again = world.apply(&admin, "COMMISSIONS", &plan["digest"], "c").await;
    assert_eq!(again["replayed"], true);
    let twice = world.apply(&admin, "COMMISSIONS", &plan["digest"], "d").await;
    assert_eq!(code(&twice), "PAYOUT_PLAN_CHANGED", "there is nothing left of it");
    world.advance("2026-03-09T09:00:00Z").await;
    let shown = world.data(Some(&brought.ann), PAYOUTS, json!({})).await;
    assert_eq!(shown["viewer"]["payouts"]["nodes"][0]["state"], "PAID");
    world.verify().await;
}

#[actix_web::test]
async fn w_1_a_large_plan_needs_two_admins_and_nobody_pays_themselves() {
    let mut brought = due().await;
    brought
        .world
        .with_policy(|policy| {
            policy.payouts.two_admins_above_cents = 5_000;
            policy.payouts.by_itself_up_to_cents = 5_000;
        })
        .await;
    let world = &brought.world;
    world.advance("2026-03-16T12:00:00Z").await;
    let (admin, olga) = (world.staff().await, world.second_admin().await);
    let plan = world.plan("COMMISSIONS").await;
    assert_eq!(
        (&plan["needsSecondAdmin"], &plan["payoutCount"]),
        (&json!(true), &json!(1)),
        "the task did not pay it"
    );
    let alone = world.apply(&admin, "COMMISSIONS", &plan["digest"], "a").await;
    assert_eq!(code(&alone), "NEEDS_SECOND_ADMIN");
    let approve = json!({ "p": "COMMISSIONS", "d": plan["digest"] });
    world.data(Some(&admin), APPROVE, approve.clone()).await;
    let still = world.apply(&admin, "COMMISSIONS", &plan["digest"], "b").await;
    assert_eq!(code(&still), "NEEDS_SECOND_ADMIN", "one's own approval does not count");
    let be_admin = async |is: &str| {
        let sql = format!("UPDATE accounts SET is_admin = {is} WHERE email = 'admin@test.example'");
        world.sql(&sql).await.unwrap();
    };
    be_admin("FALSE").await;
    let no_more = world.apply(&olga, "COMMISSIONS", &plan["digest"], "c").await;
    assert_eq!(code(&no_more), "NEEDS_SECOND_ADMIN", "who approved it is no admin any more");
    be_admin("TRUE").await;
    let applied = world.apply(&olga, "COMMISSIONS", &plan["digest"], "d").await;
    assert_eq!(applied["payoutCount"], 1, "{applied}");
    let digest = plan["digest"].as_str().unwrap();
    let left = connects::payouts::store::list_approvals(world.db().read(), digest).await.unwrap();
    assert!(left.is_empty(), "an approval counts once: {left:?}");
    world.verify().await;
}

#[actix_web::test]
async fn w_1_an_outcome_that_nobody_knows_is_asked_about_and_nothing_is_sent_twice() {
    for holder in ["Lost Before", "Lost After"] {
        let brought = Brought::new().await;
        let world = &brought.world;
        world.set_payout_method(&brought.ann, bank(holder)).await;
        let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
        brought.fund(&parts[0]).await;
        brought.release(&parts[0]).await;
        world.advance("2026-03-16T02:00:00Z").await;
        let shown = world.data(Some(&brought.ann), PAYOUTS, json!({})).await;
        assert_eq!(shown["viewer"]["payouts"]["nodes"][0]["state"], "UNKNOWN", "{holder}");
        assert_eq!(shown["viewer"]["affiliate"]["sent"]["amount"], "70.00");
        world.verify().await;
        world.advance("2026-03-16T02:30:00Z").await;
        let shown = world.data(Some(&brought.ann), PAYOUTS, json!({})).await;
        assert_eq!(shown["viewer"]["payouts"]["nodes"][0]["state"], "PAID", "{holder}");
        let truth = sandbox_transfer::Entity::find().all(world.db().read()).await.unwrap();
        assert_eq!((truth.len(), truth[0].amount_minor), (1, 7_000));
        world.verify().await;
    }
}

#[actix_web::test]
async fn w_1_a_payout_that_fails_is_due_once_more() {
    let brought = Brought::new().await;
    let world = &brought.world;
    world.set_payout_method(&brought.ann, bank("Account Closed")).await;
    let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
    brought.fund(&parts[0]).await;
    brought.release(&parts[0]).await;
    world.advance("2026-03-16T02:00:00Z").await;
    let shown = world.data(Some(&brought.ann), PAYOUTS, json!({})).await["viewer"].clone();
    let failed = &shown["payouts"]["nodes"][0];
    assert_eq!((&failed["state"], &failed["failure"]), (&json!("FAILED"), &json!("ACCOUNT_CLOSED")));
    assert_eq!(failed["items"]["nodes"][0]["amount"]["amount"], "70.00", "what it would have paid stays");
    assert_eq!(shown["affiliate"]["owed"]["amount"], "70.00");
    world.verify().await;
    // It is not sent to the same account every day.
    world.advance("2026-03-18T12:00:00Z").await;
    let again = world.data(Some(&brought.ann), PAYOUTS, json!({})).await;
    assert_eq!(again["viewer"]["payouts"]["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(world.plan("COMMISSIONS").await["lines"]["nodes"][0]["hold"], "PAYOUT_METHOD_FAILED");
    world.set_payout_method(&brought.ann, bank("Ann Lee")).await;
    world.advance("2026-03-23T12:00:00Z").await;
    let shown = world.data(Some(&brought.ann), PAYOUTS, json!({})).await["viewer"].clone();
    assert_eq!(shown["payouts"]["nodes"][0]["state"], "PAID", "{shown}");
    assert_eq!(shown["affiliate"]["paid"]["amount"], "70.00");
    world.verify().await;
}

#[actix_web::test]
async fn w_4_the_right_password_is_no_guess() {
    let world = World::new().await;
    let ann = world.affiliate("ann").await;
    world.set_payout_method(&ann, bank("Ann Lee")).await;
    for at in 0..12 {
        let done = world.set_payout_method(&ann, bank(&format!("Ann Lee {at}"))).await;
        assert_eq!(done["userErrors"], json!([]), "change {at}");
    }
}

#[actix_web::test]
async fn w_4_details_need_the_password_are_encrypted_and_shown_masked() {
    let world = World::new().await;
    let ann = world.client("ann").await;
    let set = world.set_payout_method(&ann, bank("Ann Lee")).await;
    assert_eq!(set["payoutMethod"]["label"], "Account ending in 3000", "{set}");
    assert_eq!(set["payoutMethod"]["usableAt"], "2026-01-03T00:00:00.000000Z");
    let input = json!({ "password": "wrong", "paypal": { "holder": "Eve Lee", "email": "eve@example.com" } });
    let refused = world.data(Some(&ann), SET, json!({ "input": input })).await["setPayoutMethod"].clone();
    assert_eq!(code(&refused), "INVALID_CREDENTIALS");
    let both = json!({ "password": PASSWORD, "paypal": { "holder": "A B", "email": "a@example.com" },
                       "bacs": { "holder": "A B", "sortCode": "200000", "accountNumber": "12345678" } });
    let refused = world.data(Some(&ann), SET, json!({ "input": both })).await["setPayoutMethod"].clone();
    assert_eq!(code(&refused), "INVALID_INPUT");
    let rows = payout_method::Entity::find().all(world.db().read()).await.unwrap();
    let stored = rows[0].sealed.clone().unwrap();
    assert!(!stored.contains("DE89") && !format!("{rows:?}").contains("3704"), "{stored}");
    assert!(world.notified(&ann).await.contains(&"PAYOUT_METHOD_CHANGED".to_owned()));
    assert!(world.mails().await.iter().any(|mail| mail.subject() == "Your payout details were changed"));
    let keys = key::Entity::find().all(world.db().read()).await.unwrap();
    assert!(keys.iter().any(|key| key.id == rows[0].key_id));
    world.verify().await;
}

#[actix_web::test]
async fn w_5_a_british_account_gets_pounds_at_the_rate_of_the_day() {
    let brought = Brought::new().await;
    let world = &brought.world;
    let account =
        json!({ "bacs": { "holder": "Ann Lee", "sortCode": "20-00-00", "accountNumber": "12345678" } });
    world.set_payout_method(&brought.ann, account).await;
    let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
    brought.fund(&parts[0]).await;
    brought.release(&parts[0]).await;
    world.advance("2026-03-16T12:00:00Z").await;
    let shown = world.data(Some(&brought.ann), PAYOUTS, json!({})).await;
    let payout = &shown["viewer"]["payouts"]["nodes"][0];
    assert_eq!(payout["paid"], json!({ "amount": "54.95", "currencyCode": "GBP" }), "70.00 at 0.785");
    assert_eq!((&payout["rate"], &payout["rateSource"]), (&json!("0.785000"), &json!("policy version 1")));
    world.verify().await;
}

#[actix_web::test]
async fn w_3_a_statement_says_what_is_paid_and_only_to_those_who_may_see_it() {
    use actix_web::test as web;
    let brought = due().await;
    let world = &brought.world;
    world.advance("2026-03-16T12:00:00Z").await;
    let shown = world.data(Some(&brought.ann), PAYOUTS, json!({})).await;
    let payout = shown["viewer"]["payouts"]["nodes"][0]["id"].as_str().unwrap().to_owned();
    let service = crate::http::service!(world);
    let get = async |person: &Person, kind: &str| {
        let uri = format!("/payouts/{payout}/statement.{kind}");
        let bearer = format!("Bearer {}", person.token(world));
        let request = web::TestRequest::get().uri(&uri).insert_header(("authorization", bearer));
        let response = web::call_service(&service, request.to_request()).await;
        let status = response.status().as_u16();
        (status, String::from_utf8(web::read_body(response).await.to_vec()).unwrap())
    };
    let (status, csv) = get(&brought.ann, "csv").await;
    assert_eq!(status, 200);
    let lines: Vec<_> = csv.lines().map(|line| line.split(',').collect::<Vec<_>>()).collect();
    let shown: Vec<_> = lines.iter().map(|line| (line[0].trim_start_matches('\u{feff}'), line[4])).collect();
    assert_eq!(
        shown,
        [
            ("kind", "amount"),
            ("COMMISSION", "70.00"),
            ("FEES", "0.00"),
            ("TOTAL", "70.00"),
            ("PAID", "70.00")
        ]
    );
    assert_eq!((lines[1][2], lines[1][3]), ("2026-03-01", "2026-03-03"));
    let (status, page) = get(&brought.ann, "html").await;
    assert!(status == 200 && page.contains("Account ending in 3000") && page.contains("70.00 USD"), "{page}");
    assert_eq!(get(&brought.clara, "csv").await.0, 404, "another person's");
    assert_eq!(get(&world.staff().await, "html").await.0, 200);
}

#[actix_web::test]
async fn w_1_a_dry_run_of_a_task_that_pays_prints_the_plan() {
    let brought = Brought::new().await;
    brought.world.set_payout_method(&brought.ann, bank("Ann Lee")).await;
    let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
    brought.fund(&parts[0]).await;
    brought.release(&parts[0]).await;
    brought.world.advance("2026-03-16T01:00:00Z").await;
    let commands = Commands::on(&brought.world.app.settings);
    let dry = async |task: &str| {
        let run = ["task", "run", task, "--dry-run"];
        let done = commands.run(&[run.as_slice(), &["--json"]].concat());
        assert_eq!(done.code, 0, "{}", done.stderr);
        let plan = serde_json::from_str::<Value>(&done.stdout).unwrap()["plan"].clone();
        (commands.run(&run).stdout, plan)
    };
    let (words, plan) = dry("affiliate-payouts").await;
    assert!(words.contains("70.00  pay\n1 payouts, 70.00 USD in all; digest "), "{words}");
    assert_eq!(plan["digest"], brought.world.plan("COMMISSIONS").await["digest"]);
    assert_eq!((&plan["lines"][0]["cents"], &plan["lines"][0]["hold"]), (&json!(7_000), &json!(null)));
    assert_eq!(dry("withdrawals").await.1["lines"], json!([]));
    assert_eq!(dry("commissions").await.1, json!(null), "it pays nobody");
    let none = payout::Entity::find().one(brought.world.db().read()).await.unwrap();
    assert!(none.is_none(), "{none:?}");
}
