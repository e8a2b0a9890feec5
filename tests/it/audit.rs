//! Roles, and the audit log of who used them.

use connects::{
    accounts,
    entity::{
        audit_entry,
        enums::{AuditAction, Role},
    },
    viewer::Viewer,
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::support::{Person, World, code, door::PASSWORD, id};

const ADA: &str = "ada@test.example";

const LOG: &str = "query($first: Int, $after: String, $action: AuditAction) { admin { auditLog(first: $first, after: $after, action: $action) {
    pageInfo { hasNextPage endCursor }
    nodes { id action actor { email } account { email } subject facts { name value } recordedAt } } } }";

impl World {
    async fn log(&self, person: &Person, variables: Value) -> Value {
        self.data(Some(person), LOG, variables).await["admin"]["auditLog"].clone()
    }

    /// The actions in the audit log, oldest first.
    pub async fn actions(&self) -> Vec<AuditAction> {
        let rows = audit_entry::Entity::find().all(self.db().read()).await.expect("a log");
        let mut rows: Vec<_> = rows.into_iter().map(|row| (row.id, row.action)).collect();
        rows.sort();
        rows.into_iter().map(|(_, action)| action).collect()
    }

    async fn change_role(&self, actor: &Person, mutation: &str, whom: &Person, role: &str) -> Value {
        let stem = format!("{}{}", mutation[..1].to_uppercase(), &mutation[1..]);
        let query = format!(
            "mutation($input: {stem}Input!) {{ {mutation}(input: $input) {{ account {{ roles }} replayed userErrors {{ code }} }} }}"
        );
        let input = json!({ "accountId": id("Account", whom.viewer.id()), "role": role });
        self.data(Some(actor), &query, json!({ "input": input })).await[mutation].clone()
    }

    /// A person as the next request sees them.
    async fn reloaded(&self, person: &Person) -> Person {
        let caller = self.asker(&person.token(self)).await.expect("a person");
        Person { viewer: caller.viewer.expect("a viewer"), wallet: person.wallet }
    }
}

#[tokio::test]
async fn p_1_roles_are_granted_and_revoked_by_admins_only_and_count_at_once() {
    let world = World::new().await;
    let (admin, ada) = (world.admin().await, world.freelancer("ada").await);
    assert_eq!(code(&world.change_role(&ada, "grantRole", &ada, "ADMIN").await), "NOT_ALLOWED");
    let granted = world.change_role(&admin, "grantRole", &ada, "AUDITOR").await;
    assert_eq!(granted["account"]["roles"], json!(["AUDITOR"]));
    world.change_role(&admin, "grantRole", &ada, "AUDITOR").await;
    let ada = world.reloaded(&ada).await;
    assert_eq!(ada.viewer.roles(), [Role::Auditor]);
    assert_eq!(code(&world.change_role(&ada, "grantRole", &ada, "ADMIN").await), "NOT_ALLOWED");
    world.change_role(&admin, "grantRole", &ada, "ADMIN").await;
    let ada = world.reloaded(&ada).await;
    assert!(ada.viewer.0.is_admin);
    assert_eq!(ada.viewer.roles(), [Role::Admin, Role::Auditor]);
    assert_eq!(code(&world.change_role(&ada, "revokeRole", &ada, "ADMIN").await), "NOT_ALLOWED", "one's own");
    let revoked = world.change_role(&admin, "revokeRole", &ada, "ADMIN").await;
    assert_eq!(revoked["account"]["roles"], json!(["AUDITOR"]));
    world.change_role(&admin, "revokeRole", &ada, "AUDITOR").await;
    assert_eq!(world.reloaded(&ada).await.viewer.roles(), []);
    use AuditAction::{RoleGranted, RoleRevoked};
    assert_eq!(world.actions().await, [RoleGranted, RoleGranted, RoleRevoked, RoleRevoked]);
}

