//! What every change of offers, contracts and payments keeps to: a dry run answers as the real one and changes nothing, a
//! retry is answered from what was done, and nobody does it to what is not theirs.

use serde_json::{Value, json};

use crate::{
    direct_offers::freelancer,
    support::{Person, World, code},
};

/// A marketplace in which Ada works, Clara pays, and Eve, who does both, has no part.
struct Market {
    world: World,
    ada: Person,
    clara: Person,
    eve: Person,
}

impl Market {
    async fn new() -> Self {
        let world = World::new().await;
        let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
        let eve = world.freelancer("eve").await;
        let add = "mutation { addProfile(input: { profile: CLIENT }) { userErrors { code } } }";
        world.data(Some(&eve), add, json!({})).await;
        Self { world, ada, clara, eve }
    }

    async fn ask(&self, who: Option<&Person>, deed: &str, shown: &str, input: &Value) -> Value {
        self.world.data(who, &document(deed, shown), json!({ "input": input })).await[deed].clone()
    }

    /// Does something: refused to a visitor and to Eve, rehearsed twice, done, and asked for again. Returns what was done.
    async fn does(&self, who: &Person, deed: &str, shown: &str, input: Value) -> Value {
        let with = |more: Value| {
            let mut all = input.clone();
            all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            all
        };
        let keyed = with(json!({ "idempotencyKey": deed }));
        let visited = self.world.ask(None, &document(deed, shown), json!({ "input": keyed })).await;
        assert_eq!(visited["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{deed}");
        // Anyone may add a card of their own, and offer a job.
        if !["addPaymentMethod", "sendDirectOffer"].contains(&deed) {
            let tried = self.ask(Some(&self.eve), deed, shown, &keyed).await;
            assert_eq!(code(&tried), "NOT_FOUND", "{deed}");
        }
        let dry = with(json!({ "dryRun": true, "idempotencyKey": deed }));
        let rehearsed = self.ask(Some(who), deed, shown, &dry).await;
        assert_eq!(rehearsed["userErrors"], json!([]), "{deed}");
        let again = self.ask(Some(who), deed, shown, &dry).await;
        assert_eq!(nameless(&again), nameless(&rehearsed), "a dry run of {deed} changes nothing");
        let done = self.ask(Some(who), deed, shown, &keyed).await;
        assert_eq!(nameless(&done), nameless(&rehearsed), "a dry run of {deed} answers as the real one");
        let mut replayed = self.ask(Some(who), deed, shown, &keyed).await;
        assert_eq!(replayed["replayed"], true, "{deed}");
        replayed["replayed"] = json!(false);
        assert_eq!(replayed, done, "a retry of {deed}");
        done
    }

    /// A contract of so many milestones of 50.00, of which the first is funded; its id, and those of its milestones.
    async fn contract(&self, parts: usize) -> (Value, Vec<Value>) {
        let part = json!({ "title": "Part", "amount": { "amount": "50.00" } });
        let input = json!({ "freelancerId": freelancer(&self.ada), "title": "Poster", "category": "DESIGN",
            "milestones": vec![part; parts] });
        let offer = self.world.direct(&self.clara, input).await["offer"]["id"].clone();
        let contract = self.world.accept(&self.ada, &offer).await["contract"].clone();
        let parts = contract["milestones"]["nodes"].as_array().unwrap();
        (contract["id"].clone(), parts.iter().map(|part| part["id"].clone()).collect())
    }

    async fn fund(&self, milestone: &Value) {
        let card = self.world.method(&self.clara, "tok_visa").await;
        let input = json!({ "milestoneId": milestone, "paymentMethodId": card, "idempotencyKey": "fund" });
        let done = self.ask(Some(&self.clara), "fundMilestone", "payment { state }", &input).await;
        assert_eq!(done["payment"]["state"], "PAID", "{done}");
    }
}

fn document(deed: &str, shown: &str) -> String {
    let (first, rest) = deed.split_at(1);
    let kind = format!("{}{rest}Input", first.to_uppercase());
    format!(
        "mutation($input: {kind}!) {{ {deed}(input: $input) {{ {shown} replayed userErrors {{ code }} }} }}"
    )
}

/// The same without the ids of what is new, which a dry run makes up.
pub fn nameless(answer: &Value) -> Value {
    match answer {
        Value::Object(fields) => {
            let named = |(name, value): (&String, &Value)| {
                let value = if name == "id" && value.is_string() { json!("id") } else { nameless(value) };
                (name.clone(), value)
            };
            Value::Object(fields.iter().map(named).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(nameless).collect()),
        other => other.clone(),
    }
}

#[tokio::test]
async fn o_1_each_change_of_an_offer_is_rehearsed_retried_and_only_for_its_people() {
    let market = Market::new().await;
    let (ada, clara) = (&market.ada, &market.clara);
    let shown = "offer { id title state endedReason total { amount } milestones { title } }";
    let part = json!({ "title": "All", "amount": { "amount": "50.00" } });
    let input = |title: &str| json!({ "freelancerId": freelancer(ada), "title": title, "category": "DESIGN", "milestones": [part] });
    let sent = market.does(clara, "sendDirectOffer", shown, input("Poster")).await["offer"]["id"].clone();
    market.does(ada, "declineOffer", shown, json!({ "offerId": sent, "reason": "No time." })).await;
    let sent = market.world.direct(clara, input("Flyer")).await["offer"]["id"].clone();
    market.does(clara, "withdrawOffer", shown, json!({ "offerId": sent })).await;
    let sent = market.world.direct(clara, input("Card")).await["offer"]["id"].clone();
    let accepted = "contract { id title state milestones(first: 5) { nodes { id title state } } }";
    let contract = market.does(ada, "acceptOffer", accepted, json!({ "offerId": sent })).await;
    let ended = json!({ "contractId": contract["contract"]["id"] });
    market.does(clara, "endContract", "contract { id state endedAt }", ended).await;
    market.world.verify().await;
}

#[tokio::test]
async fn o_2_each_change_of_a_contracts_money_is_rehearsed_retried_and_only_for_its_people() {
    let market = Market::new().await;
    let (ada, clara) = (&market.ada, &market.clara);
    let (_, parts) = market.contract(2).await;
    market.fund(&parts[0]).await;
    let shown = "dispute { id state reason openerName milestone { id state } }";
    let opened = json!({ "milestoneId": parts[0], "reason": "Half is missing." });
    let dispute = market.does(clara, "openDispute", shown, opened).await["dispute"]["id"].clone();
    assert_eq!(
        code(&market.ask(Some(ada), "withdrawDispute", shown, &json!({ "disputeId": dispute })).await),
        "NOT_FOUND",
        "the other side opened it"
    );
    market.does(clara, "withdrawDispute", shown, json!({ "disputeId": dispute })).await;
    let release = json!({ "milestoneId": parts[0] });
    let released =
        "milestone { id state released { amount } fee { amount } contract { id released { amount } } }";
    let with_key = |mut input: Value, key: &str| {
        input["idempotencyKey"] = json!(key);
        input
    };
    for stranger in [&market.eve, ada] {
        let asked = with_key(release.clone(), "r");
        assert_eq!(
            code(&market.ask(Some(stranger), "releaseMilestone", released, &asked).await),
            "NOT_FOUND"
        );
    }
    let hourly = json!({ "freelancerId": freelancer(ada), "title": "Hours", "category": "DESIGN",
        "hourlyRate": { "amount": "40.00" } });
    let offer = market.world.direct(clara, hourly).await["offer"]["id"].clone();
    let contract = market.world.accept(ada, &offer).await["contract"]["id"].clone();
    let invoice = "milestone { id title state minutes amount { amount } }";
    let asked = json!({ "contractId": contract, "title": "Monday", "minutes": 90 });
    let billed = market.does(ada, "submitInvoice", invoice, asked).await["milestone"]["id"].clone();
    market.does(ada, "withdrawInvoice", invoice, json!({ "milestoneId": billed })).await;
    market.world.verify().await;
}

#[tokio::test]
async fn o_3_each_change_of_a_project_is_rehearsed_retried_and_only_for_its_freelancer() {
    let market = Market::new().await;
    let content = |price: &str| {
        json!({ "title": "Logo", "description": "Three drafts.", "category": "DESIGN",
            "price": { "amount": price } })
    };
    let publish =
        "mutation($c: ProjectContent!) { publishProject(input: { content: $c }) { project { id } } }";
    let published = market.world.data(Some(&market.ada), publish, json!({ "c": content("50.00") })).await;
    let project = published["publishProject"]["project"]["id"].clone();
    let shown = "project { id title state version price { amount } }";
    let changed = json!({ "projectId": project, "version": 1, "content": content("60.00") });
    market.does(&market.ada, "updateProject", shown, changed).await;
    market.does(&market.ada, "withdrawProject", shown, json!({ "projectId": project })).await;
}

#[tokio::test]
async fn b_3_each_change_of_a_payment_method_is_rehearsed_retried_and_only_for_its_owner() {
    let market = Market::new().await;
    let shown = "paymentMethod { id label isPrimary removedAt }";
    let added = market.does(&market.clara, "addPaymentMethod", shown, json!({ "token": "tok_visa" })).await;
    let removed = json!({ "paymentMethodId": added["paymentMethod"]["id"] });
    market.does(&market.clara, "removePaymentMethod", shown, removed).await;
}

#[tokio::test]
async fn j_2_closing_a_post_is_rehearsed_retried_and_only_for_its_client() {
    let market = Market::new().await;
    let create = "mutation { createJobPost(input: { publish: true, content: { title: \"Poster\", description: \"Draw.\",
        category: DESIGN, payment: FIXED, hiresWanted: 2 } }) { jobPost { id } userErrors { code } } }";
    let created = market.world.data(Some(&market.clara), create, json!({})).await["createJobPost"].clone();
    let post = created["jobPost"]["id"].clone();
    let input = json!({ "freelancerId": freelancer(&market.ada), "jobPostId": post,
        "milestones": [{ "title": "All", "amount": { "amount": "50.00" } }] });
    let offer = market.world.direct(&market.clara, input).await["offer"]["id"].clone();
    assert_eq!(market.world.accept(&market.ada, &offer).await["userErrors"], json!([]));
    market.does(&market.clara, "closeJobPost", "jobPost { id state }", json!({ "jobPostId": post })).await;
    market.world.verify().await;
}
