//! What people pay with (M-7), and what a provider sends by itself (B-3).

use actix_web::{App, test as web};
use connects::{
    config::payments::Provider,
    entity::{enums::PaymentProvider, payment_method, provider_event},
    error::{Code, Error},
    http::{Shared, routes},
    payments::add_method,
    providers::payments::Method,
};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::{
    contracts::Hired,
    support::{Person, World, code},
};

const ADD: &str = "mutation($t: String!) { addPaymentMethod(input: { token: $t }) {
    paymentMethod { id label isPrimary removedAt } replayed userErrors { code field message } } }";

impl World {
    pub async fn method(&self, person: &Person, token: &str) -> Value {
        let added = self.data(Some(person), ADD, json!({ "t": token })).await["addPaymentMethod"].clone();
        assert_eq!(added["userErrors"], json!([]), "{added}");
        added["paymentMethod"]["id"].clone()
    }
}

#[tokio::test]
async fn m_7_the_first_payment_method_is_the_primary_one_until_it_is_removed() {
    let world = World::new().await;
    let clara = world.client("clara").await;
    let (one, two) = (world.method(&clara, "tok_visa").await, world.method(&clara, "tok_declined").await);
    assert_eq!(world.method(&clara, "tok_visa").await, one, "the same token is the same method");
    let bad =
        world.data(Some(&clara), ADD, json!({ "t": "4242424242424242" })).await["addPaymentMethod"].clone();
    assert_eq!(code(&bad), "PAYMENT_METHOD_INVALID");
    let list = "{ viewer { paymentMethods { nodes { id isPrimary } } } }";
    let primary = async || {
        let nodes =
            world.data(Some(&clara), list, json!({})).await["viewer"]["paymentMethods"]["nodes"].clone();
        nodes
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["id"].clone(), one["isPrimary"] == true))
            .collect::<Vec<_>>()
    };
    assert_eq!(primary().await, [(one.clone(), true), (two.clone(), false)]);
    let remove = "mutation($id: ID!) { removePaymentMethod(input: { paymentMethodId: $id }) {
        paymentMethod { removedAt } userErrors { code } } }";
    let removed = world.data(Some(&clara), remove, json!({ "id": one })).await["removePaymentMethod"].clone();
    assert!(removed["paymentMethod"]["removedAt"].is_string(), "{removed}");
    assert_eq!(primary().await, [(two, true)]);
    let gone = world.data(Some(&clara), remove, json!({ "id": one })).await["removePaymentMethod"].clone();
    assert_eq!(code(&gone), "NOT_FOUND");
}

#[tokio::test]
async fn p_3_a_person_has_twenty_payment_methods_at_most() {
    let world = World::new().await;
    let clara = world.client("clara").await;
    let add = async |n: usize| {
        let method = Method { token: format!("tok_{n}"), label: "Visa".into(), fingerprint: None };
        let kept = (PaymentProvider::Sandbox, &method);
        world.db().write(async |txn| add_method(txn, &world.app.keys, &clara.viewer, kept).await).await
    };
    for n in 0..20 {
        assert!(add(n).await.is_ok(), "{n}");
    }
    assert!(matches!(add(20).await, Err(Error::Rejected(no)) if no.code == Code::TooManyPaymentMethods));
    assert!(add(7).await.is_ok(), "one that is there is not another");
}

/// A body that Stripe could send, and its signature by `secret` at `now`.
fn signed(secret: &str, now: i64, body: &str) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{now}.{body}").as_bytes());
    format!("t={now},v1={}", hex::encode(mac.finalize().into_bytes()))
}

