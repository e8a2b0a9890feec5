//! The affiliate programme: from an application and a click to a new client (F-1 to F-4).

use actix_web::test as web;
use connects::{
    accounts,
    entity::{attribution, click},
    graphql::kit::context::Caller,
    viewer::Viewer,
};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::{
    http::service,
    support::{
        Person, World, code,
        door::{PASSWORD, REGISTER},
        id,
    },
};

const APPLY: &str = "mutation($v: Int! = 1, $k: String, $dry: Boolean! = false) { applyAsAffiliate(input: {
    website: \"https://ann.example\", promotion: \"A blog about hiring.\", termsVersion: $v, idempotencyKey: $k,
    dryRun: $dry }) { affiliate { id state termsVersion } replayed userErrors { __typename code field } } }";
const DECIDE: &str = "mutation($a: ID!, $d: AffiliateDecision!, $r: String) { decideAffiliate(input: {
    affiliateId: $a, decision: $d, reason: $r }) { affiliate { state reason } userErrors { __typename code field
    ... on IllegalAffiliateState { state allowed } } } }";
const LINK: &str = "mutation($t: LinkTarget!, $p: String) { createAffiliateLink(input: { label: \"Blog\",
    target: $t, path: $p }) { affiliateLink { id path target targetPath } userErrors { code field } } }";
const RETIRE: &str = "mutation($l: ID!) { retireAffiliateLink(input: { affiliateLinkId: $l }) {
    affiliateLink { retiredAt } userErrors { code field } } }";
const ATTRIBUTIONS: &str = "{ viewer { affiliate { attributions { nodes { state refusal country clickedAt
    clicks { fate link { path } } } } } } }";

/// A browser of a person.
pub const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// What the redirector answered.
pub struct Led {
    pub status: u16,
    pub location: String,
    pub cookie: Option<String>,
}

impl World {
    /// An approved affiliate.
    pub async fn affiliate(&self, name: &str) -> Person {
        let registered = self.try_register(&crate::support::registration(name, false, false, false)).await;
        let affiliate = Person { viewer: Viewer(registered.unwrap().account, Vec::new()), wallet: None };
        self.applied(&affiliate).await;
        affiliate
    }

    /// Makes a person an affiliate.
    pub async fn applied(&self, person: &Person) {
        self.data(Some(person), APPLY, json!({})).await;
        let decided = self.decide(person, "APPROVE", None).await;
        assert_eq!(decided["affiliate"]["state"], "APPROVED", "{decided}");
    }

    /// Decides on an affiliate as an admin.
    pub async fn decide(&self, affiliate: &Person, decision: &str, reason: Option<&str>) -> Value {
        let asked = json!({ "a": id("Affiliate", affiliate.viewer.id()), "d": decision, "r": reason });
        let staff = self.staff().await;
        self.data(Some(&staff), DECIDE, asked).await["decideAffiliate"].clone()
    }

    /// An admin, who is registered once.
    pub async fn staff(&self) -> Person {
        match accounts::store::find_by_email(self.db().read(), "admin@test.example").await.unwrap() {
            Some(account) => Person { viewer: Viewer(account, Vec::new()), wallet: None },
            None => self.admin().await,
        }
    }

    /// A link of an affiliate to the marketplace: its id and path.
    pub async fn link(&self, affiliate: &Person) -> (Value, String) {
        let asked = json!({ "t": "TALENT_MARKETPLACE" });
        let made = self.data(Some(affiliate), LINK, asked).await["createAffiliateLink"].clone();
        let link = &made["affiliateLink"];
        (link["id"].clone(), link["path"].as_str().unwrap().to_owned())
    }

    /// Follows a link with these headers.
    pub async fn follow(&self, path: &str, headers: &[(&str, &str)]) -> Led {
        let service = service!(self);
        let mut request = web::TestRequest::get().uri(path);
        for header in headers {
            request = request.insert_header(*header);
        }
        let response = web::call_service(&service, request.to_request()).await;
        let text = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let cookie = text("set-cookie").map(|cookie| cookie.split(';').next().unwrap().to_owned());
        Led { status: response.status().as_u16(), location: text("location").unwrap_or_default(), cookie }
    }

    /// Follows a link as a person; the cookie.
    pub async fn click(&self, path: &str, cookie: Option<&str>) -> String {
        let mut headers = vec![("user-agent", BROWSER)];
        headers.extend(cookie.map(|cookie| ("cookie", cookie)));
        self.follow(path, &headers).await.cookie.expect("a cookie")
    }

