//! What freelancers show of themselves, and what the plans let them (M-11).

use connects::{
    accounts,
    entity::{enums::JobPostState, job_post},
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::{
    contracts::Hired,
    http::{query, send, service},
    races::meeting,
    subscriptions::said,
    support::{Person, World, id, proposal},
};

const SET: &str = "mutation($input: SetProfileInput!) { setProfile(input: $input) {
    profile { perks hidesEarnings slug slugs hiddenFrom } userErrors { code field message rule } } }";
const OWN: &str = "{ viewer { profile { perks hidesEarnings slug slugs hiddenFrom } } }";
const SHOWN: &str = "query($f: ID!) { node(id: $f) { ... on Freelancer { slug earned { amount } } } }";
const BY_SLUG: &str = "query($s: String!) { freelancer(slug: $s) { name slug } }";
const FOUND: &str =
    "query($c: String, $b: TalentBadgeKind) { freelancers(filter: { country: $c, talentBadge: $b }) {
    nodes { name earned { amount } slug } } }";
const BIDS: &str =
    "query($p: ID!) { jobPost(id: $p) { competingBids { count lowest { amount } highest { amount } } } }";

impl World {
    async fn set_profile(&self, person: &Person, input: Value) -> Value {
        self.data(Some(person), SET, json!({ "input": input })).await["setProfile"].clone()
    }

    async fn profile(&self, person: &Person) -> Value {
        self.data(Some(person), OWN, json!({})).await["viewer"]["profile"].clone()
    }

    /// What a visitor sees of a freelancer: the address and the earnings.
    async fn shown(&self, person: &Person) -> (Value, Value) {
        let asked = json!({ "f": id("Freelancer", person.viewer.id()) });
        let shown = self.data(None, SHOWN, asked).await["node"].clone();
        (shown["slug"].clone(), shown["earned"]["amount"].clone())
    }

    async fn at_slug(&self, slug: &str) -> Value {
        self.data(None, BY_SLUG, json!({ "s": slug })).await["freelancer"]["name"].clone()
    }

    /// The names that a search finds, the last registered first.
    async fn found(&self, filter: Value) -> Vec<String> {
        let found = self.data(None, FOUND, filter).await["freelancers"]["nodes"].clone();
        let names = found.as_array().unwrap().iter().map(|node| node["name"].as_str().unwrap().to_owned());
        names.collect()
    }

    async fn bid(&self, person: &Person, post: &job_post::Model, amount: Option<&str>) {
        let mut input = proposal(post, self.price(post).await, &format!("bid-{}", person.viewer.0.name));
        input["amount"] = amount.map_or(Value::Null, |amount| json!({ "amount": amount }));
        let sent = "mutation($input: SubmitProposalInput!) { submitProposal(input: $input) { userErrors { code } } }";
        let sent = self.data(Some(person), sent, json!({ "input": input })).await["submitProposal"].clone();
        assert_eq!(sent["userErrors"], json!([]), "{sent}");
    }

    /// The number, the lowest and the highest amount, as `viewer` sees them; nothing if they may not.
    async fn bids(&self, viewer: Option<&Person>, post: &job_post::Model) -> Value {
        let asked = json!({ "p": id("JobPost", post.id) });
        let bids = self.data(viewer, BIDS, asked).await["jobPost"]["competingBids"].clone();
        if bids.is_null() {
            return bids;
        }
        json!([bids["count"], bids["lowest"]["amount"], bids["highest"]["amount"]])
    }
}

