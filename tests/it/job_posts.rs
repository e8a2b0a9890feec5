//! Job posts: writing, publishing, editing, finding, expiring, reporting (J-1 to J-7).

use serde_json::{Value, json};

use crate::{
    reports::REPORT,
    support::{Person, World, at, code, id, task},
};

const CREATE: &str = "mutation($input: CreateJobPostInput!) { createJobPost(input: $input) {
    jobPost { id title state version publishedAt expiresAt connectsPrice { connects explanation } }
    replayed userErrors { __typename code field message rule } } }";

const UPDATE: &str = "mutation($input: UpdateJobPostInput!) { updateJobPost(input: $input) {
    jobPost { id title version expiresAt connectsPrice { connects } }
    userErrors { __typename code field ... on IllegalJobPostState { state allowed } } } }";

/// What a client writes.
fn content(title: &str, dollars: i64) -> Value {
    json!({ "title": title, "description": "All about it.", "category": "DESIGN", "payment": "FIXED",
            "skills": ["Drawing"], "budget": { "amount": format!("{dollars}.00") } })
}

async fn create(world: &World, client: &Person, content: Value, publish: bool) -> Value {
    let input = json!({ "input": { "content": content, "publish": publish } });
    world.data(Some(client), CREATE, input).await["createJobPost"].clone()
}

/// Titles that a search finds, in order.
async fn found(world: &World, filter: Value) -> Vec<String> {
    let query = "query($filter: JobPostFilter) { jobPosts(filter: $filter, first: 100) { nodes { title } } }";
    let data = world.data(None, query, json!({ "filter": filter })).await;
    let nodes = data["jobPosts"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn j_2_a_draft_is_its_clients_alone_until_it_is_published() {
    let world = World::new().await;
    let (clara, bea) = (world.client("clara").await, world.freelancer("bea").await);
    let draft = create(&world, &clara, content("Poster", 40), false).await;
    let post = &draft["jobPost"];
    assert_eq!(
        (&post["state"], &post["publishedAt"], &post["expiresAt"]),
        (&json!("DRAFT"), &Value::Null, &Value::Null)
    );
    let see = "query($id: ID!) { jobPost(id: $id) { state } node(id: $id) { id } }";
    let seen = world.data(Some(&bea), see, json!({ "id": post["id"] })).await;
    assert_eq!(seen, json!({ "jobPost": null, "node": null }));
    assert!(found(&world, json!({})).await.is_empty());
    let publish = "mutation($id: ID!) { publishJobPost(input: { jobPostId: $id }) {
        jobPost { state expiresAt connectsPrice { connects } } userErrors { code } } }";
    let foreign =
        world.data(Some(&bea), publish, json!({ "id": post["id"] })).await["publishJobPost"].clone();
    assert_eq!(code(&foreign), "NOT_FOUND");
    world.sleep_until("2026-01-03T00:00:00Z").await;
    let open = world.data(Some(&clara), publish, json!({ "id": post["id"] })).await["publishJobPost"].clone();
    assert_eq!(
        open["jobPost"],
        json!({ "state": "OPEN", "expiresAt": "2026-02-02T00:00:00.000000Z", "connectsPrice": { "connects": 2 } })
    );
    let again =
        world.data(Some(&clara), publish, json!({ "id": post["id"] })).await["publishJobPost"].clone();
    assert_eq!(code(&again), "ILLEGAL_STATE");
    assert_eq!(found(&world, json!({})).await, ["Poster"]);
}

#[tokio::test]
async fn j_1_what_cannot_be_a_post_is_refused_with_its_field() {
    let world = World::new().await;
    let (clara, ada) = (world.client("clara").await, world.freelancer("ada").await);
    let with = |field: &str, value: Value| {
        let mut content = content("Poster", 40);
        content[field] = value;
        content
    };
    let cases = [
        (with("title", json!("  ")), "title"),
        (with("title", json!("x".repeat(301))), "title"),
        (with("description", json!("a\u{0}b")), "description"),
        (with("budget", json!({ "amount": "-1" })), "budget"),
        (with("budget", json!({ "amount": "99999999999999999999" })), "budget"),
        (with("budget", json!({ "amount": "1", "currencyCode": "EUR" })), "budget"),
        (with("hourlyMin", json!({ "amount": "10" })), "hourlyMin"),
        (with("weeklyHours", json!(169)), "weeklyHours"),
        (with("hiresWanted", json!(0)), "hiresWanted"),
        (with("skills", json!(vec!["x"; 51])), "skills"),
    ];
    for (content, field) in cases {
        let refused = create(&world, &clara, content, true).await;
        assert_eq!(code(&refused), "INVALID_INPUT");
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", "content", field]), "{refused}");
    }
    assert_eq!(code(&create(&world, &ada, content("Poster", 40), true).await), "NOT_A_CLIENT");
    assert!(found(&world, json!({})).await.is_empty(), "nothing was made");
}

