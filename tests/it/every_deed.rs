//! What every change of offers, contracts and payments keeps to: a dry run answers as the real one and changes nothing, a
//! retry is answered from what was done, and nobody does it to what is not theirs.

use connects::{cash::Holder, entity::enums::PaymentProvider};
use serde_json::{Value, json};

use crate::{
    direct_offers::freelancer,
    support::{Person, World, code},
};

/// A marketplace in which Ada works, Clara pays, and Eve, who does both, has no part.
pub struct Market {
    pub world: World,
    pub ada: Person,
    pub clara: Person,
    pub eve: Person,
}

impl Market {
    pub async fn new() -> Self {
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
    pub async fn does(&self, who: &Person, deed: &str, shown: &str, input: Value) -> Value {
        self.does_as(who, deed, deed, shown, input).await
    }

    /// The same under another key.
    pub async fn does_as(&self, who: &Person, deed: &str, key: &str, shown: &str, input: Value) -> Value {
        let with = |more: Value| {
            let mut all = input.clone();
            all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            all
        };
        let keyed = with(json!({ "idempotencyKey": key }));
        let visited = self.world.ask(None, &document(deed, shown), json!({ "input": keyed })).await;
        assert_eq!(visited["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{deed}");
        if let Some(refusal) = refusal_of(deed) {
            let tried = self.ask(Some(&self.eve), deed, shown, &keyed).await;
            assert_eq!(code(&tried), refusal, "{deed}");
        }
        let dry = with(json!({ "dryRun": true, "idempotencyKey": key }));
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
    pub async fn contract(&self, parts: usize) -> (Value, Vec<Value>) {
        let part = json!({ "title": "Part", "amount": { "amount": "50.00" } });
        let input = json!({ "freelancerId": freelancer(&self.ada), "title": "Poster", "category": "DESIGN",
            "milestones": vec![part; parts] });
        let offer = self.world.direct(&self.clara, input).await["offer"]["id"].clone();
        let contract = self.world.accept(&self.ada, &offer).await["contract"].clone();
        let parts = contract["milestones"]["nodes"].as_array().unwrap();
        (contract["id"].clone(), parts.iter().map(|part| part["id"].clone()).collect())
    }

    pub async fn fund(&self, milestone: &Value) {
        let card = self.world.method(&self.clara, "tok_visa").await;
        let input = json!({ "milestoneId": milestone, "paymentMethodId": card, "idempotencyKey": "fund" });
        let done = self.ask(Some(&self.clara), "fundMilestone", "payment { state }", &input).await;
        assert_eq!(done["payment"]["state"], "PAID", "{done}");
    }
}

/// How somebody without a part in it is refused; absent if anyone may do it for themselves.
fn refusal_of(deed: &str) -> Option<&'static str> {
    match deed {
        "addPaymentMethod" | "sendDirectOffer" | "publishProject" | "orderProject" => None,
        "applyAsAffiliate" | "setPayoutPreference" => None,
        "createAffiliateLink" => Some("NOT_AN_AFFILIATE"),
        "requestWithdrawal" => Some("NO_PAYOUT_METHOD"),
        "decideDispute"
        | "decideAffiliate"
        | "decideAffiliateFlag"
        | "publishAffiliateCreative"
        | "reviseAffiliateCreative"
        | "retireAffiliateCreative"
        | "approvePayoutPlan"
        | "applyPayoutPlan" => Some("NOT_ALLOWED"),
        _ => Some("NOT_FOUND"),
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
    let shown = "project { id title state version price { amount } }";
    let published = json!({ "content": content("50.00") });
    let project = market.does(&market.ada, "publishProject", shown, published).await["project"]["id"].clone();
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

#[tokio::test]
async fn o_2_each_move_of_money_is_rehearsed_retried_and_only_for_its_people() {
    let market = Market::new().await;
    let (ada, clara, admin) = (&market.ada, &market.clara, market.world.admin().await);
    let (_, proposal) = market.world.proposed(ada, clara, "Poster").await;
    let part = json!({ "title": "All", "amount": { "amount": "50.00" } });
    let offered = json!({ "proposalId": proposal, "milestones": [part] });
    let offer = "offer { id title state total { amount } category proposal { id state } }";
    market.does(clara, "sendOffer", offer, offered).await;
    let (_, parts) = market.contract(3).await;
    let card = market.world.method(clara, "tok_visa").await;
    // In a dry run of a card's payment nobody is asked, so what it comes to is not known.
    let paid =
        "milestone { id title } payment { amount { amount } provider } cashAccount { balance { amount } }";
    for part in &parts {
        let input = json!({ "milestoneId": part, "paymentMethodId": card, "idempotencyKey": part });
        market.ask(Some(clara), "fundMilestone", paid, &input).await;
    }
    let released =
        "milestone { id state released { amount } fee { amount } contract { id released { amount } } }";
    market.does(clara, "releaseMilestone", released, json!({ "milestoneId": parts[0] })).await;
    let refunded = "milestone { id state refunded { amount } contract { id inEscrow { amount } } } refund { amount { amount } }
        cashAccount { balance { amount } }";
    let input = json!({ "milestoneId": parts[1], "reason": "It did not work out." });
    market.does(ada, "refundMilestone", refunded, input).await;
    let opened = json!({ "milestoneId": parts[2], "reason": "Half is missing." });
    let shown = "dispute { id state openedBy deciderName decision refund { amount } milestone { id state } }";
    let dispute = market.does(clara, "openDispute", shown, opened).await["dispute"].clone();
    assert_eq!((&dispute["openedBy"], &dispute["deciderName"]), (&json!("CLIENT"), &json!(null)));
    let input =
        json!({ "disputeId": dispute["id"], "refund": { "amount": "20.00" }, "reason": "Half is there." });
    let decided = market.does(&admin, "decideDispute", shown, input).await["dispute"].clone();
    assert_eq!(decided["deciderName"], "admin", "{decided}");
    market.world.verify().await;
}

#[tokio::test]
async fn p_3_paying_from_cash_is_rehearsed_retried_and_only_for_the_client() {
    let market = Market::new().await;
    let (ada, clara) = (&market.ada, &market.clara);
    let (_, parts) = market.contract(2).await;
    market
        .world
        .move_cash(Holder::Clearing(PaymentProvider::Sandbox), Holder::Person(clara.viewer.id()), 12_000)
        .await;
    let paid = "milestone { id state contract { id inEscrow { amount } } } payment { id state provider amount { amount } }
        cashAccount { balance { amount } }";
    market.does(clara, "fundMilestone", paid, json!({ "milestoneId": parts[0], "fromCash": true })).await;
    let content = json!({ "title": "Logo", "description": "Three drafts.", "category": "DESIGN",
        "price": { "amount": "60.00" } });
    let project = json!({ "content": content, "idempotencyKey": "p" });
    let project =
        market.ask(Some(ada), "publishProject", "project { id }", &project).await["project"]["id"].clone();
    let ordered =
        "milestone { id state title } payment { id state provider } cashAccount { balance { amount } }";
    let input = json!({ "projectId": project, "expectedPrice": { "amount": "60.00" }, "fromCash": true });
    let shown = market.does(clara, "orderProject", ordered, input).await;
    assert_eq!(shown["cashAccount"]["balance"]["amount"], "10.00");
    let admin = market.world.admin().await;
    market.world.suspend(&admin, clara).await;
    let input = json!({ "milestoneId": parts[1], "fromCash": true, "idempotencyKey": "late" });
    assert_eq!(code(&market.ask(Some(clara), "fundMilestone", paid, &input).await), "ACCOUNT_SUSPENDED");
}

#[tokio::test]
async fn o_2_malformed_words_and_amounts_are_refused_with_their_field() {
    let market = Market::new().await;
    let (ada, clara) = (&market.ada, &market.clara);
    let (_, parts) = market.contract(1).await;
    market.fund(&parts[0]).await;
    let input = json!({ "freelancerId": freelancer(ada), "title": "Flyer", "category": "DESIGN",
        "milestones": [{ "title": "All", "amount": { "amount": "50.00" } }] });
    let offer = market.world.direct(clara, input).await["offer"]["id"].clone();
    let content = json!({ "title": "Logo", "description": "Three drafts.", "category": "DESIGN",
        "price": { "amount": "60.00" } });
    let published =
        market.ask(Some(ada), "publishProject", "project { id }", &json!({ "content": content })).await;
    let mut cheap = content.clone();
    cheap["price"] = json!({ "amount": "4.99" });
    let long = "x".repeat(2_001);
    for (who, deed, input, field) in [
        (clara, "openDispute", json!({ "milestoneId": parts[0], "reason": "" }), vec!["reason"]),
        (clara, "openDispute", json!({ "milestoneId": parts[0], "reason": long }), vec!["reason"]),
        (ada, "declineOffer", json!({ "offerId": offer, "reason": long }), vec!["reason"]),
        (clara, "withdrawOffer", json!({ "offerId": offer, "reason": long }), vec!["reason"]),
        (
            ada,
            "updateProject",
            json!({ "projectId": published["project"]["id"], "version": 1, "content": cheap }),
            vec!["content", "price"],
        ),
        (
            ada,
            "refundMilestone",
            json!({ "milestoneId": parts[0], "reason": long, "idempotencyKey": "r" }),
            vec!["reason"],
        ),
    ] {
        let shown = "userErrors { field }";
        let refused = market.ask(Some(who), deed, shown, &input).await;
        let path: Vec<_> = ["input"].into_iter().chain(field).collect();
        assert_eq!(
            (code(&refused), &refused["userErrors"][0]["field"]),
            ("INVALID_INPUT", &json!(path)),
            "{deed}"
        );
    }
}
