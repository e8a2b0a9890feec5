//! Reports of job posts, and what is decided on them (J-7).

use serde_json::{Value, json};

use crate::support::{Person, World, code, id};

pub const REPORT: &str = "mutation($id: ID!) { reportJobPost(input: { jobPostId: $id, reason: SPAM, comment: \"see\" }) { userErrors { code } } }";

#[tokio::test]
async fn j_7_reports_form_a_queue_and_can_be_dismissed() {
    let world = World::new().await;
    let (clara, ada, bea, admin) = (
        world.client("clara").await,
        world.freelancer("ada").await,
        world.freelancer("bea").await,
        world.admin().await,
    );
    let post = id("JobPost", world.post(&clara, "Poster", 40).await.id);
    let reported = async |person: &Person| {
        world.data(Some(person), REPORT, json!({ "id": post })).await["reportJobPost"]["userErrors"].clone()
    };
    assert_eq!(reported(&ada).await, json!([]));
    assert_eq!(reported(&ada).await[0]["code"], "ALREADY_REPORTED");
    assert_eq!(reported(&bea).await, json!([]));
    let queue = "{ admin { jobPostReports(state: OPEN) { nodes { id reason comment jobPost { id } } } } }";
    let open = world.data(Some(&admin), queue, json!({})).await["admin"]["jobPostReports"]["nodes"].clone();
    assert_eq!((open.as_array().unwrap().len(), &open[0]["jobPost"]["id"]), (2, &json!(post)));
    let node = "query($id: ID!) { node(id: $id) { __typename } }";
    assert_eq!(
        world.data(Some(&bea), node, json!({ "id": open[0]["id"] })).await["node"],
        Value::Null,
        "another's report"
    );
    assert_eq!(
        world.data(Some(&ada), node, json!({ "id": open[0]["id"] })).await["node"]["__typename"],
        "JobPostReport"
    );
    let dismiss = "mutation($id: ID!) { dismissReports(input: { jobPostId: $id, reason: \"fine\" }) { count userErrors { code } } }";
    assert_eq!(
        code(&world.data(Some(&ada), dismiss, json!({ "id": post })).await["dismissReports"]),
        "NOT_ALLOWED"
    );
    assert_eq!(world.data(Some(&admin), dismiss, json!({ "id": post })).await["dismissReports"]["count"], 2);
    assert_eq!(
        code(&world.data(Some(&admin), dismiss, json!({ "id": post })).await["dismissReports"]),
        "NOTHING_TO_DECIDE"
    );
}

#[tokio::test]
async fn j_7_a_removal_upholds_the_reports_and_can_be_appealed_once() {
    let world = World::new().await;
    let (clara, ada, admin) =
        (world.client("clara").await, world.freelancer("ada").await, world.admin().await);
    let post = id("JobPost", world.post(&clara, "Poster", 40).await.id);
    world.data(Some(&ada), REPORT, json!({ "id": post })).await;
    let bea = world.freelancer("bea").await;
    let submit = json!({ "input": { "jobPostId": post, "expectedConnects": 2, "coverLetter": "Hi", "idempotencyKey": "k" } });
    world.data(Some(&bea), crate::support::SUBMIT, submit).await;
    let node = "query($id: ID!) { node(id: $id) { __typename } }";
    let appeal = "mutation($id: ID!) { appealRemoval(input: { jobPostId: $id, text: \"no\" }) { jobPost { removal { appeal } } userErrors { code } } }";
    assert_eq!(
        code(&world.data(Some(&clara), appeal, json!({ "id": post })).await["appealRemoval"]),
        "ILLEGAL_STATE"
    );
    let remove = "mutation($id: ID!) { removeJobPost(input: { idempotencyKey: \"r\", jobPostId: $id, reason: \"a scam\" }) { jobPost { state closingReason } userErrors { code } } }";
    assert_eq!(
        code(&world.data(Some(&clara), remove, json!({ "id": post })).await["removeJobPost"]),
        "NOT_ALLOWED"
    );
    let removed = world.data(Some(&admin), remove, json!({ "id": post })).await["removeJobPost"].clone();
    assert_eq!(removed["jobPost"], json!({ "state": "REMOVED", "closingReason": "a scam" }));
    let log =
        "{ admin { auditLog(action: JOB_POST_REMOVED) { nodes { actor { id } account { id } subject } } } }";
    let log = world.data(Some(&admin), log, json!({})).await["admin"]["auditLog"]["nodes"].clone();
    assert_eq!(log[0]["account"]["id"], json!(id("Account", clara.viewer.id())), "{log}");
    assert_eq!(world.data(Some(&ada), node, json!({ "id": post })).await["node"], Value::Null, "taken down");
    assert_eq!(
        code(&world.data(Some(&bea), REPORT, json!({ "id": post })).await["reportJobPost"]),
        "NOT_FOUND",
        "nothing left to decide"
    );
    let mine = world.data(Some(&clara), appeal, json!({ "id": post })).await["appealRemoval"].clone();
    assert_eq!(mine["jobPost"]["removal"]["appeal"], "no");
    assert_eq!(
        code(&world.data(Some(&clara), appeal, json!({ "id": post })).await["appealRemoval"]),
        "ALREADY_APPEALED"
    );
    let answer = "mutation($id: ID!) { answerAppeal(input: { jobPostId: $id, answer: \"it stays down\" }) { jobPost { removal { answer } } userErrors { code } } }";
    let answered = world.data(Some(&admin), answer, json!({ "id": post })).await["answerAppeal"].clone();
    assert_eq!(answered["jobPost"]["removal"]["answer"], "it stays down");
    let notified = "{ viewer { unreadNotificationCount notifications { nodes { kind message } } } }";
    let kinds =
        world.data(Some(&clara), notified, json!({})).await["viewer"]["notifications"]["nodes"].clone();
    assert_eq!(
        kinds
            .as_array()
            .unwrap()
            .iter()
            .map(|n| n["kind"].as_str().unwrap())
            .filter(|kind| kind.contains("REMOVED") || kind.contains("APPEAL"))
            .count(),
        2
    );
    let hers = world.data(Some(&ada), notified, json!({})).await["viewer"]["notifications"]["nodes"].clone();
    assert_eq!(hers[0]["kind"], "REPORT_DECIDED");
}
