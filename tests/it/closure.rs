//! Leaving: closing an account, opening it again, taking one's data along, having it erased (P-6); and
//! being suspended for fraud (P-4).

use std::sync::atomic::Ordering;

use actix_web::{App, test as web};
use connects::{
    entity::enums::{MembershipPlan, Role},
    http::{Shared, routes},
    memberships,
};
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::{
    direct_offers::freelancer,
    support::{Person, World, code, door::PASSWORD, id, registration},
};

pub const CLOSE: &str = "mutation($input: CloseAccountInput!) { closeAccount(input: $input) {
    closure { proposalsWithdrawn connectsForfeited jobPostsCancelled connectsKept planEnded }
    account { closedSince } replayed userErrors { code message rule } } }";

const REOPEN: &str = "mutation { reopenAccount(input: {}) { account { closedSince } userErrors { code } } }";

pub const ERASE: &str = "mutation($input: EraseAccountInput!) { eraseAccount(input: $input) {
    pseudonym userErrors { code field } } }";

const CREATE: &str =
    "mutation($t: String!) { createJobPost(input: { content: { title: $t, description: \"To do.\",
    category: DESIGN, payment: FIXED, budget: { amount: \"100\" } }, publish: true }) {
    jobPost { id } userErrors { code } } }";

async fn close(world: &World, person: &Person, dry_run: bool) -> Value {
    let input = json!({ "input": { "idempotencyKey": "close", "dryRun": dry_run } });
    world.data(Some(person), CLOSE, input).await["closeAccount"].clone()
}

async fn reopen(world: &World, person: &Person) -> Value {
    world.data(Some(person), REOPEN, json!({})).await["reopenAccount"].clone()
}

/// A person who is freelancer and client at once.
async fn both(world: &World, name: &str) -> Person {
    let registered = world.try_register(&registration(name, true, true, false)).await.unwrap();
    Person { viewer: connects::viewer::Viewer(registered.account, Vec::new()), wallet: registered.wallet }
}

async fn states(world: &World, person: &Person) -> Value {
    let query =
        "{ viewer { proposals { nodes { state endedReason } } jobPosts { nodes { state closingReason } } } }";
    world.data(Some(person), query, json!({})).await["viewer"].clone()
}

#[tokio::test]
async fn p_6_closing_is_previewed_and_ends_what_is_live_and_keeps_the_connects() {
    let world = World::new().await;
    let (clara, bea, admin) =
        (world.client("clara").await, world.freelancer("bea").await, world.admin().await);
    let ada = both(&world, "ada").await;
    let plus = world.db().write(async |txn| {
        memberships::change_plan(txn, &admin.viewer, ada.viewer.id(), MembershipPlan::Plus).await
    });
    plus.await.unwrap();
    world.advance("2026-02-01T12:00:00Z").await;
    let (hers, other) = (world.post(&ada, "Hers", 700).await, world.post(&clara, "Other", 700).await);
    world.propose(&ada, &other, 6, "k").await;
    world.propose(&bea, &hers, 6, "k").await;
    let (kept, before) = (world.available(&ada).await, world.digest().await);

    let preview = close(&world, &ada, true).await;
    assert_eq!(world.digest().await, before, "a preview changes nothing");
    assert_eq!(states(&world, &ada).await["proposals"]["nodes"][0]["state"], "SUBMITTED");
    let done = close(&world, &ada, false).await;
    assert_eq!(preview, done);
    assert_eq!(
        done["closure"],
        json!({ "proposalsWithdrawn": 1, "connectsForfeited": 6, "jobPostsCancelled": 1,
                "connectsKept": kept, "planEnded": "PLUS" })
    );
    assert_eq!(done["account"]["closedSince"], "2026-02-01T12:00:00.000000Z");
    let ended = states(&world, &ada).await;
    assert_eq!(
        ended["proposals"]["nodes"][0],
        json!({ "state": "WITHDRAWN", "endedReason": "The account was closed." })
    );
    assert_eq!(ended["jobPosts"]["nodes"][0]["state"], "CANCELLED");
    assert_eq!(world.available(&bea).await, 60, "T-1: what a proposal to her post had cost is back");
    assert!(world.notified(&clara).await.contains(&"PROPOSAL_WITHDRAWN".to_owned()));
    assert_eq!(close(&world, &ada, false).await["replayed"], true);
    let again = json!({ "input": { "idempotencyKey": "another" } });
    let again = world.data(Some(&ada), CLOSE, again).await["closeAccount"].clone();
    assert_eq!((code(&again), &again["userErrors"][0]["rule"]), ("ACCOUNT_CLOSED", &json!("P-6")));
    world.verify().await;
}

