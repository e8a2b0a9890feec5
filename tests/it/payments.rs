//! What people pay with (M-7).

use connects::{
    entity::enums::PaymentProvider,
    error::{Code, Error},
    payments::add_method,
    providers::payments::Method,
};
use serde_json::{Value, json};

use crate::support::{Person, World, code};

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
        let method = Method { token: format!("tok_{n}"), label: "Visa".into() };
        let kept = (PaymentProvider::Sandbox, &method);
        world.db().write(async |txn| add_method(txn, &clara.viewer, kept).await).await
    };
    for n in 0..20 {
        assert!(add(n).await.is_ok(), "{n}");
    }
    assert!(matches!(add(20).await, Err(Error::Rejected(no)) if no.code == Code::TooManyPaymentMethods));
    assert!(add(7).await.is_ok(), "one that is there is not another");
}
