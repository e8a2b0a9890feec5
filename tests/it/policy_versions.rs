//! New versions of the policy: who writes them, what they say, and that every process follows them.

use std::fs;

use connects::{
    entity::policy,
    policy::{Policy, SignupWhen},
    policy_versions::rules::written,
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::support::{Person, World, code, commands::Commands};

const APPLY: &str = "mutation($input: ApplyPolicyInput!) { applyPolicy(input: $input) {
    policyVersion { number effectiveFrom actor { id } changes { path before after } } replayed
    userErrors { code field message } } }";
const VERSIONS: &str = "{ admin { policyVersions { nodes { number document changes { path } } } } }";

/// The first version with another price of Connects, in millionths of a dollar.
pub fn priced(micros: i64) -> String {
    let mut policy = Policy::seed().unwrap();
    policy.purchases.prices[0].micros = micros;
    written(&policy)
}

impl World {
    async fn apply_policy(&self, person: &Person, input: Value) -> Value {
        self.data(Some(person), APPLY, json!({ "input": input })).await["applyPolicy"].clone()
    }
}

#[tokio::test]
async fn b_1_a_new_version_of_the_policy_is_followed_by_every_process_and_not_before_its_time() {
    let world = World::new().await;
    let (staff, ada, twin) = (world.staff().await, world.freelancer("ada").await, world.twin().await);
    let quoted = async |app: &connects::app::App| {
        let now = app.db.now().await.unwrap();
        let policy = app.db.policy_at(now);
        let wanted = connects::purchases::Wanted { quantity: 100, promo: None };
        let quote =
            connects::purchases::quote(app.db.read(), &policy.policy, &ada.viewer.0, wanted, now).await;
        quote.unwrap().cost.net
    };
    assert_eq!(quoted(&twin).await, 1_500);
    let input = json!({ "document": priced(200_000), "expectedVersion": 1, "idempotencyKey": "v2" });
    let applied = world.apply_policy(&staff, input.clone()).await;
    assert_eq!(applied["userErrors"], json!([]), "{applied}");
    let version = &applied["policyVersion"];
    assert_eq!(version["number"], 2);
    assert_eq!(
        version["changes"],
        json!([{ "path": "purchases.prices[0].micros", "before": "150000", "after": "200000" }])
    );
    assert_eq!((quoted(&world.app).await, quoted(&twin).await), (2_000, 2_000));
    assert_eq!(world.apply_policy(&staff, input).await["replayed"], true);
    let later = json!({ "document": priced(300_000), "expectedVersion": 2, "effectiveFrom": "2026-02-01T00:00:00Z",
        "idempotencyKey": "v3" });
    assert_eq!(world.apply_policy(&staff, later).await["userErrors"], json!([]));
    assert_eq!(quoted(&twin).await, 2_000);
    world.sleep_until("2026-02-01T00:00:00Z").await;
    assert_eq!((quoted(&world.app).await, quoted(&twin).await), (3_000, 3_000));
    // A write in another process decides by it, too.
    let bought = world.buy_by(&ada, 100, "tok_visa").await;
    assert_eq!(bought["purchase"]["net"]["amount"], "30.00");
    world.verify().await;
    twin.db.close().await.unwrap();
}

