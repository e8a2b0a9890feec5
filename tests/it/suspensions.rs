//! Being suspended, also for fraud (P-4).

use std::sync::atomic::Ordering;

use connects::{
    accounts,
    db::Txn,
    entity::enums::{JobPostState, MembershipPlan, RestrictionKind, Role},
    job_posts, memberships,
};
use serde_json::json;

use crate::{
    races::meeting,
    support::{World, code, id},
};

const FRAUD: &str = "mutation($input: SuspendForFraudInput!) { suspendForFraud(input: $input) {
    account { suspendedSince fraudSuspectedSince } jobPostsRemoved replayed userErrors { code } } }";

const SUSPEND: &str = "mutation($id: ID!) { suspendAccount(input: { accountId: $id, reason: \"why\" }) {
    userErrors { code } } }";

const REINSTATE: &str = "mutation($id: ID!) { reinstateAccount(input: { accountId: $id }) {
    account { suspendedSince fraudSuspectedSince } userErrors { code } } }";

#[tokio::test]
async fn p_4_the_posts_of_a_client_suspended_for_fraud_are_removed_and_give_back() {
    let world = World::new().await;
    let (ada, clara, admin) =
        (world.freelancer("ada").await, world.client("clara").await, world.admin().await);
    let support = {
        let mut person = world.freelancer("sue").await;
        person.viewer.1 = vec![Role::Support];
        person
    };
    let expired = world.post(&clara, "Expired", 40).await;
    world.propose(&ada, &expired, 2, "k1").await;
    // Nobody ran the task: the post's time is up all the same.
    world.sleep_until("2026-02-10T00:00:00Z").await;
    let open = world.post(&clara, "Open", 700).await;
    world.propose(&ada, &open, 6, "k2").await;
    let report = "mutation($id: ID!) { reportJobPost(input: { jobPostId: $id, reason: SPAM }) { userErrors { code } } }";
    world.data(Some(&ada), report, json!({ "id": id("JobPost", open.id) })).await;
    let input = |key: &str| json!({ "input": { "accountId": id("Account", clara.viewer.id()), "reason": "a scam", "idempotencyKey": key } });
    let refused = world.data(Some(&support), FRAUD, input("k")).await["suspendForFraud"].clone();
    assert_eq!(code(&refused), "NOT_ALLOWED");
    world.suspend(&admin, &clara).await;
    for (key, removed, replayed) in [("k", 2, false), ("k", 2, true), ("another", 0, false)] {
        let done = world.data(Some(&admin), FRAUD, input(key)).await["suspendForFraud"].clone();
        assert_eq!(done["userErrors"], json!([]));
        assert_eq!((&done["jobPostsRemoved"], &done["replayed"]), (&json!(removed), &json!(replayed)));
        assert_eq!(done["account"]["fraudSuspectedSince"], "2026-02-10T00:00:00.000000Z");
    }
    let posts = job_posts::store::list_of_client(world.db().read(), clara.viewer.id()).await.unwrap();
    assert!(posts.iter().all(|post| post.state == JobPostState::Removed));
    let kinds: Vec<_> =
        world.history(&ada).await.into_iter().map(|(kind, quantity, ..)| (kind, quantity)).collect();
    assert_eq!(
        kinds[kinds.len() - 2..],
        [("RETURNED_REMOVED".to_owned(), 2), ("RETURNED_REMOVED".to_owned(), 6)]
    );
    let notifications = world.notified(&ada).await;
    assert_eq!(notifications.iter().filter(|kind| *kind == "CONNECTS_RETURNED").count(), 2);
    assert!(notifications.contains(&"REPORT_DECIDED".to_owned()));
    assert_eq!(world.notified(&clara).await.iter().filter(|kind| *kind == "JOB_POST_REMOVED").count(), 2);
    let no = world.data(Some(&support), REINSTATE, json!({ "id": id("Account", clara.viewer.id()) })).await;
    assert_eq!(code(&no["reinstateAccount"]), "NOT_ALLOWED", "what an admin decided");
    let lifted = world.data(Some(&admin), REINSTATE, json!({ "id": id("Account", clara.viewer.id()) })).await;
    let none = json!({ "suspendedSince": null, "fraudSuspectedSince": null });
    assert_eq!(lifted["reinstateAccount"]["account"], none);
    world.verify().await;
}