#[tokio::test]
async fn p_4_a_closed_account_neither_spends_nor_posts_nor_is_granted_and_p_6_reopening_revives_it() {
    let world = World::new().await;
    let (clara, admin) = (world.client("clara").await, world.admin().await);
    let ada = both(&world, "ada").await;
    assert_eq!(code(&reopen(&world, &ada).await), "ACCOUNT_NOT_CLOSED");
    close(&world, &ada, false).await;
    world.advance("2026-02-05T00:00:00Z").await;
    assert_eq!(world.available(&ada).await, 50, "no grant on the 1st of February (P-4)");
    let post = world.post(&clara, "Poster", 700).await;
    assert_eq!(code(&world.propose(&ada, &post, 6, "k").await), "ACCOUNT_CLOSED");
    let created = world.data(Some(&ada), CREATE, json!({ "t": "A job" })).await["createJobPost"].clone();
    assert_eq!(code(&created), "ACCOUNT_CLOSED");
    let plus = world.db().write(async |txn| {
        memberships::change_plan(txn, &admin.viewer, ada.viewer.id(), MembershipPlan::Plus).await
    });
    assert!(plus.await.is_err());

    assert_eq!(reopen(&world, &ada).await["account"]["closedSince"], json!(null));
    assert_eq!(world.propose(&ada, &post, 6, "k").await["userErrors"], json!([]));
    assert_eq!(world.available(&ada).await, 44, "her Connects are alive again");
    world.advance("2026-03-02T00:00:00Z").await;
    assert_eq!(world.available(&ada).await, 54, "one grant, no back-pay");
    world.advance("2027-01-02T00:00:00Z").await;
    world.verify().await;
}

#[tokio::test]
async fn p_6_a_person_with_a_role_keeps_their_account_and_a_closed_account_gets_no_role() {
    let world = World::new().await;
    let (ada, admin) = (world.freelancer("ada").await, world.admin().await);
    assert_eq!(code(&close(&world, &admin, false).await), "NOT_ALLOWED");
    close(&world, &ada, false).await;
    let grant = world.db().write(async |txn| {
        connects::accounts::grant_role(txn, &admin.viewer, ada.viewer.id(), Role::Support).await
    });
    assert!(grant.await.is_err());
}

#[tokio::test]
async fn p_6_closing_signs_the_other_devices_out_and_tells_by_mail() {
    let world = World::new().await;
    world.sign_up_and_verify("ada@test.example").await;
    let (phone, _) = world.sign_in("ada@test.example", PASSWORD).await;
    let (laptop, refresh) = world.sign_in("ada@test.example", PASSWORD).await;
    world.ask_with(&phone, CLOSE, json!({ "input": { "idempotencyKey": "k" } })).await;
    assert!(world.asker(&phone).await.is_some(), "who asked is still here");
    assert!(world.asker(&laptop).await.is_none());
    assert_eq!(code(&world.refresh(&refresh).await), "SESSION_ENDED");
    assert_eq!(world.mails().await.pop().unwrap().subject(), "Your account was closed");
    let (again, _) = world.sign_in("ada@test.example", PASSWORD).await;
    let opened = world.ask_with(&again, REOPEN, json!({})).await;
    assert_eq!(opened["reopenAccount"]["userErrors"], json!([]));
}

#[tokio::test]
async fn p_6_closing_takes_as_many_statements_for_one_proposal_as_for_twenty() {
    let mut counts = Vec::new();
    for proposals in [1, 20] {
        let world = World::new().await;
        let (clara, ada) = (world.client("clara").await, both(&world, "ada").await);
        let hers = world.post(&ada, "Hers", 40).await;
        for n in 0..proposals {
            let post = world.post(&clara, &format!("Post {n}"), 40).await;
            world.propose(&ada, &post, 2, &format!("k{n}")).await;
            let bea = world.freelancer(&format!("bea-{n}")).await;
            world.propose(&bea, &hers, world.price(&hers).await, "k").await;
        }
        let before = world.statements.load(Ordering::SeqCst);
        close(&world, &ada, false).await;
        counts.push(world.statements.load(Ordering::SeqCst) - before);
        world.verify().await;
    }
    assert_eq!(counts[0], counts[1]);
}

