//! Hiring without a proposal, and hours: direct offers, invoices, and what a cancelled job brings back (O-1, O-2, T-6).

use connects::entity::enums::HistoryKind;
use serde_json::{Value, json};

use crate::{
    offers::ACCEPT,
    support::{Person, World, code, id},
};

const DIRECT: &str = "mutation($input: SendDirectOfferInput!) { sendDirectOffer(input: $input) {
    offer { id title state hourlyRate { amount } total { amount } jobPost { title } proposal { id } } userErrors { code field } } }";
const INVOICE: &str = "mutation($c: ID!, $n: Int!, $dry: Boolean! = false) { submitInvoice(input: {
    contractId: $c, title: \"Week 1\", minutes: $n, dryRun: $dry }) {
    milestone { id number state minutes amount { amount } contract { total { amount } hourlyRate { amount } } }
    userErrors { code field message } } }";
const WITHDRAW: &str = "mutation($m: ID!) { withdrawInvoice(input: { milestoneId: $m }) {
    milestone { state contract { total { amount } } } userErrors { code } } }";
const FUND: &str = "mutation($m: ID!, $w: ID!) { fundMilestone(input: { milestoneId: $m, paymentMethodId: $w,
    idempotencyKey: \"f\" }) { payment { state } userErrors { code } } }";
const RELEASE: &str =
    "mutation($m: ID!) { releaseMilestone(input: { milestoneId: $m, idempotencyKey: \"r\" }) {
    milestone { state } userErrors { code } } }";

fn freelancer(person: &Person) -> String {
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
        self.data(Some(freelancer), ACCEPT, json!({ "o": offer })).await["acceptOffer"].clone()
    }
}

/// An hourly contract of Ada and Clara at 50.00; its id.
async fn hourly() -> (World, Person, Person, Value) {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let input = json!({ "freelancerId": freelancer(&ada), "title": "Support", "category": "DESIGN",
        "hourlyRate": { "amount": "50.00" } });
    let offer = world.direct(&clara, input).await["offer"].clone();
    assert_eq!(offer["hourlyRate"]["amount"], "50.00");
    let contract = world.accept(&ada, &offer["id"]).await["contract"]["id"].clone();
    (world, ada, clara, contract)
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
async fn o_2_hours_are_invoiced_funded_and_released() {
    let (world, ada, clara, contract) = hourly().await;
    let dry = world.data(Some(&ada), INVOICE, json!({ "c": contract, "n": 95, "dry": true })).await["submitInvoice"].clone();
    let sent =
        world.data(Some(&ada), INVOICE, json!({ "c": contract, "n": 95 })).await["submitInvoice"].clone();
    let invoice = sent["milestone"].clone();
    let without_id = |mut shown: Value| {
        shown["id"] = json!(0);
        shown
    };
    assert_eq!(without_id(dry["milestone"].clone()), without_id(invoice.clone()));
    assert_eq!(
        (&invoice["amount"]["amount"], &invoice["minutes"], &invoice["number"], &invoice["state"]),
        (&json!("79.17"), &json!(95), &json!(1), &json!("PENDING")),
        "{sent}"
    );
    assert!(world.notified(&clara).await.contains(&"INVOICE_RECEIVED".to_owned()));
    let card = world.method(&clara, "tok_visa").await;
    let funded = world.data(Some(&clara), FUND, json!({ "m": invoice["id"], "w": card })).await;
    assert_eq!(funded["fundMilestone"]["payment"]["state"], "PAID");
    world.data(Some(&clara), RELEASE, json!({ "m": invoice["id"] })).await;
    assert_eq!(world.cash(&ada).await.0, "71.25", "79.17 less 7.92");
    world.verify().await;
}

#[tokio::test]
async fn o_2_an_invoice_is_withdrawn_by_its_freelancer_before_it_is_funded() {
    let (world, ada, clara, contract) = hourly().await;
    let invoice = async || {
        let sent = world.data(Some(&ada), INVOICE, json!({ "c": contract, "n": 60 })).await;
        sent["submitInvoice"]["milestone"]["id"].clone()
    };
    let withdraw = async |person: &Person, id: &Value| {
        world.data(Some(person), WITHDRAW, json!({ "m": id })).await["withdrawInvoice"].clone()
    };
    let (first, second) = (invoice().await, invoice().await);
    assert_eq!(code(&withdraw(&clara, &first).await), "NOT_FOUND");
    let withdrawn = withdraw(&ada, &first).await;
    assert_eq!(
        withdrawn["milestone"],
        json!({ "state": "WITHDRAWN", "contract": { "total": { "amount": "50.00" } } })
    );
    assert_eq!(code(&withdraw(&ada, &first).await), "ILLEGAL_STATE");
    let card = world.method(&clara, "tok_visa").await;
    let late =
        world.data(Some(&clara), FUND, json!({ "m": first, "w": card })).await["fundMilestone"].clone();
    assert_eq!(code(&late), "ILLEGAL_STATE");
    world.data(Some(&clara), FUND, json!({ "m": second, "w": card })).await;
    assert_eq!(code(&withdraw(&ada, &second).await), "ILLEGAL_STATE", "it is funded");
    world.verify().await;
}

#[tokio::test]
async fn o_2_an_invoice_is_refused_with_what_is_wrong() {
    let (world, ada, clara, contract) = hourly().await;
    let submit = async |person: &Person, contract: &Value, minutes: i64| {
        world.data(Some(person), INVOICE, json!({ "c": contract, "n": minutes })).await["submitInvoice"]
            .clone()
    };
    for minutes in [0, -60, 5, 10_081] {
        let refused = submit(&ada, &contract, minutes).await;
        assert_eq!(
            (code(&refused), &refused["userErrors"][0]["field"]),
            ("INVALID_INPUT", &json!(["input", "minutes"]))
        );
    }
    assert_eq!(code(&submit(&clara, &contract, 60).await), "NOT_FOUND", "the freelancer invoices");
    for _ in 0..10 {
        assert_eq!(submit(&ada, &contract, 60).await["userErrors"], json!([]));
    }
    assert_eq!(code(&submit(&ada, &contract, 60).await), "TOO_MANY_INVOICES");
    let end = "mutation($c: ID!) { endContract(input: { contractId: $c }) { contract { state } userErrors { code } } }";
    let ended = world.data(Some(&clara), end, json!({ "c": contract })).await["endContract"].clone();
    assert_eq!(ended["contract"]["state"], "ENDED", "what is not funded is not owed");
    assert_eq!(code(&submit(&ada, &contract, 60).await), "ILLEGAL_STATE");
    let input = json!({ "freelancerId": freelancer(&ada), "title": "A logo", "category": "DESIGN" });
    let offer = world.direct(&clara, input).await["offer"]["id"].clone();
    let fixed = world.accept(&ada, &offer).await["contract"]["id"].clone();
    assert_eq!(code(&submit(&ada, &fixed, 60).await), "CONTRACT_NOT_HOURLY");
    world.verify().await;
}

/// Ada, Eve and Clara, who cancelled so many posts to which both had proposed, and offers Ada a contract days later.
async fn cancelled(posts: usize, days: i64) -> (World, [Person; 3], Value) {
    let world = World::new().await;
    let (ada, eve, clara) =
        (world.freelancer("ada").await, world.freelancer("eve").await, world.client("clara").await);
    let cancel =
        "mutation($j: ID!, $k: String!) { cancelJobPost(input: { jobPostId: $j, idempotencyKey: $k }) {
        userErrors { code } } }";
    for n in 0..posts {
        let post = world.post(&clara, &format!("Poster {n}"), 40).await;
        for person in [&ada, &eve] {
            let key = format!("{n}{}", person.viewer.id());
            world.propose(person, &post, world.price(&post).await, &key).await;
        }
        let asked = json!({ "j": id("JobPost", post.id), "k": n.to_string() });
        world.data(Some(&clara), cancel, asked).await;
    }
    let later = crate::support::at("2026-01-01T00:00:00Z") + chrono::TimeDelta::days(days);
    world.sleep_until(&later.to_rfc3339()).await;
    let input = json!({ "freelancerId": freelancer(&ada), "title": "Poster", "category": "DESIGN" });
    let offer = world.direct(&clara, input).await["offer"]["id"].clone();
    (world, [ada, eve, clara], offer)
}

