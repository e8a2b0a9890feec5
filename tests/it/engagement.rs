//! What both sides do with a proposal (S-5, S-6): edit, withdraw, open, short-list, hide, decline.

use serde_json::{Value, json};

use crate::support::{Person, World, code, id};

/// Calls a mutation with one input; returns its payload.
async fn call(world: &World, person: &Person, mutation: &str, mut input: Value) -> Value {
    let stem = format!("{}{}", mutation[..1].to_uppercase(), &mutation[1..]);
    let query = format!(
        "mutation($input: {stem}Input!) {{ {mutation}(input: $input) {{
           proposal {{ state coverLetter amount {{ amount }} viewedAt isShortlisted isHidden endedReason }}
           replayed userErrors {{ code field ... on IllegalProposalState {{ state allowed }} }} }} }}"
    );
    if let Some(key) = input["key"].take().as_str() {
        input["idempotencyKey"] = json!(key);
    }
    input.as_object_mut().unwrap().remove("key");
    world.data(Some(person), &query, json!({ "input": input })).await[mutation].clone()
}

async fn a_proposal() -> (World, Person, Person, String) {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let post = world.post(&clara, "Poster", 40).await;
    world.propose(&ada, &post, 2, "k").await;
    let mine = world.data(Some(&ada), "{ viewer { proposals { nodes { id } } } }", json!({})).await;
    let proposal = mine["viewer"]["proposals"]["nodes"][0]["id"].as_str().unwrap().to_owned();
    (world, ada, clara, proposal)
}

#[tokio::test]
async fn s_6_a_letter_is_editable_until_opened_and_terms_as_long_as_it_lives() {
    let (world, ada, clara, proposal) = a_proposal().await;
    let edit = |letter: Option<&str>, amount: &str| {
        let mut input = json!({ "proposalId": proposal, "amount": { "amount": amount } });
        if let Some(letter) = letter {
            input["coverLetter"] = json!(letter);
        }
        input
    };
    let edited = call(&world, &ada, "editProposal", edit(Some("Better"), "99.50")).await["proposal"].clone();
    assert_eq!((&edited["coverLetter"], &edited["amount"]["amount"]), (&json!("Better"), &json!("99.50")));
    assert_eq!(code(&call(&world, &clara, "editProposal", edit(None, "1")).await), "NOT_FOUND");
    let viewed = call(&world, &clara, "markProposalViewed", json!({ "proposalId": proposal })).await;
    assert_eq!(viewed["proposal"]["viewedAt"], "2026-01-01T00:00:00.000000Z");
    assert_eq!(
        code(&call(&world, &ada, "editProposal", edit(Some("Late"), "5")).await),
        "EDIT_WINDOW_CLOSED"
    );
    let terms = call(&world, &ada, "editProposal", edit(None, "5")).await["proposal"].clone();
    assert_eq!(
        (&terms["coverLetter"], &terms["amount"]["amount"]),
        (&json!("Better"), &json!("5.00")),
        "nothing of the refused edit"
    );
    let (other, bea, _, proposal) = a_proposal().await;
    other.sleep_until("2026-01-01T06:00:00Z").await;
    let late = json!({ "proposalId": proposal, "coverLetter": "Late" });
    assert_eq!(code(&call(&other, &bea, "editProposal", late).await), "EDIT_WINDOW_CLOSED");
}

#[tokio::test]
async fn s_5_a_withdrawn_proposal_is_over_and_t_2_gives_nothing_back() {
    let (world, ada, clara, proposal) = a_proposal().await;
    let withdraw = json!({ "proposalId": proposal, "reason": "busy", "key": "w" });
    assert_eq!(code(&call(&world, &clara, "withdrawProposal", withdraw.clone()).await), "NOT_FOUND");
    let done = call(&world, &ada, "withdrawProposal", withdraw.clone()).await;
    assert_eq!(
        (&done["proposal"]["state"], &done["proposal"]["endedReason"]),
        (&json!("WITHDRAWN"), &json!("busy"))
    );
    let again = call(&world, &ada, "withdrawProposal", withdraw).await;
    assert_eq!((&again["replayed"], &again["proposal"]["state"]), (&json!(true), &json!("WITHDRAWN")));
    let fresh = call(&world, &ada, "withdrawProposal", json!({ "proposalId": proposal })).await;
    assert_eq!((code(&fresh), &fresh["userErrors"][0]["state"]), ("ILLEGAL_STATE", &json!("WITHDRAWN")));
    assert_eq!(world.available(&ada).await, 48);
    let declined =
        call(&world, &clara, "declineProposal", json!({ "proposalId": proposal, "reason": "no" })).await;
    assert_eq!(code(&declined), "ILLEGAL_STATE");
    assert_eq!(
        declined["userErrors"][0]["allowed"],
        json!(["SUBMITTED", "INTERVIEWING"]),
        "an offer is answered first"
    );
    let told = world.data(Some(&clara), "{ viewer { notifications { nodes { kind } } } }", json!({})).await;
    let kinds: Vec<_> = told["viewer"]["notifications"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| n["kind"].as_str().unwrap().to_owned())
        .collect();
    assert!(
        kinds.contains(&"PROPOSAL_WITHDRAWN".into()) && kinds.contains(&"PROPOSAL_RECEIVED".into()),
        "{kinds:?}"
    );
}

