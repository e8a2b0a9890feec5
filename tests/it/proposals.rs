//! Submitting proposals: price, proposal and charge are one, once, and explained.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{SUBMIT, World, code, id, proposal};

#[tokio::test]
async fn s_2_submitting_charges_the_price_of_that_moment() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let post = world.post(&clara, "Poster", 700).await;
    let wrong = world.propose(&ada, &post, 4, "k").await;
    assert_eq!(code(&wrong), "CONNECTS_PRICE_CHANGED");
    assert_eq!(
        (&wrong["userErrors"][0]["expected"], &wrong["userErrors"][0]["actual"]),
        (&json!(4), &json!(6))
    );
    assert_eq!(wrong["userErrors"][0]["rule"], "S-2");
    assert_eq!(world.available(&ada).await, 50, "nothing was charged");
    let done = world.propose(&ada, &post, 6, "k").await;
    assert_eq!(done["proposal"]["connectsCharged"], 6);
    assert_eq!((&done["availableAfter"], &done["wallet"]["available"]), (&json!(44), &json!(44)));
    assert_eq!(done["entry"]["movements"]["nodes"], json!([{ "quantity": -6 }]));
    world.verify().await;
}

#[tokio::test]
async fn s_2_too_few_connects_are_refused_with_the_numbers() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    for n in 0..7 {
        let post = world.post(&clara, &format!("Big job {n}"), 5_000).await;
        let answer = world.propose(&ada, &post, 8, &format!("k{n}")).await;
        if n < 6 {
            assert_eq!(answer["availableAfter"], 50 - 8 * (n + 1));
        } else {
            assert_eq!(code(&answer), "INSUFFICIENT_CONNECTS");
            let error = &answer["userErrors"][0];
            assert_eq!(
                (&error["required"], &error["available"], &error["retryable"]),
                (&json!(8), &json!(2), &json!(true))
            );
            assert_eq!(answer["proposal"], json!(null));
        }
    }
    world.verify().await;
}

#[tokio::test]
async fn s_1_one_proposal_per_freelancer_and_post_ever() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let post = world.post(&clara, "Poster", 40).await;
    world.propose(&ada, &post, 2, "first").await;
    assert_eq!(code(&world.propose(&ada, &post, 2, "second").await), "ALREADY_PROPOSED");
    let own = world.propose(&clara, &post, 2, "own").await;
    assert_eq!(code(&own), "NOT_A_FREELANCER");
    let (a, f, w) = (world.sql("SELECT 1").await, ada.viewer.id(), ada.wallet.unwrap());
    a.expect("a shell");
    let (post, f, w) = (hex(post.id.0, &world), hex(f.0, &world), hex(w.0, &world));
    let twice = format!(
        "INSERT INTO proposals (id, job_post_id, freelancer_id, wallet_id, cover_letter, connects_charged, state, \
         submitted_at) VALUES ({post}, {post}, {f}, {w}, '', 0, 'SUBMITTED', '2026-01-01T00:00:00+00:00')"
    );
    assert!(world.sql(&twice).await.is_err(), "the database refuses it too");
}

/// An id as a literal of the database at hand.
fn hex(id: uuid::Uuid, world: &World) -> String {
    match world.backend() {
        sea_orm::DbBackend::Postgres => format!("'{id}'"),
        _ => format!("x'{}'", id.simple()),
    }
}