#[tokio::test]
async fn t_6_a_return_is_reversed_once_when_the_cancelled_job_goes_on() {
    let (world, [ada, eve, clara], offer) = cancelled(1, 29).await;
    let (before, others) = (world.available(&ada).await, world.available(&eve).await);
    assert_eq!(world.accept(&ada, &offer).await["userErrors"], json!([]));
    assert_eq!(world.available(&ada).await, before - 2, "what came back for the post");
    assert_eq!(world.available(&eve).await, others, "the others keep theirs");
    let rows = world.history(&ada).await;
    assert_eq!((rows[4].0.as_str(), rows[4].1), ("RETURN_REVERSED", -2), "{rows:?}");
    // Hired again, nothing more is taken.
    let input = json!({ "freelancerId": freelancer(&ada), "title": "Flyer", "category": "DESIGN" });
    let another = world.direct(&clara, input).await["offer"]["id"].clone();
    assert_eq!(world.accept(&ada, &another).await["userErrors"], json!([]));
    assert_eq!(world.available(&ada).await, before - 2);
    world.verify().await;
    let admin = world.admin().await;
    let count = "{ admin { accounts(first: 100) { nodes { name returnReversalCount } } } }";
    let seen = world.data(Some(&admin), count, json!({})).await["admin"]["accounts"]["nodes"].clone();
    let counts: Vec<_> =
        seen.as_array().unwrap().iter().filter(|one| one["returnReversalCount"] == 1).collect();
    assert_eq!(counts.len(), 1);
    assert_eq!(counts[0]["name"], "clara");
}

#[tokio::test]
async fn t_6_nothing_is_reversed_after_thirty_days_and_no_more_than_the_wallet_has() {
    let (world, [ada, ..], offer) = cancelled(1, 30).await;
    let before = world.available(&ada).await;
    world.accept(&ada, &offer).await;
    assert_eq!(world.available(&ada).await, before, "thirty days are over at their instant");
    let (world, [ada, ..], offer) = cancelled(2, 1).await;
    let carl = world.client("carl").await;
    // Four came back, and Ada spends all but two.
    for n in 0..24 {
        let post = world.post(&carl, &format!("Job {n}"), 40).await;
        world.propose(&ada, &post, 2, &format!("x{n}")).await;
    }
    assert_eq!(world.available(&ada).await, 2);
    world.accept(&ada, &offer).await;
    assert_eq!(world.available(&ada).await, 0, "as far as the wallet reaches");
    assert_eq!(world.count_entries(HistoryKind::ReturnReversed).await, 1);
    world.verify().await;
}