#[tokio::test]
async fn m_11_plus_sees_the_range_of_competing_bids_and_basic_does_not() {
    let world = World::new().await;
    let (clara, admin) = (world.client("clara").await, world.admin().await);
    let post = world.post(&clara, "Poster", 400).await;
    let (ada, bob) = (world.freelancer("ada").await, world.freelancer("bob").await);
    let (eve, kim) = (world.freelancer("eve").await, world.freelancer("kim").await);
    assert_eq!(said(&world.give_months(&ada, 1, "g").await), "");
    assert_eq!(world.bids(Some(&ada), &post).await, json!([0, null, null]), "nobody has proposed");
    world.bid(&ada, &post, Some("90.00")).await;
    world.bid(&bob, &post, Some("250.00")).await;
    world.bid(&eve, &post, Some("400.50")).await;
    world.bid(&kim, &post, None).await;
    assert_eq!(world.bids(Some(&ada), &post).await, json!([2, "250.00", "400.50"]), "not her own");
    assert_eq!(world.bids(Some(&clara), &post).await, json!([3, "90.00", "400.50"]), "the client sees all");
    assert_eq!(world.bids(Some(&bob), &post).await, Value::Null, "not on BASIC");
    assert_eq!(world.bids(None, &post).await, Value::Null);
    world.suspend(&admin, &eve).await;
    assert_eq!(world.bids(Some(&ada), &post).await, json!([1, "250.00", "250.00"]), "P-4");
    // The gift is used up with its month, and then the plan is BASIC.
    world.advance("2026-02-01T00:20:00Z").await;
    assert_eq!(world.bids(Some(&ada), &post).await, Value::Null);
    world.verify().await;
}

#[tokio::test]
async fn m_11_the_bids_to_a_post_whose_time_is_up_compete_no_more() {
    let world = World::new().await;
    let (ada, bob, clara) =
        (world.freelancer("ada").await, world.freelancer("bob").await, world.client("clara").await);
    let post = world.post(&clara, "Poster", 400).await;
    world.give_months(&ada, 3, "g").await;
    world.bid(&bob, &post, Some("250.00")).await;
    assert_eq!(world.bids(Some(&ada), &post).await, json!([1, "250.00", "250.00"]));
    world.sleep_until("2026-02-05T00:00:00Z").await;
    let row = job_post::Entity::find_by_id(post.id).one(world.db().read()).await.unwrap().unwrap();
    assert_eq!(row.state, JobPostState::Open, "no task has run");
    assert_eq!(world.bids(Some(&ada), &post).await, json!([0, null, null]));
}

#[tokio::test]
async fn m_11_earnings_are_shown_unless_the_plan_lets_a_freelancer_hide_them() {
    let hired = Hired::new().await;
    let (world, ada) = (&hired.world, &hired.ada);
    assert_eq!(world.shown(ada).await, (Value::Null, json!("0.00")));
    let card = world.method(&hired.clara, "tok_visa").await;
    hired.fund(0, &card, "f").await;
    hired.release(0, "r").await;
    assert_eq!(world.shown(ada).await.1, "100.00", "before the fee");
    let hide = json!({ "hidesEarnings": true });
    let refused = world.set_profile(ada, hide.clone()).await;
    let why = &refused["userErrors"][0];
    assert_eq!(
        (said(&refused), &why["rule"], &why["field"], &why["message"]),
        (
            "PLAN_REQUIRED",
            &json!("M-11"),
            &json!(["input", "hidesEarnings"]),
            &json!(
                "Your plan, BASIC, does not let you hide what you have earned. Upgrade your membership first."
            )
        )
    );
    world.give_months(ada, 1, "g").await;
    let hidden = world.set_profile(ada, hide.clone()).await;
    assert_eq!(hidden["profile"]["hidesEarnings"], true, "{hidden}");
    assert_eq!(world.shown(ada).await.1, Value::Null);
    world.advance("2026-02-01T00:20:00Z").await;
    assert_eq!(world.shown(ada).await.1, "100.00", "on BASIC, they are shown");
    let own = world.profile(ada).await;
    assert_eq!((&own["hidesEarnings"], &own["perks"]), (&json!(true), &json!([])), "the choice is kept");
    world.give_months(ada, 1, "g2").await;
    assert_eq!(world.shown(ada).await.1, Value::Null, "and counts again");
    assert_eq!(world.set_profile(ada, json!({ "hidesEarnings": false })).await["userErrors"], json!([]));
    assert_eq!(world.shown(ada).await.1, "100.00");
    world.verify().await;
}

