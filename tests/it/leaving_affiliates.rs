//! Registrations that brought no hire, and affiliates who leave (F-5, P-6).

use connects::{
    commissions,
    entity::{
        commission,
        enums::{CommissionReason, CommissionState},
    },
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::{
    closure::{CLOSE, ERASE, canary},
    commissions::Brought,
    support::{World, code, door::PASSWORD},
};

#[actix_web::test]
async fn f_5_an_attribution_is_closed_only_once_no_hire_can_be_under_way_any_more() {
    let brought = Brought::new().await;
    let sweep = async || brought.world.db().write(async |txn| commissions::sweep(txn).await).await;
    for (instant, closed) in [("2026-01-31T00:09:59Z", 0), ("2026-01-31T00:10:00Z", 1)] {
        brought.world.sleep_until(instant).await;
        assert_eq!(sweep().await.unwrap().closed, closed, "{instant}");
    }
}

#[actix_web::test]
async fn p_6_an_affiliate_who_leaves_gives_up_what_is_too_little_to_be_paid_out() {
    let world = World::new().await;
    let (ann, access) = canary(&world).await;
    world.applied(&ann).await;
    let (_, path) = world.link(&ann).await;
    let cookie = world.click(&path, None).await;
    let clara = world.come("clara", &cookie, json!({ "client": true })).await;
    let ada = world.freelancer("ada").await;
    let brought = Brought { world, ann, ada, clara };
    let parts = brought.hire(&brought.ada, "Poster", &["10.00", "20.00"]).await;
    brought.fund(&parts[0]).await;
    brought.release(&parts[0]).await;
    let world = &brought.world;
    world.advance("2026-03-20T00:00:00Z").await;
    assert_eq!(brought.commissions().await[0]["locked"]["amount"], "7.00");
    world.ask_with(&access, CLOSE, json!({ "input": { "idempotencyKey": "c" } })).await;
    world.sleep_until("2026-03-29T00:00:00Z").await;
    let erase = async |gives_up: bool, dry_run: bool| -> Value {
        let input = json!({ "password": PASSWORD, "giveUpCommissions": gives_up, "dryRun": dry_run });
        world.ask_with(&access, ERASE, json!({ "input": input })).await["eraseAccount"].clone()
    };
    let refused = erase(false, false).await;
    assert_eq!(code(&refused), "MONEY_LEFT");
    let state = async || {
        let row = commission::Entity::find().one(world.db().read()).await.unwrap().unwrap();
        (row.state, row.reason)
    };
    assert_eq!(erase(true, true).await["userErrors"], json!([]));
    assert_eq!(state().await, (CommissionState::Locked, None), "a dry run changes nothing");
    assert_eq!(erase(true, false).await["userErrors"], json!([]));
    assert_eq!(state().await, (CommissionState::OutsideTerms, Some(CommissionReason::GivenUp)));
    world.advance("2026-04-20T00:00:00Z").await;
    world.verify().await;
}
