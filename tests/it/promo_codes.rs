//! Promo codes: what they give, how often, and who tries them out (B-5, B-6).

use connects::entity::enums::HistoryKind;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Person, World};

const CREATE: &str = "mutation($input: CreatePromoCodesInput!) { createPromoCodes(input: $input) {
    promoCodes { id code kind connects percent amount { amount } uses maxUses } userErrors { code field message } } }";
const END: &str =
    "mutation($id: ID!, $at: DateTime) { endPromoCode(input: { promoCodeId: $id, endsAt: $at }) {
    promoCode { endsAt } userErrors { code field } } }";
const REDEEM: &str = "mutation($code: String!, $key: String!) { redeemPromoCode(input: { promoCode: $code, idempotencyKey: $key }) {
    promoRedemption { state code kind connects lots { source quantity remaining expiresAt } } wallet { available }
    userErrors { code field } } }";
const QUOTE: &str = "query($q: Int!, $code: String) { viewer { connectsQuote(quantity: $q, promoCode: $code) {
    listPrice { amount } discount { amount } net { amount } tax { amount } total { amount currencyCode } bonus } } }";
const BUY: &str = "mutation($input: BuyConnectsInput!) { buyConnects(input: $input) {
    purchase { id state quantity discount { amount } total { amount } promoCode bonus lots { source quantity } }
    payment { state } wallet { available } userErrors { code field } } }";
const USES: &str = "query($code: String) { admin { promoCodes(code: $code) { nodes { uses redemptions { nodes { state account { name } } } } } } }";

/// The code of the refusal in a payload; empty if it was done.
fn said(payload: &Value) -> &str {
    payload["userErrors"][0]["code"].as_str().unwrap_or_default()
}

impl World {
    async fn codes(&self, input: Value) -> Value {
        let staff = self.staff().await;
        let mut input = input;
        input["idempotencyKey"] = json!(input.to_string());
        self.data(Some(&staff), CREATE, json!({ "input": input })).await["createPromoCodes"].clone()
    }

    /// A code of this name; returns its id.
    pub async fn promo(&self, input: Value) -> Value {
        let made = self.codes(input).await;
        assert_eq!(made["userErrors"], json!([]), "{made}");
        made["promoCodes"][0]["id"].clone()
    }

    pub async fn redeem(&self, person: &Person, code: &str, key: &str) -> Value {
        let asked = json!({ "code": code, "key": key });
        self.data(Some(person), REDEEM, asked).await["redeemPromoCode"].clone()
    }

    /// The quote, or the code of its refusal.
    async fn quote_with(&self, person: &Person, quantity: i32, code: &str) -> Value {
        let answer = self.ask(Some(person), QUOTE, json!({ "q": quantity, "code": code })).await;
        match answer["errors"].get(0) {
            Some(error) => error["extensions"]["userErrorCode"].clone(),
            None => answer["data"]["viewer"]["connectsQuote"].clone(),
        }
    }

    /// Buys with a code, for what the quote says, by a payment method with this token.
    async fn buy_with(&self, person: &Person, (quantity, code): (i32, &str), token: &str) -> Value {
        let quote = self.quote_with(person, quantity, code).await;
        let total = if quote.is_object() { quote["total"].clone() } else { json!({ "amount": "1.50" }) };
        let mut input = json!({ "quantity": quantity, "promoCode": code, "expectedTotal": total,
            "idempotencyKey": format!("{quantity}/{code}/{token}") });
        if !token.is_empty() {
            input["paymentMethodId"] = self.method(person, token).await;
        }
        self.data(Some(person), BUY, json!({ "input": input })).await["buyConnects"].clone()
    }

    async fn uses(&self, code: &str) -> Value {
        let staff = self.staff().await;
        self.data(Some(&staff), USES, json!({ "code": code })).await["admin"]["promoCodes"]["nodes"][0]
            .clone()
    }
}

