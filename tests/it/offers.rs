//! Offers: how they are sent, answered and ended (O-1, S-5).

use connects::entity::{enums::HistoryKind, job_post};
use serde_json::{Value, json};

use crate::{
    contracts::Hired,
    support::{Person, World, code, id},
};

const OFFER: &str = "mutation($p: ID!, $m: [MilestoneInput!]!, $dry: Boolean! = false) { sendOffer(input: {
    proposalId: $p, milestones: $m, dryRun: $dry }) {
    offer { id title state total { amount } milestones { title } proposal { state } contract { id } }
    userErrors { code field message } } }";
pub const ACCEPT: &str =
    "mutation($o: ID!, $k: String!, $dry: Boolean! = false) { acceptOffer(input: { offerId: $o,
    idempotencyKey: $k, dryRun: $dry }) { contract { id title state category clientName freelancerName
    proposal { state } jobPost { state } milestones { nodes { id number state amount { amount } } } }
    wallet { available } replayed userErrors { code } } }";
const ANSWER: &str = "mutation($o: ID!) { VERB(input: { offerId: $o, reason: \"No.\" }) {
    offer { state endedReason proposal { state } } userErrors { code } } }";

impl World {
    /// A proposal by `ada` to a post of `clara`; its id.
    pub async fn proposed(&self, ada: &Person, clara: &Person, title: &str) -> (job_post::Model, Value) {
        let post = self.post(clara, title, 40).await;
        let sent = self.propose(ada, &post, self.price(&post).await, title).await;
        (post, sent["proposal"]["id"].clone())
    }

    pub async fn offer(&self, clara: &Person, proposal: &Value, dollars: &[&str]) -> Value {
        let part = |(n, amount): (usize, &&str)| json!({ "title": format!("Part {n}"), "amount": { "amount": amount } });
        let parts: Vec<_> = dollars.iter().enumerate().map(part).collect();
        let sent = self.data(Some(clara), OFFER, json!({ "p": proposal, "m": parts })).await;
        sent["sendOffer"].clone()
    }
}

#[tokio::test]
async fn o_1_an_accepted_offer_is_a_contract_and_fills_the_post() {
    let world = World::new().await;
    let (ada, eve, clara) =
        (world.freelancer("ada").await, world.freelancer("eve").await, world.client("clara").await);
    let (post, proposal) = world.proposed(&ada, &clara, "Poster").await;
    let other = world.propose(&eve, &post, world.price(&post).await, "o").await["proposal"]["id"].clone();
    let offer = world.offer(&clara, &proposal, &["50.00"]).await["offer"].clone();
    assert_eq!((&offer["state"], &offer["proposal"]["state"]), (&json!("NEW"), &json!("OFFERED")));
    assert_eq!((&offer["title"], &offer["total"]["amount"]), (&json!("Poster"), &json!("50.00")));
    let rival = world.offer(&clara, &other, &["60.00"]).await["offer"]["id"].clone();
    let twice = world.offer(&clara, &proposal, &["60.00"]).await;
    assert_eq!(code(&twice), "ILLEGAL_STATE", "an offer is under way");
    let asked = json!({ "o": offer["id"], "k": "a" });
    let accepted = world.data(Some(&ada), ACCEPT, asked.clone()).await["acceptOffer"].clone();
    let contract = &accepted["contract"];
    assert_eq!((&contract["state"], &contract["proposal"]["state"]), (&json!("ACTIVE"), &json!("HIRED")));
    assert_eq!((&contract["clientName"], &contract["freelancerName"]), (&json!("clara"), &json!("ada")));
    assert_eq!(contract["jobPost"]["state"], "FILLED");
    let again = world.data(Some(&ada), ACCEPT, asked).await["acceptOffer"].clone();
    assert_eq!((&again["replayed"], &again["contract"]["id"]), (&json!(true), &contract["id"]));
    // The other proposal and its offer are over, and nothing comes back (T-2).
    let state = "query($id: ID!) { node(id: $id) { ... on Offer { state } ... on Proposal { state } } }";
    let of =
        async |id: &Value| world.data(Some(&eve), state, json!({ "id": id })).await["node"]["state"].clone();
    assert_eq!((of(&rival).await, of(&other).await), (json!("WITHDRAWN"), json!("ARCHIVED")));
    assert_eq!(world.count_entries(HistoryKind::ReturnedCancelled).await, 0);
    world.verify().await;
}

#[tokio::test]
async fn s_5_an_offer_that_ends_puts_the_proposal_back_where_it_was() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let (_, proposal) = world.proposed(&ada, &clara, "Poster").await;
    for (verb, person, state) in [("declineOffer", &ada, "DECLINED"), ("withdrawOffer", &clara, "WITHDRAWN")]
    {
        let offer = world.offer(&clara, &proposal, &["50.00"]).await["offer"]["id"].clone();
        let wrong = if verb == "declineOffer" { &clara } else { &ada };
        let answer = ANSWER.replace("VERB", verb);
        let refused = world.data(Some(wrong), &answer, json!({ "o": offer })).await[verb].clone();
        assert_eq!(code(&refused), "NOT_FOUND", "{verb}");
        let done = world.data(Some(person), &answer, json!({ "o": offer })).await[verb]["offer"].clone();
        assert_eq!((&done["state"], &done["endedReason"]), (&json!(state), &json!("No.")));
        assert_eq!(done["proposal"]["state"], "SUBMITTED");
        let late =
            world.data(Some(&ada), ACCEPT, json!({ "o": offer, "k": offer })).await["acceptOffer"].clone();
        assert_eq!(code(&late), "ILLEGAL_STATE");
    }
    world.verify().await;
}

