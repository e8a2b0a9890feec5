//! Each change of affiliates and payouts is rehearsed, retried and only for its people, as in `every_deed`.

use serde_json::json;

use crate::{commissions::Brought, every_deed::Market, payouts::bank, support::id};

#[tokio::test]
async fn f_1_each_change_of_an_affiliate_is_rehearsed_retried_and_only_for_its_people() {
    let market = Market::new().await;
    let (clara, admin) = (&market.clara, market.world.staff().await);
    let applied = json!({ "website": "https://clara.example", "promotion": "A blog.", "termsVersion": 1 });
    market.does(clara, "applyAsAffiliate", "affiliate { id state website }", applied).await;
    let affiliate = id("Affiliate", clara.viewer.id());
    for (decision, state) in [
        ("APPROVE", "APPROVED"),
        ("SUSPEND", "SUSPENDED"),
        ("REINSTATE", "APPROVED"),
        ("TERMINATE", "TERMINATED"),
    ] {
        if decision == "TERMINATE" {
            let link = json!({ "label": "Blog", "target": "DEEP_LINK", "path": "/jobs/1" });
            let shown = "affiliateLink { id label target targetPath retiredAt }";
            let made = market.does(clara, "createAffiliateLink", "affiliateLink { id label }", link).await;
            let retired = json!({ "affiliateLinkId": made["affiliateLink"]["id"] });
            market.does(clara, "retireAffiliateLink", shown, retired).await;
        }
        let decided = json!({ "affiliateId": affiliate, "decision": decision, "reason": "A test." });
        // A key is used once.
        let done = market
            .does_as(&admin, "decideAffiliate", decision, "affiliate { id state reason }", decided)
            .await;
        assert_eq!(done["affiliate"]["state"], state);
    }
    market.world.verify().await;
}

#[actix_web::test]
async fn f_8_each_decision_on_a_flag_is_rehearsed_retried_and_only_for_admins() {
    let brought = crate::flags::suspicious().await;
    let admin = brought.world.staff().await;
    let flags = brought.world.flags("OPEN").await;
    let Brought { world, ann, ada, clara } = brought;
    let market = Market { world, ada, clara, eve: ann };
    let decided =
        json!({ "affiliateFlagId": flags[0]["id"], "decision": "CLEAR", "reason": "I asked them." });
    market.does(&admin, "decideAffiliateFlag", "affiliateFlag { id state reason }", decided).await;
    market.world.verify().await;
}

#[tokio::test]
async fn o_4_each_change_of_a_withdrawal_is_rehearsed_retried_and_only_for_its_people() {
    let market = Market::new().await;
    let ada = &market.ada;
    let (_, parts) = market.contract(1).await;
    market.fund(&parts[0]).await;
    let released = json!({ "milestoneId": parts[0] });
    market.does(&market.clara, "releaseMilestone", "milestone { id state }", released).await;
    market.world.set_payout_method(ada, bank("Ada Byron")).await;
    let threshold = json!({ "schedule": "THRESHOLD", "threshold": { "amount": "250000.00" } });
    let shown = "payoutPreference { schedule threshold { amount } }";
    market.does(ada, "setPayoutPreference", shown, threshold).await;
    let shown = "payout { id state failure amount { amount } } cashAccount { balance { amount } }";
    let asked = json!({ "amount": { "amount": "20.00" } });
    let made = market.does(ada, "requestWithdrawal", shown, asked).await;
    assert_eq!(made["cashAccount"]["balance"]["amount"], "25.00");
    market.does(ada, "cancelWithdrawal", shown, json!({ "payoutId": made["payout"]["id"] })).await;
    market.world.verify().await;
}

#[actix_web::test]
async fn w_1_each_decision_on_a_plan_is_rehearsed_retried_and_only_for_admins() {
    let brought = Brought::new().await;
    brought.world.set_payout_method(&brought.ann, bank("Ann Lee")).await;
    let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
    brought.fund(&parts[0]).await;
    brought.release(&parts[0]).await;
    brought.world.advance("2026-03-16T01:00:00Z").await;
    let admin = brought.world.staff().await;
    let digest = brought.world.plan("COMMISSIONS").await["digest"].clone();
    let Brought { world, ann, ada, clara } = brought;
    let market = Market { world, ada, clara, eve: ann };
    let plan = json!({ "purpose": "COMMISSIONS", "digest": digest });
    let shown = "payoutPlan { digest total { amount } approvals { admin { name } } }";
    market.does(&admin, "approvePayoutPlan", shown, plan.clone()).await;
    market.does(&admin, "applyPayoutPlan", "payoutCount total { amount }", plan).await;
    market.world.verify().await;
}

#[tokio::test]
async fn f_7_thresholds_have_bounds_and_only_thresholds_have_amounts() {
    let market = Market::new().await;
    for input in [
        json!({ "schedule": "THRESHOLD" }),
        json!({ "schedule": "THRESHOLD", "threshold": { "amount": "9.99" } }),
        json!({ "schedule": "THRESHOLD", "threshold": { "amount": "250000.01" } }),
        json!({ "schedule": "FIRST", "threshold": { "amount": "50.00" } }),
    ] {
        let query = "mutation($input: SetPayoutPreferenceInput!) { setPayoutPreference(input: $input) {
            userErrors { code field } } }";
        let refused = market.world.data(Some(&market.ada), query, json!({ "input": input })).await;
        let expected = json!([{ "code": "INVALID_INPUT", "field": ["input", "threshold"] }]);
        assert_eq!(refused["setPayoutPreference"]["userErrors"], expected, "{input}");
    }
}