#[tokio::test]
async fn m_11_an_address_belongs_to_the_one_who_chose_it_first() {
    let world = World::new().await;
    let (ada, bob, clara) =
        (world.freelancer("ada").await, world.freelancer("bob").await, world.client("clara").await);
    let ask = |slug: &str| json!({ "slug": slug });
    assert_eq!(said(&world.set_profile(&ada, ask("ada")).await), "PLAN_REQUIRED");
    assert_eq!(said(&world.set_profile(&clara, ask("clara")).await), "NOT_A_FREELANCER");
    for person in [&ada, &bob] {
        world.give_months(person, 1, &person.viewer.0.name).await;
    }
    assert_eq!(said(&world.set_profile(&ada, ask("a--b")).await), "INVALID_INPUT");
    assert_eq!(world.set_profile(&ada, ask(" Ada-L ")).await["profile"]["slug"], "ada-l");
    assert_eq!((world.at_slug("ADA-l").await, world.at_slug("ada").await), (json!("ada"), Value::Null));
    let taken = world.set_profile(&bob, ask("ada-l")).await;
    assert_eq!(
        (said(&taken), &taken["userErrors"][0]["field"]),
        ("PROFILE_URL_TAKEN", &json!(["input", "slug"]))
    );
    // Another one takes its place, and the old one stays hers.
    let both = world.set_profile(&ada, ask("lovelace")).await["profile"].clone();
    assert_eq!((&both["slug"], &both["slugs"]), (&json!("lovelace"), &json!(["lovelace", "ada-l"])));
    assert_eq!((world.at_slug("ada-l").await, world.at_slug("lovelace").await), (Value::Null, json!("ada")));
    assert_eq!(said(&world.set_profile(&bob, ask("ada-l")).await), "PROFILE_URL_TAKEN");
    assert_eq!(world.set_profile(&ada, ask("ada-l")).await["profile"]["slug"], "ada-l");
    assert_eq!(world.set_profile(&ada, ask("ada-l")).await["profile"]["slug"], "ada-l", "it is in use");
    let gone = world.set_profile(&ada, json!({ "slug": null })).await["profile"].clone();
    assert_eq!((&gone["slug"], world.at_slug("ada-l").await), (&Value::Null, Value::Null));
    for n in 2..10 {
        assert_eq!(said(&world.set_profile(&ada, ask(&format!("ada-{n}"))).await), "");
    }
    assert_eq!(said(&world.set_profile(&ada, ask("ada-10")).await), "TOO_MANY_PROFILE_URLS");
    assert_eq!(said(&world.set_profile(&ada, ask("lovelace")).await), "");
    // Without the plan the address leads nowhere, and nobody else can have it.
    world.advance("2026-02-01T00:20:00Z").await;
    assert_eq!((world.at_slug("lovelace").await, world.shown(&ada).await.0), (Value::Null, Value::Null));
    assert_eq!(world.profile(&ada).await["slug"], "lovelace");
    world.give_months(&bob, 1, "bob-again").await;
    assert_eq!(said(&world.set_profile(&bob, ask("lovelace")).await), "PROFILE_URL_TAKEN");
    world.give_months(&ada, 1, "ada-again").await;
    assert_eq!(world.at_slug("lovelace").await, "ada");
    world.verify().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn m_11_of_two_who_choose_one_address_at_once_one_gets_it() {
    let world = World::new().await;
    let (ada, bob) = (world.freelancer("ada").await, world.freelancer("bob").await);
    for person in [&ada, &bob] {
        world.give_months(person, 1, &person.viewer.0.name).await;
    }
    let choose = |person: &Person| {
        let id = person.viewer.id();
        async move |txn: &connects::db::Txn| {
            let changes = connects::profiles::Changes { slug: Some(Some("star")), ..Default::default() };
            connects::profiles::set(txn, id, changes).await
        }
    };
    let second = meeting(&world, choose(&ada), world.db().write(choose(&bob))).await;
    let connects::error::Error::Rejected(no) = second.expect_err("taken") else { panic!("a fault") };
    assert_eq!(no.code, connects::error::Code::ProfileUrlTaken);
    assert_eq!(world.at_slug("star").await, "ada");
}

#[tokio::test]
async fn m_11_searches_do_not_find_basic_profiles_after_thirty_days_without_activity() {
    let world = World::new().await;
    let (ada, bob) = (world.freelancer("ada").await, world.freelancer("bob").await);
    world.client("clara").await;
    world.give_months(&bob, 3, "g").await;
    assert_eq!(world.found(json!({})).await, ["bob", "ada"], "the last registered first");
    assert_eq!(world.found(json!({ "c": "gb" })).await, [""; 0]);
    assert_eq!(world.profile(&ada).await["hiddenFrom"], "2026-02-01T00:00:00.000000Z");
    assert_eq!(world.profile(&bob).await["hiddenFrom"], Value::Null);
    world.advance("2026-01-31T23:59:59Z").await;
    assert_eq!(world.found(json!({ "c": "US" })).await, ["bob", "ada"]);
    world.advance("2026-02-01T00:00:00Z").await;
    assert_eq!(world.found(json!({})).await, ["bob"]);
    assert_eq!(world.shown(&ada).await.1, "0.00", "anyone who has her id finds her");
    // She is seen, and found again.
    accounts::note_activity(world.db(), ada.viewer.id()).await.unwrap();
    assert_eq!(world.found(json!({})).await, ["bob", "ada"]);
    world.award(&ada, "TOP_RATED_PLUS").await;
    assert_eq!(world.found(json!({ "b": "TOP_RATED" })).await, ["ada"]);
    assert_eq!(world.found(json!({ "b": "EXPERT_VETTED" })).await, [""; 0]);
    world.suspend(&world.staff().await, &ada).await;
    assert_eq!(world.found(json!({})).await, ["bob"]);
    world.verify().await;
}

#[actix_web::test]
async fn m_11_a_signed_in_request_is_activity_once_a_day() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let (service, token) = (service!(world), ada.token(&world));
    let seen = async || {
        let row = accounts::store::find_account(world.db().read(), ada.viewer.id()).await.unwrap().unwrap();
        row.active_at.map(|at| at.to_rfc3339())
    };
    // What the profile says to her own request, which is activity.
    let ask = async || {
        let own = query("{ viewer { profile { hiddenFrom } } }");
        let own = own.insert_header(("authorization", format!("Bearer {token}")));
        send(&service, own).await.body["data"]["viewer"]["profile"]["hiddenFrom"].clone()
    };
    assert_eq!(ask().await, "2026-02-01T00:00:00.000000Z");
    assert_eq!(seen().await, None, "she registered today");
    world.sleep_until("2026-03-20T10:00:00Z").await;
    assert_eq!(ask().await, "2026-04-20T00:00:00.000000Z");
    // It is noted besides the request.
    while seen().await.is_none() {}
    assert_eq!(seen().await.as_deref(), Some("2026-03-20T10:00:00+00:00"));
    world.sleep_until("2026-03-20T23:00:00Z").await;
    ask().await;
    assert_eq!(seen().await.as_deref(), Some("2026-03-20T10:00:00+00:00"));
    world.sleep_until("2026-03-21T00:00:00Z").await;
    assert_eq!(ask().await, "2026-04-21T00:00:00.000000Z");
    while seen().await.as_deref() != Some("2026-03-21T00:00:00+00:00") {}
}