    /// Registers over GraphQL from a browser with this cookie.
    /// Registers in a browser with this cookie, and verifies the address.
    pub async fn come(&self, name: &str, cookie: &str, more: Value) -> Person {
        let person = self.register_by(name, cookie, more).await;
        self.sql(&format!(
            "UPDATE accounts SET email_verified_at = created_at WHERE email = '{name}@test.example'"
        ))
        .await
        .unwrap();
        person
    }

    /// Registers in a browser with this cookie.
    async fn register_by(&self, name: &str, cookie: &str, more: Value) -> Person {
        let email = format!("{name}@test.example");
        let mut input = json!({ "email": email, "password": PASSWORD, "name": name, "country": "GB" });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (click, visitor) =
            self.app.keys.open_click_cookie(cookie.split_once('=').unwrap().1).expect("a signed cookie");
        let visit = Some(connects::affiliates::Visit { click, visitor });
        let caller = Caller { visit, ..Caller::default() };
        let answer = self.ask_from(caller, REGISTER, json!({ "input": input })).await;
        assert_eq!(answer["data"]["register"]["userErrors"], json!([]), "{answer}");
        let account = accounts::store::find_by_email(self.db().read(), &email).await.unwrap().unwrap();
        Person { viewer: Viewer(account, Vec::new()), wallet: None }
    }

    async fn attributed(&self, affiliate: &Person) -> Value {
        let shown = self.data(Some(affiliate), ATTRIBUTIONS, json!({})).await;
        shown["viewer"]["affiliate"]["attributions"]["nodes"].clone()
    }
}

#[actix_web::test]
async fn f_4_affiliates_hear_of_registrations_only_once_the_address_is_verified() {
    let world = World::new().await;
    let ann = world.affiliate("ann").await;
    let (_, path) = world.link(&ann).await;
    let cookie = world.click(&path, None).await;
    let clara = world.register_by("clara", &cookie, json!({ "client": true })).await;
    // The address of somebody who is known, with a tag: whether it is refused would tell that they are.
    world.register_by("clara+2", &cookie, json!({ "client": true })).await;
    let report = "{ viewer { affiliate { report(from: \"2026-01-01\", to: \"2026-01-31\", by: LINK) { signUpCount } } } }";
    let sign_ups = async || {
        let shown = world.data(Some(&ann), report, json!({})).await;
        shown["viewer"]["affiliate"]["report"]["signUpCount"].clone()
    };
    assert_eq!((world.attributed(&ann).await, sign_ups().await), (json!([]), json!(0)));
    let (row, staff) =
        (attribution::Entity::find().all(world.db().read()).await.unwrap(), world.staff().await);
    let ids: Vec<_> =
        row.iter().map(|row| connects::graphql::kit::ids::global_id("Attribution", &row.id)).collect();
    let nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let mine = world.data(Some(&ann), nodes, json!({ "ids": ids })).await;
    assert_eq!(mine["nodes"], json!([null, null]));
    let seen = world.data(Some(&staff), nodes, json!({ "ids": ids })).await;
    assert!(seen["nodes"].as_array().unwrap().iter().all(|node| !node.is_null()), "staff see all of them");
    let verified = format!(
        "UPDATE accounts SET email_verified_at = created_at WHERE email = '{}'",
        clara.viewer.0.email
    );
    world.sql(&verified).await.unwrap();
    let shown = world.attributed(&ann).await;
    assert_eq!((shown.as_array().unwrap().len(), &shown[0]["state"]), (1, &json!("OPEN")));
    assert_eq!(sign_ups().await, 1);
}

#[actix_web::test]
async fn f_1_an_application_is_decided_and_the_affiliate_hears_of_it() {
    let world = World::new().await;
    let person = world.affiliate("ann").await;
    assert_eq!(world.notified(&person).await, ["AFFILIATE_DECIDED"]);
    let again = world.data(Some(&person), APPLY, json!({})).await["applyAsAffiliate"].clone();
    assert_eq!(code(&again), "ILLEGAL_STATE");
    assert_eq!(again["userErrors"][0]["__typename"], "IllegalAffiliateState");
    let ben = world.client("ben").await;
    let old = world.data(Some(&ben), APPLY, json!({ "v": 0 })).await["applyAsAffiliate"].clone();
    assert_eq!(code(&old), "TERMS_CHANGED");
    world.data(Some(&ben), APPLY, json!({})).await;
    assert_eq!(code(&world.decide(&ben, "REJECT", None).await), "INVALID_INPUT", "a reason is missing");
    assert_eq!(world.decide(&ben, "REJECT", Some("No site.")).await["affiliate"]["reason"], "No site.");
    let link = world.data(Some(&ben), LINK, json!({ "t": "PROJECT_CATALOG" })).await;
    assert_eq!(code(&link["createAffiliateLink"]), "NOT_AN_AFFILIATE");
    let applied = world.data(Some(&ben), APPLY, json!({})).await["applyAsAffiliate"].clone();
    assert_eq!(applied["affiliate"]["state"], "PENDING", "one who was rejected applies once more");
    let asked = json!({ "a": id("Affiliate", ben.viewer.id()), "d": "APPROVE" });
    let own = world.data(Some(&ben), DECIDE, asked.clone()).await["decideAffiliate"].clone();
    assert_eq!(code(&own), "NOT_ALLOWED");
    world.verify().await;
}

