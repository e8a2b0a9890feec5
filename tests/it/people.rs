//! Registration: the account, the wallet, the first cycle and the welcome gift.

use connects::error::{Code, Error};
use serde_json::json;

use crate::support::{World, id, registration};

#[tokio::test]
async fn m_4_the_first_grant_and_the_welcome_gift_come_at_once() {
    let world = World::new().await;
    world.advance("2026-01-21T10:30:00Z").await;
    let ada = world.freelancer("ada").await;
    let at = "2026-01-21T10:30:00Z".to_owned();
    let expected = [("SIGNUP".to_owned(), 40, 40, at.clone()), ("MONTHLY_FREE".to_owned(), 10, 50, at)];
    assert_eq!(world.history(&ada).await, expected);
    world.verify().await;
}

#[tokio::test]
async fn r_1_the_welcome_gift_comes_once_per_person() {
    let world = World::new().await;
    world.freelancer("ada").await;
    let tagged = world.freelancer("ada+again").await;
    assert_eq!(world.available(&tagged).await, 10, "the free part only");
    let again = world.try_register(&registration("ADA", true, false, false)).await;
    assert!(matches!(again, Err(Error::Rejected(no)) if no.code == Code::EmailTaken));
    world.verify().await;
}

#[tokio::test]
async fn p_2_each_freelancer_has_one_wallet_and_a_client_none() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let query = "{ viewer { wallets { nodes { available held } } } }";
    let wallets = world.data(Some(&ada), query, json!({})).await;
    assert_eq!(wallets["viewer"]["wallets"]["nodes"], json!([{ "available": 50, "held": 0 }]));
    let wallets = world.data(Some(&clara), query, json!({})).await;
    assert_eq!(wallets["viewer"]["wallets"]["nodes"], json!([]));
}

#[tokio::test]
async fn p_1_a_client_becomes_a_freelancer_too_and_the_other_way_round() {
    let world = World::new().await;
    let clara = world.client("clara").await;
    world.advance("2026-01-15T09:00:00Z").await;
    let add = "mutation($p: Profile!) { addProfile(input: { profile: $p }) {
               account { wallet { available billingCycle { startsOn } } } userErrors { code } } }";
    for _ in 0..2 {
        let added = world.data(Some(&clara), add, json!({ "p": "FREELANCER" })).await["addProfile"].clone();
        let wallet = json!({ "available": 50, "billingCycle": { "startsOn": "2026-01-15" } });
        assert_eq!(added, json!({ "account": { "wallet": wallet }, "userErrors": [] }));
    }
    let (ada, admin) = (world.freelancer("ada").await, world.admin().await);
    let added = world.data(Some(&ada), add, json!({ "p": "CLIENT" })).await;
    assert_eq!(added["addProfile"]["userErrors"], json!([]));
    let row = connects::accounts::store::find_account(world.db().read(), ada.viewer.id()).await.unwrap();
    assert!(row.unwrap().is_client);
    world.suspend(&admin, &ada).await;
    let refused = world.data(Some(&ada), add, json!({ "p": "CLIENT" })).await;
    assert_eq!(refused["addProfile"]["userErrors"][0]["code"], "ACCOUNT_SUSPENDED");
    world.verify().await;
}

#[tokio::test]
async fn p_5_a_refused_registration_leaves_nothing_behind() {
    let world = World::new().await;
    let mut who = registration("kim", true, false, false);
    who.country = "KP".into();
    assert!(world.try_register(&who).await.is_err());
    who.country = "US".into();
    world.try_register(&who).await.expect("the address is free");
}

#[tokio::test]
async fn m_2_the_cycle_is_shown_as_two_dates_and_m_5_the_next_grant_with_its_conditions() {
    let world = World::new().await;
    world.advance("2026-06-21T09:00:00Z").await;
    let ada = world.freelancer("ada").await;
    let query = "{ viewer { wallets { nodes { plan billingCycle { startsOn endsOn }
                 nextGrant { on quantity free paid plan condition } } } } }";
    let wallet = &world.data(Some(&ada), query, json!({})).await["viewer"]["wallets"]["nodes"][0];
    assert_eq!(wallet["billingCycle"], json!({ "startsOn": "2026-06-21", "endsOn": "2026-07-20" }));
    assert_eq!(wallet["nextGrant"]["on"], "2026-07-21");
    assert_eq!(wallet["nextGrant"]["quantity"], 10);
    assert!(wallet["nextGrant"]["condition"].as_str().unwrap().contains("M-9"));
}

#[tokio::test]
async fn p_4_suspending_needs_an_admin_and_can_be_lifted() {
    let world = World::new().await;
    let (ada, admin) = (world.freelancer("ada").await, world.admin().await);
    let suspend = "mutation($input: SuspendAccountInput!) { suspendAccount(input: $input) {
                   account { suspendedSince } replayed userErrors { code } } }";
    let input = json!({ "input": { "accountId": id("Account", ada.viewer.id()), "reason": "spam", "idempotencyKey": "k" } });
    let refused = world.data(Some(&ada), suspend, input.clone()).await;
    assert_eq!(refused["suspendAccount"]["userErrors"][0]["code"], "NOT_ALLOWED");
    let done = world.data(Some(&admin), suspend, input.clone()).await;
    assert_eq!(done["suspendAccount"]["account"]["suspendedSince"], "2026-01-01T00:00:00.000000Z");
    let again = world.data(Some(&admin), suspend, input).await;
    assert_eq!(again["suspendAccount"]["replayed"], true);
    let lift = "mutation($input: ReinstateAccountInput!) { reinstateAccount(input: $input) {
                account { suspendedSince } userErrors { code } } }";
    let input = json!({ "input": { "accountId": id("Account", ada.viewer.id()) } });
    let lifted = world.data(Some(&admin), lift, input.clone()).await;
    assert_eq!(lifted["reinstateAccount"]["account"]["suspendedSince"], json!(null));
    let twice = world.data(Some(&admin), lift, input).await;
    assert_eq!(twice["reinstateAccount"]["userErrors"][0]["code"], "NOT_SUSPENDED");
}

#[tokio::test]
async fn p_4_a_stored_answer_is_given_again_only_to_those_who_may_still_have_it() {
    let world = World::new().await;
    let (ada, admin) = (world.freelancer("ada").await, world.admin().await);
    let suspend = "mutation($input: SuspendAccountInput!) { suspendAccount(input: $input) {
                   account { email } userErrors { code } } }";
    let input = json!({ "input": { "accountId": id("Account", ada.viewer.id()), "reason": "spam", "idempotencyKey": "k" } });
    world.data(Some(&admin), suspend, input.clone()).await;
    let mut former = admin.clone();
    former.viewer.0.is_admin = false;
    let refused = world.data(Some(&former), suspend, input).await["suspendAccount"].clone();
    assert_eq!(refused, json!({ "account": null, "userErrors": [{ "code": "NOT_ALLOWED" }] }));
}
