//! Nobody tries out other people's cards (B-3).

use connects::{
    config::Limit,
    entity::{enums::PaymentState, payment},
};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use crate::{
    contracts::Hired,
    direct_offers::freelancer,
    support::{Person, World, code},
};

const ADD: &str = "mutation($t: String!) { addPaymentMethod(input: { token: $t }) {
    paymentMethod { id } userErrors { code ... on Throttled { retryAfterSeconds } } } }";
const FUND: &str =
    "mutation($m: ID!, $w: ID!, $k: String!) { fundMilestone(input: { milestoneId: $m, paymentMethodId: $w,
    idempotencyKey: $k }) { payment { state } userErrors { code } } }";

#[tokio::test]
async fn b_3_after_ten_payments_that_failed_a_person_waits_until_the_first_is_a_day_old() {
    let hired = Hired::new().await;
    let (broke, good) = (
        hired.world.method(&hired.clara, "tok_declined").await,
        hired.world.method(&hired.clara, "tok_visa").await,
    );
    assert_eq!(hired.fund(1, &good, "g").await["payment"]["state"], "PAID", "what is paid does not count");
    for n in 0..10 {
        assert_eq!(hired.fund(0, &broke, &format!("k{n}")).await["payment"]["state"], "FAILED", "{n}");
    }
    for method in [&broke, &good] {
        assert_eq!(code(&hired.fund(0, method, "x").await), "THROTTLED");
    }
    assert_eq!(hired.fund(0, &broke, "k9").await["replayed"], true, "a retry is no attempt");
    hired.world.sleep_until("2026-01-01T23:59:59Z").await;
    assert_eq!(code(&hired.fund(0, &good, "x").await), "THROTTLED");
    hired.world.sleep_until("2026-01-02T00:00:00Z").await;
    assert_eq!(hired.fund(0, &good, "x").await["payment"]["state"], "PAID");
    hired.world.verify().await;
}

/// The payments of a person that are not paid.
async fn unpaid(world: &World) -> u64 {
    let rows = payment::Entity::find().filter(payment::Column::State.ne(PaymentState::Paid));
    rows.count(world.db().read()).await.unwrap()
}

#[tokio::test]
async fn b_3_of_many_payments_that_begin_at_once_ten_may_fail() {
    let hired = Hired::new().await;
    let (world, clara) = (&hired.world, &hired.clara);
    let parts: Vec<_> =
        (0..32).map(|n| json!({ "title": format!("Part {n}"), "amount": { "amount": "5.00" } })).collect();
    let mut milestones: Vec<Value> = Vec::new();
    for part in parts.chunks(16) {
        let input = json!({ "freelancerId": freelancer(&hired.ada), "title": "Cards", "category": "DESIGN",
            "milestones": part });
        let offer = world.direct(clara, input).await["offer"]["id"].clone();
        let nodes = world.accept(&hired.ada, &offer).await["contract"]["milestones"]["nodes"].clone();
        milestones.extend(nodes.as_array().unwrap().iter().map(|node| node["id"].clone()));
    }
    let broke = world.method(clara, "tok_declined").await;
    let tries = milestones.iter().map(async |milestone| {
        let asked = json!({ "m": milestone, "w": broke, "k": milestone });
        let done = world.data(Some(clara), FUND, asked).await["fundMilestone"].clone();
        usize::from(done["userErrors"][0]["code"] == "THROTTLED")
    });
    let refused: usize = join_all(tries).await.into_iter().sum();
    assert_eq!((milestones.len() - refused, unpaid(world).await), (10, 10));
}

async fn add(world: &World, person: &Person, token: &str) -> Value {
    world.data(Some(person), ADD, json!({ "t": token })).await["addPaymentMethod"].clone()
}

#[tokio::test]
async fn b_3_a_retry_of_adding_a_method_is_answered_without_asking_the_provider() {
    let world = World::new().await;
    let clara = world.client("clara").await;
    let keyed = "mutation($t: String!) { addPaymentMethod(input: { token: $t, idempotencyKey: \"a\" }) {
        paymentMethod { id } replayed userErrors { code } } }";
    let ask = async |token: &str| {
        world.data(Some(&clara), keyed, json!({ "t": token })).await["addPaymentMethod"].clone()
    };
    let added = ask("tok_visa").await;
    for n in 0..9 {
        add(&world, &clara, &format!("stolen_{n}")).await;
    }
    assert_eq!(code(&add(&world, &clara, "tok_visa").await), "THROTTLED");
    let again = ask("tok_visa").await;
    assert_eq!(
        (&again["replayed"], &again["paymentMethod"]),
        (&json!(true), &added["paymentMethod"]),
        "{again}"
    );
    assert_eq!(code(&ask("tok_declined").await), "IDEMPOTENCY_KEY_REUSED");
    let admin = world.admin().await;
    world.suspend(&admin, &clara).await;
    assert_eq!(code(&add(&world, &clara, "tok_visa").await), "ACCOUNT_SUSPENDED", "before anybody is asked");
}

#[tokio::test]
async fn b_3_a_person_tries_ten_payment_methods_a_day_whatever_comes_of_it() {
    let world = World::with(|settings| {
        settings.payments.limits.methods_per_address = Limit { times: 13, minutes: 60 };
    })
    .await;
    let (ada, clara, eve) =
        (world.freelancer("ada").await, world.client("clara").await, world.client("eve").await);
    for n in 0..10 {
        assert_eq!(code(&add(&world, &clara, &format!("stolen_{n}")).await), "PAYMENT_METHOD_INVALID");
    }
    let refused = add(&world, &clara, "tok_visa").await;
    assert_eq!(code(&refused), "THROTTLED", "{refused}");
    assert_eq!(add(&world, &eve, "tok_visa").await["userErrors"], json!([]));
    assert_eq!(add(&world, &ada, "tok_visa").await["userErrors"], json!([]));
    assert_eq!(code(&add(&world, &eve, "tok_visa").await), "THROTTLED", "thirteen from one address");
}