#[tokio::test]
async fn s_3_a_free_post_takes_no_connects_and_writes_no_row() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let (post, bea, admin) =
        (world.post(&clara, "Charity", 40).await, world.freelancer("bea").await, world.admin().await);
    world.propose(&bea, &post, 2, "k").await;
    let set = "mutation($id: ID!, $free: Boolean!) { setJobPostFree(input: { jobPostId: $id, free: $free }) {
        jobPost { version expiresAt connectsPrice { connects explanation } } userErrors { code } } }";
    let node = |free: bool| json!({ "id": id("JobPost", post.id), "free": free });
    let refused = world.data(Some(&clara), set, node(true)).await;
    assert_eq!(code(&refused["setJobPostFree"]), "NOT_ALLOWED");
    for _ in 0..2 {
        let free = world.data(Some(&admin), set, node(true)).await["setJobPostFree"]["jobPost"].clone();
        assert_eq!((&free["connectsPrice"]["connects"], &free["version"]), (&json!(0), &json!(2)));
    }
    let done = world.propose(&ada, &post, 0, "k").await;
    assert_eq!((&done["proposal"]["connectsCharged"], &done["entry"]), (&json!(0), &json!(null)));
    assert_eq!(world.history(&ada).await.len(), 2);
    assert_eq!(world.available(&bea).await, 48, "S-4: what she paid stays paid");
    let dear = world.data(Some(&admin), set, node(false)).await["setJobPostFree"]["jobPost"].clone();
    assert_eq!(dear["connectsPrice"]["connects"], 2);
    world.verify().await;
}

#[tokio::test]
async fn j_3_demand_reprices_the_post_and_s_4_leaves_earlier_proposals_alone() {
    let world = World::new().await;
    let clara = world.client("clara").await;
    let post = world.post(&clara, "Poster", 40).await;
    let first = world.freelancer("f0").await;
    let done = world.propose(&first, &post, 2, "k").await;
    for n in 1..20 {
        let person = world.freelancer(&format!("f{n}")).await;
        let done = world.propose(&person, &post, 2, "k").await;
        assert_eq!(done["userErrors"], json!([]), "proposal {n}");
        let price = if n == 19 { 3 } else { 2 };
        assert_eq!(
            done["proposal"]["jobPost"]["connectsPrice"]["connects"],
            price,
            "after proposal {}",
            n + 1
        );
    }
    let late = world.freelancer("late").await;
    assert_eq!(code(&world.propose(&late, &post, 2, "k").await), "CONNECTS_PRICE_CHANGED");
    assert_eq!(world.propose(&late, &post, 3, "k").await["proposal"]["connectsCharged"], 3);
    let query = "query($id: ID!) { node(id: $id) { ... on Proposal { connectsCharged } } }";
    let still = world.data(Some(&first), query, json!({ "id": done["proposal"]["id"] })).await;
    assert_eq!(still["node"]["connectsCharged"], 2);
    let query =
        "query($id: ID!) { jobPost(id: $id) { connectsPrice { connects base demandPercent proposalCount
                 policyVersion value { amount currencyCode } explanation } } }";
    let why =
        world.data(None, query, json!({ "id": id("JobPost", post.id) })).await["jobPost"]["connectsPrice"]
            .clone();
    assert_eq!(why["value"], json!({ "amount": "40.00", "currencyCode": "USD" }));
    assert_eq!(
        (&why["base"], &why["demandPercent"], &why["proposalCount"]),
        (&json!(2), &json!(150), &json!(21))
    );
    world.verify().await;
}

#[tokio::test]
async fn l_3_a_spend_takes_the_oldest_lots_first_and_says_which() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    world.advance("2026-02-02T00:00:00Z").await;
    for n in 0..6 {
        let post = world.post(&clara, &format!("Big job {n}"), 5_000).await;
        world.propose(&ada, &post, 8, &format!("k{n}")).await;
    }
    let post = world.post(&clara, "Across two lots", 5_000).await;
    world.propose(&ada, &post, 8, "across").await;
    let query = "{ viewer { wallets { nodes { history(first: 2) { nodes { quantity movements { nodes {
                 quantity lot { source issuedAt } } } } } } } } }";
    let rows =
        world.data(Some(&ada), query, json!({})).await["viewer"]["wallets"]["nodes"][0]["history"]["nodes"]
            .clone();
    let moved: Vec<_> = rows[0]["movements"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| (m["quantity"].as_i64().unwrap(), m["lot"]["issuedAt"].as_str().unwrap()[..10].to_owned()))
        .collect();
    assert_eq!(moved, [(-2, "2026-01-01".to_owned()), (-6, "2026-02-01".to_owned())]);
}