#[tokio::test]
async fn p_1_admins_who_revoke_each_others_role_leave_one() {
    let world = World::new().await;
    let (oskar, ada) = (world.admin().await, world.freelancer("ada").await);
    world.change_role(&oskar, "grantRole", &ada, "ADMIN").await;
    let ada = world.reloaded(&ada).await;
    let race = futures_util::future::join(
        world.change_role(&oskar, "revokeRole", &ada, "ADMIN"),
        world.change_role(&ada, "revokeRole", &oskar, "ADMIN"),
    );
    let (one, other) = race.await;
    let refused = [&one, &other].into_iter().filter(|answer| answer["userErrors"] != json!([]));
    assert_eq!(refused.map(code).collect::<Vec<_>>(), ["NOT_ALLOWED"]);
    assert_eq!(world.accounts().await.iter().filter(|account| account.is_admin).count(), 1);
}

#[tokio::test]
async fn p_1_an_auditor_reads_everything_operational_and_changes_nothing() {
    let world = World::new().await;
    let (admin, ada, grace) =
        (world.admin().await, world.freelancer("ada").await, world.freelancer("grace").await);
    let auditor = Person { viewer: Viewer(ada.viewer.0.clone(), vec![Role::Auditor]), wallet: ada.wallet };
    let support = Person { viewer: Viewer(ada.viewer.0.clone(), vec![Role::Support]), wallet: ada.wallet };
    world.change_role(&admin, "grantRole", &ada, "AUDITOR").await;
    let read =
        "{ admin { accounts { nodes { email wallet { available } } } tasks { name } taskRuns { nodes { id } }
                 auditLog { nodes { id action } } } }";
    let seen = world.data(Some(&auditor), read, json!({})).await["admin"].clone();
    assert_eq!(seen["accounts"]["nodes"].as_array().unwrap().len(), 3);
    assert_eq!(seen["auditLog"]["nodes"][0]["action"], "ROLE_GRANTED");
    let nobody = world.data(Some(&grace), "{ admin { tasks { name } } }", json!({})).await;
    assert_eq!(nobody["admin"], Value::Null);
    let helped = world
        .data(
            Some(&support),
            "{ admin { accounts { nodes { email } } auditLog { nodes { id } } } }",
            json!({}),
        )
        .await;
    assert_eq!(helped["admin"]["accounts"]["nodes"].as_array().unwrap().len(), 3);
    assert_eq!(helped["admin"]["auditLog"]["nodes"], json!([]));
    let refused = world.ask(Some(&support), "{ admin { tasks { name } } }", json!({})).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN");
    let entry = seen["auditLog"]["nodes"][0]["id"].clone();
    for (person, expected) in
        [(&auditor, entry.clone()), (&admin, entry.clone()), (&support, Value::Null), (&grace, Value::Null)]
    {
        let node = world
            .data(Some(person), "query($id: ID!) { node(id: $id) { id } }", json!({ "id": entry }))
            .await;
        assert_eq!(if node["node"].is_null() { Value::Null } else { node["node"]["id"].clone() }, expected);
    }
    let account = id("Account", grace.viewer.id());
    for mutation in [
        format!("suspendAccount(input: {{ accountId: \"{account}\", reason: \"x\" }})"),
        format!("reinstateAccount(input: {{ accountId: \"{account}\" }})"),
        format!("changeMembershipPlan(input: {{ accountId: \"{account}\", plan: PLUS }})"),
        format!("grantRole(input: {{ accountId: \"{account}\", role: ADMIN }})"),
        format!("revokeRole(input: {{ accountId: \"{account}\", role: ADMIN }})"),
        format!("signOutEverywhere(input: {{ accountId: \"{account}\" }})"),
        "runTask(input: { task: \"reconcile\" })".to_owned(),
        "pauseTask(input: { task: \"reconcile\" })".to_owned(),
        "resumeTask(input: { task: \"reconcile\" })".to_owned(),
        "advanceClock(input: { to: \"2026-02-01T00:00:00Z\" })".to_owned(),
    ] {
        let query = format!("mutation {{ done: {mutation} {{ userErrors {{ code }} }} }}");
        let answer = world.data(Some(&auditor), &query, json!({})).await;
        assert_eq!(code(&answer["done"]), "NOT_ALLOWED", "{mutation}");
    }
    assert_eq!(world.actions().await.len(), 1);
    let suspend = format!(
        "mutation {{ suspendAccount(input: {{ accountId: \"{account}\", reason: \"x\" }}) {{ userErrors {{ code }} }} }}"
    );
    assert_eq!(
        world.data(Some(&support), &suspend, json!({})).await["suspendAccount"]["userErrors"],
        json!([])
    );
}