#[tokio::test]
async fn b_5_a_quote_with_a_code_equals_what_is_then_bought() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.promo(json!({ "code": "Half-Price", "kind": "PERCENT_OFF", "percent": "50" })).await;
    world.promo(json!({ "code": "MORE", "kind": "BONUS_CONNECTS", "connects": 25 })).await;
    world.promo(json!({ "code": "TEN-OFF", "kind": "AMOUNT_OFF", "amount": { "amount": "10" } })).await;
    let quote = world.quote_with(&ada, 80, "half-price ").await;
    assert_eq!(
        (&quote["listPrice"]["amount"], &quote["discount"]["amount"]),
        (&json!("12.00"), &json!("6.00"))
    );
    let bought = world.buy_with(&ada, (80, "half-price"), "tok_visa").await;
    assert_eq!(bought["userErrors"], json!([]), "{bought}");
    assert_eq!(
        (&bought["purchase"]["total"]["amount"], &bought["wallet"]["available"]),
        (&json!("6.00"), &json!(130))
    );
    assert_eq!(
        (&bought["purchase"]["promoCode"], &bought["purchase"]["bonus"]),
        (&json!("HALF-PRICE"), &json!(0))
    );
    assert_eq!(world.uses("HALF-PRICE").await["redemptions"]["nodes"][0]["state"], "USED");
    let more = world.buy_with(&ada, (10, "more"), "tok_visa").await;
    assert_eq!(more["wallet"]["available"], 165);
    let lots = json!([{ "source": "PURCHASE", "quantity": 10 }, { "source": "PROMO", "quantity": 25 }]);
    assert_eq!((&more["purchase"]["bonus"], &more["purchase"]["lots"]), (&json!(25), &lots));
    assert_eq!(world.quote_with(&ada, 10, "MORE").await, "PROMO_CODE_ALREADY_USED");
    let capped = world.quote_with(&ada, 10, "ten-off").await;
    assert_eq!((&capped["discount"]["amount"], &capped["total"]["amount"]), (&json!("1.50"), &json!("0.00")));
    world.verify().await;
}

#[tokio::test]
async fn b_6_an_order_of_nothing_needs_no_payment() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.promo(json!({ "code": "ON-US", "kind": "PERCENT_OFF", "percent": "100" })).await;
    let bought = world.buy_with(&ada, (20, "ON-US"), "").await;
    assert_eq!(bought["userErrors"], json!([]), "{bought}");
    assert_eq!((&bought["payment"], &bought["purchase"]["state"]), (&Value::Null, &json!("PAID")));
    assert_eq!(bought["wallet"]["available"], 70);
    world.verify().await;
}

#[tokio::test]
async fn b_5_a_code_is_kept_while_a_payment_is_under_way_and_released_when_it_fails() {
    let world = World::new().await;
    let (ada, ben) = (world.freelancer("ada").await, world.freelancer("ben").await);
    world.promo(json!({ "code": "ONCE", "kind": "BONUS_CONNECTS", "connects": 5, "maxUses": 1 })).await;
    let waits = world.buy_with(&ada, (10, "ONCE"), "tok_lost_after").await;
    assert_eq!(
        (&waits["payment"]["state"], &world.uses("ONCE").await["redemptions"]["nodes"][0]["state"]),
        (&json!("UNKNOWN"), &json!("RESERVED"))
    );
    assert_eq!(world.quote_with(&ben, 10, "ONCE").await, "PROMO_CODE_USED_UP");
    assert_eq!(world.quote_with(&ada, 10, "ONCE").await, "PROMO_CODE_ALREADY_USED");
    world.advance("2026-01-01T01:00:00Z").await;
    assert_eq!(world.available(&ada).await, 65, "paid after all: ten and five more");
    assert_eq!(world.uses("ONCE").await["redemptions"]["nodes"][0]["state"], "USED");
    world.promo(json!({ "code": "AGAIN", "kind": "BONUS_CONNECTS", "connects": 5, "maxUses": 1 })).await;
    let failed = world.buy_with(&ada, (10, "AGAIN"), "tok_declined").await;
    assert_eq!(
        (&failed["purchase"]["state"], &world.uses("AGAIN").await["redemptions"]["nodes"][0]["state"]),
        (&json!("FAILED"), &json!("RELEASED"))
    );
    assert_eq!(world.uses("AGAIN").await["uses"], 0);
    let paid = world.buy_with(&ada, (10, "AGAIN"), "tok_visa").await;
    assert_eq!((&paid["purchase"]["state"], world.available(&ada).await), (&json!("PAID"), 80));
    world.verify().await;
}