#[actix_web::test]
async fn f_2_links_lead_to_the_site_and_are_shown_to_their_affiliate() {
    let world = World::new().await;
    let ann = world.affiliate("ann").await;
    for (target, path, leads) in [
        ("TALENT_MARKETPLACE", None, "/"),
        ("PROJECT_CATALOG", None, "/catalog"),
        ("DEEP_LINK", Some("/jobs/42?from=blog"), "/jobs/42?from=blog"),
    ] {
        let asked = json!({ "t": target, "p": path });
        let made = world.data(Some(&ann), LINK, asked).await["createAffiliateLink"].clone();
        let led = world.follow(made["affiliateLink"]["path"].as_str().unwrap(), &[]).await;
        assert_eq!((led.status, led.location.as_str()), (302, leads));
    }
    let evil = json!({ "t": "DEEP_LINK", "p": "//evil.example" });
    let refused = world.data(Some(&ann), LINK, evil).await["createAffiliateLink"].clone();
    assert_eq!(refused["userErrors"], json!([{ "code": "INVALID_INPUT", "field": ["input", "path"] }]));
    let (link, _) = world.link(&ann).await;
    let ben = world.affiliate("ben").await;
    let other = world.data(Some(&ben), RETIRE, json!({ "l": link })).await["retireAffiliateLink"].clone();
    assert_eq!(code(&other), "NOT_FOUND");
    world.verify().await;
}

#[actix_web::test]
async fn f_3_only_clicks_of_people_on_links_in_use_count() {
    let world = World::with(|settings| settings.mail.site = Some("https://market.example/".into())).await;
    let ann = world.affiliate("ann").await;
    let (link, path) = world.link(&ann).await;
    let person = ("user-agent", BROWSER);
    for headers in [
        vec![],
        vec![("user-agent", "curl/8")],
        vec![person, ("sec-purpose", "prefetch;prerender")],
        vec![person, ("x-moz", "prefetch")],
        vec![person, ("sec-fetch-dest", "image"), ("sec-fetch-mode", "no-cors")],
        vec![person, ("sec-fetch-dest", "iframe"), ("sec-fetch-mode", "navigate")],
    ] {
        let led = world.follow(&path, &headers).await;
        assert_eq!((led.status, led.location.as_str()), (302, "https://market.example/"));
        assert_eq!(led.cookie, None, "{headers:?}");
    }
    assert!(world.follow(&path, &[person]).await.cookie.is_some());
    assert_eq!(world.follow("/r/%00", &[person]).await.status, 404);
    assert_eq!(world.follow("/r/unknown", &[person]).await.status, 404);
    assert_eq!(world.follow(&format!("/r/{}", "x".repeat(10_000)), &[person]).await.status, 404);
    world.data(Some(&ann), RETIRE, json!({ "l": link })).await;
    let retired = world.follow(&path, &[person]).await;
    assert_eq!((retired.status, retired.cookie), (302, None));
    assert_eq!(click::Entity::find().count(world.db().read()).await.unwrap(), 1);
}

#[actix_web::test]
async fn f_3_one_network_clicks_sixty_times_a_minute_and_is_led_on_after_that() {
    let world = World::new().await;
    let ann = world.affiliate("ann").await;
    let (_, path) = world.link(&ann).await;
    let service = service!(world);
    let mut cookies = 0;
    for _ in 0..70 {
        let request = web::TestRequest::get().uri(&path).insert_header(("user-agent", BROWSER));
        let response = web::call_service(&service, request.to_request()).await;
        assert_eq!(response.status().as_u16(), 302);
        cookies += usize::from(response.headers().contains_key("set-cookie"));
    }
    assert_eq!(cookies, 60);
}

#[actix_web::test]
async fn f_3_a_cookie_is_signed_first_party_and_lasts_thirty_days() {
    let world = World::with(|settings| settings.mail.site = Some("https://market.example".into())).await;
    let ann = world.affiliate("ann").await;
    let (_, path) = world.link(&ann).await;
    let service = service!(world);
    let request = web::TestRequest::get().uri(&path).insert_header(("user-agent", BROWSER));
    let response = web::call_service(&service, request.to_request()).await;
    let cookie = response.headers().get("set-cookie").unwrap().to_str().unwrap();
    let (text, rest) = cookie.split_once("; ").unwrap();
    assert_eq!(rest, "Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure");
    let text = text.strip_prefix("connects_click=").unwrap();
    assert!(world.app.keys.open_click_cookie(text).is_some());
    let (front, back) = text.split_at(text.len() - 5);
    assert_eq!(world.app.keys.open_click_cookie(&format!("{front}AAAAA")), None, "{back}");
}