#[tokio::test]
async fn p_1_an_auditor_sees_the_whole_market_and_moderates_nothing() {
    let world = World::new().await;
    let (grace, mut auditor) = (world.freelancer("grace").await, world.freelancer("audrey").await);
    auditor.viewer.1 = vec![Role::Auditor];
    let clara = world.client("clara").await;
    let post = id("JobPost", world.post(&clara, "Poster", 40).await.id);
    let report = format!(
        "mutation {{ reportJobPost(input: {{ jobPostId: \"{post}\", reason: SPAM }}) {{ userErrors {{ code }} }} }}"
    );
    world.data(Some(&grace), &report, json!({})).await;
    let operational = "{ admin { tasks { id } jobPostReports { nodes { id } } } }";
    let seen = world.data(Some(&auditor), operational, json!({})).await["admin"].clone();
    for found in [&seen["tasks"][0]["id"], &seen["jobPostReports"]["nodes"][0]["id"]] {
        let node =
            world.data(Some(&auditor), "query($id: ID!) { node(id: $id) { id } }", json!({ "id": found }));
        assert_eq!(&node.await["node"]["id"], found);
    }
    let account = id("Account", grace.viewer.id());
    for mutation in [
        format!(
            "suspendForFraud(input: {{ accountId: \"{account}\", reason: \"x\", idempotencyKey: \"k\" }})"
        ),
        format!("removeJobPost(input: {{ jobPostId: \"{post}\", reason: \"x\", idempotencyKey: \"k\" }})"),
        format!("dismissReports(input: {{ jobPostId: \"{post}\", reason: \"x\" }})"),
        format!("answerAppeal(input: {{ jobPostId: \"{post}\", answer: \"x\" }})"),
        format!("setJobPostFree(input: {{ jobPostId: \"{post}\", free: true }})"),
    ] {
        let query = format!("mutation {{ done: {mutation} {{ userErrors {{ code }} }} }}");
        let answer = world.data(Some(&auditor), &query, json!({})).await;
        assert_eq!(code(&answer["done"]), "NOT_ALLOWED", "{mutation}");
    }
    assert_eq!(world.actions().await, []);
}

