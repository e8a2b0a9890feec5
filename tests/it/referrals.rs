//! Campaigns in which freelancers refer friends: who is invited, who counts, and what the friend gets (C-1, C-2).

use serde_json::{Value, json};

use crate::{
    subscriptions::said,
    support::{
        Person, World,
        door::{PASSWORD, REGISTER},
        id,
    },
};

const AWARD: &str =
    "mutation($a: ID!, $k: TalentBadgeKind!) { awardTalentBadge(input: { accountId: $a, kind: $k,
    reason: \"Score 95\" }) { talentBadge { id kind endedAt } userErrors { code field } } }";
const END_BADGE: &str =
    "mutation($b: ID!) { endTalentBadge(input: { talentBadgeId: $b, reason: \"Score 80\" }) {
    talentBadge { endedAt } userErrors { code field } } }";
const CREATE: &str = "mutation($input: CreateReferralCampaignInput!) { createReferralCampaign(input: $input) {
    referralCampaign { id name deadline isOpen threshold { amount } reward { amount } budget { amount } reserved { amount }
    giftMonths } userErrors { code field } } }";
const END: &str =
    "mutation($c: ID!) { endReferralCampaign(input: { referralCampaignId: $c, reason: \"Enough\" }) {
    referralCampaign { isOpen endedAt } userErrors { code field } } }";
const JOIN: &str = "mutation($c: ID!) { joinReferralCampaign(input: { referralCampaignId: $c }) {
    referralLink { id code path } userErrors { code field message } } }";
const MINE: &str = "{ viewer { referralLinks { nodes { code path campaign { name obstacles budget { amount } }
    referrals { nodes { friendName } } } } referralCampaigns { nodes { name isOpen obstacles } }
    referrals { nodes { id friendName state reason progress { amount } reachedAt dueOn endedAt campaign { name } } } } }";
const MAILS: &str =
    "mutation($w: Boolean!) { setMailPreference(input: { topic: REFERRAL_CAMPAIGNS, isWanted: $w }) {
    isWanted userErrors { code } } }";

impl World {
    pub async fn award(&self, person: &Person, kind: &str) -> Value {
        let asked = json!({ "a": id("Account", person.viewer.id()), "k": kind });
        let staff = self.staff().await;
        self.data(Some(&staff), AWARD, asked).await["awardTalentBadge"].clone()
    }

    /// A freelancer in the United States who is Top Rated.
    pub async fn top_rated(&self, name: &str) -> Person {
        let person = self.freelancer(name).await;
        assert_eq!(said(&self.award(&person, "TOP_RATED").await), "");
        person
    }

    /// A campaign until the end of June, like that of the rulebook but for what `more` says.
    pub async fn campaign(&self, more: Value) -> Value {
        let mut input = json!({
            "name": "Bring a friend", "country": "US", "badge": "TOP_RATED", "deadline": "2026-06-30",
            "threshold": { "amount": "500" }, "reward": { "amount": "100" }, "budget": { "amount": "1000" },
            "idempotencyKey": "campaign",
        });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let staff = self.staff().await;
        self.data(Some(&staff), CREATE, json!({ "input": input })).await["createReferralCampaign"].clone()
    }

    /// The code of a freelancer in a campaign.
    pub async fn join(&self, person: &Person, campaign: &Value) -> Value {
        self.data(Some(person), JOIN, json!({ "c": campaign })).await["joinReferralCampaign"].clone()
    }

    /// Registers over GraphQL; the payload.
    pub async fn arrive(&self, name: &str, more: Value) -> Value {
        let email = format!("{name}@test.example");
        let mut input = json!({ "email": email, "password": PASSWORD, "name": name, "country": "GB",
                                "freelancer": true });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.data(None, REGISTER, json!({ "input": input })).await["register"].clone()
    }