#[tokio::test]
async fn m_11_perks_are_policy() {
    let mut world = World::new().await;
    let ada = world.freelancer("ada").await;
    world
        .with_policy(|policy| {
            use connects::entity::enums::{MembershipPlan::Basic, Perk::ProfileUrl};
            policy.plans.get_mut(&Basic).unwrap().perks = Some(vec![ProfileUrl]);
            policy.profiles.hide_after_days = 5;
        })
        .await;
    assert_eq!(said(&world.set_profile(&ada, json!({ "slug": "ada" })).await), "");
    assert_eq!(world.at_slug("ada").await, "ada");
    assert_eq!(said(&world.set_profile(&ada, json!({ "hidesEarnings": true })).await), "PLAN_REQUIRED");
    assert_eq!(world.profile(&ada).await["hiddenFrom"], "2026-01-07T00:00:00.000000Z");
}

#[tokio::test]
async fn m_11_a_perk_of_basic_that_plus_lacks_is_basics_alone() {
    let mut world = World::new().await;
    let (ada, bob) = (world.freelancer("ada").await, world.freelancer("bob").await);
    world.give_months(&bob, 3, "g").await;
    world
        .with_policy(|policy| {
            use connects::entity::enums::{MembershipPlan, Perk};
            policy.plans.get_mut(&MembershipPlan::Basic).unwrap().perks =
                Some(vec![Perk::StaysVisible, Perk::ProfileUrl]);
            policy.plans.get_mut(&MembershipPlan::Plus).unwrap().perks = Some(Vec::new());
        })
        .await;
    assert_eq!(said(&world.set_profile(&ada, json!({ "slug": "ada" })).await), "");
    assert_eq!(said(&world.set_profile(&bob, json!({ "slug": "bob" })).await), "PLAN_REQUIRED");
    world.advance("2026-02-15T00:00:00Z").await;
    assert_eq!(world.found(json!({})).await, ["ada"]);
    assert_eq!(world.at_slug("ada").await, "ada");
    world.give_months(&ada, 1, "g2").await;
    assert_eq!(world.at_slug("ada").await, Value::Null);
}

