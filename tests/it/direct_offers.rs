//! Hiring without a proposal: direct offers (O-1, S-3).

use serde_json::{Value, json};

use crate::{
    offers::ACCEPT,
    support::{Person, World, code, id},
};

const DIRECT: &str = "mutation($input: SendDirectOfferInput!) { sendDirectOffer(input: $input) {
    offer { id title state hourlyRate { amount } total { amount } jobPost { title } proposal { id } } userErrors { code field } } }";

pub fn freelancer(person: &Person) -> String {
    id("Freelancer", person.viewer.id())
}

impl World {
    pub async fn direct(&self, client: &Person, mut input: Value) -> Value {
        if input["milestones"].is_null() && input["hourlyRate"].is_null() {
            input["milestones"] = json!([{ "title": "All of it", "amount": { "amount": "50.00" } }]);
        }
        input.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        self.data(Some(client), DIRECT, json!({ "input": input })).await["sendDirectOffer"].clone()
    }

    pub async fn accept(&self, freelancer: &Person, offer: &Value) -> Value {
        self.data(Some(freelancer), ACCEPT, json!({ "o": offer, "k": offer })).await["acceptOffer"].clone()
    }
}

#[tokio::test]
async fn s_3_a_direct_offer_is_a_contract_without_connects_or_a_proposal() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let before = world.available(&ada).await;
    let input = json!({ "freelancerId": freelancer(&ada), "title": "A logo", "category": "DESIGN" });
    let sent = world.direct(&clara, input.clone()).await;
    let offer = sent["offer"].clone();
    assert_eq!((&offer["title"], &offer["total"]["amount"]), (&json!("A logo"), &json!("50.00")), "{sent}");
    assert!(offer["proposal"].is_null() && offer["jobPost"].is_null());
    assert_eq!(code(&world.direct(&clara, input.clone()).await), "ALREADY_OFFERED");
    let contract = world.accept(&ada, &offer["id"]).await["contract"].clone();
    assert_eq!((&contract["state"], &contract["category"]), (&json!("ACTIVE"), &json!("DESIGN")));
    assert!(contract["proposal"].is_null() && contract["jobPost"].is_null());
    assert_eq!(world.available(&ada).await, before);
    assert_eq!(world.direct(&clara, input).await["offer"]["state"], "NEW", "another one, after the answer");
    assert!(world.notified(&ada).await.contains(&"OFFER_RECEIVED".to_owned()));
    world.verify().await;
}

#[tokio::test]
async fn o_1_a_direct_offer_for_a_post_fills_it_and_wins_a_proposal_sent_since() {
    let world = World::new().await;
    let (ada, eve, clara) =
        (world.freelancer("ada").await, world.freelancer("eve").await, world.client("clara").await);
    let post = world.post(&clara, "Poster", 40).await;
    let other = world.propose(&eve, &post, world.price(&post).await, "e").await["proposal"]["id"].clone();
    let input =
        |person: &Person| json!({ "freelancerId": freelancer(person), "jobPostId": id("JobPost", post.id) });
    assert_eq!(code(&world.direct(&clara, input(&eve)).await), "ALREADY_PROPOSED");
    let offer = world.direct(&clara, input(&ada)).await["offer"].clone();
    assert_eq!((&offer["title"], &offer["jobPost"]["title"]), (&json!("Poster"), &json!("Poster")));
    let own = world.propose(&ada, &post, world.price(&post).await, "a").await["proposal"]["id"].clone();
    let contract = world.accept(&ada, &offer["id"]).await["contract"].clone();
    assert_eq!(
        (&contract["jobPost"]["state"], &contract["proposal"]["state"]),
        (&json!("FILLED"), &json!("HIRED"))
    );
    let state = "query($id: ID!) { node(id: $id) { ... on Proposal { state } } }";
    for (person, proposal, expected) in [(&ada, own, "HIRED"), (&eve, other, "ARCHIVED")] {
        let seen = world.data(Some(person), state, json!({ "id": proposal })).await;
        assert_eq!(seen["node"]["state"], expected);
    }
    world.verify().await;
}

