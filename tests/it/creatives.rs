//! What affiliates put on their pages: pictures and texts that admins keep current (F-2).

use actix_web::{body, test as web};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{
    every_deed::Market,
    http::service,
    support::{Person, World},
};

const PUBLISH: &str =
    "mutation($input: PublishAffiliateCreativeInput!) { publishAffiliateCreative(input: $input) {
    affiliateCreative { id kind name caption path format width height revisedAt retiredAt }
    userErrors { code field retryable } } }";
const REVISE: &str =
    "mutation($input: ReviseAffiliateCreativeInput!) { reviseAffiliateCreative(input: $input) {
    affiliateCreative { name caption path format width height revisedAt } userErrors { code field } } }";
const RETIRE: &str = "mutation($c: ID!) { retireAffiliateCreative(input: { affiliateCreativeId: $c }) {
    affiliateCreative { retiredAt } userErrors { code field } } }";
const SEEN: &str =
    "query($kind: CreativeKind) { viewer { affiliateCreatives(kind: $kind) { nodes { name } } } }";
const HTML: &str = "query($l: ID!) { viewer { affiliateCreatives { nodes { html(affiliateLinkId: $l) } } } }";

/// A PNG of this size, as far as anybody reads it here.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    file.extend(width.to_be_bytes());
    file.extend(height.to_be_bytes());
    file.extend([8, 6, 0, 0, 0]);
    file
}

fn banner(file: &[u8]) -> Value {
    json!({ "kind": "BANNER", "name": "Leaderboard", "caption": "Hire \"the best\"", "file": STANDARD.encode(file) })
}

/// What a browser is told.
struct Shown {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Shown {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value)
    }
}

impl World {
    async fn try_to_publish(&self, admin: &Person, input: Value) -> Value {
        let asked = json!({ "input": input });
        self.data(Some(admin), PUBLISH, asked).await["publishAffiliateCreative"].clone()
    }

    async fn published(&self, admin: &Person, input: Value) -> Value {
        let done = self.try_to_publish(admin, input).await;
        assert_eq!(done["userErrors"], json!([]), "{done}");
        done["affiliateCreative"].clone()
    }

    async fn revise(&self, admin: &Person, input: Value) -> Value {
        let asked = json!({ "input": input });
        self.data(Some(admin), REVISE, asked).await["reviseAffiliateCreative"].clone()
    }

    async fn retire(&self, admin: &Person, creative: &Value) -> Value {
        let asked = json!({ "c": creative["id"] });
        self.data(Some(admin), RETIRE, asked).await["retireAffiliateCreative"].clone()
    }

    /// The names of the creatives that `person` sees.
    async fn creatives_of(&self, person: &Person, kind: Option<&str>) -> Value {
        let seen = self.data(Some(person), SEEN, json!({ "kind": kind })).await;
        seen["viewer"]["affiliateCreatives"]["nodes"].clone()
    }

    async fn look(&self, path: &str, headers: &[(&str, &str)]) -> Shown {
        let service = service!(self);
        let mut request = web::TestRequest::get().uri(path);
        for header in headers {
            request = request.insert_header(*header);
        }
        let response = web::call_service(&service, request.to_request()).await;
        let text =
            |(name, value): (&actix_web::http::header::HeaderName, &actix_web::http::header::HeaderValue)| {
                (name.to_string(), value.to_str().unwrap().to_owned())
            };
        let headers = response.headers().iter().map(text).collect();
        let status = response.status().as_u16();
        Shown {
            status,
            headers,
            body: body::to_bytes(response.into_body()).await.unwrap_or_default().to_vec(),
        }
    }

    /// How many files there are in the folder of pictures.
    fn kept(&self) -> usize {
        std::fs::read_dir(self.app.settings.assets_folder()).map_or(0, Iterator::count)
    }
}