#[tokio::test]
async fn b_4_a_charge_back_takes_what_the_code_added_too_and_the_code_stays_used() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.promo(json!({ "code": "MORE", "kind": "BONUS_CONNECTS", "connects": 30 })).await;
    world.buy_with(&ada, (10, "MORE"), "tok_charged_back").await;
    assert_eq!(world.available(&ada).await, 90);
    world.advance("2026-01-12T00:10:00Z").await;
    assert_eq!(world.available(&ada).await, 50);
    assert_eq!(world.uses("MORE").await["uses"], 1);
    world.verify().await;
}

#[tokio::test]
async fn b_5_free_connects_are_a_lot_of_their_own_once_per_account() {
    let world = World::new().await;
    let (ada, ben) = (world.freelancer("ada").await, world.freelancer("ben").await);
    world.promo(json!({ "code": "WELCOME", "kind": "FREE_CONNECTS", "connects": 15, "maxUses": 2 })).await;
    let got = world.redeem(&ada, "Welcome", "r").await;
    assert_eq!((&got["userErrors"], &got["wallet"]["available"]), (&json!([]), &json!(65)), "{got}");
    assert_eq!(
        got["promoRedemption"]["lots"],
        json!([{ "source": "PROMO", "quantity": 15, "remaining": 15, "expiresAt": "2027-01-01T00:00:00.000000Z" }])
    );
    assert_eq!(said(&world.redeem(&ada, "WELCOME", "s").await), "PROMO_CODE_ALREADY_USED");
    assert_eq!(said(&world.redeem(&ada, "Welcome", "r").await), "", "a retry is answered as before");
    assert_eq!(world.quote_with(&ben, 10, "WELCOME").await, "PROMO_CODE_NOT_APPLICABLE");
    assert_eq!(said(&world.redeem(&ben, "WELCOME", "r").await), "");
    let cara = world.freelancer("cara").await;
    assert_eq!(said(&world.redeem(&cara, "WELCOME", "r").await), "PROMO_CODE_USED_UP");
    let clara = world.client("clara").await;
    assert_eq!(said(&world.redeem(&clara, "WELCOME", "r").await), "NOT_A_FREELANCER");
    assert_eq!(world.count_entries(HistoryKind::Promo).await, 2);
    world.verify().await;
}