#[actix_web::test]
async fn b_3_an_event_of_stripe_is_taken_once_if_it_is_signed_and_new() {
    let world = World::with(|settings| {
        settings.payments.provider = Provider::Stripe;
        settings.payments.stripe.secret_key = Some("sk_test_x".into());
        settings.payments.stripe.webhook_secret = Some("whsec_x".into());
        // Nobody listens there.
        settings.payments.stripe.base_url = "http://127.0.0.1:1/".into();
    })
    .await;
    let app = web::init_service(App::new().configure(routes(Shared::new(world.app.clone())))).await;
    let now = world.db().wall_now().await.unwrap().timestamp();
    let post = async |signature: String, body: String| {
        let request =
            web::TestRequest::post().uri("/webhooks/stripe").insert_header(("stripe-signature", signature));
        web::call_service(&app, request.set_payload(body).to_request()).await.status().as_u16()
    };
    let event = |id: &str, object: &str| {
        format!(r#"{{"id":"{id}","data":{{"object":{{"object":"{object}","id":"dp_1","metadata":{{}}}}}}}}"#)
    };
    let news = event("evt_1", "customer");
    assert_eq!(post(signed("whsec_guessed", now, &news), news.clone()).await, 400);
    assert_eq!(post(signed("whsec_x", now - 3_600, &news), news.clone()).await, 400);
    assert_eq!(post(String::new(), news.clone()).await, 400);
    assert_eq!(post(signed("whsec_x", now, "x".repeat(300_000).as_str()), "x".repeat(300_000)).await, 413);
    assert_eq!(post(signed("whsec_x", now, &news), news.clone()).await, 200);
    assert_eq!(post(signed("whsec_x", now, &news), news).await, 200);
    let noted = provider_event::Entity::find().all(world.db().read()).await.unwrap();
    assert_eq!(noted.iter().map(|one| one.event_id.as_str()).collect::<Vec<_>>(), ["evt_1"]);
    // Stripe is not there to be asked, so it shall tell again.
    let dispute = event("evt_2", "dispute");
    assert_eq!(post(signed("whsec_x", now, &dispute), dispute).await, 503);
    assert_eq!(provider_event::Entity::find().count(world.db().read()).await.unwrap(), 1);
    let clara = world.client("clara").await;
    let added =
        world.data(Some(&clara), ADD, json!({ "t": "pm_card_visa" })).await["addPaymentMethod"].clone();
    assert_eq!(code(&added), "PAYMENT_PROVIDER_UNAVAILABLE");
    let added = world.data(Some(&clara), ADD, json!({ "t": "tok_visa" })).await["addPaymentMethod"].clone();
    assert_eq!(code(&added), "PAYMENT_METHOD_INVALID", "it is no name of Stripe's");
}

#[actix_web::test]
async fn b_3_a_server_without_stripe_listens_to_nobody() {
    let world = World::new().await;
    let app = web::init_service(App::new().configure(routes(Shared::new(world.app.clone())))).await;
    let request = web::TestRequest::post().uri("/webhooks/stripe").set_payload("{}").to_request();
    assert_eq!(web::call_service(&app, request).await.status().as_u16(), 404);
}

#[tokio::test]
async fn p_6_the_provider_forgets_a_method_once_it_is_removed_and_nothing_is_under_way() {
    let world = World::new().await;
    let clara = world.client("clara").await;
    let method = world.method(&clara, "tok_visa").await;
    let remove =
        "mutation($id: ID!) { removePaymentMethod(input: { paymentMethodId: $id }) { userErrors { code } } }";
    world.data(Some(&clara), remove, json!({ "id": method })).await;
    world.advance("2026-01-01T00:10:00Z").await;
    let row = payment_method::Entity::find().one(world.db().read()).await.unwrap().unwrap();
    assert_eq!((row.token.as_str(), row.forgotten_at.is_some()), ("[forgotten]", true));
    assert_eq!(row.label, "Visa ending in 4242", "payments name it");
}

#[tokio::test]
async fn p_6_the_provider_keeps_a_method_that_was_added_again_before_it_forgot_it() {
    let hired = Hired::new().await;
    let world = &hired.world;
    let method = world.method(&hired.clara, "tok_visa").await;
    let remove =
        "mutation($id: ID!) { removePaymentMethod(input: { paymentMethodId: $id }) { userErrors { code } } }";
    world.data(Some(&hired.clara), remove, json!({ "id": method })).await;
    let again = world.method(&hired.clara, "tok_visa").await;
    assert_ne!(again, method);
    world.advance("2026-01-01T00:10:00Z").await;
    let rows = payment_method::Entity::find().all(world.db().read()).await.unwrap();
    assert!(rows.iter().all(|row| row.forgotten_at.is_none()), "{rows:?}");
    assert_eq!(hired.fund(0, &again, "f").await["payment"]["state"], "PAID");
}

#[tokio::test]
async fn b_3_a_method_that_another_provider_keeps_is_not_charged() {
    let hired = Hired::new().await;
    let card = hired.world.method(&hired.clara, "tok_visa").await;
    hired.world.sql("UPDATE payment_methods SET provider = 'STRIPE'").await.expect("changed");
    let refused = hired.fund(0, &card, "f").await;
    assert_eq!(
        (code(&refused), &refused["userErrors"][0]["field"]),
        ("PAYMENT_METHOD_INVALID", &json!(["input", "paymentMethodId"]))
    );
}