#[actix_web::test]
async fn f_2_a_page_shows_the_picture_that_admins_keep_current() {
    let world = World::new().await;
    let (admin, ann) = (world.staff().await, world.affiliate("ann").await);
    let (first, second) = (png(728, 90), png(468, 60));
    let creative = world.published(&admin, banner(&first)).await;
    assert_eq!(
        (&creative["format"], &creative["width"], &creative["height"]),
        (&json!("PNG"), &json!(728), &json!(90))
    );
    let path = creative["path"].as_str().unwrap();
    assert_eq!(world.look(path, &[]).await.body, first);

    let revised = world
        .revise(&admin, json!({ "affiliateCreativeId": creative["id"], "file": STANDARD.encode(&second) }))
        .await["affiliateCreative"]
        .clone();
    assert_eq!((&revised["path"], &revised["name"]), (&creative["path"], &creative["name"]));
    assert_eq!((&revised["width"], &revised["height"]), (&json!(468), &json!(60)));
    assert_eq!(world.look(path, &[]).await.body, second);
    assert_eq!(world.creatives_of(&ann, None).await, json!([{ "name": "Leaderboard" }]));

    let retired = world.retire(&admin, &creative).await;
    let at = &retired["affiliateCreative"]["retiredAt"];
    assert!(at.is_string(), "{retired}");
    world.advance("2026-01-02T00:00:00Z").await;
    assert_eq!(&world.retire(&admin, &creative).await["affiliateCreative"]["retiredAt"], at, "once");
    assert_eq!(world.look(path, &[]).await.status, 404);
    assert_eq!(world.creatives_of(&ann, None).await, json!([]));
    let all = "{ admin { affiliateCreatives { nodes { retiredAt } } } }";
    let all = world.data(Some(&admin), all, json!({})).await["admin"]["affiliateCreatives"]["nodes"].clone();
    assert_eq!(all, json!([{ "retiredAt": at }]));
    let refused = world.revise(&admin, json!({ "affiliateCreativeId": creative["id"], "name": "x" })).await;
    assert_eq!(
        refused["userErrors"],
        json!([{ "code": "NOT_FOUND", "field": ["input", "affiliateCreativeId"] }])
    );
    world.verify().await;
}

#[actix_web::test]
async fn f_2_only_approved_affiliates_see_creatives_and_only_admins_keep_them() {
    let world = World::new().await;
    let (admin, ann) = (world.staff().await, world.affiliate("ann").await);
    world.published(&admin, json!({ "kind": "TEXT_LINK", "name": "Line", "caption": "Hire here" })).await;
    let creative = world.published(&admin, banner(&png(728, 90))).await;
    let both = json!([{ "name": "Line" }, { "name": "Leaderboard" }]);
    assert_eq!(world.creatives_of(&ann, None).await, both);
    assert_eq!(world.creatives_of(&ann, Some("TEXT_LINK")).await, json!([{ "name": "Line" }]));
    let node = "query($id: ID!) { node(id: $id) { id } }";
    let seen = world.data(Some(&ann), node, json!({ "id": creative["id"] })).await;
    assert_eq!(seen["node"]["id"], creative["id"]);

    let ben = world.client("ben").await;
    assert_eq!(world.creatives_of(&ben, None).await, json!([]));
    let unseen = world.data(Some(&ben), node, json!({ "id": creative["id"] })).await;
    assert_eq!(unseen["node"], Value::Null);
    world.decide(&ann, "SUSPEND", Some("A test.")).await;
    assert_eq!(world.creatives_of(&ann, None).await, json!([]), "suspended");
    assert_eq!(world.notified(&ann).await, ["AFFILIATE_DECIDED"; 2], "of both decisions, at one instant");
    let before = world.kept();
    for person in [&ann, &ben] {
        let refused = world.try_to_publish(person, banner(&png(300, 250))).await;
        assert_eq!(refused["userErrors"][0]["code"], "NOT_ALLOWED", "{refused}");
    }
    assert_eq!(world.kept(), before, "nothing is kept for anyone who may not publish");
    world.verify().await;
}