#[tokio::test]
async fn o_1_a_direct_offer_is_refused_with_what_is_wrong() {
    let world = World::new().await;
    let (ada, clara, carl) =
        (world.freelancer("ada").await, world.client("clara").await, world.client("carl").await);
    let (post, draft) = (world.post(&clara, "Poster", 40).await, world.post(&carl, "Other", 40).await);
    let (ok, design) = (freelancer(&ada), json!("DESIGN"));
    for (person, input, expected, field) in [
        (&ada, json!({ "freelancerId": ok, "title": "A", "category": design }), "NOT_A_CLIENT", None),
        (
            &clara,
            json!({ "freelancerId": freelancer(&carl), "title": "A", "category": design }),
            "NOT_FOUND",
            Some("freelancerId"),
        ),
        (&clara, json!({ "freelancerId": ok, "category": design }), "INVALID_INPUT", Some("title")),
        (&clara, json!({ "freelancerId": ok, "title": "A" }), "INVALID_INPUT", Some("category")),
        (
            &clara,
            json!({ "freelancerId": ok, "jobPostId": id("JobPost", post.id), "category": design }),
            "INVALID_INPUT",
            Some("category"),
        ),
        (
            &clara,
            json!({ "freelancerId": ok, "jobPostId": id("JobPost", draft.id) }),
            "NOT_FOUND",
            Some("jobPostId"),
        ),
        (
            &clara,
            json!({ "freelancerId": ok, "title": "A", "category": design, "hourlyRate": { "amount": "2.99" } }),
            "INVALID_INPUT",
            Some("hourlyRate"),
        ),
        (
            &clara,
            json!({ "freelancerId": ok, "title": "A", "category": design, "hourlyRate": { "amount": "9" },
            "milestones": [{ "title": "A", "amount": { "amount": "9" } }] }),
            "INVALID_INPUT",
            Some("milestones"),
        ),
        (
            &clara,
            json!({ "freelancerId": ok, "title": "A", "category": design, "milestones": [] }),
            "INVALID_INPUT",
            Some("milestones"),
        ),
    ] {
        let refused = world.direct(person, input.clone()).await;
        assert_eq!(code(&refused), expected, "{input}");
        assert_eq!(
            refused["userErrors"][0]["field"],
            json!(field.map(|field| vec!["input", field])),
            "{input}"
        );
    }
}

#[tokio::test]
async fn o_1_a_direct_offer_expires_is_declined_and_is_withdrawn_like_any_other() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let input = json!({ "freelancerId": freelancer(&ada), "title": "A logo", "category": "DESIGN" });
    let answer = "mutation($o: ID!) { VERB(input: { offerId: $o }) { offer { state proposal { id } } userErrors { code } } }";
    for (verb, person, state) in [("declineOffer", &ada, "DECLINED"), ("withdrawOffer", &clara, "WITHDRAWN")]
    {
        let offer = world.direct(&clara, input.clone()).await["offer"]["id"].clone();
        let done = world.data(Some(person), &answer.replace("VERB", verb), json!({ "o": offer })).await;
        assert_eq!(done[verb]["offer"]["state"], state);
        assert_eq!(code(&world.accept(&ada, &offer).await), "ILLEGAL_STATE");
    }
    let offer = world.direct(&clara, input.clone()).await["offer"]["id"].clone();
    world.sleep_until("2026-01-08T00:00:00Z").await;
    assert_eq!(code(&world.accept(&ada, &offer).await), "ILLEGAL_STATE", "X-7: without the task");
    assert_eq!(world.direct(&clara, input).await["offer"]["state"], "NEW", "the last one is over");
    world.advance("2026-01-16T00:00:00Z").await;
    let states = "{ viewer { offers { nodes { state } } } }";
    let seen = world.data(Some(&ada), states, json!({})).await["viewer"]["offers"]["nodes"].clone();
    let states = ["EXPIRED", "EXPIRED", "WITHDRAWN", "DECLINED"];
    assert_eq!(seen, json!(states.map(|state| json!({ "state": state }))));
    world.verify().await;
}

#[tokio::test]
async fn p_6_whoever_leaves_ends_their_direct_offers() {
    let close = "mutation($dry: Boolean!) { closeAccount(input: { idempotencyKey: \"c\", dryRun: $dry }) {
        closure { directOffersEnded projectsWithdrawn } userErrors { code } } }";
    for leaver in ["ada", "clara"] {
        let world = World::new().await;
        let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
        let input = json!({ "freelancerId": freelancer(&ada), "title": "A logo", "category": "DESIGN" });
        let offer = world.direct(&clara, input.clone()).await["offer"]["id"].clone();
        let (person, state) = if leaver == "ada" { (&ada, "DECLINED") } else { (&clara, "WITHDRAWN") };
        let closure = json!({ "directOffersEnded": 1, "projectsWithdrawn": 0 });
        for dry in [true, false] {
            let closed = world.data(Some(person), close, json!({ "dry": dry })).await["closeAccount"].clone();
            assert_eq!(closed["closure"], closure, "{closed}");
        }
        let seen = "query($id: ID!) { node(id: $id) { ... on Offer { state } } }";
        let other = if leaver == "ada" { &clara } else { &ada };
        assert_eq!(world.data(Some(other), seen, json!({ "id": offer })).await["node"]["state"], state);
        if leaver == "ada" {
            assert_eq!(code(&world.direct(&clara, input).await), "NOT_FOUND", "nobody hires them now");
        }
        world.verify().await;
    }
}