#[actix_web::test]
async fn f_4_the_last_click_wins_and_the_others_are_explained() {
    let world = World::new().await;
    let (ann, ben) = (world.affiliate("ann").await, world.affiliate("ben").await);
    let ((_, of_ann), (_, of_ben)) = (world.link(&ann).await, world.link(&ben).await);
    let cookie = world.click(&of_ben, None).await;
    world.sleep_until("2026-02-05T00:00:00Z").await;
    let cookie = world.click(&of_ann, Some(&cookie)).await;
    world.sleep_until("2026-02-06T00:00:00Z").await;
    let cookie = world.click(&of_ben, Some(&cookie)).await;
    world.come("clara", &cookie, json!({ "client": true })).await;
    // At the same instant, which a sandbox's clock shows for a while, and later.
    let cookie = world.click(&of_ann, Some(&cookie)).await;
    world.sleep_until("2026-02-07T00:00:00Z").await;
    world.click(&of_ann, Some(&cookie)).await;
    assert_eq!(world.attributed(&ann).await, json!([]), "nothing attributes it again");
    let shown = world.attributed(&ben).await;
    assert_eq!((&shown[0]["state"], &shown[0]["country"]), (&json!("OPEN"), &json!("GB")));
    let fates: Vec<_> = shown[0]["clicks"].as_array().unwrap().iter().map(|one| &one["fate"]).collect();
    assert_eq!(fates, ["TOO_LATE", "TOO_LATE", "WON", "SUPERSEDED", "TOO_OLD"]);
    assert_eq!(shown[0]["clicks"][3]["link"], Value::Null, "another affiliate's");
    world.verify().await;
}

/// A process that starts on a database whose accounts have no traces.
async fn forgetful(world: &World) -> connects::app::App {
    let (drop, create) = match world.backend() {
        sea_orm::DbBackend::Postgres => {
            ("ALTER TABLE traces DISABLE TRIGGER ALL", "ALTER TABLE traces ENABLE TRIGGER ALL")
        }
        _ => ("DROP TRIGGER traces_refuse_delete", "SELECT 1"),
    };
    for sql in [drop, "DELETE FROM traces", create, "UPDATE instance SET traced_at = NULL"] {
        world.sql(sql).await.unwrap();
    }
    world.twin().await
}

#[actix_web::test]
async fn f_4_only_new_clients_count() {
    let mut world = World::new().await;
    let ann = world.affiliate("ann").await;
    let (_, path) = world.link(&ann).await;
    world.client("eve").await;
    // As an older version of the program left it.
    world.client("old").await;
    world.app = forgetful(&world).await;
    for (name, more, refusal) in [
        ("flo", json!({ "freelancer": true }), "FREELANCER"),
        ("gus", json!({ "freelancer": true, "client": true }), "FREELANCER"),
        ("hal", json!({ "affiliate": true }), "NOT_A_CLIENT"),
        ("eve+two", json!({ "client": true }), "KNOWN_PERSON"),
        ("ann+me", json!({ "client": true }), "KNOWN_PERSON"),
        ("old+two", json!({ "client": true }), "KNOWN_PERSON"),
    ] {
        let cookie = world.click(&path, None).await;
        world.come(name, &cookie, more).await;
        let shown = world.attributed(&ann).await;
        assert_eq!(
            (&shown[0]["state"], &shown[0]["refusal"]),
            (&json!("REFUSED"), &json!(refusal)),
            "{name}"
        );
    }
    let cookie = world.click(&path, None).await;
    world.decide(&ann, "SUSPEND", Some("A test.")).await;
    world.come("ivy", &cookie, json!({ "client": true })).await;
    assert_eq!(world.attributed(&ann).await[0]["refusal"], "AFFILIATE_NOT_APPROVED");
    world.decide(&ann, "REINSTATE", None).await;
    let cookie = world.click(&path, None).await;
    world.sleep_until("2026-01-31T00:00:00Z").await;
    world.come("joe", &cookie, json!({ "client": true })).await;
    assert_eq!(world.attributed(&ann).await[0]["refusal"], "CLICK_TOO_OLD");
    assert_eq!(attribution::Entity::find().count(world.db().read()).await.unwrap(), 8);
    world.verify().await;
}