#[actix_web::test]
async fn f_2_a_picture_is_served_as_a_picture_and_as_nothing_else() {
    let world = World::new().await;
    let admin = world.staff().await;
    let file = png(728, 90);
    let creative = world.published(&admin, banner(&file)).await;
    let path = creative["path"].as_str().unwrap();
    let shown = world.look(path, &[]).await;
    assert_eq!((shown.status, shown.header("content-type")), (200, "image/png"));
    assert_eq!(shown.header("x-content-type-options"), "nosniff");
    assert_eq!(shown.header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(shown.header("cross-origin-resource-policy"), "cross-origin");
    assert_eq!(shown.header("cache-control"), "public, max-age=3600");
    let tag = shown.header("etag").to_owned();
    for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
        let again = world.look(path, &[("if-none-match", &known)]).await;
        assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, tag.as_str()), "{known}");
    }
    assert_eq!(world.look(path, &[("if-none-match", "\"other\"")]).await.status, 200);
    let text = json!({ "kind": "TEXT_LINK", "name": "Line", "caption": "Hire here" });
    let text = world.published(&admin, text).await;
    let of_text = format!("/creatives/{}", text["id"].as_str().unwrap());
    let long = format!("/creatives/{}", "x".repeat(10_000));
    for other in
        [of_text.as_str(), "/creatives/x", "/creatives/%2e%2e%2fconnects.db", "/creatives/%00", &long]
    {
        let shown = world.look(other, &[]).await;
        assert_eq!(shown.status, 404, "{other}");
    }
    std::fs::remove_dir_all(world.app.settings.assets_folder()).unwrap();
    assert_eq!(world.look(path, &[]).await.status, 404, "the folder was lost");
}