#[tokio::test]
async fn o_1_an_offer_expires_after_seven_days_with_and_without_the_task() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let (_, proposal) = world.proposed(&ada, &clara, "Poster").await;
    let offer = world.offer(&clara, &proposal, &["50.00"]).await["offer"]["id"].clone();
    // The clock moves, and no task runs.
    world.sleep_until("2026-01-08T00:00:00Z").await;
    let state = "query($id: ID!) { node(id: $id) { ... on Offer { state endedAt proposal { state } } } }";
    let seen = world.data(Some(&ada), state, json!({ "id": offer })).await["node"].clone();
    assert_eq!(
        (&seen["state"], &seen["endedAt"]),
        (&json!("EXPIRED"), &json!("2026-01-08T00:00:00.000000Z"))
    );
    assert_eq!(seen["proposal"]["state"], "SUBMITTED", "X-7: without the task, too");
    let late = world.data(Some(&ada), ACCEPT, json!({ "o": offer, "k": offer })).await["acceptOffer"].clone();
    assert_eq!(code(&late), "ILLEGAL_STATE");
    let another = world.offer(&clara, &proposal, &["60.00"]).await;
    assert_eq!(another["offer"]["state"], "NEW", "{another}");
    let list = "{ viewer { proposals(state: OFFERED) { nodes { state } } } }";
    let offered = world.data(Some(&ada), list, json!({})).await["viewer"]["proposals"]["nodes"].clone();
    assert_eq!(offered, json!([{ "state": "OFFERED" }]));
    world
        .data(Some(&clara), &ANSWER.replace("VERB", "withdrawOffer"), json!({ "o": another["offer"]["id"] }))
        .await;
    world.advance("2026-01-08T02:00:00Z").await;
    let seen = world.data(Some(&ada), state, json!({ "id": offer })).await["node"].clone();
    assert_eq!(
        (&seen["state"], &seen["endedAt"]),
        (&json!("EXPIRED"), &json!("2026-01-08T00:00:00.000000Z"))
    );
    assert_eq!(seen["proposal"]["state"], "SUBMITTED");
    assert!(world.notified(&clara).await.contains(&"OFFER_EXPIRED".to_owned()));
    world.verify().await;
}

#[tokio::test]
async fn t_1_a_post_with_a_contract_cannot_be_cancelled_and_its_hire_gets_nothing_back() {
    let hired = Hired::new().await;
    let world = &hired.world;
    // A post that looks for a second person stays open.
    world.sql("UPDATE job_posts SET hires_wanted = 2").await.unwrap();
    let (post, proposal) = world.proposed(&hired.ada, &hired.clara, "Logo").await;
    world.sql("UPDATE job_posts SET hires_wanted = 2 WHERE title = 'Logo'").await.unwrap();
    let offer = world.offer(&hired.clara, &proposal, &["50.00"]).await["offer"]["id"].clone();
    let accepted =
        world.data(Some(&hired.ada), ACCEPT, json!({ "o": offer, "k": offer })).await["acceptOffer"].clone();
    assert_eq!(accepted["contract"]["jobPost"]["state"], "OPEN");
    let cancel = "mutation($j: ID!) { cancelJobPost(input: { jobPostId: $j, idempotencyKey: \"c\" }) { jobPost { state } userErrors { code } } }";
    let asked = json!({ "j": id("JobPost", post.id) });
    let refused = world.data(Some(&hired.clara), cancel, asked).await["cancelJobPost"].clone();
    assert_eq!(code(&refused), "JOB_POST_HAS_CONTRACT");
    let explained = "query($id: ID!) { node(id: $id) { ... on Proposal { refundEligibility { cases { event connects } } } } }";
    let cases = world.data(Some(&hired.ada), explained, json!({ "id": proposal })).await;
    let cases = cases["node"]["refundEligibility"]["cases"].as_array().unwrap().clone();
    assert!(cases.iter().all(|case| case["connects"] == 0), "{cases:?}");
    world.verify().await;
}

#[tokio::test]
async fn x_7_an_offer_whose_time_is_up_has_expired_whatever_ends_its_post() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let (post, proposal) = world.proposed(&ada, &clara, "Poster").await;
    let offer = world.offer(&clara, &proposal, &["50.00"]).await["offer"]["id"].clone();
    world.sleep_until("2026-01-08T00:00:01Z").await;
    let cancel = "mutation($j: ID!) { cancelJobPost(input: { jobPostId: $j, idempotencyKey: \"c\" }) { userErrors { code } } }";
    let done =
        world.data(Some(&clara), cancel, json!({ "j": id("JobPost", post.id) })).await["cancelJobPost"]
            .clone();
    assert_eq!(done["userErrors"], json!([]));
    let state = "query($id: ID!) { node(id: $id) { ... on Offer { state endedAt } } }";
    let seen = world.data(Some(&ada), state, json!({ "id": offer })).await["node"].clone();
    assert_eq!(seen, json!({ "state": "EXPIRED", "endedAt": "2026-01-08T00:00:00.000000Z" }));
    assert!(world.notified(&clara).await.contains(&"OFFER_EXPIRED".to_owned()));
    world.verify().await;
}