#[tokio::test]
async fn m_11_a_dry_run_of_a_profile_changes_nothing_and_a_retry_is_answered_as_before() {
    let world = World::new().await;
    let (ada, admin) = (world.freelancer("ada").await, world.admin().await);
    world.give_months(&ada, 1, "g").await;
    let before = world.profile(&ada).await;
    let ask = |key: &str, dry: bool| json!({ "slug": "ada", "idempotencyKey": key, "dryRun": dry });
    let rehearsed = world.set_profile(&ada, ask("k", true)).await;
    assert_eq!(rehearsed["profile"]["slug"], "ada", "{rehearsed}");
    assert_eq!(world.profile(&ada).await, before);
    assert_eq!(world.set_profile(&ada, ask("k", false)).await, rehearsed);
    assert_eq!(said(&world.set_profile(&ada, json!({ "slug": null })).await), "");
    assert_eq!(said(&world.set_profile(&ada, ask("k", false)).await), "", "it is done already");
    assert_eq!(world.profile(&ada).await["slug"], Value::Null, "and not done again");
    let other = json!({ "slug": "other", "idempotencyKey": "k" });
    assert_eq!(said(&world.set_profile(&ada, other).await), "IDEMPOTENCY_KEY_REUSED");
    world.suspend(&admin, &ada).await;
    assert_eq!(said(&world.set_profile(&ada, json!({ "hidesEarnings": false })).await), "ACCOUNT_SUSPENDED");
    let visitor = world.ask(None, SET, json!({ "input": { "hidesEarnings": true } })).await;
    assert_eq!(visitor["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}

#[tokio::test]
async fn m_11_freelancers_are_listed_page_by_page() {
    let world = World::new().await;
    for name in ["f1", "f2", "f3"] {
        world.freelancer(name).await;
    }
    let page = "query($a: String) { freelancers(first: 2, after: $a) { nodes { name } pageInfo { hasNextPage endCursor } } }";
    let first = world.data(None, page, json!({})).await["freelancers"].clone();
    assert_eq!(first["nodes"], json!([{ "name": "f3" }, { "name": "f2" }]));
    let rest = json!({ "a": first["pageInfo"]["endCursor"] });
    let second = world.data(None, page, rest).await["freelancers"].clone();
    assert_eq!(
        (&second["nodes"], &second["pageInfo"]["hasNextPage"]),
        (&json!([{ "name": "f1" }]), &json!(false))
    );
    let nowhere = world.ask(None, FOUND, json!({ "c": "Britain" })).await;
    assert_eq!(nowhere["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}