    /// Verifies an address by the token that was mailed to it.
    pub async fn verify_mailed(&self, email: &str) {
        let token = self.mailed_token(email).await;
        let verified = self.do_with_token("verifyEmail", "VerifyEmailInput", &token, "verified").await;
        assert_eq!(verified["verified"], true, "{verified}");
    }

    /// Registers with a referral code, and verifies the address.
    pub async fn referred(&self, name: &str, code: &Value) -> Person {
        let arrived = self.arrive(name, json!({ "referralCode": code })).await;
        assert_eq!(arrived["userErrors"], json!([]), "{arrived}");
        let email = format!("{name}@test.example");
        self.verify_mailed(&email).await;
        let account = connects::accounts::store::find_by_email(self.db().read(), &email);
        let account = account.await.unwrap().unwrap();
        let wallet = connects::connects::store::find_wallet_of(self.db().read(), account.id).await.unwrap();
        Person {
            viewer: connects::viewer::Viewer(account, Vec::new()),
            wallet: wallet.map(|wallet| wallet.id),
        }
    }

    /// Everything about referrals that a person sees.
    pub async fn referring(&self, person: &Person) -> Value {
        self.data(Some(person), MINE, json!({})).await["viewer"].clone()
    }
}

#[tokio::test]
async fn c_2_a_friend_who_registers_through_the_link_gets_the_gift_at_once_and_the_referrer_hears_of_it() {
    let world = World::new().await;
    let grace = world.top_rated("grace").await;
    let campaign = world.campaign(json!({})).await;
    assert_eq!(said(&campaign), "", "{campaign}");
    let campaign = &campaign["referralCampaign"];
    assert_eq!((&campaign["isOpen"], &campaign["giftMonths"]), (&json!(true), &json!(1)));
    let link = world.join(&grace, &campaign["id"]).await["referralLink"].clone();
    assert_eq!(
        world.join(&grace, &campaign["id"]).await["referralLink"]["id"],
        link["id"],
        "the same one again"
    );
    let frank = world.referred("frank", &link["code"]).await;
    assert_eq!(world.available(&frank).await, 110, "40 + 10 + 60 (M-13)");
    let seen = world.referring(&grace).await;
    let referral = &seen["referrals"]["nodes"][0];
    assert_eq!((&referral["state"], &referral["progress"]["amount"]), (&json!("OPEN"), &json!("0.00")));
    assert_eq!(seen["referralLinks"]["nodes"][0]["referrals"]["nodes"][0]["friendName"], "frank");
    assert_eq!(seen["referralLinks"]["nodes"][0]["campaign"]["budget"], Value::Null, "for staff");
    assert!(world.notified(&grace).await.contains(&"FRIEND_REGISTERED".to_owned()));
    assert_eq!(world.referring(&frank).await["referrals"]["nodes"], json!([]), "the friend sees no progress");
    world.verify().await;
}

#[tokio::test]
async fn c_2_a_wrong_code_is_refused_before_anything_is_made() {
    let world = World::new().await;
    for code in ["nonsense", "0123456789abcdef"] {
        let arrived = world.arrive("frank", json!({ "referralCode": code })).await;
        assert_eq!(arrived["userErrors"][0]["code"], "REFERRAL_CODE_UNKNOWN", "{arrived}");
        assert_eq!(arrived["userErrors"][0]["field"], json!(["input", "referralCode"]));
    }
    assert_eq!(world.accounts().await.len(), 0);
    let arrived = world.arrive("frank", json!({ "referralCode": " " })).await;
    assert_eq!(arrived["userErrors"], json!([]), "an empty field is none");
}

