//! Buying Connects: quotes, taxes, payments (B-1 to B-3, B-6).

use connects::entity::{enums::HistoryKind, purchase};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::{
    direct_offers::freelancer,
    support::{Person, World, code},
};

const QUOTE: &str =
    "query($q: Int!) { viewer { connectsQuote(quantity: $q) { quantity listPrice { amount } net { amount }
    tax { amount } total { amount } appliedTax { name percent isReverseCharge } expiresAt } } }";
const BUY: &str = "mutation($input: BuyConnectsInput!) { buyConnects(input: $input) {
    purchase { id state quantity net { amount } tax { amount } total { amount } appliedTax { percent } region taxId
        lots { source quantity remaining expiresAt } payment { state purchase { id } } }
    payment { state provider } wallet { available } cashAccount { balance { amount } } replayed
    userErrors { code field message ... on InsufficientCash { required { amount } available { amount } } } } }";
const DETAILS: &str =
    "mutation($r: String!, $t: String!) { setBillingDetails(input: { region: $r, taxId: $t }) {
    billingDetails { country region taxId } userErrors { code field } } }";
const PURCHASES: &str =
    "{ viewer { arePurchasesFrozen purchases { nodes { state endedAt lots { quantity } } } } }";

impl World {
    /// Moves a person to another country.
    async fn moves_to(&self, person: &mut Person, country: &str) {
        let id = person.viewer.id().0.simple();
        let of =
            if self.backend() == sea_orm::DbBackend::Sqlite { format!("x'{id}'") } else { format!("'{id}'") };
        self.sql(&format!("UPDATE accounts SET country = '{country}' WHERE id = {of}")).await.unwrap();
        person.viewer.0.country = country.into();
    }

    /// A freelancer in Britain.
    pub async fn briton(&self, name: &str) -> Person {
        let mut person = self.freelancer(name).await;
        self.moves_to(&mut person, "GB").await;
        person
    }

    pub async fn quote(&self, person: &Person, quantity: i32) -> Value {
        let shown = self.data(Some(person), QUOTE, json!({ "q": quantity })).await;
        shown["viewer"]["connectsQuote"].clone()
    }

    pub async fn buy(&self, person: &Person, input: Value) -> Value {
        self.data(Some(person), BUY, json!({ "input": input })).await["buyConnects"].clone()
    }

    /// Buys so many Connects for what they cost now, by a payment method with this token.
    pub async fn buy_by(&self, person: &Person, quantity: i32, token: &str) -> Value {
        let card = self.method(person, token).await;
        let total = self.quote(person, quantity).await["total"].clone();
        let input = json!({ "quantity": quantity, "expectedTotal": total, "paymentMethodId": card,
            "idempotencyKey": format!("{token}/{quantity}") });
        self.buy(person, input).await
    }

    /// Pays so many dollars to a freelancer, who gets nine tenths of them.
    pub async fn earn(&self, person: &Person, client: &Person, dollars: &str) {
        let input = json!({ "freelancerId": freelancer(person), "title": dollars, "category": "DESIGN",
            "milestones": [{ "title": "All", "amount": { "amount": dollars } }] });
        let offer = self.direct(client, input).await["offer"]["id"].clone();
        let milestone = self.accept(person, &offer).await["contract"]["milestones"]["nodes"][0]["id"].clone();
        let pay = "mutation($m: ID!, $w: ID!, $k: String!) {
            fundMilestone(input: { milestoneId: $m, paymentMethodId: $w, idempotencyKey: $k }) { userErrors { code } }
            releaseMilestone(input: { milestoneId: $m, idempotencyKey: $k }) { userErrors { code } } }";
        let asked = json!({ "m": milestone, "k": dollars, "w": self.method(client, "tok_visa").await });
        let paid = self.data(Some(client), pay, asked).await;
        assert_eq!(paid["releaseMilestone"]["userErrors"], json!([]), "{paid}");
    }

    pub async fn purchases(&self, person: &Person) -> Value {
        self.data(Some(person), PURCHASES, json!({})).await["viewer"].clone()
    }
}