#[tokio::test]
async fn j_3_an_edit_reprices_and_s_4_leaves_sent_proposals_alone() {
    let world = World::new().await;
    let (clara, ada) = (world.client("clara").await, world.freelancer("ada").await);
    let made = create(&world, &clara, content("Poster", 40), true).await["jobPost"].clone();
    let submit = json!({ "input": { "jobPostId": made["id"], "expectedConnects": 2, "coverLetter": "Hi", "idempotencyKey": "k" } });
    world.data(Some(&ada), crate::support::SUBMIT, submit).await;
    world.sleep_until("2026-01-05T00:00:00Z").await;
    let edit = |version: i64, title: &str| json!({ "input": { "jobPostId": made["id"], "version": version, "content": content(title, 2_000) } });
    let stale = world.data(Some(&clara), UPDATE, edit(7, "Other")).await["updateJobPost"].clone();
    assert_eq!(code(&stale), "CONFLICT");
    let edited =
        world.data(Some(&clara), UPDATE, edit(1, "Better poster")).await["updateJobPost"]["jobPost"].clone();
    assert_eq!((&edited["version"], &edited["connectsPrice"]["connects"]), (&json!(2), &json!(6)));
    assert_eq!(edited["expiresAt"], "2026-02-04T00:00:00.000000Z", "J-4: an edit extends");
    let sent =
        world.data(Some(&ada), "{ viewer { proposals { nodes { connectsCharged } } } }", json!({})).await;
    assert_eq!(sent["viewer"]["proposals"]["nodes"][0]["connectsCharged"], 2);
    assert_eq!(found(&world, json!({ "text": "better" })).await, ["Better poster"], "the search follows");
    assert!(found(&world, json!({ "text": "nothing" })).await.is_empty());
    world.verify().await;
}