#[tokio::test]
async fn p_4_nobody_decides_on_themselves_and_roles_rest_while_their_holder_is_suspended() {
    let world = World::new().await;
    let admin = world.admin().await;
    let support = world.freelancer("sue").await;
    let granted = world.db().write(async |txn| {
        connects::accounts::grant_role(txn, &admin.viewer, support.viewer.id(), Role::Support).await
    });
    granted.await.unwrap();
    let (boss, sue) = (admin.token(&world), support.token(&world));
    let (boss_id, sue_id) = (id("Account", admin.viewer.id()), id("Account", support.viewer.id()));
    for (token, whom) in [(&boss, &boss_id), (&sue, &sue_id), (&sue, &boss_id)] {
        let refused = world.ask_with(token, SUSPEND, json!({ "id": whom })).await;
        assert_eq!(code(&refused["suspendAccount"]), "NOT_ALLOWED");
    }
    let suspended = world.ask_with(&boss, SUSPEND, json!({ "id": sue_id })).await;
    assert_eq!(suspended["suspendAccount"]["userErrors"], json!([]));
    let refused = world.ask_with(&sue, REINSTATE, json!({ "id": sue_id })).await;
    assert_eq!(code(&refused["reinstateAccount"]), "NOT_ALLOWED");
    let powers = "{ viewer { roles suspendedSince } admin { account(email: \"sue@test.example\") { id } } }";
    let resting = world.ask_with(&sue, powers, json!({})).await;
    assert_eq!((&resting["viewer"]["roles"], &resting["admin"]), (&json!([]), &json!(null)));
    world.ask_with(&boss, REINSTATE, json!({ "id": sue_id })).await;
    let back = world.ask_with(&sue, powers, json!({})).await;
    assert_eq!(back["viewer"]["roles"], json!(["SUPPORT"]));
}

#[tokio::test]
async fn p_4_a_suspended_person_says_nothing_to_anybody() {
    let world = World::new().await;
    let (ada, clara, admin) =
        (world.freelancer("ada").await, world.client("clara").await, world.admin().await);
    let post = world.post(&clara, "Poster", 40).await;
    let sent = world.propose(&ada, &post, 2, "k").await["proposal"]["id"].clone();
    world.suspend(&admin, &ada).await;
    let edit = "mutation($id: ID!) { editProposal(input: { proposalId: $id, coverLetter: \"psst\" }) { userErrors { code } } }";
    let edited = world.data(Some(&ada), edit, json!({ "id": sent })).await;
    assert_eq!(code(&edited["editProposal"]), "ACCOUNT_SUSPENDED");
    world.reinstate(&admin, &ada).await;
    world.suspend(&admin, &clara).await;
    let decline = "mutation($id: ID!) { declineProposal(input: { proposalId: $id, reason: \"psst\" }) { userErrors { code } } }";
    let declined = world.data(Some(&clara), decline, json!({ "id": sent })).await;
    assert_eq!(code(&declined["declineProposal"]), "ACCOUNT_SUSPENDED");
}

#[tokio::test]
async fn p_4_a_suspended_plus_falls_to_basic_at_the_cycle_that_it_misses() {
    let world = World::new().await;
    let (ada, bea, admin) =
        (world.freelancer("ada").await, world.freelancer("bea").await, world.admin().await);
    for person in [&ada, &bea] {
        let plus = world.db().write(async |txn| {
            memberships::change_plan(txn, &admin.viewer, person.viewer.id(), MembershipPlan::Plus).await
        });
        plus.await.unwrap();
        world.suspend(&admin, person).await;
    }
    // Bea was suspended on no day on which anything was due.
    world.advance("2026-01-20T00:00:00Z").await;
    world.reinstate(&admin, &bea).await;
    world.advance("2026-02-20T00:00:00Z").await;
    world.reinstate(&admin, &ada).await;
    world.advance("2026-03-02T00:00:00Z").await;
    assert_eq!(world.available(&ada).await, 60, "50, nothing in February, and the free ten");
    assert_eq!(world.available(&bea).await, 190, "50 and twice seventy");
    world.verify().await;
}