#[tokio::test]
async fn s_5_the_client_shortlists_hides_and_declines_and_only_the_client() {
    let (world, ada, clara, proposal) = a_proposal().await;
    let stranger = world.client("dora").await;
    for mutation in ["markProposalViewed", "shortlistProposal", "hideProposal"] {
        for person in [&ada, &stranger] {
            assert_eq!(
                code(&call(&world, person, mutation, json!({ "proposalId": proposal })).await),
                "NOT_FOUND",
                "{mutation}"
            );
        }
    }
    let listed = call(&world, &clara, "shortlistProposal", json!({ "proposalId": proposal })).await;
    assert_eq!(listed["proposal"]["isShortlisted"], true);
    let hidden = call(&world, &clara, "hideProposal", json!({ "proposalId": proposal })).await;
    assert_eq!(hidden["proposal"]["isHidden"], true);
    let post = world.data(Some(&clara), "{ viewer { jobPosts { nodes { id } } } }", json!({})).await["viewer"]["jobPosts"]["nodes"][0]["id"].clone();
    let list = |arguments: &str| {
        format!(
            "query($id: ID!) {{ jobPost(id: $id) {{ proposals{arguments} {{ nodes {{ isShortlisted }} }} }} }}"
        )
    };
    let count = async |person: &Person, arguments: &str| {
        let data = world.data(Some(person), &list(arguments), json!({ "id": post })).await;
        data["jobPost"]["proposals"]["nodes"].as_array().map(Vec::len)
    };
    assert_eq!(count(&clara, "").await, Some(0), "out of sight");
    assert_eq!(count(&clara, "(hidden: true)").await, Some(1));
    assert_eq!(count(&clara, "(hidden: true, shortlisted: false)").await, Some(0));
    assert_eq!(count(&ada, "").await, None, "the list is the client's");
    let back = call(&world, &clara, "hideProposal", json!({ "proposalId": proposal, "on": false })).await;
    assert_eq!(back["proposal"]["isHidden"], false);
    let mine = world
        .data(Some(&ada), "{ viewer { proposals { nodes { isShortlisted isHidden } } } }", json!({}))
        .await;
    assert_eq!(
        mine["viewer"]["proposals"]["nodes"][0],
        json!({ "isShortlisted": null, "isHidden": null }),
        "not for the freelancer"
    );
    assert_eq!(
        code(
            &call(&world, &clara, "declineProposal", json!({ "proposalId": proposal, "reason": " " })).await
        ),
        "INVALID_INPUT"
    );
    let declined =
        call(&world, &clara, "declineProposal", json!({ "proposalId": proposal, "reason": "another" })).await;
    assert_eq!(declined["proposal"]["state"], "DECLINED");
    assert_eq!(world.available(&ada).await, 48, "T-2");
    let told = world
        .data(Some(&ada), "{ viewer { notifications { nodes { kind jobPost { title } } } } }", json!({}))
        .await;
    assert_eq!(
        told["viewer"]["notifications"]["nodes"][0],
        json!({ "kind": "PROPOSAL_DECLINED", "jobPost": { "title": "Poster" } })
    );
}

#[tokio::test]
async fn n_1_notifications_are_marked_as_read_by_their_reader_only() {
    let (world, ada, clara, _) = a_proposal().await;
    let mine = "{ viewer { unreadNotificationCount notifications(unread: true) { nodes { id readAt } } } }";
    let before = world.data(Some(&clara), mine, json!({})).await["viewer"].clone();
    assert_eq!(before["unreadNotificationCount"], 1);
    let notice = before["notifications"]["nodes"][0]["id"].clone();
    let mark = "mutation($input: MarkNotificationsReadInput!) { markNotificationsRead(input: $input) { count viewer { unreadNotificationCount } userErrors { code } } }";
    let foreign =
        world.data(Some(&ada), mark, json!({ "input": { "ids": [notice] } })).await["markNotificationsRead"]
            .clone();
    assert_eq!(code(&foreign), "NOT_FOUND");
    let dry = world.data(Some(&clara), mark, json!({ "input": { "ids": [notice], "dryRun": true } })).await["markNotificationsRead"].clone();
    assert_eq!(dry, json!({ "count": 1, "viewer": { "unreadNotificationCount": 0 }, "userErrors": [] }));
    assert_eq!(world.data(Some(&clara), mine, json!({})).await["viewer"]["unreadNotificationCount"], 1);
    let real = world.data(Some(&clara), mark, json!({ "input": { "ids": [notice] } })).await["markNotificationsRead"].clone();
    assert_eq!(real, dry);
    let all = world.data(Some(&clara), mark, json!({ "input": {} })).await["markNotificationsRead"].clone();
    assert_eq!(all["count"], 0);
    assert_ne!(id("Notification", "x"), "");
}