#[tokio::test]
async fn b_3_connects_that_are_paid_are_a_lot_for_a_year_and_cost_what_was_quoted() {
    let world = World::new().await;
    let ada = world.briton("ada").await;
    let quote = world.quote(&ada, 80).await;
    assert_eq!((&quote["total"]["amount"], &quote["appliedTax"]["name"]), (&json!("14.40"), &json!("VAT")));
    let bought = world.buy_by(&ada, 80, "tok_visa").await;
    assert_eq!(bought["userErrors"], json!([]), "{bought}");
    let purchase = &bought["purchase"];
    assert_eq!((&purchase["state"], &purchase["total"]), (&json!("PAID"), &quote["total"]));
    assert_eq!(
        purchase["lots"],
        json!([{ "source": "PURCHASE", "quantity": 80, "remaining": 80, "expiresAt": quote["expiresAt"] }])
    );
    assert_eq!(purchase["payment"]["purchase"]["id"], purchase["id"]);
    assert_eq!(bought["wallet"]["available"], 130);
    assert!(world.notified(&ada).await.contains(&"CONNECTS_BOUGHT".to_owned()));
    let again = world.buy_by(&ada, 80, "tok_visa").await;
    assert_eq!((&again["replayed"], &again["purchase"]["id"]), (&json!(true), &purchase["id"]));
    assert_eq!(world.count_entries(HistoryKind::Purchase).await, 1);
    let (ben, staff) = (world.freelancer("ben").await, world.staff().await);
    let node = "query($id: ID!) { node(id: $id) { id } }";
    for (asker, seen) in [(&ada, true), (&ben, false), (&staff, true)] {
        let shown = world.data(Some(asker), node, json!({ "id": purchase["id"] })).await;
        assert_eq!(!shown["node"].is_null(), seen);
    }
    let all = "{ admin { purchases(state: PAID) { nodes { id } } } }";
    assert_eq!(
        world.data(Some(&staff), all, json!({})).await["admin"]["purchases"]["nodes"][0]["id"],
        purchase["id"]
    );
    world.verify().await;
}

#[actix_web::test]
async fn b_2_a_receipt_says_what_was_bought_and_the_tax_on_it_to_those_who_may_see_it() {
    use actix_web::test as web;
    let world = World::new().await;
    let (ada, ben) = (world.briton("ada").await, world.freelancer("ben").await);
    let paid = world.buy_by(&ada, 80, "tok_visa").await["purchase"]["id"].as_str().unwrap().to_owned();
    let failed = world.buy_by(&ada, 10, "tok_declined").await["purchase"]["id"].as_str().unwrap().to_owned();
    let service = crate::http::service!(world);
    let get = async |person: &Person, id: &str, form: &str| {
        let bearer = format!("Bearer {}", person.token(&world));
        let request = web::TestRequest::get().uri(&format!("/purchases/{id}/receipt.{form}"));
        let request = request.insert_header(("authorization", bearer)).to_request();
        let response = web::call_service(&service, request).await;
        let status = response.status().as_u16();
        (status, String::from_utf8(web::read_body(response).await.to_vec()).unwrap())
    };
    let (status, receipt) = get(&ada, &paid, "json").await;
    let receipt: Value = serde_json::from_str(&receipt).unwrap();
    assert_eq!(
        (status, &receipt["total"], &receipt["buyer"]["country"]),
        (200, &json!("14.40"), &json!("GB"))
    );
    assert_eq!(
        receipt["tax"],
        json!({ "name": "VAT", "percent": "20", "amount": "2.40", "reverseCharge": false })
    );
    let (status, page) = get(&ada, &paid, "html").await;
    assert_eq!(status, 200);
    for words in ["80 Connects", "VAT, 20%", "2.40 USD", "14.40 USD"] {
        assert!(page.contains(words), "{words} in {page}");
    }
    assert_eq!([get(&ben, &paid, "json").await.0, get(&ada, &failed, "html").await.0], [404, 404]);
}

