//! How a job post ends, and what comes back of it (T-1, T-2, T-4, T-5, T-7).

use connects::{closing, job_posts};
use serde_json::{Value, json};

use crate::support::{Person, World, code, id};

const CANCEL: &str = "mutation($input: CancelJobPostInput!) { cancelJobPost(input: $input) {
    jobPost { state closedAt closingReason } replayed userErrors { code ... on IllegalJobPostState { state allowed } } } }";

async fn cancel(world: &World, client: &Person, post: &str, dry_run: bool) -> Value {
    let input =
        json!({ "jobPostId": post, "reason": "changed plans", "idempotencyKey": "c", "dryRun": dry_run });
    world.data(Some(client), CANCEL, json!({ "input": input })).await["cancelJobPost"].clone()
}

async fn proposals_of(world: &World, person: &Person) -> Value {
    let query = "{ viewer { proposals { nodes { id state endedAt refundEligibility { charged returned outstanding cases { event connects rule } } } } } }";
    world.data(Some(person), query, json!({})).await["viewer"]["proposals"]["nodes"].clone()
}

#[tokio::test]
async fn t_1_a_cancelled_job_gives_everything_back_to_all_who_did_not_withdraw() {
    let world = World::new().await;
    let clara = world.client("clara").await;
    let people =
        [world.freelancer("ada").await, world.freelancer("bea").await, world.freelancer("cleo").await];
    let post = world.post(&clara, "Poster", 700).await;
    let node = id("JobPost", post.id);
    for person in &people {
        world.propose(person, &post, 6, "k").await;
    }
    let [ada, bea, cleo] = &people;
    let ids =
        [proposals_of(&world, bea).await[0]["id"].clone(), proposals_of(&world, cleo).await[0]["id"].clone()];
    let decline = "mutation($id: ID!) { declineProposal(input: { proposalId: $id, reason: \"no\" }) { userErrors { code } } }";
    world.data(Some(&clara), decline, json!({ "id": ids[0] })).await;
    let withdraw =
        "mutation($id: ID!) { withdrawProposal(input: { proposalId: $id }) { userErrors { code } } }";
    world.data(Some(cleo), withdraw, json!({ "id": ids[1] })).await;
    world.sleep_until("2026-01-05T00:00:00Z").await;
    let before = world.digest().await;
    let dry = cancel(&world, &clara, &node, true).await;
    assert_eq!(world.digest().await, before, "a dry run changes nothing");
    let real = cancel(&world, &clara, &node, false).await;
    assert_eq!(dry, real);
    assert_eq!(
        real["jobPost"],
        json!({ "state": "CANCELLED", "closedAt": "2026-01-05T00:00:00.000000Z", "closingReason": "changed plans" })
    );
    assert_eq!(world.available(ada).await, 50, "live: comes back");
    assert_eq!(world.available(bea).await, 50, "declined: comes back all the same");
    assert_eq!(world.available(cleo).await, 44, "withdrawn: does not");
    let states: Vec<_> = [
        proposals_of(&world, ada).await[0]["state"].clone(),
        proposals_of(&world, bea).await[0]["state"].clone(),
        proposals_of(&world, cleo).await[0]["state"].clone(),
    ]
    .into();
    assert_eq!(states, ["ARCHIVED", "DECLINED", "WITHDRAWN"]);
    let history = world.history(ada).await;
    let row = history.last().unwrap();
    assert_eq!((row.0.as_str(), row.1, row.2), ("RETURNED_CANCELLED", 6, 50));
    let notified = "{ viewer { notifications { nodes { kind quantity } } } }";
    let hers = world.data(Some(ada), notified, json!({})).await["viewer"]["notifications"]["nodes"].clone();
    assert_eq!(hers.as_array().unwrap().len(), 1, "notified once: {hers}");
    assert_eq!(hers[0], json!({ "kind": "CONNECTS_RETURNED", "quantity": 6 }));
    assert_eq!(cancel(&world, &clara, &node, false).await["replayed"], true);
    let other_key = json!({ "input": { "jobPostId": node, "idempotencyKey": "other" } });
    let again = world.data(Some(&clara), CANCEL, other_key).await["cancelJobPost"].clone();
    assert_eq!(
        (code(&again), &again["userErrors"][0]["state"], &again["userErrors"][0]["allowed"]),
        ("ILLEGAL_STATE", &json!("CANCELLED"), &json!(["OPEN"]))
    );
    world.verify().await;
}