#[tokio::test]
async fn c_2_a_friend_who_is_not_new_or_of_the_household_does_not_count() {
    let world = World::new().await;
    let grace = world.top_rated("grace").await;
    let campaign = world.campaign(json!({})).await["referralCampaign"]["id"].clone();
    let code = world.join(&grace, &campaign).await["referralLink"]["code"].clone();
    world.freelancer("ivan").await;
    let cases = [
        ("ivan+2", json!({ "freelancer": true }), "KNOWN_PERSON"),
        ("grace+2", json!({ "freelancer": true }), "RELATED"),
        ("carl", json!({ "freelancer": false, "client": true }), "NOT_A_FREELANCER"),
    ];
    for (name, more, _) in &cases {
        let mut input = more.clone();
        input.as_object_mut().unwrap().insert("referralCode".to_owned(), code.clone());
        assert_eq!(world.arrive(name, input).await["userErrors"], json!([]), "{name}");
        world.verify_mailed(&format!("{name}@test.example")).await;
    }
    let seen = world.referring(&grace).await["referrals"]["nodes"].clone();
    assert!(
        seen.as_array().unwrap().iter().all(|one| one["friendName"].is_null() && one["progress"].is_null())
    );
    let reasons: Vec<_> =
        seen.as_array().unwrap().iter().map(|one| one["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["NOT_A_FREELANCER", "RELATED", "KNOWN_PERSON"]);
    assert!(!world.notified(&grace).await.contains(&"FRIEND_REGISTERED".to_owned()));
    world.verify().await;
}

#[tokio::test]
async fn c_1_who_may_not_refer_hears_why_and_a_closed_campaign_refers_nobody() {
    let world = World::new().await;
    let campaign = world.campaign(json!({})).await["referralCampaign"]["id"].clone();
    let ada = world.freelancer("ada").await;
    let refused = world.join(&ada, &campaign).await;
    assert_eq!(said(&refused), "REFERRAL_NOT_ALLOWED");
    assert!(refused["userErrors"][0]["message"].as_str().unwrap().contains("TOP_RATED"), "{refused}");
    assert_eq!(said(&world.award(&ada, "TOP_RATED_PLUS").await), "", "a higher badge");
    assert_eq!(said(&world.award(&ada, "TOP_RATED_PLUS").await), "BADGE_HELD");
    let off = world.data(Some(&ada), MAILS, json!({ "w": false })).await["setMailPreference"].clone();
    assert_eq!(off["isWanted"], false);
    let campaigns = world.referring(&ada).await["referralCampaigns"]["nodes"].clone();
    assert_eq!(campaigns[0]["obstacles"], json!(["MAILS_UNWANTED"]));
    assert_eq!(campaigns[1]["name"], "Customer service 2019", "the closed example");
    assert_eq!(
        (&campaigns[1]["isOpen"], campaigns[1]["obstacles"][0].as_str()),
        (&json!(false), Some("CAMPAIGN_CLOSED"))
    );
    assert_eq!(said(&world.join(&ada, &campaign).await), "REFERRAL_NOT_ALLOWED");
    world.data(Some(&ada), MAILS, json!({ "w": true })).await;
    let code = world.join(&ada, &campaign).await["referralLink"]["code"].clone();
    let staff = world.staff().await;
    let ended = world.data(Some(&staff), END, json!({ "c": campaign })).await["endReferralCampaign"].clone();
    assert_eq!(ended["referralCampaign"]["isOpen"], false, "{ended}");
    let again = world.data(Some(&staff), END, json!({ "c": campaign })).await["endReferralCampaign"].clone();
    assert_eq!(said(&again), "REFERRAL_CAMPAIGN_OVER");
    let frank = world.referred("frank", &code).await;
    assert_eq!(world.available(&frank).await, 50, "registered, without the gift");
    let grace = world.top_rated("grace").await;
    assert_eq!(said(&world.join(&grace, &campaign).await), "REFERRAL_NOT_ALLOWED");
    world.verify().await;
}

#[tokio::test]
async fn c_1_terms_that_make_no_sense_are_refused() {
    let world = World::new().await;
    let cases = [
        (json!({ "deadline": "2025-12-31" }), "deadline"),
        (json!({ "opensAt": "2025-12-31T00:00:00Z" }), "opensAt"),
        (json!({ "threshold": { "amount": "0" } }), "threshold"),
        (json!({ "budget": { "amount": "99.99" } }), "budget"),
        (json!({ "giftMonths": 25 }), "giftMonths"),
        (json!({ "country": "Utopia" }), "country"),
        (json!({ "country": "CU" }), "country"),
        (json!({ "name": " " }), "name"),
    ];
    for (more, field) in cases {
        let refused = world.campaign(more).await;
        assert_eq!(refused["userErrors"][0]["code"], "INVALID_INPUT", "{refused}");
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", field]), "{refused}");
    }
}

#[tokio::test]
async fn c_2_who_may_refer_is_invited_by_mail_and_reminded_once() {
    let world = World::new().await;
    let (grace, hedy) = (world.top_rated("grace").await, world.top_rated("hedy").await);
    let opted_out = world.top_rated("oona").await;
    world.data(Some(&opted_out), MAILS, json!({ "w": false })).await;
    world.freelancer("ada").await;
    world.campaign(json!({ "opensAt": "2026-01-10T00:00:00Z" })).await;
    world.advance("2026-01-09T12:00:00Z").await;
    assert_eq!(world.referring(&grace).await["referralLinks"]["nodes"], json!([]), "not open yet");
    world.advance("2026-01-10T03:00:00Z").await;
    world.send_mails().await;
    let invited: Vec<_> = world
        .mails()
        .await
        .iter()
        .filter(|mail| mail.subject() == "Refer a friend to Connects")
        .map(|mail| mail.to().to_owned())
        .collect();
    assert_eq!(invited.len(), 2, "{invited:?}");
    let link = world.referring(&grace).await["referralLinks"]["nodes"][0].clone();
    let letter = world.mails().await.into_iter().find(|mail| mail.to() == "grace@test.example").unwrap();
    let address = format!("{}{}", world.app.providers.address, link["path"].as_str().unwrap());
    for fact in [
        address.as_str(),
        link["path"].as_str().unwrap(),
        "500.00",
        "100.00",
        "2026-06-30",
        "a month of PLUS",
    ] {
        assert!(letter.text.contains(fact), "{fact}: {}", letter.text);
    }
    // A friend of Hedy's comes, so that only Grace is reminded, once.
    let code = world.referring(&hedy).await["referralLinks"]["nodes"][0]["code"].clone();
    world.referred("frank", &code).await;
    world.advance("2026-03-01T00:00:00Z").await;
    world.send_mails().await;
    let reminded: Vec<_> = world
        .mails()
        .await
        .iter()
        .filter(|mail| mail.subject().contains("still"))
        .map(|mail| mail.to().to_owned())
        .collect();
    assert_eq!(reminded, ["grace@test.example"]);
    assert_eq!(world.notified(&grace).await.iter().filter(|kind| *kind == "REFERRAL_REMINDED").count(), 1);
    world.verify().await;
}

#[actix_web::test]
async fn c_2_the_link_leads_to_the_registration_and_the_browser_remembers_it() {
    let world = World::new().await;
    let grace = world.top_rated("grace").await;
    let campaign = world.campaign(json!({})).await["referralCampaign"]["id"].clone();
    let link = world.join(&grace, &campaign).await["referralLink"].clone();
    let (path, code) = (link["path"].as_str().unwrap(), link["code"].as_str().unwrap());
    let led = world.follow(path, &[]).await;
    assert_eq!(led.status, 302);
    assert!(led.location.ends_with(&format!("/register?referral={code}")), "{}", led.location);
    assert_eq!(led.cookie.as_deref(), Some(&*format!("connects_referral={code}")));
    for wrong in ["/join/0123456789abcdef", "/join/x", "/join/%00"] {
        let led = world.follow(wrong, &[]).await;
        assert_eq!((led.status, led.cookie), (404, None), "{wrong}");
    }
}

#[actix_web::test]
async fn c_2_a_browser_that_came_by_the_link_registers_without_a_code() {
    let world = World::new().await;
    let grace = world.top_rated("grace").await;
    let campaign = world.campaign(json!({})).await["referralCampaign"]["id"].clone();
    let code = world.join(&grace, &campaign).await["referralLink"]["code"].clone();
    for (name, cookie, expected) in [("frank", code.as_str().unwrap(), 1), ("gail", "forged", 1)] {
        let input = json!({ "email": format!("{name}@test.example"), "password": PASSWORD, "name": name,
                            "country": "GB", "freelancer": true });
        let referral = Some(cookie.to_owned());
        let caller = connects::graphql::kit::context::Caller { referral, ..Default::default() };
        let answer = world.ask_from(caller, REGISTER, json!({ "input": input })).await;
        assert_eq!(answer["data"]["register"]["userErrors"], json!([]), "{answer}");
        world.verify_mailed(&format!("{name}@test.example")).await;
        let seen = world.referring(&grace).await["referrals"]["nodes"].as_array().unwrap().len();
        assert_eq!(seen, expected, "{name}");
    }
}

#[tokio::test]
async fn k_1_badges_have_from_and_to_dates_and_are_shown_while_they_are_held() {
    let world = World::new().await;
    let grace = world.freelancer("grace").await;
    let badge = world.award(&grace, "EXPERT_VETTED").await["talentBadge"].clone();
    let shown = "query($f: ID!) { node(id: $f) { ... on Freelancer { talentBadges { kind endedAt } } } }";
    let profile = json!({ "f": id("Freelancer", grace.viewer.id()) });
    let seen = world.data(None, shown, profile.clone()).await["node"]["talentBadges"].clone();
    assert_eq!(seen, json!([{ "kind": "EXPERT_VETTED", "endedAt": null }]));
    let staff = world.staff().await;
    let end = async || {
        world.data(Some(&staff), END_BADGE, json!({ "b": badge["id"] })).await["endTalentBadge"].clone()
    };
    assert!(end().await["talentBadge"]["endedAt"].is_string());
    assert_eq!(said(&end().await), "BADGE_ENDED");
    assert_eq!(world.data(None, shown, profile).await["node"]["talentBadges"], json!([]));
    let client = world.client("clara").await;
    assert_eq!(said(&world.award(&client, "TOP_RATED").await), "NOT_A_FREELANCER");
    assert_eq!(said(&world.award(&grace, "EXPERT_VETTED").await), "", "once more");
}

#[test]
fn c_2_codes_cannot_be_guessed_from_one_another() {
    let code = || connects::referrals::rules::code_of(*connects::keys::random().unwrap());
    let beginnings: std::collections::BTreeSet<_> = (0..1_000).map(|_| code()[..8].to_owned()).collect();
    assert!(beginnings.len() > 990, "64 random bits each: {}", beginnings.len());
    assert!(connects::referrals::rules::is_code(&code()));
}

#[tokio::test]
async fn c_2_a_referrer_does_not_learn_which_addresses_have_an_account() {
    let world = World::new().await;
    let grace = world.top_rated("grace").await;
    let campaign = world.campaign(json!({})).await["referralCampaign"]["id"].clone();
    let code = world.join(&grace, &campaign).await["referralLink"]["code"].clone();
    world.freelancer("victim").await;
    for name in ["victim", "victim+x", "nobody"] {
        let arrived = world.arrive(name, json!({ "referralCode": code })).await;
        assert_eq!(arrived, json!({ "mailSent": true, "userErrors": [] }), "{name}");
    }
    let seen = world.referring(&grace).await;
    assert_eq!(seen["referrals"]["nodes"], json!([]));
    assert_eq!(seen["referralLinks"]["nodes"][0]["referrals"]["nodes"], json!([]));
    assert_eq!(world.notified(&grace).await, ["TALENT_BADGE_AWARDED"]);
    world.verify_mailed("nobody@test.example").await;
    assert_eq!(world.referring(&grace).await["referrals"]["nodes"][0]["friendName"], "nobody");
    assert!(world.notified(&grace).await.contains(&"FRIEND_REGISTERED".to_owned()));
}