#[tokio::test]
async fn b_2_tax_is_of_the_buyers_region_and_not_charged_to_companies_under_reverse_charge() {
    let world = World::new().await;
    let mut ada = world.freelancer("ada").await;
    world.moves_to(&mut ada, "US").await;
    assert_eq!(world.quote(&ada, 10).await["appliedTax"], Value::Null);
    let set =
        world.data(Some(&ada), DETAILS, json!({ "r": "US-CT", "t": "" })).await["setBillingDetails"].clone();
    assert_eq!(set["billingDetails"], json!({ "country": "US", "region": "CT", "taxId": null }), "{set}");
    let quote = world.quote(&ada, 10).await;
    assert_eq!(
        (
            &quote["net"]["amount"],
            &quote["tax"]["amount"],
            &quote["total"]["amount"],
            &quote["appliedTax"]["percent"]
        ),
        (&json!("1.50"), &json!("0.10"), &json!("1.60"), &json!("6.35"))
    );
    let bought = world.buy_by(&ada, 10, "tok_visa").await;
    assert_eq!(
        (&bought["purchase"]["tax"]["amount"], &bought["purchase"]["region"]),
        (&json!("0.10"), &json!("CT"))
    );
    world.moves_to(&mut ada, "DE").await;
    world.data(Some(&ada), DETAILS, json!({ "r": "", "t": "de 123.456.789" })).await;
    let quote = world.quote(&ada, 100).await;
    assert_eq!(
        (&quote["tax"]["amount"], &quote["appliedTax"]["isReverseCharge"]),
        (&json!("0.00"), &json!(true))
    );
    let bought = world.buy_by(&ada, 100, "tok_visa").await;
    assert_eq!(
        (&bought["purchase"]["taxId"], &bought["purchase"]["appliedTax"]["percent"]),
        (&json!("DE123456789"), &json!("0"))
    );
    for (asked, field) in
        [(json!({ "r": "Bavaria", "t": "" }), "region"), (json!({ "r": "", "t": "1" }), "taxId")]
    {
        let refused = world.data(Some(&ada), DETAILS, asked).await["setBillingDetails"].clone();
        assert_eq!(
            (code(&refused), &refused["userErrors"][0]["field"]),
            ("INVALID_INPUT", &json!(["input", field]))
        );
    }
    world.verify().await;
}

#[tokio::test]
async fn b_3_nothing_is_issued_before_the_payment_is_known_to_be_paid() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    for (token, later) in
        [("tok_lost_after", "PAID"), ("tok_lost_before", "PAID"), ("tok_declined", "FAILED")]
    {
        let before = world.available(&ada).await;
        let bought = world.buy_by(&ada, 20, token).await;
        let now = if token == "tok_declined" { "FAILED" } else { "PENDING" };
        assert_eq!(
            (&bought["purchase"]["state"], &bought["purchase"]["lots"]),
            (&json!(now), &json!([])),
            "{token}"
        );
        assert_eq!(world.available(&ada).await, before);
        world.verify().await;
        let clock = world.db().now().await.unwrap() + chrono::TimeDelta::hours(2);
        world.advance(&clock.to_rfc3339()).await;
        let gained = if later == "PAID" { 20 } else { 0 };
        assert_eq!(world.purchases(&ada).await["purchases"]["nodes"][0]["state"], later, "{token}");
        assert_eq!(world.available(&ada).await, before + gained, "{token}");
    }
    assert!(world.notified(&ada).await.contains(&"PURCHASE_FAILED".to_owned()));
    world.verify().await;
}