#[tokio::test]
async fn t_1_a_removed_post_gives_back_too_also_after_it_expired() {
    let world = World::new().await;
    let (clara, ada, admin) =
        (world.client("clara").await, world.freelancer("ada").await, world.admin().await);
    let post = world.post(&clara, "Poster", 40).await;
    world.propose(&ada, &post, 2, "k").await;
    world.advance("2026-02-02T00:00:00Z").await;
    assert_eq!(world.available(&ada).await, 58, "T-2: it expired");
    let eligible = proposals_of(&world, &ada).await[0]["refundEligibility"].clone();
    assert_eq!(
        (&eligible["charged"], &eligible["returned"], &eligible["outstanding"]),
        (&json!(2), &json!(0), &json!(2))
    );
    assert_eq!(eligible["cases"][0], json!({ "event": "CLIENT_CANCELS", "connects": 0, "rule": "T-1" }));
    assert_eq!(eligible["cases"][1], json!({ "event": "POST_REMOVED", "connects": 2, "rule": "T-1" }), "T-5");
    assert_eq!(code(&cancel(&world, &clara, &id("JobPost", post.id), false).await), "ILLEGAL_STATE");
    let remove = "mutation($id: ID!) { removeJobPost(input: { idempotencyKey: \"r\", jobPostId: $id, reason: \"a scam\" }) { jobPost { state } userErrors { code } } }";
    let removed =
        world.data(Some(&admin), remove, json!({ "id": id("JobPost", post.id) })).await["removeJobPost"]
            .clone();
    assert_eq!(removed["jobPost"]["state"], "REMOVED");
    assert_eq!(world.available(&ada).await, 60);
    let eligible = proposals_of(&world, &ada).await[0]["refundEligibility"].clone();
    assert_eq!((&eligible["returned"], &eligible["outstanding"]), (&json!(2), &json!(0)));
    let history = world.history(&ada).await;
    let row = history.last().unwrap();
    assert_eq!((row.0.as_str(), row.1), ("RETURNED_REMOVED", 2));
    let notified = "{ viewer { notifications { nodes { kind } } } }";
    let notified =
        world.data(Some(&ada), notified, json!({})).await["viewer"]["notifications"]["nodes"].clone();
    let kinds: Vec<_> = notified
        .as_array()
        .unwrap()
        .iter()
        .map(|notification| notification["kind"].as_str().unwrap())
        .collect();
    assert!(
        kinds.contains(&"PROPOSAL_ARCHIVED") && kinds.contains(&"CONNECTS_RETURNED"),
        "both are notified: {kinds:?}"
    );
    world.verify().await;
}

#[tokio::test]
async fn t_4_a_return_to_a_lot_that_is_nearly_over_lives_thirty_days_and_keeps_its_place() {
    let world = World::new().await;
    let (clara, ada) = (world.client("clara").await, world.freelancer("ada").await);
    world.advance("2026-12-20T00:00:00Z").await;
    let post = world.post(&clara, "Poster", 40).await;
    world.propose(&ada, &post, 2, "k").await;
    world.advance("2027-01-10T00:00:00Z").await;
    cancel(&world, &clara, &id("JobPost", post.id), false).await;
    let lots = "{ viewer { wallets { nodes { lots(first: 1) { nodes { source quantity remaining expiresAt } } } } } }";
    let first =
        world.data(Some(&ada), lots, json!({})).await["viewer"]["wallets"]["nodes"][0]["lots"]["nodes"][0]
            .clone();
    assert_eq!(
        first,
        json!({ "source": "RETURNED_CANCELLED", "quantity": 2, "remaining": 2, "expiresAt": "2027-02-09T00:00:00.000000Z" })
    );
    world.verify().await;
}

#[tokio::test]
async fn t_7_under_original_a_return_to_a_dead_lot_expires_in_a_row_of_its_own() {
    let mut world = World::new().await;
    let (clara, ada) = (world.client("clara").await, world.freelancer("ada").await);
    world.advance("2026-12-20T00:00:00Z").await;
    let post = world.post(&clara, "Poster", 40).await;
    world.propose(&ada, &post, 2, "k").await;
    world.advance("2027-01-10T00:00:00Z").await;
    let before = world.available(&ada).await;
    world.with_policy(|policy| policy.lots.returns = connects::policy::Returns::Original).await;
    cancel(&world, &clara, &id("JobPost", post.id), false).await;
    let rows: Vec<_> =
        world.history(&ada).await.into_iter().rev().take(2).map(|row| (row.0, row.1, row.3)).collect();
    assert_eq!(rows[0], ("EXPIRED".into(), -2, "2027-01-01T00:00:00Z".into()));
    assert_eq!((rows[1].0.as_str(), rows[1].1), ("RETURNED_CANCELLED", 2));
    assert_eq!(world.available(&ada).await, before);
    world.verify().await;
}

