//! Rooms: both sides of a proposal talk, and what follows from it (S-9, S-5, J-4, J-5).

use serde_json::{Value, json};

use crate::{
    contracts::Hired,
    offers::ACCEPT,
    support::{Person, World, code},
};

const SEND: &str = "mutation($p: ID!, $b: String!, $k: String, $dry: Boolean! = false) { sendMessage(input: {
    proposalId: $p, body: $b, idempotencyKey: $k, dryRun: $dry }) {
    message { id body authorName isMine sentAt room { proposal { state viewedAt interviewingSince
      jobPost { interviewingCount expiresAt } } } } replayed userErrors { code field rule } } }";
const STATE: &str = "query($id: ID!) { node(id: $id) { ... on Proposal { state interviewingSince
    room { messages { nodes { body authorName } } } } } }";
const DECLINE: &str = "mutation($p: ID!) { declineProposal(input: { proposalId: $p, reason: \"No.\" }) {
    proposal { state } userErrors { code } } }";

impl World {
    pub async fn say(&self, person: &Person, proposal: &Value, body: &str) -> Value {
        let asked = json!({ "p": proposal, "b": body });
        self.data(Some(person), SEND, asked).await["sendMessage"].clone()
    }

    async fn proposal(&self, person: &Person, id: &Value) -> Value {
        self.data(Some(person), STATE, json!({ "id": id })).await["node"].clone()
    }
}

async fn a_proposal() -> (World, Person, Person, Value) {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let (_, proposal) = world.proposed(&ada, &clara, "Poster").await;
    (world, ada, clara, proposal)
}

#[tokio::test]
async fn s_9_the_client_opens_a_room_and_then_both_write() {
    let (world, ada, clara, proposal) = a_proposal().await;
    let refused = world.say(&ada, &proposal, "Hello?").await;
    assert_eq!((code(&refused), &refused["userErrors"][0]["rule"]), ("ROOM_NOT_OPEN", &json!("S-9")));
    let asked = json!({ "p": proposal, "b": "When can you start?", "k": "m" });
    let dry =
        world.data(Some(&clara), SEND, json!({ "p": proposal, "b": "When can you start?", "dry": true }));
    let mut dry = dry.await["sendMessage"]["message"].clone();
    assert_eq!(code(&world.say(&ada, &proposal, "Hello?").await), "ROOM_NOT_OPEN", "a dry run opens nothing");
    let sent = world.data(Some(&clara), SEND, asked.clone()).await["sendMessage"].clone();
    let mut first = sent["message"].clone();
    assert_eq!((&first["authorName"], &first["isMine"]), (&json!("clara"), &json!(true)), "{sent}");
    let interviewed = &first["room"]["proposal"];
    assert_eq!(interviewed["state"], "INTERVIEWING");
    assert_eq!(interviewed["interviewingSince"], first["sentAt"]);
    assert_eq!(interviewed["viewedAt"], first["sentAt"], "anyone who answers has read the letter");
    assert_eq!(interviewed["jobPost"]["interviewingCount"], 1);
    let again = world.data(Some(&clara), SEND, asked).await["sendMessage"].clone();
    assert_eq!((&again["replayed"], &again["message"]["id"]), (&json!(true), &first["id"]));
    (dry["id"], first["id"]) = (json!(0), json!(0));
    assert_eq!(dry, first, "a dry run answers as the real one");
    world.say(&ada, &proposal, "On Monday.").await;
    let rooms = "{ viewer { rooms { nodes { clientName freelancerName lastMessageAt
        messages { nodes { body isMine } } } } } }";
    let room = world.data(Some(&ada), rooms, json!({})).await["viewer"]["rooms"]["nodes"][0].clone();
    let said = [("On Monday.", true), ("When can you start?", false)];
    assert_eq!(
        room["messages"]["nodes"],
        json!(said.map(|(body, mine)| json!({ "body": body, "isMine": mine })))
    );
    assert_eq!((&room["clientName"], &room["freelancerName"]), (&json!("clara"), &json!("ada")));
    for person in [&ada, &clara] {
        assert!(world.notified(person).await.contains(&"MESSAGE_RECEIVED".to_owned()));
    }
    world.verify().await;
}