#[tokio::test]
async fn p_4_an_offer_of_a_suspended_client_is_declined_but_not_accepted() {
    let world = World::new().await;
    let (ada, clara, admin) =
        (world.freelancer("ada").await, world.client("clara").await, world.admin().await);
    let (_, proposal) = world.proposed(&ada, &clara, "Poster").await;
    let offer = world.offer(&clara, &proposal, &["50.00"]).await["offer"]["id"].clone();
    world.suspend(&admin, &clara).await;
    let refused =
        world.data(Some(&ada), ACCEPT, json!({ "o": offer, "k": offer })).await["acceptOffer"].clone();
    assert_eq!(code(&refused), "CLIENT_RESTRICTED");
    let declined =
        world.data(Some(&ada), &ANSWER.replace("VERB", "declineOffer"), json!({ "o": offer })).await;
    assert_eq!(declined["declineOffer"]["offer"]["state"], "DECLINED");
}

#[tokio::test]
async fn o_1_of_sixty_four_who_answer_and_withdraw_one_offer_at_once_one_succeeds() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let (_, proposal) = world.proposed(&ada, &clara, "Poster").await;
    let offer = world.offer(&clara, &proposal, &["50.00"]).await["offer"]["id"].clone();
    let ways = [("acceptOffer", &ada), ("declineOffer", &ada), ("withdrawOffer", &clara)];
    let answers = (0..64).map(|n| {
        let (verb, person) = ways[n % 3];
        let ask =
            format!("mutation($o: ID!) {{ {verb}(input: {{ offerId: $o, idempotencyKey: \"k{n}\" }}) {{ userErrors {{ code }} }} }}");
        let (world, offer) = (&world, &offer);
        async move { world.data(Some(person), &ask, json!({ "o": offer })).await[verb]["userErrors"].clone() }
    });
    let answers = futures_util::future::join_all(answers).await;
    assert_eq!(answers.iter().filter(|errors| **errors == json!([])).count(), 1, "{answers:?}");
    let refused = answers.iter().filter(|errors| errors[0]["code"] == "ILLEGAL_STATE").count();
    assert_eq!(refused, 63, "{answers:?}");
    world.verify().await;
}

#[tokio::test]
async fn o_1_an_offer_that_is_accepted_while_its_job_or_its_client_goes_is_a_contract_or_over() {
    let leave = "mutation { closeAccount(input: { idempotencyKey: \"c\" }) { userErrors { code } } }";
    let cancel = "mutation($j: ID!) { cancelJobPost(input: { jobPostId: $j, idempotencyKey: \"c\" }) { userErrors { code } } }";
    for (verb, document, refusal) in
        [("closeAccount", leave, "CONTRACTS_ACTIVE"), ("cancelJobPost", cancel, "JOB_POST_HAS_CONTRACT")]
    {
        let world = World::new().await;
        let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
        let (post, proposal) = world.proposed(&ada, &clara, "Poster").await;
        world.sql("UPDATE job_posts SET hires_wanted = 2").await.unwrap();
        let offer = world.offer(&clara, &proposal, &["50.00"]).await["offer"]["id"].clone();
        let asked = if verb == "closeAccount" { json!({}) } else { json!({ "j": id("JobPost", post.id) }) };
        let ending = world.data(Some(&clara), document, asked);
        let accepting = world.data(Some(&ada), ACCEPT, json!({ "o": offer, "k": offer }));
        let (accepted, ended) = futures_util::future::join(accepting, ending).await;
        let (accepted, ended) = (&accepted["acceptOffer"], &ended[verb]);
        if accepted["userErrors"] == json!([]) {
            assert_eq!(code(ended), refusal);
        } else {
            assert_eq!(ended["userErrors"], json!([]), "{verb}: {accepted}");
        }
        world.verify().await;
    }
}

#[tokio::test]
async fn o_1_a_client_makes_ten_offers_to_a_proposal_at_most() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let (_, proposal) = world.proposed(&ada, &clara, "Poster").await;
    let withdraw = ANSWER.replace("VERB", "withdrawOffer");
    for _ in 0..10 {
        let offer = world.offer(&clara, &proposal, &["50.00"]).await["offer"]["id"].clone();
        world.data(Some(&clara), &withdraw, json!({ "o": offer })).await;
    }
    let refused = world.offer(&clara, &proposal, &["50.00"]).await;
    assert_eq!(
        (code(&refused), &refused["userErrors"][0]["field"]),
        ("TOO_MANY_OFFERS", &json!(["input", "proposalId"]))
    );
}