#[tokio::test]
async fn posts_are_found_by_words_and_terms_newest_first() {
    let world = World::new().await;
    let (clara, dora) = (world.client("clara").await, world.client("dora").await);
    let posts = [
        ("Größe der Straße messen", 40, &clara),
        ("Poster for the choir", 500, &clara),
        ("Choir website in C++", 5_000, &dora),
    ];
    for (hour, (title, dollars, client)) in posts.into_iter().enumerate() {
        world.sleep_until(&format!("2026-01-01T0{}:00:00Z", hour + 1)).await;
        assert_eq!(create(&world, client, content(title, dollars), true).await["userErrors"], json!([]));
    }
    assert_eq!(
        found(&world, json!({})).await,
        ["Choir website in C++", "Poster for the choir", "Größe der Straße messen"]
    );
    assert_eq!(found(&world, json!({ "text": "CHOIR" })).await.len(), 2);
    assert_eq!(found(&world, json!({ "text": "choir drawing poster" })).await, ["Poster for the choir"]);
    assert_eq!(found(&world, json!({ "text": "größe" })).await.len(), 1, "letters of all alphabets");
    assert!(found(&world, json!({ "text": "chor" })).await.is_empty(), "whole words");
    for hostile in ["\"", "' OR 1=1 --", "NEAR(", "*", "a AND", "choir | poster", "\u{0}", ")"] {
        found(&world, json!({ "text": hostile })).await;
    }
    assert_eq!(
        found(&world, json!({ "maxConnects": 4, "minBudget": { "amount": "100" } })).await,
        ["Poster for the choir"]
    );
    assert_eq!(found(&world, json!({ "minClientPosts": 2 })).await.len(), 2);
    let mut hourly = content("Evenings", 0);
    hourly["payment"] = json!("HOURLY");
    hourly["budget"] = Value::Null;
    hourly["hourlyMin"] = json!({ "amount": "50" });
    create(&world, &dora, hourly, true).await;
    assert_eq!(
        found(&world, json!({ "minHourly": { "amount": "40" } })).await,
        ["Evenings"],
        "one rate is the range"
    );
    assert_eq!(found(&world, json!({ "categories": ["LIFESTYLE"] })).await.len(), 0);
    let too_many = "x ".repeat(21);
    let query = "query($filter: JobPostFilter) { jobPosts(filter: $filter) { nodes { title } } }";
    for bad in [
        json!({ "text": too_many }),
        json!({ "maxConnects": -1 }),
        json!({ "maxBudget": { "amount": "NaN" } }),
    ] {
        let answer = world.ask(None, query, json!({ "filter": bad })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{bad}");
    }
}

#[tokio::test]
async fn j_4_a_post_is_warned_of_and_expires_at_its_own_instant() {
    let world = World::new().await;
    let (clara, ada) = (world.client("clara").await, world.freelancer("ada").await);
    let post = world.post(&clara, "Poster", 40).await;
    world.propose(&ada, &post, 2, "k").await;
    world.sleep_until("2026-01-31T00:00:00Z").await;
    let late = world.freelancer("bea").await;
    let refused = world.propose(&late, &post, 2, "k").await;
    assert_eq!(code(&refused), "JOB_POST_NOT_OPEN", "X-7: it has expired, and no task has run");
    let states = "{ viewer { proposals { nodes { state jobPost { state } } } } }";
    let seen = world.data(Some(&ada), states, json!({})).await["viewer"]["proposals"]["nodes"][0].clone();
    assert_eq!(seen, json!({ "state": "ARCHIVED", "jobPost": { "state": "EXPIRED" } }));
    world.advance("2026-02-01T00:00:00Z").await;
    let notified = |person: &Person| {
        let query = "{ viewer { notifications { nodes { kind aboutAt jobPost { title } } } } }".to_owned();
        let person = person.clone();
        let world = &world;
        async move {
            world.data(Some(&person), &query, json!({})).await["viewer"]["notifications"]["nodes"].clone()
        }
    };
    let clients = notified(&clara).await;
    assert_eq!(clients[0]["kind"], "JOB_POST_EXPIRED");
    assert_eq!(clients[0]["aboutAt"], "2026-01-31T00:00:00.000000Z");
    assert_eq!(notified(&ada).await[0]["kind"], "PROPOSAL_ARCHIVED");
    assert_eq!(world.available(&ada).await, 48, "T-2: an expired job gives nothing back");
    let ended = "{ viewer { proposals { nodes { state endedAt } } } }";
    let seen = world.data(Some(&ada), ended, json!({})).await["viewer"]["proposals"]["nodes"][0].clone();
    assert_eq!(seen, json!({ "state": "ARCHIVED", "endedAt": "2026-01-31T00:00:00.000000Z" }));
}

#[tokio::test]
async fn j_4_the_client_is_warned_five_days_before_once_for_each_activity() {
    let world = World::new().await;
    let clara = world.client("clara").await;
    let made = create(&world, &clara, content("Poster", 40), true).await["jobPost"].clone();
    let warned = async || {
        let query = "{ viewer { notifications(first: 50) { nodes { kind } } } }";
        let nodes =
            world.data(Some(&clara), query, json!({})).await["viewer"]["notifications"]["nodes"].clone();
        nodes.as_array().unwrap().iter().filter(|node| node["kind"] == "JOB_POST_EXPIRING").count()
    };
    world.advance("2026-01-25T23:00:00Z").await;
    assert_eq!(warned().await, 0);
    let done = world.advance("2026-01-26T02:00:00Z").await;
    assert_eq!(warned().await, 1);
    let runs = done.ran.iter().find(|ran| ran.task == task("job-posts")).unwrap();
    assert_eq!((runs.runs, runs.counts["warned"]), (1, 1), "a tick with nothing due is not run");
    let edit =
        json!({ "input": { "jobPostId": made["id"], "version": 1, "content": content("Poster", 40) } });
    world.data(Some(&clara), UPDATE, edit).await;
    world.advance("2026-02-20T02:10:00Z").await;
    assert_eq!(warned().await, 1, "the edit extended it");
    world.advance("2026-02-20T03:00:00Z").await;
    assert_eq!(warned().await, 2);
}

#[tokio::test]
async fn p_4_posts_of_a_suspended_client_and_proposals_of_a_suspended_freelancer_are_hidden() {
    let world = World::new().await;
    let (clara, ada, admin) =
        (world.client("clara").await, world.freelancer("ada").await, world.admin().await);
    let post = world.post(&clara, "Poster", 40).await;
    world.propose(&ada, &post, 2, "k").await;
    let received = "query($id: ID!) { jobPost(id: $id) { proposals { nodes { state } } } }";
    let count = async || {
        let data = world.data(Some(&clara), received, json!({ "id": id("JobPost", post.id) })).await;
        data["jobPost"]["proposals"]["nodes"].as_array().unwrap().len()
    };
    assert_eq!(count().await, 1);
    world.suspend(&admin, &ada).await;
    assert_eq!(count().await, 0);
    world.reinstate(&admin, &ada).await;
    assert_eq!(count().await, 1);
    world.suspend(&admin, &clara).await;
    assert!(found(&world, json!({})).await.is_empty());
    let bea = world.freelancer("bea").await;
    assert_eq!(code(&world.propose(&bea, &post, 2, "k").await), "NOT_FOUND");
    assert_eq!(code(&create(&world, &clara, content("More", 40), true).await), "ACCOUNT_SUSPENDED");
    assert_eq!(world.db().now().await.unwrap(), at("2026-01-01T00:00:00Z"));
}

#[tokio::test]
async fn j_5_a_page_with_client_price_and_own_proposal_takes_a_fixed_number_of_statements() {
    use std::sync::atomic::Ordering;
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    for n in 0..20 {
        let client = world.client(&format!("c{n}")).await;
        let post = world.post(&client, &format!("Job {n}"), 40).await;
        if n % 2 == 0 {
            world.propose(&ada, &post, 2, &format!("k{n}")).await;
        }
    }
    let page = |rows: u32| {
        format!(
            "{{ jobPosts(first: {rows}) {{ nodes {{ title state connectsPrice {{ connects explanation }} viewerProposal {{ state refundEligibility {{ outstanding }} }} \
         client {{ name country memberSince postCount openPostCount proposalCount lastActivityAt }} }} }} }}"
        )
    };
    let cost = async |rows| {
        let before = world.statements.load(Ordering::SeqCst);
        let data = world.data(Some(&ada), &page(rows), json!({})).await;
        assert_eq!(data["jobPosts"]["nodes"].as_array().unwrap().len(), rows as usize);
        world.statements.load(Ordering::SeqCst) - before
    };
    let (two, twenty) = (cost(2).await, cost(20).await);
    assert!(two.abs_diff(twenty) <= 2 && twenty <= 9, "{two} for two rows, {twenty} for twenty");
    let data = world.data(Some(&ada), &page(1), json!({})).await;
    let client = &data["jobPosts"]["nodes"][0]["client"];
    assert_eq!((&client["postCount"], &client["openPostCount"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn racing_posts_of_one_client_get_a_number_each() {
    let world = World::new().await;
    let clara = world.client("clara").await;
    let world = &world;
    let posts = (0..24).map(|n| {
        let input = json!({ "content": content(&format!("Job {n}"), 40), "publish": true, "idempotencyKey": format!("k{n}") });
        world.data(Some(&clara), CREATE, json!({ "input": input }))
    });
    let made = futures_util::future::join_all(posts).await;
    assert!(made.iter().all(|made| made["createJobPost"]["userErrors"] == json!([])), "{made:?}");
    assert_eq!(found(world, json!({})).await.len(), 24);
}

#[tokio::test]
async fn a_post_that_turned_private_is_shown_to_nobody_who_reported_it() {
    let world = World::new().await;
    let (clara, ada, bea) =
        (world.client("clara").await, world.freelancer("ada").await, world.freelancer("bea").await);
    let made = create(&world, &clara, content("Poster", 40), true).await["jobPost"].clone();
    let submit = json!({ "input": { "jobPostId": made["id"], "expectedConnects": 2, "coverLetter": "Hi", "idempotencyKey": "k" } });
    world.data(Some(&bea), crate::support::SUBMIT, submit).await;
    world.data(Some(&ada), REPORT, json!({ "id": made["id"] })).await;
    let mut secret = content("Secret plans", 40);
    secret["visibility"] = json!("INVITE_ONLY");
    let edit = json!({ "input": { "jobPostId": made["id"], "version": 1, "content": secret } });
    world.data(Some(&clara), UPDATE, edit).await;
    let see = "query($id: ID!) { node(id: $id) { id } viewer { reports { nodes { jobPost { title } } } proposals { nodes { jobPost { title } } } } }";
    let seen = world.data(Some(&ada), see, json!({ "id": made["id"] })).await;
    assert_eq!(
        (&seen["node"], &seen["viewer"]["reports"]["nodes"][0]["jobPost"]),
        (&Value::Null, &Value::Null)
    );
    let proposer = world.data(Some(&bea), see, json!({ "id": made["id"] })).await;
    assert_eq!(proposer["node"]["id"], made["id"], "who has proposed to it sees what becomes of it");
    assert_eq!(proposer["viewer"]["proposals"]["nodes"][0]["jobPost"]["title"], "Secret plans");
    assert!(found(&world, json!({})).await.is_empty());
    assert!(found(&world, json!({ "text": "???" })).await.is_empty(), "no word is in no post");
}