#[tokio::test]
async fn p_6_closing_an_account_while_its_owner_acts_leaves_nothing_live() {
    let world = World::new().await;
    let (clara, ada) = (world.client("clara").await, both(&world, "ada").await);
    let mut posts = Vec::new();
    for n in 0..16 {
        posts.push(world.post(&clara, &format!("Post {n}"), 40).await);
    }
    let act = async |n: usize| match n % 3 {
        0 => world.propose(&ada, &posts[n / 3], 2, &format!("k{n}")).await,
        1 => world.data(Some(&ada), CREATE, json!({ "t": format!("Job {n}") })).await,
        _ => {
            let input = json!({ "input": { "idempotencyKey": format!("close-{n}") } });
            world.data(Some(&ada), CLOSE, input).await
        }
    };
    let answers = join_all((0..48).map(act)).await;
    // The first of the closings succeeds, whatever came in between, and the others find the account closed.
    let closings = answers.iter().filter_map(|answer| answer["closeAccount"]["userErrors"].as_array());
    let (done, refused): (Vec<_>, Vec<_>) = closings.partition(|errors| errors.is_empty());
    assert_eq!((done.len(), refused.len()), (1, 15));
    assert!(refused.iter().all(|errors| errors[0]["code"] == "ACCOUNT_CLOSED"), "{refused:?}");
    let query = "{ viewer { closedSince proposals(state: SUBMITTED) { nodes { id } } jobPosts(state: OPEN) { nodes { id } } } }";
    let viewer = world.data(Some(&ada), query, json!({})).await["viewer"].clone();
    assert_eq!(viewer["closedSince"], "2026-01-01T00:00:00.000000Z");
    assert_eq!((&viewer["proposals"]["nodes"], &viewer["jobPosts"]["nodes"]), (&json!([]), &json!([])));
    world.verify().await;
}

/// How many cells of the whole database have `word` in them.
async fn cells_with(world: &World, word: &str) -> Vec<String> {
    let db = world.db().read();
    let backend = world.backend();
    let mut found = Vec::new();
    for (table, column) in world.columns().await {
        let sql = format!(
            "SELECT COUNT(*) AS n FROM \"{table}\" WHERE LOWER(CAST(\"{column}\" AS TEXT)) LIKE '%{word}%'"
        );
        let row = db.query_one_raw(Statement::from_string(backend, sql)).await.unwrap().unwrap();
        if row.try_get::<i64>("", "n").unwrap() > 0 {
            found.push(format!("{table}.{column}"));
        }
    }
    found
}

/// Ada of `canary@test.example`, who has written her word wherever a person can.
pub async fn canary(world: &World) -> (Person, String) {
    let input = json!({ "email": "canary@test.example", "password": PASSWORD, "name": "Canary", "country": "GB",
                        "freelancer": true, "client": true });
    world.data(None, crate::support::door::REGISTER, json!({ "input": input })).await;
    let token = world.mailed_token("canary@test.example").await;
    world.do_with_token("verifyEmail", "VerifyEmailInput", &token, "verified").await;
    let (access, _) = world.sign_in("canary@test.example", PASSWORD).await;
    let viewer = world.asker(&access).await.unwrap().viewer.unwrap();
    let wallet = connects::connects::store::find_wallet_of(world.db().read(), viewer.id()).await.unwrap();
    (Person { viewer, wallet: wallet.map(|wallet| wallet.id) }, access)
}