#[tokio::test]
async fn s_8_the_same_key_submits_once_and_replays_under_other_circumstances() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let post = world.post(&clara, "Poster", 40).await;
    let first = world.propose(&ada, &post, 2, "key").await;
    assert_eq!(first["replayed"], false);
    world.advance("2026-02-02T00:00:00Z").await;
    let again = world.propose(&ada, &post, 2, "key").await;
    assert_eq!(again["replayed"], true);
    assert_eq!(again["proposal"]["id"], first["proposal"]["id"]);
    assert_eq!(again["availableAfter"], 48, "as it was then");
    assert_eq!(again["wallet"]["available"], 58, "as it is now");
    let other = world.post(&clara, "Another", 40).await;
    assert_eq!(code(&world.propose(&ada, &other, 2, "key").await), "IDEMPOTENCY_KEY_REUSED");
    let bea = world.freelancer("bea").await;
    assert_eq!(world.propose(&bea, &post, 2, "key").await["replayed"], false, "a key is a person's own");
    world.verify().await;
}

#[tokio::test]
async fn s_8_a_refusal_is_not_stored_and_the_retry_decides_anew() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let post = world.post(&clara, "Poster", 40).await;
    assert_eq!(code(&world.propose(&ada, &post, 9, "key").await), "CONNECTS_PRICE_CHANGED");
    assert_eq!(world.propose(&ada, &post, 2, "key").await["replayed"], false);
}

#[tokio::test]
async fn a_dry_run_answers_as_the_real_run_and_changes_nothing() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let post = world.post(&clara, "Poster", 40).await;
    let before = world.digest().await;
    // What stands in the payload, and what is read from the database behind it.
    let submit = "mutation($input: SubmitProposalInput!) { submitProposal(input: $input) {
        proposal { connectsCharged jobPost { proposalCount connectsPrice { connects } viewerProposal { state } } }
        wallet { available lots { nodes { remaining } } history { nodes { kind quantity availableAfter } } }
        entry { quantity movements { nodes { quantity lot { remaining } } } } userErrors { code } } }";
    let mut input = proposal(&post, 2, "key");
    input["dryRun"] = json!(true);
    let dry = world.data(Some(&ada), submit, json!({ "input": input })).await["submitProposal"].clone();
    assert_eq!(world.digest().await, before);
    let seen = world.data(Some(&ada), "{ viewer { proposals { nodes { id } } } }", json!({})).await;
    assert_eq!(seen["viewer"]["proposals"]["nodes"], json!([]), "rolled back for everyone");
    input["dryRun"] = json!(false);
    let real = world.data(Some(&ada), submit, json!({ "input": input })).await["submitProposal"].clone();
    assert_eq!((&dry["wallet"]["available"], &dry["entry"]["quantity"]), (&json!(48), &json!(-2)));
    assert_eq!(real, dry);
}

#[tokio::test]
async fn a_dry_run_ends_at_its_limit_whatever_its_answer_still_reads() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let request = world.db().for_request();
    let limit = std::time::Duration::from_millis(200);
    request
        .rehearse(limit, None, async |txn| txn.move_clock(crate::support::at("2026-03-01T00:00:00Z")).await)
        .await
        .unwrap();
    assert_eq!(request.now().await.unwrap(), crate::support::at("2026-03-01T00:00:00Z"), "what would be");
    let over = loop {
        match request.now().await {
            Ok(_) => tokio::task::yield_now().await,
            Err(error) => break error.to_string(),
        }
    };
    assert_eq!(over, "the dry run took too long");
    assert_eq!(world.available(&ada).await, 50, "and others write on");
    assert_eq!(world.db().now().await.unwrap(), crate::support::at("2026-01-01T00:00:00Z"));
    world.advance("2026-01-02T00:00:00Z").await;
}

#[tokio::test]
async fn s_8_racing_twins_charge_once() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let post = world.post(&clara, "Poster", 40).await;
    let answers = join_all((0..16).map(|_| world.propose(&ada, &post, 2, "same"))).await;
    assert_eq!(answers.iter().filter(|answer| answer["replayed"] == false).count(), 1);
    assert!(answers.iter().all(|answer| answer["proposal"]["id"] == answers[0]["proposal"]["id"]));
    assert_eq!(world.available(&ada).await, 48);
    world.verify().await;
}