#[tokio::test]
async fn s_5_a_hired_proposal_stays_hired_when_another_offer_to_it_comes_to_nothing() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let post = world.post(&clara, "Poster", 40).await;
    world.sql("UPDATE job_posts SET hires_wanted = 2").await.unwrap();
    let input = json!({ "freelancerId": freelancer(&ada), "jobPostId": id("JobPost", post.id) });
    let direct = world.direct(&clara, input.clone()).await["offer"]["id"].clone();
    let proposal = world.propose(&ada, &post, world.price(&post).await, "a").await["proposal"]["id"].clone();
    let answered = world.offer(&clara, &proposal, &["50.00"]).await["offer"]["id"].clone();
    let contract = world.accept(&ada, &direct).await["contract"].clone();
    assert_eq!(
        (&contract["proposal"]["state"], &contract["jobPost"]["state"]),
        (&json!("HIRED"), &json!("OPEN"))
    );
    let state = "query($id: ID!) { node(id: $id) { ... on Offer { state proposal { state } } } }";
    let seen = world.data(Some(&ada), state, json!({ "id": answered })).await["node"].clone();
    assert_eq!(seen, json!({ "state": "WITHDRAWN", "proposal": { "state": "HIRED" } }));
    assert_eq!(code(&world.direct(&clara, input).await), "ALREADY_HIRED");
    world.verify().await;
}

#[tokio::test]
async fn o_1_a_freelancer_who_was_hired_directly_pays_for_no_proposal() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let post = world.post(&clara, "Poster", 40).await;
    world.sql("UPDATE job_posts SET hires_wanted = 2").await.unwrap();
    let input = json!({ "freelancerId": freelancer(&ada), "jobPostId": id("JobPost", post.id) });
    let offer = world.direct(&clara, input).await["offer"]["id"].clone();
    world.accept(&ada, &offer).await;
    let before = world.available(&ada).await;
    let refused = world.propose(&ada, &post, world.price(&post).await, "a").await;
    assert_eq!(code(&refused), "ALREADY_HIRED", "{refused}");
    assert_eq!(world.available(&ada).await, before);
}

#[tokio::test]
async fn o_1_whoever_was_declined_is_offered_the_job_directly_and_gets_nothing_back_for_it() {
    let world = World::new().await;
    let (ada, clara, admin) =
        (world.freelancer("ada").await, world.client("clara").await, world.admin().await);
    let (post, proposal) = world.proposed(&ada, &clara, "Poster").await;
    let decline = "mutation($p: ID!) { declineProposal(input: { proposalId: $p, reason: \"Oops.\" }) { userErrors { code } } }";
    world.data(Some(&clara), decline, json!({ "p": proposal })).await;
    let input = json!({ "freelancerId": freelancer(&ada), "jobPostId": id("JobPost", post.id) });
    let offer = world.direct(&clara, input).await["offer"]["id"].clone();
    assert_eq!(world.accept(&ada, &offer).await["contract"]["jobPost"]["state"], "FILLED");
    let before = world.available(&ada).await;
    let remove = "mutation($j: ID!) { removeJobPost(input: { jobPostId: $j, reason: \"Spam\", idempotencyKey: \"r\" }) {
        jobPost { state } userErrors { code } } }";
    let removed = world.data(Some(&admin), remove, json!({ "j": id("JobPost", post.id) })).await;
    assert_eq!(removed["removeJobPost"]["jobPost"]["state"], "REMOVED");
    assert_eq!(world.available(&ada).await, before, "T-1: to those who were not hired");
    let mine = "{ viewer { contracts { nodes { jobPost { title } } } } }";
    let mine = world.data(Some(&ada), mine, json!({})).await["viewer"]["contracts"]["nodes"].clone();
    assert_eq!(mine, json!([{ "jobPost": { "title": "Poster" } }]), "they still see the job");
    world.verify().await;
}

#[tokio::test]
async fn o_1_a_freelancer_sees_the_private_post_that_they_are_offered() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let post = world.post(&clara, "Poster", 40).await;
    world.sql("UPDATE job_posts SET visibility = 'INVITE_ONLY'").await.unwrap();
    let input = json!({ "freelancerId": freelancer(&ada), "jobPostId": id("JobPost", post.id) });
    world.direct(&clara, input).await;
    let offers = "{ viewer { offers { nodes { jobPost { description } } } } }";
    let seen = world.data(Some(&ada), offers, json!({})).await;
    assert!(seen["viewer"]["offers"]["nodes"][0]["jobPost"]["description"].is_string(), "{seen}");
}

#[tokio::test]
async fn o_1_a_client_sends_fifty_direct_offers_a_day_at_most() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let input = json!({ "freelancerId": freelancer(&ada), "title": "A logo", "category": "DESIGN" });
    let withdraw = "mutation($o: ID!) { withdrawOffer(input: { offerId: $o }) { userErrors { code } } }";
    for _ in 0..50 {
        let offer = world.direct(&clara, input.clone()).await["offer"]["id"].clone();
        world.data(Some(&clara), withdraw, json!({ "o": offer })).await;
    }
    assert_eq!(code(&world.direct(&clara, input.clone()).await), "TOO_MANY_OFFERS");
    world.sleep_until("2026-01-02T00:00:00Z").await;
    assert_eq!(world.direct(&clara, input).await["offer"]["state"], "NEW");
}
