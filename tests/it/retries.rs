//! A retry may come after a release: the hash that is stored beside an idempotency key stays that of the same request.

use connects::{entity::idempotency_key, viewer::Viewer};
use sea_orm::EntityTrait;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::support::{Person, World, id, proposal};

const CONTENT: &str =
    "{ title: \"Logo\", description: \"Two words.\", category: VIDEO_AND_AUDIO, payment: FIXED,
    budget: { amount: \"60.00\" }, experienceLevel: ENTRY, skills: [\"ink\"] }";

const STORED_CONTENT: &str = r#"{"title":"Logo","description":"Two words.","category":"VideoAndAudio","subcategory":null,"skills":["ink"],"payment":"Fixed","budget":{"amount":"60.00","currency_code":"USD"},"hourly_min":null,"hourly_max":null,"weekly_hours":null,"duration_weeks":null,"experience_level":"Entry","hires_wanted":1,"visibility":"Public"}"#;

#[tokio::test]
async fn a_request_keeps_the_hash_that_its_key_was_stored_with() {
    let world = World::new().await;
    let (admin, client, ada) =
        (world.admin().await, world.client("Clara").await, world.freelancer("Ada").await);
    let post = id("JobPost", world.post(&client, "Logo", 60).await.id);
    let account = id("Account", ada.viewer.id());
    let requests: Vec<(&Person, &str, String, String)> = vec![
        (
            &client,
            "createJobPost",
            format!("content: {CONTENT}"),
            format!(r#"{{"content":{STORED_CONTENT},"publish":false}}"#),
        ),
        (
            &client,
            "updateJobPost",
            format!("jobPostId: \"{post}\", version: 1, content: {CONTENT}"),
            format!(r#"{{"job_post_id":"{post}","version":1,"content":{STORED_CONTENT}}}"#),
        ),
        (
            &ada,
            "submitProposal",
            format!("jobPostId: \"{post}\", expectedConnects: 4, coverLetter: \"Hi\""),
            format!(r#"{{"job_post_id":"{post}","expected_connects":4,"cover_letter":"Hi","amount":null}}"#),
        ),
        (
            &ada,
            "reportJobPost",
            format!("jobPostId: \"{post}\", reason: SPAM"),
            format!(r#"{{"job_post_id":"{post}","reason":"Spam","comment":""}}"#),
        ),
        (&ada, "addProfile", "profile: CLIENT".into(), r#"{"profile":"Client"}"#.into()),
        (&ada, "markNotificationsRead", "ids: []".into(), r#"{"ids":[]}"#.into()),
        (
            &admin,
            "grantRole",
            format!("accountId: \"{account}\", role: SUPPORT"),
            format!(r#"{{"account_id":"{account}","role":"Support"}}"#),
        ),
        (
            &admin,
            "changeMembershipPlan",
            format!("accountId: \"{account}\", plan: PLUS"),
            format!(r#"{{"account_id":"{account}","plan":"Plus"}}"#),
        ),
        (&admin, "pauseTask", "task: \"reconcile\"".into(), r#"{"task":"reconcile"}"#.into()),
        (&client, "closeAccount", String::new(), "{}".into()),
    ];
    for (person, mutation, input, stored) in requests {
        let query = format!(
            "mutation {{ {mutation}(input: {{ {input} idempotencyKey: \"k\" }}) {{ userErrors {{ message }} }} }}"
        );
        let done = world.data(Some(person), &query, json!({})).await;
        assert_eq!(done[mutation]["userErrors"], json!([]), "{mutation}");
        let hash = hex::encode(Sha256::digest(&stored));
        assert_eq!(hash_of(&world, &person.viewer, mutation).await, hash, "{mutation}");
    }
}

#[tokio::test]
async fn a_key_is_looked_at_before_the_texts_and_ids_of_its_request() {
    let world = World::new().await;
    let client = world.client("Clara").await;
    let create = "mutation($key: String!, $content: JobPostContent!, $dry: Boolean!) {
        createJobPost(input: { idempotencyKey: $key, content: $content, dryRun: $dry }) { replayed userErrors { code field } } }";
    let sent = async |key: &str, title: &str, dry: bool| {
        let content =
            json!({ "title": title, "description": "Two words.", "category": "DESIGN", "payment": "FIXED" });
        let input = json!({ "key": key, "content": content, "dry": dry });
        world.data(Some(&client), create, input).await["createJobPost"]["userErrors"].clone()
    };
    assert_eq!(sent("k", "Logo", false).await, json!([]));
    assert_eq!(sent("k", "", false).await[0]["code"], "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(
        sent("new", "", false).await,
        json!([{ "code": "INVALID_INPUT", "field": ["input", "content", "title"] }])
    );
    let malformed = json!([{ "code": "INVALID_INPUT", "field": ["input", "idempotencyKey"] }]);
    for dry in [false, true] {
        assert_eq!(sent("", "", dry).await, malformed);
    }
    assert_eq!(
        sent("k", "", true).await,
        json!([{ "code": "INVALID_INPUT", "field": ["input", "content", "title"] }])
    );
}

#[tokio::test]
async fn s_8_the_key_of_a_proposal_is_looked_at_before_its_letter() {
    let world = World::new().await;
    let (clara, ada) = (world.client("clara").await, world.freelancer("ada").await);
    let post = world.post(&clara, "Logo", 40).await;
    let submit = "mutation($input: SubmitProposalInput!) { submitProposal(input: $input) { replayed userErrors { code field } } }";
    let sent = async |key: &str, letter: &str| {
        let mut input = proposal(&post, 2, key);
        input["coverLetter"] = json!(letter);
        world.data(Some(&ada), submit, json!({ "input": input })).await["submitProposal"].clone()
    };
    let malformed = json!({ "replayed": false,
        "userErrors": [{ "code": "INVALID_INPUT", "field": ["input", "coverLetter"] }] });
    assert_eq!(sent("k", "").await, malformed);
    assert_eq!(sent("k", "Good day!").await, json!({ "replayed": false, "userErrors": [] }));
    assert_eq!(sent("k", "").await["userErrors"][0]["code"], "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(sent("new", "").await, malformed);
    assert_eq!(sent("k", "Good day!").await, json!({ "replayed": true, "userErrors": [] }));
}

async fn hash_of(world: &World, viewer: &Viewer, mutation: &str) -> String {
    let key = (viewer.id(), mutation.to_owned(), "k".to_owned());
    let row = idempotency_key::Entity::find_by_id(key).one(world.db().read()).await.unwrap().unwrap();
    row.arguments_hash
}