#[tokio::test]
async fn b_5_of_many_who_redeem_a_code_at_once_as_many_get_it_as_may() {
    let world = World::new().await;
    let mut people = Vec::new();
    for n in 0..250 {
        people.push(world.freelancer(&format!("f{n}")).await);
    }
    for (name, most) in [("ONLY-ONE", 1), ("ONLY-HUNDRED", 100)] {
        world.promo(json!({ "code": name, "kind": "FREE_CONNECTS", "connects": 1, "maxUses": most })).await;
        // A thousand requests, all from one network.
        let world = &world;
        let tries = people
            .iter()
            .flat_map(|person| ["a", "b", "c", "d"].map(|key| (person, format!("{name}-{key}"))));
        let tries: Vec<_> = tries.collect();
        let asked = tries
            .iter()
            .map(|(person, key)| world.ask(Some(person), REDEEM, json!({ "code": name, "key": key })));
        let mut told = std::collections::BTreeMap::<_, usize>::new();
        for ((person, key), answer) in tries.iter().zip(join_all(asked).await) {
            // On a slow machine, some wait for their turn in vain: nothing has happened, and they come again.
            let is_busy = answer["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE";
            let again = if is_busy { world.redeem(person, name, key).await } else { Value::Null };
            let payload = if is_busy { &again } else { &answer["data"]["redeemPromoCode"] };
            assert!(payload.is_object(), "{answer}");
            *told.entry(said(payload).to_owned()).or_default() += 1;
        }
        assert_eq!(told.get(""), Some(&most), "{name}: {told:?}");
        assert_eq!(world.uses(name).await["uses"], most);
    }
    assert_eq!(world.count_entries(HistoryKind::Promo).await, 101);
    world.verify().await;
}

#[tokio::test]
async fn b_5_wrong_codes_are_limited_and_right_ones_are_not() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.promo(json!({ "code": "RIGHT", "kind": "BONUS_CONNECTS", "connects": 5 })).await;
    for n in 0..10 {
        assert!(world.quote_with(&ada, 10, "RIGHT").await.is_object());
        let wrong = format!("WRONG-{n}");
        let refused = if n % 2 == 0 {
            world.quote_with(&ada, 10, &wrong).await
        } else {
            json!(said(&world.redeem(&ada, &wrong, "k").await))
        };
        assert_eq!(refused, "PROMO_CODE_UNKNOWN", "{n}");
    }
    assert_eq!(world.quote_with(&ada, 10, "WRONG").await, "THROTTLED");
    assert_eq!(world.quote_with(&ada, 10, "RIGHT").await, "THROTTLED");
    assert_eq!(said(&world.buy_with(&ada, (10, "RIGHT"), "tok_visa").await), "THROTTLED");
    assert_eq!(world.quote(&ada, 10).await["total"]["amount"], "1.50", "and without a code as before");
    let ben = world.freelancer("ben").await;
    assert!(world.quote_with(&ben, 10, "RIGHT").await.is_object());
}

#[tokio::test]
async fn b_5_wrong_codes_are_limited_for_a_network_too() {
    let world = World::new().await;
    world.promo(json!({ "code": "RIGHT", "kind": "BONUS_CONNECTS", "connects": 5 })).await;
    for n in 0..12 {
        let person = world.freelancer(&format!("f{n}")).await;
        for guess in 0..9 {
            let left = n * 9 + guess < 100;
            let refused = world.quote_with(&person, 10, &format!("WRONG-{guess}")).await;
            assert_eq!(refused, if left { "PROMO_CODE_UNKNOWN" } else { "THROTTLED" }, "{n} {guess}");
        }
    }
    // Right or wrong, a code leaves no trace then from which anyone could tell.
    let ada = world.freelancer("ada").await;
    for code in ["RIGHT"; 12].iter().chain(&["WRONG"; 12]) {
        assert_eq!(world.quote_with(&ada, 10, code).await, "THROTTLED");
    }
    let tries = "DELETE FROM attempts WHERE kind = 'PROMO_CODE' AND times = '[]'";
    let all = "DELETE FROM attempts WHERE kind = 'PROMO_CODE'";
    assert_eq!((world.sql(tries).await.is_ok(), world.sql(all).await.unwrap()), (true, 12), "none of hers");
}

#[tokio::test]
async fn b_5_guesses_count_however_they_are_combined() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.promo(json!({ "code": "GUESS-24", "kind": "BONUS_CONNECTS", "connects": 5 })).await;
    let quotes =
        (0..25).map(|n| format!("q{n}: connectsQuote(quantity: 10, promoCode: \"GUESS-{n}\") {{ bonus }}"));
    let all = format!("{{ viewer {{ {} }} }}", quotes.collect::<Vec<_>>().join(" "));
    let answer = world.ask(Some(&ada), &all, json!({})).await;
    assert_eq!(world.quote_with(&ada, 10, "GUESS-24").await, "THROTTLED", "{answer}");
}