#[tokio::test]
async fn a_version_that_makes_no_sense_or_comes_too_late_is_refused_and_leaves_nothing() {
    let world = World::new().await;
    let staff = world.staff().await;
    world.sleep_until("2026-01-10T00:00:00Z").await;
    let asked = |document: &str, expected: i64, from: Value| json!({ "document": document, "expectedVersion": expected, "effectiveFrom": from, "idempotencyKey": "k" });
    let good = priced(200_000);
    for (input, refusal, field) in [
        (asked("rubbish", 1, Value::Null), "INVALID_INPUT", "document"),
        (
            asked(&good.replace("hold_hours = 48", "hold_hours = -1"), 1, Value::Null),
            "INVALID_INPUT",
            "document",
        ),
        (asked(&priced(150_000), 1, Value::Null), "INVALID_INPUT", "document"),
        (asked(&good, 7, Value::Null), "CONFLICT", "expectedVersion"),
        (asked(&good, 1, json!("2026-01-09T00:00:00Z")), "INVALID_INPUT", "effectiveFrom"),
    ] {
        let refused = world.apply_policy(&staff, input).await;
        let told = (code(&refused), &refused["userErrors"][0]["field"]);
        assert_eq!(told, (refusal, &json!(["input", field])), "{refused}");
    }
    let mut rehearsed = asked(&good, 1, Value::Null);
    rehearsed["dryRun"] = json!(true);
    let rehearsed = world.apply_policy(&staff, rehearsed).await;
    assert_eq!(
        (&rehearsed["userErrors"], &rehearsed["policyVersion"]["number"]),
        (&json!([]), &json!(2)),
        "{rehearsed}"
    );
    assert_eq!(policy::Entity::find().all(world.db().read()).await.unwrap().len(), 1);
    let now = world.db().now().await.unwrap();
    assert_eq!(world.db().policy_at(now).number, 1, "nobody follows what was rehearsed");
    let clara = world.client("clara").await;
    assert_eq!(code(&world.apply_policy(&clara, asked(&good, 1, Value::Null)).await), "NOT_ALLOWED");
}

#[actix_web::test]
async fn an_operator_writes_versions_by_command_and_servers_follow() {
    let world = World::new().await;
    let staff = world.staff().await;
    let commands = Commands::on(&world.app.settings);
    let shown = commands.run(&["policy", "show"]).stdout;
    assert!(shown.starts_with("# Version 1, in force from"), "{shown}");
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("policy.toml");
    fs::write(&file, shown.replace("micros = 150000", "micros = 160000")).unwrap();
    let path = file.to_str().unwrap();
    let changed = "purchases.prices[0].micros: 150000 -> 160000\n1 values differ from version 1\n";
    assert_eq!(commands.run(&["policy", "diff", path]).stdout, changed);
    let applied = commands.run(&["policy", "apply", path, "--expected", "1", "--json"]);
    let applied: Value = serde_json::from_str(&applied.stdout).unwrap();
    assert_eq!((&applied["version"], applied["changes"].as_array().unwrap().len()), (&json!(2), 1));
    assert_eq!(
        commands.run(&["policy", "apply", path, "--expected", "1"]).code,
        3,
        "another one is the last"
    );
    assert_eq!(commands.run(&["policy", "apply", path]).code, 3, "it says the same");
    let card = commands.run(&["policy", "show", "--preset", "plus-80"]).stdout;
    assert!(card.starts_with("# Version 2 with the card plus-80: PLUS has 80 Connects"), "{card}");
    fs::write(&file, card).unwrap();
    let changed = "plans.PLUS.paid: 60 -> 70\n1 values differ from version 2\n";
    assert_eq!(commands.run(&["policy", "diff", path]).stdout, changed);
    assert_eq!(commands.run(&["policy", "show", "--preset", "plus-90"]).code, 2, "no such card");
    // A server that runs meanwhile follows it with the next request, although that only reads.
    let (service, ada) = (crate::http::service!(world), world.freelancer("ada").await);
    let quote = crate::http::query("{ viewer { connectsQuote(quantity: 100) { net { amount } } } }");
    let quote = quote.insert_header(("authorization", format!("Bearer {}", ada.token(&world))));
    let quoted = crate::http::send(&service, quote).await.body;
    assert_eq!(quoted["data"]["viewer"]["connectsQuote"]["net"]["amount"], "16.00", "{quoted}");
    let versions =
        world.data(Some(&staff), VERSIONS, json!({})).await["admin"]["policyVersions"]["nodes"].clone();
    assert_eq!((versions.as_array().unwrap().len(), &versions[0]["number"]), (2, &json!(2)));
    assert!(versions[0]["document"].as_str().unwrap().contains("micros = 160000"));
    let log = "{ admin { auditLog(action: POLICY_CHANGED) { nodes { facts { name value } } } } }";
    let log = world.data(Some(&staff), log, json!({})).await.to_string();
    assert!(log.contains("purchases.prices[0].micros"), "{log}");
}