#[tokio::test]
async fn p_6_erasing_leaves_no_word_of_a_person_and_a_ledger_that_balances() {
    let mut world = World::new().await;
    let (clara, bea, admin) =
        (world.client("clara").await, world.freelancer("bea").await, world.admin().await);
    let (ada, access) = canary(&world).await;
    let (other, hers) = (world.post(&clara, "Other", 700).await, world.post(&ada, "Canary hers", 700).await);
    let removed = world.post(&ada, "Canary removed", 700).await;
    let created =
        world.data(Some(&ada), CREATE, json!({ "t": "Canary made" })).await["createJobPost"].clone();
    assert_eq!(created["userErrors"], json!([]));
    let letter = json!({ "input": { "jobPostId": id("JobPost", other.id), "expectedConnects": 6,
        "coverLetter": "I am canary.", "idempotencyKey": "canary" } });
    world.data(Some(&ada), crate::support::SUBMIT, letter).await;
    world.propose(&bea, &hers, 6, "k").await;
    let report = "mutation($id: ID!) { reportJobPost(input: { jobPostId: $id, reason: SPAM, comment: \"canary\" }) { userErrors { code } } }";
    world.data(Some(&ada), report, json!({ "id": id("JobPost", other.id) })).await;
    let remove = "mutation($id: ID!) { removeJobPost(input: { jobPostId: $id, reason: \"spam\", idempotencyKey: \"r\" }) { userErrors { code } } }";
    world.data(Some(&admin), remove, json!({ "id": id("JobPost", removed.id) })).await;
    let appeal = "mutation($id: ID!) { appealRemoval(input: { jobPostId: $id, text: \"canary\" }) { userErrors { code } } }";
    let appealed = world.data(Some(&ada), appeal, json!({ "id": id("JobPost", removed.id) })).await;
    assert_eq!(appealed["appealRemoval"]["userErrors"], json!([]));
    let slug = "INSERT INTO profile_slugs (slug, account_id, chosen_at) SELECT 'canary', id, created_at FROM accounts \
                WHERE email = 'canary@test.example'";
    world.sql(slug).await.expect("an address");
    assert!(cells_with(&world, "canary").await.len() > 9, "she is all over the place");

    let erase = async |password: &str, dry_run: bool| {
        let input = json!({ "input": { "password": password, "dryRun": dry_run } });
        world.ask_with(&access, ERASE, input).await["eraseAccount"].clone()
    };
    assert_eq!(code(&erase(PASSWORD, false).await), "ACCOUNT_NOT_CLOSED");
    world.ask_with(&access, CLOSE, json!({ "input": { "idempotencyKey": "canary-2" } })).await;
    assert_eq!(code(&erase("another horse", false).await), "INVALID_CREDENTIALS");
    assert_eq!(code(&erase(PASSWORD, false).await), "TOO_EARLY", "its owner must have time to hear of it");
    world.advance("2026-01-08T00:00:00Z").await;
    world.suspend(&admin, &ada).await;
    assert_eq!(code(&erase(PASSWORD, false).await), "ACCOUNT_SUSPENDED", "what she is judged by stays");
    world.reinstate(&admin, &ada).await;
    let history = world.history(&ada).await;
    let rehearsed = erase(PASSWORD, true).await;
    assert_eq!(rehearsed["pseudonym"], "Erased person 1");
    assert_eq!(erase(PASSWORD, false).await, rehearsed);

    assert_eq!(cells_with(&world, "canary").await, Vec::<String>::new());
    let search = "{ jobPosts(filter: { text: \"canary\" }) { nodes { id } } }";
    assert_eq!(world.data(None, search, json!({})).await["jobPosts"]["nodes"], json!([]));
    assert_eq!(world.history(&ada).await, history, "the ledger stays");
    world.verify().await;
    assert!(world.asker(&access).await.is_none());
    assert!(world.asker(&ada.token(&world)).await.is_none(), "not even by a token of the command line");
    assert_eq!(code(&world.try_sign_in("canary@test.example", PASSWORD).await), "INVALID_CREDENTIALS");
    let stale = world.db().write(async |txn| connects::closing::reopen_account(txn, &ada.viewer).await).await;
    assert!(stale.is_err(), "who asked before it was erased does not open it again");
    // What remembers the person outlives the secrets.
    for new in ["a second secret of thirty-two bytes", "a third secret of at least thirty-two bytes"] {
        world.change_secret(new).await;
    }
    let (newcomer, _) = canary(&world).await;
    assert_eq!(world.available(&newcomer).await, 10, "R-1: the gift was once for life");
    let posted =
        world.data(Some(&newcomer), CREATE, json!({ "t": "A new start" })).await["createJobPost"].clone();
    assert_eq!(posted["userErrors"], json!([]));
    world.advance("2027-01-02T00:00:00Z").await;
    world.verify().await;
}