#[tokio::test]
async fn p_4_removing_the_posts_of_a_fraud_takes_as_many_statements_for_one_as_for_many() {
    let mut counts = Vec::new();
    for posts in [1, 15] {
        let world = World::new().await;
        let (ada, clara, admin) =
            (world.freelancer("ada").await, world.client("clara").await, world.admin().await);
        for n in 0..posts {
            let post = world.post(&clara, &format!("Post {n}"), 40).await;
            world.propose(&ada, &post, 2, &format!("k{n}")).await;
        }
        let before = world.statements.load(Ordering::SeqCst);
        let fraud = world.db().write(async |txn| {
            connects::closing::suspend_for_fraud(txn, &admin.viewer, clara.viewer.id(), "a scam").await
        });
        assert_eq!(fraud.await.unwrap(), posts);
        counts.push(world.statements.load(Ordering::SeqCst) - before);
        assert_eq!(world.available(&ada).await, 50);
        world.verify().await;
    }
    assert_eq!(counts[0], counts[1]);
}

#[tokio::test]
async fn p_4_whoever_is_suspended_and_has_closed_the_account_hears_of_the_closure_everywhere() {
    let world = World::new().await;
    let (ada, clara, admin) =
        (world.freelancer("ada").await, world.client("clara").await, world.admin().await);
    let (sent_to, open) = (world.post(&clara, "Poster", 40).await, world.post(&clara, "Flyer", 40).await);
    let sent = world.propose(&ada, &sent_to, 2, "k").await["proposal"]["id"].clone();
    let content =
        "content: { title: \"A\", description: \"B\", category: WRITING_AND_TRANSLATION, payment: FIXED }";
    let post = id("JobPost", open.id);
    let asked = [
        (&ada, format!("editProposal(input: {{ proposalId: {sent}, coverLetter: \"psst\" }})")),
        (
            &ada,
            format!(
                "submitProposal(input: {{ jobPostId: \"{post}\", expectedConnects: 2, coverLetter: \"psst\", idempotencyKey: \"2\" }})"
            ),
        ),
        (&ada, "addProfile(input: { profile: CLIENT })".into()),
        (&clara, format!("createJobPost(input: {{ {content} }})")),
        (&clara, format!("updateJobPost(input: {{ jobPostId: \"{post}\", version: 1, {content} }})")),
        (&clara, format!("publishJobPost(input: {{ jobPostId: \"{post}\" }})")),
        (&clara, format!("declineProposal(input: {{ proposalId: {sent}, reason: \"psst\" }})")),
        // The check of the person comes before that of the object.
        (
            &clara,
            format!(
                "updateJobPost(input: {{ jobPostId: \"{}\", version: 1, {content} }})",
                id("JobPost", connects::entity::ids::JobPostId::new())
            ),
        ),
    ];
    for person in [&ada, &clara] {
        world.suspend(&admin, person).await;
    }
    let answers = async || {
        let mut codes = Vec::new();
        for (person, mutation) in &asked {
            let mutation = format!("mutation {{ done: {mutation} {{ userErrors {{ code }} }} }}");
            let answer = world.data(Some(person), &mutation, json!({})).await;
            codes.push(code(&answer["done"]).to_owned());
        }
        codes
    };
    assert_eq!(answers().await, ["ACCOUNT_SUSPENDED"; 8]);
    for person in [&ada, &clara] {
        let close = "mutation { closeAccount(input: { idempotencyKey: \"k\" }) { userErrors { code } } }";
        world.data(Some(person), close, json!({})).await;
    }
    assert_eq!(answers().await, ["ACCOUNT_CLOSED"; 8]);
}