#[tokio::test]
async fn bad_input_is_named_and_changes_nothing() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let post = world.post(&clara, "Poster", 40).await;
    let before = world.digest().await;
    let good = proposal(&post, 2, "key");
    let cases = [
        ("jobPostId", json!("nonsense"), "NOT_FOUND"),
        ("jobPostId", json!(id("JobPost", uuid::Uuid::now_v7())), "NOT_FOUND"),
        ("jobPostId", json!(id("Wallet", post.id)), "NOT_FOUND"),
        ("expectedConnects", json!(-1), "INVALID_INPUT"),
        ("expectedConnects", json!(2_147_483_647), "INVALID_INPUT"),
        ("coverLetter", json!(""), "INVALID_INPUT"),
        ("coverLetter", json!("x".repeat(5_001)), "INVALID_INPUT"),
        ("coverLetter", json!("a\u{0}b"), "INVALID_INPUT"),
        ("coverLetter", json!("a\u{1b}[31mb"), "INVALID_INPUT"),
        ("idempotencyKey", json!(""), "INVALID_INPUT"),
        ("idempotencyKey", json!("k".repeat(256)), "INVALID_INPUT"),
    ];
    for (field, value, expected) in cases {
        let mut input = good.clone();
        input[field] = value;
        let payload =
            world.data(Some(&ada), SUBMIT, json!({ "input": input })).await["submitProposal"].clone();
        assert_eq!(code(&payload), expected, "{field}");
        assert_eq!(payload["userErrors"][0]["field"], json!(["input", field]));
    }
    let mistyped = [
        ("expectedConnects", json!("2")),
        ("expectedConnects", json!(99_999_999_999_i64)),
        ("surplus", json!(1)),
    ];
    for (field, value) in mistyped {
        let mut input = good.clone();
        input[field] = value;
        let answer = world.ask(Some(&ada), SUBMIT, json!({ "input": input })).await;
        assert!(answer["errors"][0]["message"].is_string(), "{field}: {answer}");
    }
    let visitor = world.ask(None, SUBMIT, json!({ "input": good })).await;
    assert_eq!(visitor["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    assert_eq!(world.digest().await, before);
}

#[tokio::test]
async fn s_6_null_takes_the_amount_away_and_what_is_left_out_stays() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let post = world.post(&clara, "Poster", 40).await;
    let mut input = crate::support::proposal(&post, 2, "k");
    input["amount"] = json!({ "amount": "35.00" });
    let sent = world.data(Some(&ada), SUBMIT, json!({ "input": input })).await;
    let sent = sent["submitProposal"]["proposal"]["id"].clone();
    let edit = async |changes: Value| {
        let mut input = changes;
        input["proposalId"] = sent.clone();
        let mutation = "mutation($input: EditProposalInput!) { editProposal(input: $input) {
                        proposal { coverLetter amount { amount } } userErrors { code field } } }";
        world.data(Some(&ada), mutation, json!({ "input": input })).await["editProposal"].clone()
    };
    let kept = edit(json!({ "coverLetter": "Another letter", "idempotencyKey": "e" })).await;
    assert_eq!(kept["proposal"], json!({ "coverLetter": "Another letter", "amount": { "amount": "35.00" } }));
    let cleared = edit(json!({ "amount": null })).await;
    assert_eq!(cleared["proposal"], json!({ "coverLetter": "Another letter", "amount": null }));
    let refused = edit(json!({ "coverLetter": null, "amount": { "amount": "1" } })).await;
    assert_eq!(
        refused["userErrors"],
        json!([{ "code": "INVALID_INPUT", "field": ["input", "coverLetter"] }])
    );
    assert_eq!(edit(json!({})).await["proposal"]["amount"], json!(null), "a refusal changes nothing");
    let other = edit(json!({ "coverLetter": "Another letter", "amount": null, "idempotencyKey": "e" })).await;
    assert_eq!(
        other["userErrors"][0]["code"], "IDEMPOTENCY_KEY_REUSED",
        "null is another argument than none"
    );
}