#[tokio::test]
async fn m_7_a_person_who_says_nothing_pays_from_cash_if_it_has_all_and_otherwise_by_the_primary_method() {
    let world = World::new().await;
    let (ada, clara) = (world.briton("ada").await, world.client("clara").await);
    let asked = |key: &str, total: &str| json!({ "quantity": 100, "expectedTotal": { "amount": total }, "idempotencyKey": key });
    let none = world.buy(&ada, asked("a", "18.00")).await;
    assert_eq!(code(&none), "NO_PAYMENT_METHOD", "{none}");
    world.method(&ada, "tok_visa").await;
    world.earn(&ada, &clara, "19.99").await;
    let by_card = world.buy(&ada, asked("b", "18.00")).await;
    assert_eq!(
        (&by_card["payment"]["provider"], &by_card["cashAccount"]["balance"]["amount"]),
        (&json!("SANDBOX"), &json!("17.99"))
    );
    world.earn(&ada, &clara, "5.00").await;
    let from_cash = world.buy(&ada, asked("c", "18.00")).await;
    assert_eq!(
        (&from_cash["payment"]["provider"], &from_cash["purchase"]["state"]),
        (&json!("CASH_ACCOUNT"), &json!("PAID"))
    );
    assert_eq!(
        (&from_cash["cashAccount"]["balance"]["amount"], &from_cash["wallet"]["available"]),
        (&json!("4.49"), &json!(250))
    );
    let mut forced = asked("d", "18.00");
    forced["fromCash"] = json!(true);
    let forced = world.buy(&ada, forced).await;
    assert_eq!(
        (code(&forced), &forced["userErrors"][0]["required"]["amount"]),
        ("INSUFFICIENT_CASH", &json!("18.00"))
    );
    world.verify().await;
}

#[tokio::test]
async fn b_1_what_cannot_be_bought_is_refused_and_leaves_nothing() {
    let world = World::new().await;
    let (ada, clara) = (world.briton("ada").await, world.client("clara").await);
    let card = world.method(&ada, "tok_visa").await;
    let asked = |quantity: i32, total: &str| json!({ "quantity": quantity, "expectedTotal": { "amount": total }, "paymentMethodId": card, "idempotencyKey": "k" });
    for (quantity, total, refusal, field) in [
        (9, "1.62", "INVALID_INPUT", "quantity"),
        (10_001, "1800.18", "INVALID_INPUT", "quantity"),
        (10, "1.79", "PRICE_CHANGED", "expectedTotal"),
        (10, "1.8x", "INVALID_INPUT", "expectedTotal"),
    ] {
        let refused = world.buy(&ada, asked(quantity, total)).await;
        let told = (code(&refused), &refused["userErrors"][0]["field"]);
        assert_eq!(told, (refusal, &json!(["input", field])), "{refused}");
    }
    let hers = world.method(&clara, "tok_visa").await;
    let mut input = asked(10, "1.80");
    input["paymentMethodId"] = hers;
    assert_eq!(code(&world.buy(&clara, input).await), "NOT_A_FREELANCER");
    let mut rehearsed = asked(10, "1.80");
    rehearsed["dryRun"] = json!(true);
    let rehearsed = world.buy(&ada, rehearsed).await;
    assert_eq!(
        (&rehearsed["userErrors"], &rehearsed["purchase"]["state"]),
        (&json!([]), &json!("PENDING")),
        "{rehearsed}"
    );
    assert!(purchase::Entity::find().one(world.db().read()).await.unwrap().is_none());
    let quote = world.ask(Some(&ada), QUOTE, json!({ "q": 9 })).await;
    assert_eq!(quote["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{quote}");
    let beside =
        "{ viewer { name a: connectsQuote(quantity: 9) { bonus } b: connectsQuote(quantity: 10) { bonus }
        upgradePreview(plan: BASIC) { paid } } }";
    let quoted = world.ask(Some(&ada), beside, json!({})).await;
    assert_eq!(
        (&quoted["data"]["viewer"], quoted["errors"].as_array().map(Vec::len)),
        (&json!({ "name": "ada", "a": null, "b": { "bonus": 0 }, "upgradePreview": null }), Some(2)),
        "what is refused is null alone: {quoted}"
    );
    let bundles = "{ viewer { connectsBundles { quantity total { amount } } } }";
    let bundles = world.data(Some(&ada), bundles, json!({})).await["viewer"]["connectsBundles"].clone();
    assert_eq!(
        (bundles.as_array().unwrap().len(), &bundles[9]),
        (10, &json!({ "quantity": 300, "total": { "amount": "54.00" } }))
    );
    world.verify().await;
}