#[actix_web::test]
async fn f_2_what_is_no_picture_is_refused_and_not_kept() {
    let world = World::new().await;
    let admin = world.staff().await;
    let with = |kind: &str, file: Option<&[u8]>| {
        let file = file.map(|file| STANDARD.encode(file));
        json!({ "kind": kind, "name": "Logo", "caption": "Logo", "file": file })
    };
    let mut large = png(100, 100);
    large.resize(150 * 1024 + 1, 0);
    let wide = png(2_001, 100);
    let files: [(&str, Option<&[u8]>); 6] = [
        ("LOGO", Some(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")),
        ("LOGO", Some(b"<!doctype html><script>alert(1)</script>")),
        ("LOGO", Some(b"")),
        ("BANNER", Some(&large)),
        ("BUTTON", Some(&wide)),
        ("LOGO", None),
    ];
    let refusal = json!([{ "code": "INVALID_INPUT", "field": ["input", "file"], "retryable": false }]);
    for (kind, file) in files {
        let refused = world.try_to_publish(&admin, with(kind, file)).await;
        assert_eq!(refused["userErrors"], refusal, "{kind} {}", file.map_or(0, <[u8]>::len));
    }
    assert_eq!(world.kept(), 0);
    let refused = world.try_to_publish(&admin, with("TEXT_LINK", Some(&png(10, 10)))).await;
    assert_eq!(refused["userErrors"], refusal);
    let answer = json!({ "input": { "kind": "LOGO", "name": "x", "caption": "x", "file": "no base64!" } });
    let answer = world.ask(Some(&admin), PUBLISH, answer).await;
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("this is not Base64"), "{answer}");
    let broken = STANDARD.encode(png(728, 90));
    let (head, tail) = broken.split_at(20);
    let lines = json!({ "kind": "LOGO", "name": "x", "caption": "x", "file": format!("{head}\r\n{tail}\n") });
    world.published(&admin, lines).await;
}

#[actix_web::test]
async fn f_2_the_html_of_a_creative_leads_to_the_link_and_holds_no_other() {
    let world = World::with(|settings| settings.public_url = Some("https://api.example.com/".into())).await;
    let (admin, ann) = (world.staff().await, world.affiliate("ann").await);
    let caption = "Hire \"><script>alert('x & y')</script>";
    let safe = "Hire &quot;&gt;&lt;script&gt;alert(&#39;x &amp; y&#39;)&lt;/script&gt;";
    let text = json!({ "kind": "TEXT_LINK", "name": "Line", "caption": caption });
    world.published(&admin, text).await;
    let mut picture = banner(&png(728, 90));
    picture["caption"] = caption.into();
    let creative = world.published(&admin, picture).await;
    let (link, path) = world.link(&ann).await;
    let html = world.data(Some(&ann), HTML, json!({ "l": link })).await;
    let picture = creative["path"].as_str().unwrap();
    assert_eq!(
        html["viewer"]["affiliateCreatives"]["nodes"],
        json!([
            { "html": format!("<a href=\"https://api.example.com{path}\" rel=\"sponsored\">{safe}</a>") },
            { "html": format!(
                "<a href=\"https://api.example.com{path}\" rel=\"sponsored\"><img src=\"https://api.example.com{picture}\" \
                 alt=\"{safe}\" width=\"728\" height=\"90\"></a>"
            ) },
        ])
    );
    let bob = world.affiliate("bob").await;
    let html = world.data(Some(&bob), HTML, json!({ "l": link })).await;
    assert_eq!(html["viewer"]["affiliateCreatives"]["nodes"][0]["html"], Value::Null, "the link is Ann's");
}

#[actix_web::test]
async fn f_2_a_retry_is_answered_whether_or_not_pictures_can_be_kept() {
    let world = World::new().await;
    let admin = world.staff().await;
    let mut input = banner(&png(728, 90));
    input["idempotencyKey"] = "k".into();
    let creative = world.published(&admin, input.clone()).await;
    let folder = world.app.settings.assets_folder();
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::write(&folder, b"no folder").unwrap();
    assert_eq!(world.published(&admin, input.clone()).await, creative);
    input["idempotencyKey"] = "another".into();
    let refused = world.try_to_publish(&admin, input.clone()).await;
    assert_eq!(refused["userErrors"][0]["code"], "ASSETS_UNAVAILABLE", "{refused}");
    assert_eq!(world.look(creative["path"].as_str().unwrap(), &[]).await.status, 503);
    std::fs::remove_file(&folder).unwrap();
    input["caption"] = "".into();
    let refused = world.try_to_publish(&admin, input).await;
    assert_eq!(refused["userErrors"][0]["field"], json!(["input", "caption"]), "{refused}");
    assert_eq!(world.kept(), 0, "what is refused leaves nothing");
}

#[actix_web::test]
async fn f_2_a_picture_that_cannot_be_kept_is_published_by_nobody() {
    let world = World::with(|settings| {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let s3 = &mut settings.assets.s3;
        s3.bucket = Some("pictures".into());
        s3.endpoint = Some(format!("http://{free}"));
        (s3.access_key_id, s3.secret_access_key) = (Some("id".into()), Some("secret".to_owned().into()));
    })
    .await;
    let admin = world.staff().await;
    let refused = world.try_to_publish(&admin, banner(&png(728, 90))).await;
    assert_eq!(refused["userErrors"][0]["code"], "ASSETS_UNAVAILABLE", "{refused}");
    assert_eq!(refused["userErrors"][0]["retryable"], true);
    let all = "{ admin { affiliateCreatives { nodes { id } } } }";
    let all = world.data(Some(&admin), all, json!({})).await;
    assert_eq!(all["admin"]["affiliateCreatives"]["nodes"], json!([]));
    world.verify().await;
}

#[tokio::test]
async fn f_2_each_change_of_a_creative_is_rehearsed_retried_and_only_for_admins() {
    let market = Market::new().await;
    let admin = market.world.staff().await;
    let shown = "affiliateCreative { id name caption width retiredAt }";
    let published = market.does(&admin, "publishAffiliateCreative", shown, banner(&png(728, 90))).await;
    assert_eq!(market.world.kept(), 1);
    let id = published["affiliateCreative"]["id"].clone();
    let revised =
        json!({ "affiliateCreativeId": id, "name": "Autumn", "file": STANDARD.encode(png(468, 60)) });
    market.does(&admin, "reviseAffiliateCreative", shown, revised).await;
    assert_eq!(market.world.kept(), 2);
    market.does(&admin, "retireAffiliateCreative", shown, json!({ "affiliateCreativeId": id })).await;
    let log = "{ admin { auditLog { nodes { action } } } }";
    let log = market.world.data(Some(&admin), log, json!({})).await.to_string();
    for action in ["CREATIVE_PUBLISHED", "CREATIVE_REVISED", "CREATIVE_RETIRED"] {
        assert_eq!(log.matches(action).count(), 1, "{log}");
    }
    market.world.verify().await;
}