#[tokio::test]
async fn b_5_admins_make_codes_and_end_them() {
    let world = World::new().await;
    let (ada, staff) = (world.freelancer("ada").await, world.staff().await);
    let many = world
        .codes(json!({ "code": "fair", "count": 100, "kind": "FREE_CONNECTS", "connects": 3, "maxUses": 1 }))
        .await;
    let codes = many["promoCodes"].as_array().unwrap();
    assert_eq!(codes.len(), 100, "{many}");
    let of_one = codes[99]["code"].as_str().unwrap();
    assert!(of_one.starts_with("FAIR-") && of_one.len() == 17, "{of_one}");
    assert_eq!(said(&world.redeem(&ada, of_one, "k").await), "");
    let id = world.promo(json!({ "code": "SHORT", "kind": "FREE_CONNECTS", "connects": 3 })).await;
    assert_eq!(
        said(
            &world.codes(json!({ "code": "short", "kind": "AMOUNT_OFF", "amount": { "amount": "1" } })).await
        ),
        "PROMO_CODE_TAKEN"
    );
    let end = async |at: Value| {
        world.data(Some(&staff), END, json!({ "id": id, "at": at })).await["endPromoCode"].clone()
    };
    assert_eq!(said(&end(json!("2025-12-31T00:00:00Z")).await), "INVALID_INPUT");
    assert_eq!(
        end(json!("2026-02-01T00:00:00Z")).await["promoCode"]["endsAt"],
        "2026-02-01T00:00:00.000000Z"
    );
    assert_eq!(said(&end(json!("2026-02-02T00:00:00Z")).await), "INVALID_INPUT", "a code is not made longer");
    assert_eq!(said(&end(Value::Null).await), "");
    assert_eq!(said(&end(Value::Null).await), "PROMO_CODE_EXPIRED");
    assert_eq!(said(&world.redeem(&ada, "SHORT", "s").await), "PROMO_CODE_EXPIRED");
    for bad in [
        json!({ "code": "abc", "kind": "FREE_CONNECTS", "connects": 3 }),
        json!({ "code": "FINE", "kind": "FREE_CONNECTS" }),
        json!({ "code": "FINE", "kind": "PERCENT_OFF", "percent": "100.01" }),
        json!({ "code": "FINE", "kind": "PERCENT_OFF", "percent": "-1" }),
        json!({ "code": "FINE", "kind": "AMOUNT_OFF", "amount": { "amount": "1" }, "connects": 1 }),
        json!({ "code": "FINE", "kind": "FREE_CONNECTS", "connects": 3, "perAccount": 0 }),
        json!({ "code": "FINE", "kind": "FREE_CONNECTS", "connects": 3, "countries": ["Britain"] }),
        json!({ "code": "FINE", "kind": "FREE_CONNECTS", "connects": 3, "countries": ["UK"] }),
        json!({ "code": "FINE", "kind": "FREE_CONNECTS", "connects": 3, "minimumPurchase": { "amount": "5" } }),
        json!({ "code": "FINE", "kind": "FREE_CONNECTS", "connects": 3, "endsAt": "2025-01-01T00:00:00Z" }),
        json!({ "count": 101, "kind": "FREE_CONNECTS", "connects": 3 }),
    ] {
        assert_eq!(said(&world.codes(bad.clone()).await), "INVALID_INPUT", "{bad}");
    }
    let refused = world
        .data(
            Some(&ada),
            CREATE,
            json!({ "input": { "code": "MINE", "kind": "FREE_CONNECTS",
        "connects": 3, "idempotencyKey": "k" } }),
        )
        .await;
    assert_eq!(said(&refused["createPromoCodes"]), "NOT_ALLOWED");
    let seen = world
        .data(Some(&ada), "{ viewer { promoRedemptions { nodes { code kind connects } } } }", json!({}))
        .await;
    assert_eq!(seen["viewer"]["promoRedemptions"]["nodes"].as_array().unwrap().len(), 1);
    world.verify().await;
}