const PREVIEW: &str =
    "query($d: String!) { admin { previewPolicy(document: $d) { changes { path before after }
    reached { part who count } replaced } } }";

#[tokio::test]
async fn b_1_a_version_is_previewed_what_would_change_and_for_whom() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    world.freelancer("grace").await;
    world.upgrade(&ada, "tok_visa", "k").await;
    world.post(&clara, "Logo", 40).await;
    let mut policy = Policy::seed().unwrap();
    policy.plans.get_mut(&connects::entity::enums::MembershipPlan::Plus).unwrap().monthly_cents = 1_699;
    policy.price.cap = 20;
    policy.rewards.signup = 50;
    let document = written(&policy);
    let preview =
        world.data(Some(&staff), PREVIEW, json!({ "d": document })).await["admin"]["previewPolicy"].clone();
    let reached: Vec<_> = preview["reached"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["part"].clone(), one["count"].clone()))
        .collect();
    // The gift at registration reaches nobody who is here already.
    assert_eq!(reached, [(json!("plans.PLUS"), json!(1)), (json!("price"), json!(1))]);
    let input = json!({ "document": document, "expectedVersion": 1, "idempotencyKey": "v2" });
    let applied = world.apply_policy(&staff, input).await;
    assert_eq!(applied["policyVersion"]["changes"], preview["changes"], "what then happens");
    let preview =
        world.data(Some(&staff), PREVIEW, json!({ "d": document })).await["admin"]["previewPolicy"].clone();
    assert_eq!(preview, json!({ "changes": [], "reached": [], "replaced": [] }));
    let refused = world.ask(Some(&staff), PREVIEW, json!({ "d": "rubbish" })).await;
    assert_eq!(refused["errors"][0]["extensions"]["userErrorCode"], "INVALID_INPUT", "{refused}");
}

#[tokio::test]
async fn b_1_a_change_of_every_part_of_the_policy_can_be_previewed() {
    let world = World::new().await;
    let staff = world.staff().await;
    let mut policy = Policy::seed().unwrap();
    policy.lots.notice_days = vec![14];
    policy.plans.values_mut().for_each(|plan| plan.free = 11);
    policy.purchases.prices[0].micros = 200_000;
    policy.taxes.clear();
    policy.job_posts.expire_days = 60;
    policy.price.cap = 20;
    policy.affiliate.due_day = 5;
    policy.referrals.remind_days = 9;
    policy.contracts.offer_days = 9;
    policy.payouts.hold_hours = 24;
    policy.profiles.hide_after_days = 40;
    policy.proposals.letter_hours = 7;
    policy.leaving.erase_after_days = 8;
    policy.rewards.signup_when = SignupWhen::EmailVerified;
    let shown = world.data(Some(&staff), PREVIEW, json!({ "d": written(&policy) })).await;
    let reached = shown["admin"]["previewPolicy"]["reached"].as_array().unwrap().clone();
    let mut parts: Vec<_> = reached.iter().map(|one| one["part"].as_str().unwrap()).collect();
    parts.sort_unstable();
    let all = [
        "affiliate",
        "contracts",
        "job_posts",
        "leaving",
        "lots",
        "payouts",
        "plans.BASIC",
        "plans.PLUS",
        "price",
        "profiles",
        "proposals",
        "purchases",
        "referrals",
        "rewards.signup_when",
        "taxes",
    ];
    assert_eq!(parts, all);
    // What is in none of them changes only what begins later.
    let document = serde_json::to_value(&policy).unwrap();
    let sections = document.as_object().unwrap().keys();
    let unnamed: Vec<_> =
        sections.filter(|name| !all.iter().any(|part| part.split('.').next() == Some(name))).collect();
    assert_eq!(unnamed, ["billing", "clock", "import", "passwords", "registration"]);
    // An auditor reads, and nobody else gets in.
    let ada = world.freelancer("ada").await;
    assert_eq!(world.data(Some(&ada), PREVIEW, json!({ "d": "x" })).await["admin"], Value::Null);
}