#[actix_web::test]
async fn p_6_a_person_takes_all_their_data_along_and_nobody_elses() {
    let world = World::new().await;
    let clara = world.client("clara").await;
    let (ada, access) = canary(&world).await;
    let (other, hers) = (world.post(&clara, "Other", 700).await, world.post(&ada, "Hers", 700).await);
    world.propose(&ada, &other, 6, "k").await;
    world.propose(&world.freelancer("bea").await, &hers, 6, "k").await;
    let service = web::init_service(App::new().configure(routes(Shared::new(world.app.clone())))).await;
    let get = |token: Option<&str>| {
        let request = web::TestRequest::get().uri("/viewer/personal-data.ndjson");
        match token {
            Some(token) => request.insert_header(("authorization", format!("Bearer {token}"))),
            None => request,
        }
    };
    assert_eq!(web::call_service(&service, get(None).to_request()).await.status(), 401);
    let body = web::call_and_read_body(&service, get(Some(&access)).to_request()).await;
    let text = String::from_utf8(body.to_vec()).unwrap();
    let rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let count = |kind: &str| rows.iter().filter(|row| row["kind"] == kind).count();
    assert_eq!(rows[0]["data"]["email"], "canary@test.example");
    for (kind, expected) in [
        ("ACCOUNT", 1),
        ("SESSION", 1),
        ("WALLET", 1),
        ("MEMBERSHIP", 1),
        ("LOT", 2),
        ("ENTRY", 3),
        ("MOVEMENT", 1),
        ("PROPOSAL", 1),
        ("JOB_POST", 1),
        ("MAIL", 1),
        ("AUDIT_ENTRY", 1),
    ] {
        assert_eq!(count(kind), expected, "{kind}");
    }
    assert!(text.contains("Good day!"), "her own letter");
    for secret in [
        "argon2",
        "token_hash",
        "shortlisted_at",
        "hidden_at",
        "actor_id",
        "clara@test.example",
        "bea@test.example",
        "session_version",
    ] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn p_6_a_proposal_that_its_post_outlived_is_archived_and_not_withdrawn() {
    let world = World::new().await;
    let (clara, ada) = (world.client("clara").await, both(&world, "ada").await);
    let (other, _hers) = (world.post(&clara, "Other", 40).await, world.post(&ada, "Hers", 40).await);
    world.propose(&ada, &other, 2, "k").await;
    world.sleep_until("2026-02-10T00:00:00Z").await;
    let closed = close(&world, &ada, false).await["closure"].clone();
    assert_eq!((&closed["proposalsWithdrawn"], &closed["jobPostsCancelled"]), (&json!(0), &json!(0)));
    world.advance("2026-02-11T00:00:00Z").await;
    let ended = states(&world, &ada).await;
    assert_eq!(ended["proposals"]["nodes"][0]["state"], "ARCHIVED");
    assert_eq!(ended["jobPosts"]["nodes"][0]["state"], "EXPIRED");
    world.verify().await;
}

#[tokio::test]
async fn p_6_an_account_with_cash_is_closed_with_a_word_about_it_and_not_erased() {
    let world = World::new().await;
    let clara = world.client("clara").await;
    let (ada, access) = canary(&world).await;
    let input = json!({ "freelancerId": freelancer(&ada), "title": "Poster", "category": "DESIGN",
        "milestones": [{ "title": "All", "amount": { "amount": "100.00" } }] });
    let offer = world.direct(&clara, input).await["offer"]["id"].clone();
    let contract = world.accept(&ada, &offer).await["contract"].clone();
    let pay = "mutation($m: ID!, $w: ID!, $c: ID!) {
        fundMilestone(input: { milestoneId: $m, paymentMethodId: $w, idempotencyKey: \"f\" }) { userErrors { code } }
        releaseMilestone(input: { milestoneId: $m, idempotencyKey: \"r\" }) { userErrors { code } }
        endContract(input: { contractId: $c }) { contract { state } } }";
    let asked = json!({ "m": contract["milestones"]["nodes"][0]["id"], "c": contract["id"],
        "w": world.method(&clara, "tok_visa").await });
    assert_eq!(world.data(Some(&clara), pay, asked).await["endContract"]["contract"]["state"], "ENDED");
    let close = "mutation { closeAccount(input: { idempotencyKey: \"c\" }) {
        closure { cashKept { amount } owed { amount } } userErrors { code } } }";
    let closed = world.ask_with(&access, close, json!({})).await["closeAccount"].clone();
    assert_eq!(
        closed["closure"],
        json!({ "cashKept": { "amount": "90.00" }, "owed": { "amount": "0.00" } }),
        "{closed}"
    );
    world.advance("2026-01-09T00:00:00Z").await;
    let input = json!({ "input": { "password": PASSWORD, "dryRun": false } });
    let refused = world.ask_with(&access, ERASE, input).await["eraseAccount"].clone();
    assert_eq!(code(&refused), "MONEY_LEFT", "nobody could reach it afterwards");
    world.verify().await;
}