#[tokio::test]
async fn p_1_every_change_of_roles_money_and_security_is_in_the_log_once() {
    let world = World::new().await;
    let (admin, grace) = (world.admin().await, world.freelancer("grace").await);
    let account = id("Account", grace.viewer.id());
    let run = async |mutation: &str| {
        let query = format!("mutation {{ done: {mutation} {{ userErrors {{ code }} }} }}");
        let answer = world.data(Some(&admin), &query, json!({})).await;
        assert_eq!(answer["done"]["userErrors"], json!([]), "{mutation}");
    };
    for key in ["idempotencyKey: \"k\"", "idempotencyKey: \"k\"", "dryRun: true"] {
        run(&format!("suspendAccount(input: {{ accountId: \"{account}\", reason: \"spam\", {key} }})")).await;
    }
    run(&format!("reinstateAccount(input: {{ accountId: \"{account}\" }})")).await;
    run(&format!("changeMembershipPlan(input: {{ accountId: \"{account}\", plan: PLUS }})")).await;
    run(&format!("signOutEverywhere(input: {{ accountId: \"{account}\" }})")).await;
    run("pauseTask(input: { task: \"reconcile\" })").await;
    run("pauseTask(input: { task: \"reconcile\" })").await;
    run("resumeTask(input: { task: \"reconcile\" })").await;
    run("resumeTask(input: { task: \"reconcile\" })").await;
    run("runTask(input: { task: \"reconcile\" })").await;
    run("runTask(input: { task: \"reconcile\", dryRun: true })").await;
    run("advanceClock(input: { to: \"2026-01-02T00:00:00Z\" })").await;
    use AuditAction as A;
    let expected = [
        A::AccountSuspended,
        A::AccountReinstated,
        A::PlanChanged,
        A::SignedOutEverywhere,
        A::TaskPaused,
        A::TaskResumed,
        A::TaskRun,
        A::ClockAdvanced,
    ];
    assert_eq!(world.actions().await, expected);
    let log = world.log(&admin, json!({ "action": "ACCOUNT_SUSPENDED" })).await["nodes"].clone();
    assert_eq!(log.as_array().unwrap().len(), 1);
    assert_eq!(
        (&log[0]["actor"]["email"], &log[0]["account"]["email"]),
        (&json!("admin@test.example"), &json!("grace@test.example"))
    );
    assert_eq!(log[0]["facts"], json!([{ "name": "reason", "value": "spam" }]));
    let (mut actions, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = world.log(&admin, json!({ "first": 3, "after": after })).await;
        actions.extend(
            page["nodes"].as_array().unwrap().iter().map(|node| node["action"].as_str().unwrap().to_owned()),
        );
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    let newest_first: Vec<_> = expected.iter().rev().map(|action| action.as_str()).collect();
    assert_eq!(actions, newest_first);
}

#[tokio::test]
async fn p_1_what_is_done_to_posts_and_by_those_who_leave_is_in_the_log_once() {
    let world = World::new().await;
    let (admin, ada, clara) =
        (world.admin().await, world.freelancer("ada").await, world.client("clara").await);
    let run = async |person: &Person, mutation: &str| {
        let query = format!("mutation {{ done: {mutation} {{ userErrors {{ code }} }} }}");
        let answer = world.data(Some(person), &query, json!({})).await;
        assert_eq!(answer["done"]["userErrors"], json!([]), "{mutation}");
    };
    let mut posts = Vec::new();
    for title in ["Poster", "Flyer"] {
        posts.push(id("JobPost", world.post(&clara, title, 40).await.id));
    }
    let [poster, flyer] = posts.try_into().unwrap();
    run(&admin, &format!("setJobPostFree(input: {{ jobPostId: \"{poster}\", free: true }})")).await;
    run(&admin, &format!("setJobPostFree(input: {{ jobPostId: \"{poster}\", free: true }})")).await;
    run(&ada, &format!("reportJobPost(input: {{ jobPostId: \"{poster}\", reason: SPAM }})")).await;
    run(&admin, &format!("dismissReports(input: {{ jobPostId: \"{poster}\", reason: \"fine\" }})")).await;
    let removal = format!("{{ jobPostId: \"{flyer}\", reason: \"spam\", idempotencyKey: \"k\" }}");
    run(&admin, &format!("removeJobPost(input: {removal})")).await;
    run(&clara, &format!("appealRemoval(input: {{ jobPostId: \"{flyer}\", text: \"why\" }})")).await;
    run(&admin, &format!("answerAppeal(input: {{ jobPostId: \"{flyer}\", answer: \"so\" }})")).await;
    let whom = id("Account", clara.viewer.id());
    let fraud = format!("{{ accountId: \"{whom}\", reason: \"scam\", idempotencyKey: \"k\" }}");
    run(&admin, &format!("suspendForFraud(input: {fraud})")).await;
    run(&ada, "closeAccount(input: { idempotencyKey: \"k\" })").await;
    run(&ada, "closeAccount(input: { idempotencyKey: \"k\" })").await;
    run(&ada, "reopenAccount(input: {})").await;
    use AuditAction as A;
    let expected = [
        A::JobPostPriceSet,
        A::ReportsDismissed,
        A::JobPostRemoved,
        A::AppealAnswered,
        A::AccountSuspended,
        A::JobPostRemoved,
        A::AccountClosed,
        A::AccountReopened,
    ];
    assert_eq!(world.actions().await, expected);
}

#[tokio::test]
async fn p_1_nobody_changes_the_audit_log() {
    let world = World::new().await;
    let (admin, grace) = (world.admin().await, world.freelancer("grace").await);
    world.change_role(&admin, "grantRole", &grace, "SUPPORT").await;
    for sql in [
        "UPDATE audit_log SET action = 'NOTHING'",
        "UPDATE audit_log SET actor_id = NULL",
        "DELETE FROM audit_log",
    ] {
        let refused = world.sql(sql).await.unwrap_err().to_string();
        assert!(refused.contains("audit_log is history and cannot be changed"), "{refused}");
    }
    if crate::support::postgres().is_some() {
        assert!(world.sql("TRUNCATE audit_log").await.is_err());
    }
    assert_eq!(world.actions().await, [AuditAction::RoleGranted]);
}

#[tokio::test]
async fn p_1_no_secret_gets_into_answers_or_the_audit_log() {
    let world = World::new().await;
    let admin = world.admin().await;
    world.sign_up_and_verify(ADA).await;
    let (access, refresh) = world.sign_in(ADA, PASSWORD).await;
    const WRONG: &str = "canary-of-a-wrong-password";
    const NEW: &str = "canary-of-a-new-password";
    let mut answers = world.try_sign_in(ADA, WRONG).await.to_string();
    let change = "mutation($input: ChangePasswordInput!) { changePassword(input: $input) { changed userErrors { code message } } }";
    for current in [WRONG, PASSWORD] {
        let input = json!({ "input": { "currentPassword": current, "newPassword": NEW } });
        answers.push_str(&world.ask_with(&access, change, input).await.to_string());
    }
    let request =
        format!("mutation {{ requestPasswordReset(input: {{ email: \"{ADA}\" }}) {{ accepted }} }}");
    world.data(None, &request, json!({})).await;
    let token = world.mailed_token(ADA).await;
    let reset = "mutation($input: ResetPasswordInput!) { resetPassword(input: $input) { changed userErrors { code message } } }";
    for new in ["short", PASSWORD, PASSWORD] {
        let input = json!({ "input": { "token": token, "newPassword": new } });
        answers.push_str(&world.data(None, reset, input).await.to_string());
    }
    world.refresh(&refresh).await;
    let log = world.log(&admin, json!({})).await.to_string();
    assert!(
        log.contains("PASSWORD_RESET") && log.contains("PASSWORD_CHANGED") && log.contains("EMAIL_VERIFIED")
    );
    for secret in [PASSWORD, WRONG, NEW, &access, &refresh, &token, "$argon2id$"] {
        assert!(!log.contains(secret) && !answers.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn p_1_an_operators_registration_is_in_the_log() {
    let world = World::new().await;
    let who = crate::support::registration("root", false, false, true);
    let keys = &world.app.keys;
    world
        .db()
        .write(async |txn| connects::onboarding::register_by_command(txn, keys, &who).await)
        .await
        .unwrap();
    let row = audit_entry::Entity::find().one(world.db().read()).await.unwrap().unwrap();
    assert_eq!((row.action, row.actor_id), (AuditAction::RegisteredByCommand, None));
    assert_eq!(row.facts["admin"], true);
    let root = accounts::store::find_by_email(world.db().read(), "root@test.example").await.unwrap().unwrap();
    assert_eq!(row.account_id, Some(root.id));
}