#[tokio::test]
async fn m_1_the_published_cards_are_documents_that_can_be_previewed_and_applied() {
    let world = World::new().await;
    let (staff, ada) = (world.staff().await, world.freelancer("ada").await);
    let asked = "{ admin { policyPresets { name sentence document } } }";
    let presets = world.data(Some(&staff), asked, json!({})).await["admin"]["policyPresets"].clone();
    let names: Vec<_> = presets.as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, ["plus-70", "plus-80", "plus-100"]);
    let hundred = json!({ "d": presets[2]["document"] });
    let preview = world.data(Some(&staff), PREVIEW, hundred).await["admin"]["previewPolicy"].clone();
    assert_eq!(preview["changes"], json!([{ "path": "plans.PLUS.paid", "before": "60", "after": "90" }]));
    let input = json!({ "document": presets[2]["document"], "expectedVersion": 1, "idempotencyKey": "v2" });
    assert_eq!(world.apply_policy(&staff, input).await["userErrors"], json!([]));
    assert_eq!(world.upgrade_preview(&ada).await["paid"], 90);
    let support = world.data(Some(&ada), asked, json!({})).await;
    assert_eq!(support["admin"], Value::Null, "not for others");
}

#[tokio::test]
async fn a_planned_version_keeps_no_urgent_one_from_coming_and_can_be_taken_back() {
    let world = World::new().await;
    let staff = world.staff().await;
    let apply = async |document: &str, last: i64, from: Value, key: &str| {
        let input = json!({ "document": document, "expectedVersion": last, "effectiveFrom": from, "idempotencyKey": key });
        world.apply_policy(&staff, input).await
    };
    let far = apply(&priced(200_000), 1, json!("2062-02-01T00:00:00Z"), "far").await;
    assert_eq!(
        (code(&far), &far["userErrors"][0]["field"]),
        ("INVALID_INPUT", &json!(["input", "effectiveFrom"]))
    );
    let planned = apply(&priced(200_000), 1, json!("2026-02-01T00:00:00Z"), "planned").await;
    assert_eq!(planned["policyVersion"]["number"], 2);
    let urgent = priced(160_000);
    let preview =
        world.data(Some(&staff), PREVIEW, json!({ "d": urgent })).await["admin"]["previewPolicy"].clone();
    assert_eq!((&preview["changes"][0]["before"], &preview["replaced"]), (&json!("150000"), &json!([2])));
    assert_eq!(code(&apply(&urgent, 1, Value::Null, "stale").await), "CONFLICT", "it was written in between");
    let applied = apply(&urgent, 2, Value::Null, "urgent").await;
    assert_eq!(applied["policyVersion"]["changes"][0]["before"], "150000", "{applied}");
    world.sleep_until("2026-02-01T00:00:00Z").await;
    let now = world.db().now().await.unwrap();
    assert_eq!(world.twin().await.db.policy_at(now).number, 3, "the planned one never takes effect");
    // A plan is taken back by the document in force.
    apply(&priced(300_000), 3, json!("2026-03-01T00:00:00Z"), "plan").await;
    let back = apply(&urgent, 4, Value::Null, "back").await;
    assert_eq!((&back["userErrors"], &back["policyVersion"]["changes"]), (&json!([]), &json!([])), "{back}");
    assert_eq!(
        code(&apply(&urgent, 5, Value::Null, "again").await),
        "INVALID_INPUT",
        "nothing is left to change"
    );
    world.sleep_until("2026-03-02T00:00:00Z").await;
    let now = world.db().now().await.unwrap();
    assert_eq!(world.twin().await.db.policy_at(now).number, 5);
}