#[tokio::test]
async fn t_1_a_cancellation_takes_as_many_statements_for_many_proposals_as_for_few() {
    use std::sync::atomic::Ordering;
    let mut costs = Vec::new();
    for people in [2, 30] {
        let world = World::new().await;
        let clara = world.client("clara").await;
        let post = world.post(&clara, "Poster", 40).await;
        for n in 0..people {
            let person = world.freelancer(&format!("f{n}")).await;
            let price = world.price(&post).await;
            world.propose(&person, &post, price, "k").await;
        }
        let before = world.statements.load(Ordering::SeqCst);
        world.db().write(async |txn| closing::cancel(txn, &clara.viewer, post.id, "").await).await.unwrap();
        costs.push(world.statements.load(Ordering::SeqCst) - before);
        let left = job_posts::store::list_of_client(world.db().read(), clara.viewer.id()).await.unwrap();
        assert_eq!(left[0].state.as_str(), "CANCELLED");
    }
    assert_eq!(costs[0], costs[1]);
}

#[tokio::test]
async fn x_7_a_post_that_is_removed_before_the_task_has_come_by_expired_first() {
    let world = World::new().await;
    let (clara, ada, admin) =
        (world.client("clara").await, world.freelancer("ada").await, world.admin().await);
    let post = world.post(&clara, "Poster", 40).await;
    world.propose(&ada, &post, 2, "k").await;
    world.sleep_until("2026-02-03T00:00:00Z").await;
    let mine = async |state: &str| {
        let query = format!(
            "{{ viewer {{ proposals(state: {state}) {{ nodes {{ state endedAt jobPost {{ closedAt expiresAt }} }} }} }} }}"
        );
        world.data(Some(&ada), &query, json!({})).await["viewer"]["proposals"]["nodes"].clone()
    };
    let over = "2026-01-31T00:00:00.000000Z";
    let archived =
        json!([{ "state": "ARCHIVED", "endedAt": over, "jobPost": { "closedAt": over, "expiresAt": null } }]);
    assert_eq!((mine("SUBMITTED").await, mine("ARCHIVED").await), (json!([]), archived));
    let removed = world.db().write(async |txn| closing::remove(txn, &admin.viewer, post.id, "a scam").await);
    removed.await.unwrap();
    assert_eq!(mine("ARCHIVED").await[0]["endedAt"], over);
    let notified =
        world.data(Some(&clara), "{ viewer { notifications { nodes { kind } } } }", json!({})).await;
    let notified = notified["viewer"]["notifications"]["nodes"].to_string();
    assert!(notified.contains("JOB_POST_EXPIRED") && notified.contains("JOB_POST_REMOVED"), "{notified}");
    world.verify().await;
}

#[tokio::test]
async fn t_3_and_h_4_a_return_that_comes_twice_is_a_breach() {
    let world = World::new().await;
    let (clara, ada) = (world.client("clara").await, world.freelancer("ada").await);
    let post = world.post(&clara, "Poster", 40).await;
    world.propose(&ada, &post, 2, "k").await;
    world.db().write(async |txn| closing::cancel(txn, &clara.viewer, post.id, "").await).await.unwrap();
    world.verify().await;
    // As a hand in the database would: the same return once more, with a lot of its own.
    world
        .sql("INSERT INTO entries SELECT wallet_id, seq + 1, kind, 2, 0, -2, available_after + 2, held_after, \
              'RETURNED/again', document_kind, document_id, actor_id, reverses_seq, effective_at, recorded_at \
              FROM entries WHERE kind = 'RETURNED_CANCELLED'")
        .await
        .unwrap();
    world
        .sql("INSERT INTO lots SELECT wallet_id, 99, (SELECT MAX(seq) FROM entries), 'RETURNED_CANCELLED', 2, 2, open, \
              issued_at, order_at, expires_at, grace_used, NULL, NULL FROM lots WHERE seq = 1")
        .await
        .unwrap();
    world
        .sql("UPDATE wallets SET available = available + 2, last_lot_seq = 99, last_entry_seq = last_entry_seq + 1")
        .await
        .unwrap();
    let breaches = connects::books::verify(world.db().read()).await.unwrap();
    let named: Vec<_> = breaches.iter().map(|breach| &breach.invariant[..3]).collect();
    assert_eq!(named, ["T-3", "T-1"], "{breaches:#?}");
}