#[tokio::test]
async fn s_9_nobody_else_writes_or_reads_in_a_room() {
    let (world, ada, clara, proposal) = a_proposal().await;
    let room = world.say(&clara, &proposal, "Hello").await["message"]["id"].clone();
    let seen = "query($id: ID!) { node(id: $id) { id } }";
    for stranger in [world.freelancer("eve").await, world.client("carl").await] {
        assert_eq!(code(&world.say(&stranger, &proposal, "Me, too").await), "NOT_FOUND");
        assert!(world.data(Some(&stranger), seen, json!({ "id": room })).await["node"].is_null());
    }
    for wrong in ["", " \u{200b}", &"x".repeat(5_001)] {
        assert_eq!(code(&world.say(&ada, &proposal, wrong).await), "INVALID_INPUT");
    }
    let visitor = world.ask(None, SEND, json!({ "p": proposal, "b": "Hi" })).await;
    assert_eq!(visitor["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}

#[tokio::test]
async fn s_9_a_room_is_history_once_its_proposal_is_over() {
    let (world, ada, clara, proposal) = a_proposal().await;
    world.say(&clara, &proposal, "Hello").await;
    let declined =
        world.data(Some(&clara), DECLINE, json!({ "p": proposal })).await["declineProposal"].clone();
    assert_eq!(declined["proposal"]["state"], "DECLINED");
    for person in [&ada, &clara] {
        assert_eq!(code(&world.say(person, &proposal, "But …").await), "ILLEGAL_STATE");
        let kept = world.proposal(person, &proposal).await["room"]["messages"]["nodes"].clone();
        assert_eq!(kept, json!([{ "body": "Hello", "authorName": "clara" }]));
    }
    world.verify().await;
}

#[tokio::test]
async fn s_9_client_and_hire_go_on_talking() {
    let (world, ada, clara, proposal) = a_proposal().await;
    let offer = world.offer(&clara, &proposal, &["50.00"]).await["offer"]["id"].clone();
    world.data(Some(&ada), ACCEPT, json!({ "o": offer, "k": offer })).await;
    assert_eq!(world.say(&clara, &proposal, "Welcome!").await["userErrors"], json!([]));
    assert_eq!(world.say(&ada, &proposal, "Thank you.").await["userErrors"], json!([]));
    assert_eq!(world.proposal(&ada, &proposal).await["state"], "HIRED");
    world.verify().await;
}

#[tokio::test]
async fn s_5_an_interview_goes_on_after_an_offer_that_came_to_nothing() {
    let (world, ada, clara, proposal) = a_proposal().await;
    world.say(&clara, &proposal, "Hello").await;
    let states = "query($s: ProposalState!) { viewer { proposals(state: $s) { nodes { id } } } }";
    let counts = async || {
        let mut counts = Vec::new();
        for state in ["SUBMITTED", "INTERVIEWING", "OFFERED"] {
            let found = world.data(Some(&ada), states, json!({ "s": state })).await;
            counts.push(found["viewer"]["proposals"]["nodes"].as_array().unwrap().len());
        }
        counts
    };
    assert_eq!(counts().await, [0, 1, 0]);
    let answer =
        "mutation($o: ID!) { declineOffer(input: { offerId: $o }) { offer { proposal { state } } } }";
    let offer = world.offer(&clara, &proposal, &["50.00"]).await["offer"]["id"].clone();
    assert_eq!(counts().await, [0, 0, 1]);
    let declined =
        world.data(Some(&ada), answer, json!({ "o": offer })).await["declineOffer"]["offer"].clone();
    assert_eq!(declined["proposal"]["state"], "INTERVIEWING");
    world.offer(&clara, &proposal, &["50.00"]).await;
    world.sleep_until("2026-01-08T00:00:00Z").await;
    assert_eq!(world.proposal(&ada, &proposal).await["state"], "INTERVIEWING", "X-7: without the task");
    assert_eq!(counts().await, [0, 1, 0]);
    world.advance("2026-01-08T02:00:00Z").await;
    assert_eq!(world.proposal(&ada, &proposal).await["state"], "INTERVIEWING");
    // A first message while there is an offer starts the interview, too.
    let (_, other) = world.proposed(&ada, &clara, "Logo").await;
    let offer = world.offer(&clara, &other, &["50.00"]).await["offer"]["id"].clone();
    world.say(&clara, &other, "Any questions?").await;
    assert_eq!(world.proposal(&ada, &other).await["state"], "OFFERED");
    let declined =
        world.data(Some(&ada), answer, json!({ "o": offer })).await["declineOffer"]["offer"].clone();
    assert_eq!(declined["proposal"]["state"], "INTERVIEWING");
    world.verify().await;
}

#[tokio::test]
async fn j_4_a_clients_message_is_activity_and_a_freelancers_is_not() {
    let (world, ada, clara, proposal) = a_proposal().await;
    world.say(&clara, &proposal, "Hello").await;
    world.sleep_until("2026-01-11T00:00:00Z").await;
    let expires = |said: &Value| said["message"]["room"]["proposal"]["jobPost"]["expiresAt"].clone();
    assert_eq!(expires(&world.say(&ada, &proposal, "Hello").await), "2026-01-31T00:00:00.000000Z");
    assert_eq!(expires(&world.say(&clara, &proposal, "Hello").await), "2026-02-10T00:00:00.000000Z");
    world.sleep_until("2026-02-10T00:00:00Z").await;
    assert_eq!(code(&world.say(&clara, &proposal, "Still there?").await), "ILLEGAL_STATE", "it has expired");
}

#[tokio::test]
async fn p_4_nobody_talks_while_they_are_suspended_and_a_suspended_freelancer_is_not_found() {
    let (world, ada, clara, proposal) = a_proposal().await;
    let admin = world.admin().await;
    world.say(&clara, &proposal, "Hello").await;
    world.suspend(&admin, &ada).await;
    assert_eq!(code(&world.say(&ada, &proposal, "Hello").await), "ACCOUNT_SUSPENDED");
    assert_eq!(code(&world.say(&clara, &proposal, "Hello?").await), "NOT_FOUND");
}

#[tokio::test]
async fn h_4_verify_names_what_is_wrong_with_a_room() {
    for (fault, invariant) in [
        ("UPDATE rooms SET last_message_at = '2026-01-02T00:00:00.000000Z'", "S-9: a room was opened"),
        ("UPDATE proposals SET interviewing_since = NULL", "S-5: a proposal has been interviewing"),
        ("UPDATE proposals SET state = 'SUBMITTED'", "S-5: a proposal has been interviewing"),
    ] {
        let (world, _, clara, proposal) = a_proposal().await;
        world.say(&clara, &proposal, "Hello").await;
        world.verify().await;
        world.sql(fault).await.unwrap();
        let breaches = connects::books::verify(world.db().read()).await.unwrap();
        assert!(
            breaches.iter().any(|breach| breach.invariant.starts_with(invariant)),
            "{fault}: {breaches:#?}"
        );
    }
}

#[tokio::test]
async fn s_9_nobody_changes_what_was_said_when() {
    let (world, _, clara, proposal) = a_proposal().await;
    world.say(&clara, &proposal, "Hello").await;
    for change in [
        "UPDATE messages SET sent_at = '2025-01-01T00:00:00.000000Z'",
        "UPDATE rooms SET opened_at = '2025-01-01T00:00:00.000000Z'",
        "DELETE FROM messages",
        "DELETE FROM rooms",
    ] {
        assert!(world.sql(change).await.is_err(), "{change}");
    }
}

#[tokio::test]
async fn s_9_of_many_first_messages_at_once_one_opens_the_room() {
    let (world, _, clara, proposal) = a_proposal().await;
    let said = (0..16).map(|n| {
        let (world, clara, proposal) = (&world, &clara, &proposal);
        async move { world.say(clara, proposal, &format!("Hello {n}")).await["userErrors"].clone() }
    });
    let said = futures_util::future::join_all(said).await;
    assert!(said.iter().all(|errors| *errors == json!([])), "{said:?}");
    let rooms = "{ viewer { rooms { nodes { messages { nodes { body } } } } } }";
    let rooms = world.data(Some(&clara), rooms, json!({})).await["viewer"]["rooms"]["nodes"].clone();
    assert_eq!(rooms.as_array().unwrap().len(), 1);
    assert_eq!(rooms[0]["messages"]["nodes"].as_array().unwrap().len(), 16);
    world.verify().await;
}

const CLOSE: &str = "mutation($j: ID!) { closeJobPost(input: { jobPostId: $j }) {
    jobPost { state } userErrors { code } } }";

#[tokio::test]
async fn j_2_a_post_with_a_hire_is_closed_and_one_without_is_not() {
    let hired = Hired::new().await;
    let world = &hired.world;
    let eve = world.freelancer("eve").await;
    let (post, proposal) = world.proposed(&hired.ada, &hired.clara, "Logo").await;
    let other = world.propose(&eve, &post, world.price(&post).await, "e").await["proposal"]["id"].clone();
    let asked = json!({ "j": crate::support::id("JobPost", post.id) });
    let refused = world.data(Some(&hired.clara), CLOSE, asked.clone()).await["closeJobPost"].clone();
    assert_eq!(code(&refused), "JOB_POST_HAS_NO_CONTRACT");
    world.sql("UPDATE job_posts SET hires_wanted = 2 WHERE title = 'Logo'").await.unwrap();
    let offer = world.offer(&hired.clara, &proposal, &["50.00"]).await["offer"]["id"].clone();
    world.data(Some(&hired.ada), ACCEPT, json!({ "o": offer, "k": offer })).await;
    let before = world.available(&eve).await;
    let closed = world.data(Some(&hired.clara), CLOSE, asked.clone()).await["closeJobPost"].clone();
    assert_eq!(closed["jobPost"]["state"], "CLOSED", "{closed}");
    assert_eq!(world.proposal(&eve, &other).await["state"], "ARCHIVED");
    assert_eq!(world.available(&eve).await, before, "T-2: nothing comes back");
    let again = world.data(Some(&hired.clara), CLOSE, asked.clone()).await["closeJobPost"].clone();
    assert_eq!(code(&again), "ILLEGAL_STATE");
    let strange = world.data(Some(&eve), CLOSE, asked).await["closeJobPost"].clone();
    assert!(["NOT_FOUND", "NOT_A_CLIENT"].contains(&code(&strange)));
    world.verify().await;
}

#[tokio::test]
async fn j_2_a_post_whose_client_wants_no_more_hires_than_there_are_is_filled() {
    let hired = Hired::new().await;
    let world = &hired.world;
    let (post, proposal) = world.proposed(&hired.ada, &hired.clara, "Logo").await;
    world.sql("UPDATE job_posts SET hires_wanted = 3 WHERE title = 'Logo'").await.unwrap();
    let offer = world.offer(&hired.clara, &proposal, &["50.00"]).await["offer"]["id"].clone();
    world.data(Some(&hired.ada), ACCEPT, json!({ "o": offer, "k": offer })).await;
    let edit =
        "mutation($j: ID!, $h: Int!) { updateJobPost(input: { jobPostId: $j, version: VERSION, content: {
        title: \"Logo\", description: \"A logo\", category: DESIGN, payment: FIXED,
        hiresWanted: $h } }) { jobPost { state version hireCount } userErrors { code message } } }";
    for (version, wanted, state) in [(1, 2, "OPEN"), (2, 1, "FILLED")] {
        let asked = json!({ "j": crate::support::id("JobPost", post.id), "h": wanted });
        let edit = edit.replace("VERSION", &version.to_string());
        let done = world.data(Some(&hired.clara), &edit, asked).await["updateJobPost"].clone();
        assert_eq!(
            (&done["jobPost"]["state"], &done["jobPost"]["hireCount"]),
            (&json!(state), &json!(1)),
            "{done}"
        );
    }
    world.verify().await;
}