#[tokio::test]
async fn p_4_staff_who_give_something_to_a_restricted_account_read_what_to_do_first() {
    let world = World::new().await;
    let (ada, admin) = (world.freelancer("ada").await, world.admin().await);
    let asked = async |mutation: &str, more: &str| {
        let query = format!(
            "mutation($id: ID!) {{ done: {mutation}(input: {{ accountId: $id, {more} }}) {{ userErrors {{ code message field }} }} }}"
        );
        let answer = world.data(Some(&admin), &query, json!({ "id": id("Account", ada.viewer.id()) })).await;
        answer["done"]["userErrors"].clone()
    };
    let field = json!(["input", "accountId"]);
    world.suspend(&admin, &ada).await;
    let suspended = "That account has been suspended since 2026-01-01 00:00:00 UTC. Reinstate it first.";
    let refused = json!([{ "code": "ACCOUNT_SUSPENDED", "message": suspended, "field": field }]);
    assert_eq!(asked("grantRole", "role: AUDITOR").await, refused);
    assert_eq!(asked("changeMembershipPlan", "plan: PLUS").await, json!([]), "it counts once it is lifted");
    let close = "mutation { closeAccount(input: { idempotencyKey: \"k\" }) { userErrors { code } } }";
    world.data(Some(&ada), close, json!({})).await;
    let closed =
        "That account has been closed since 2026-01-01 00:00:00 UTC. Its owner has to reopen it first.";
    let refused = json!([{ "code": "ACCOUNT_CLOSED", "message": closed, "field": field }]);
    for (mutation, more) in [("grantRole", "role: AUDITOR"), ("changeMembershipPlan", "plan: PLUS")] {
        assert_eq!(asked(mutation, more).await, refused, "{mutation}");
    }
}

#[tokio::test]
async fn p_4_why_and_since_when_is_shown_to_those_who_may_lift_it_and_to_nobody_else() {
    let world = World::new().await;
    let (ada, admin) = (world.freelancer("ada").await, world.admin().await);
    let with_role = async |name: &str, role| {
        let mut person = world.freelancer(name).await;
        person.viewer.1 = vec![role];
        person
    };
    let (support, auditor) = (with_role("sue", Role::Support).await, with_role("max", Role::Auditor).await);
    world.suspend(&admin, &ada).await;
    world.sleep_until("2026-01-05T00:00:00Z").await;
    let input = json!({ "input": { "accountId": id("Account", ada.viewer.id()), "reason": "a scam", "idempotencyKey": "k" } });
    world.data(Some(&admin), FRAUD, input).await;
    let query = "query($id: ID!) { node(id: $id) { ... on Account { suspendedSince suspensions { since reason isForFraud } } } }";
    let seen = async |viewer| {
        let data = world.data(Some(viewer), query, json!({ "id": id("Account", ada.viewer.id()) })).await;
        data["node"].clone()
    };
    let all = json!([
        { "since": "2026-01-01T00:00:00.000000Z", "reason": "a reason", "isForFraud": false },
        { "since": "2026-01-05T00:00:00.000000Z", "reason": "a scam", "isForFraud": true },
    ]);
    for staff in [&admin, &support] {
        assert_eq!(seen(staff).await["suspensions"], all);
    }
    for other in [&auditor, &ada] {
        let account = seen(other).await;
        assert_eq!(account["suspensions"], json!(null));
        assert_eq!(account["suspendedSince"], "2026-01-01T00:00:00.000000Z", "that it is, they may know");
    }
    world.data(Some(&admin), REINSTATE, json!({ "id": id("Account", ada.viewer.id()) })).await;
    assert_eq!(seen(&support).await["suspensions"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p_4_a_proposal_waits_for_a_suspension_under_way_and_is_refused() {
    let world = World::new().await;
    let (clara, ada, admin) =
        (world.client("clara").await, world.freelancer("ada").await, world.admin().await);
    let post = world.post(&clara, "Logo", 40).await;
    let before = world.history(&ada).await;
    let suspend = async |txn: &Txn| {
        let why = (RestrictionKind::Suspended, "why");
        accounts::suspend(txn, &admin.viewer, ada.viewer.id(), why).await.map(drop)
    };
    let submitted = meeting(&world, suspend, world.propose(&ada, &post, 2, "k")).await;
    assert_eq!(code(&submitted), "ACCOUNT_SUSPENDED");
    assert_eq!(world.history(&ada).await, before);
}