#[tokio::test]
async fn j_5_a_client_shows_hires_hire_rate_and_spend() {
    let hired = Hired::new().await;
    let world = &hired.world;
    world.proposed(&hired.ada, &hired.clara, "Logo").await;
    let card = world.method(&hired.clara, "tok_visa").await;
    let seen = async || {
        let posts = "{ jobPosts { nodes { client { hireCount hireRatePercent spent { amount } } } } }";
        world.data(None, posts, json!({})).await["jobPosts"]["nodes"][0]["client"].clone()
    };
    let shown = |spent: &str| json!({ "hireCount": 1, "hireRatePercent": 50, "spent": { "amount": spent } });
    hired.fund(0, &card, "f").await;
    assert_eq!(seen().await, shown("0.00"), "what is in escrow is not spent");
    hired.release(0, "r").await;
    assert_eq!(seen().await, shown("100.00"));
    hired.refund(0, Some("40.00"), "b").await;
    assert_eq!(seen().await, shown("60.00"));
}

#[tokio::test]
async fn s_9_nobody_writes_to_somebody_who_has_left_and_the_words_of_those_go() {
    let (world, ada, clara, proposal) = a_proposal().await;
    world.say(&clara, &proposal, "A secret of Clara's").await;
    world.sql("UPDATE job_posts SET hires_wanted = 2").await.unwrap();
    let close = "mutation { closeAccount(input: { idempotencyKey: \"c\" }) { userErrors { code } } }";
    let offer = world.offer(&clara, &proposal, &["50.00"]).await["offer"]["id"].clone();
    let contract =
        world.data(Some(&ada), ACCEPT, json!({ "o": offer, "k": offer })).await["acceptOffer"]["contract"]
            .clone();
    let end = "mutation($c: ID!) { endContract(input: { contractId: $c }) { userErrors { code } } }";
    world.data(Some(&clara), end, json!({ "c": contract["id"] })).await;
    let closed = world.data(Some(&clara), close, json!({})).await["closeAccount"].clone();
    assert_eq!(closed["userErrors"], json!([]));
    assert_eq!(code(&world.say(&ada, &proposal, "Still there?").await), "RECIPIENT_GONE");
    world.db().write(async |txn| connects::rooms::erase_of(txn, clara.viewer.id()).await).await.unwrap();
    let kept = world.proposal(&ada, &proposal).await["room"]["messages"]["nodes"].clone();
    assert_eq!(kept[0]["body"], "[erased]");
    world.verify().await;
}

#[tokio::test]
async fn s_9_a_message_is_never_older_than_the_one_before() {
    let (world, ada, clara, proposal) = a_proposal().await;
    world.say(&clara, &proposal, "Hello").await;
    // Another replica's clock was ahead.
    world.sql("DROP TRIGGER rooms_refuse_update ON rooms").await.ok();
    world.sql("DROP TRIGGER rooms_refuse_update").await.ok();
    world.sql("UPDATE rooms SET last_message_at = '2026-01-01T00:00:01.000000Z'").await.unwrap();
    let said = world.say(&ada, &proposal, "Hello").await;
    assert_eq!(said["message"]["sentAt"], "2026-01-01T00:00:01.000000Z");
    world.verify().await;
}

#[tokio::test]
async fn x_7_nobody_is_interviewed_for_a_post_whose_time_is_up() {
    let (world, _, clara, proposal) = a_proposal().await;
    world.say(&clara, &proposal, "Hello").await;
    let count = "query($id: ID!) { node(id: $id) { ... on Proposal { jobPost { interviewingCount } } } }";
    let seen =
        async || world.data(Some(&clara), count, json!({ "id": proposal })).await["node"]["jobPost"].clone();
    assert_eq!(seen().await["interviewingCount"], 1);
    world.sleep_until("2026-01-31T00:00:00Z").await;
    assert_eq!(seen().await["interviewingCount"], 0, "without the task");
}

#[tokio::test]
async fn s_9_a_person_writes_sixty_messages_into_a_room_within_an_hour() {
    let (world, ada, clara, proposal) = a_proposal().await;
    for n in 0..60 {
        let sent = world.say(&clara, &proposal, &format!("No. {n}")).await;
        assert_eq!(sent["userErrors"], json!([]), "{n}");
    }
    let refused = world.say(&clara, &proposal, "One more").await;
    assert_eq!((code(&refused), &refused["userErrors"][0]["rule"]), ("THROTTLED", &json!("S-9")));
    assert_eq!(
        world.say(&ada, &proposal, "Please stop.").await["userErrors"],
        json!([]),
        "the other side may"
    );
    world.sleep_until("2026-01-01T01:00:00Z").await;
    assert_eq!(world.say(&clara, &proposal, "Sorry.").await["userErrors"], json!([]));
}
