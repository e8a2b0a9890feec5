//! Sessions: refresh tokens rotate, and what is not a live access token is refused.

use std::collections::{BTreeSet, HashSet};

use actix_web::{App, test as web};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use connects::{
    accounts::store,
    clock::wall_now,
    entity::{enums::KeyPurpose, ids::SessionId, session},
    http::{Shared, routes},
};
use futures_util::future::join_all;
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::{World, code, door::PASSWORD};

const ADA: &str = "ada@test.example";

impl World {
    async fn session_of(&self, access: &str) -> session::Model {
        let (id, _) = self.app.keys.read(access).expect("valid").session.expect("a session");
        store::find_session(self.db().read(), id).await.expect("read").expect("a session")
    }
}

/// A signed-in Ada: access token and refresh token.
async fn signed_in() -> (World, String, String) {
    let world = World::new().await;
    world.sign_up(ADA).await;
    let (access, refresh) = world.sign_in(ADA, PASSWORD).await;
    (world, access, refresh)
}

fn token<'a>(payload: &'a Value, name: &str) -> &'a str {
    payload["tokens"][name].as_str().unwrap_or_else(|| panic!("{payload:#}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p_1_sixty_four_racing_refreshes_leave_exactly_one_successor() {
    let (world, access, refresh) = signed_in().await;
    let twin = world.twin().await;
    let apps = [&world.app, &twin];
    let race = (0..64).map(|n| {
        let (app, refresh) = (apps[n % 2].clone(), refresh.clone());
        tokio::spawn(async move { connects::accounts::refresh(&app.db, &app.gate, &refresh).await })
    });
    let mut successors = HashSet::new();
    for outcome in join_all(race).await {
        successors.insert(outcome.unwrap().expect("in time").refresh_token);
    }
    assert_eq!(successors.len(), 1);
    let session = world.session_of(&access).await;
    assert_eq!((session.generation, session.ended_at), (1, None));
    let successor = successors.into_iter().next().unwrap();
    assert!(world.refresh(&successor).await["tokens"].is_object());
    twin.db.close().await.unwrap();
}

#[tokio::test]
async fn p_1_who_lost_the_answer_gets_the_same_successor_again_for_a_while() {
    let (world, access, first) = signed_in().await;
    let second = token(&world.refresh(&first).await, "refreshToken").to_owned();
    assert_ne!(first, second);
    assert_eq!(token(&world.refresh(&first).await, "refreshToken"), second);
    assert_eq!(token(&world.refresh(&first).await, "refreshToken"), second);
    assert_eq!(world.session_of(&access).await.generation, 1);
    assert!(world.refresh(&second).await["tokens"].is_object(), "the honest client goes on");
}

#[tokio::test]
async fn p_1_a_thief_who_comes_after_the_window_ends_the_session_for_both() {
    let (world, access, first) = signed_in().await;
    let second = token(&world.refresh(&first).await, "refreshToken").to_owned();
    age(&world, &access).await;
    assert_eq!(code(&world.refresh(&first).await), "SESSION_ENDED", "the thief");
    assert_eq!(code(&world.refresh(&second).await), "SESSION_ENDED", "and the owner, who signs in again");
    assert!(world.asker(&access).await.is_none(), "access tokens at once");
    assert_eq!(world.session_of(&access).await.ended_by.unwrap().as_str(), "REUSE");
    world.sign_in(ADA, PASSWORD).await;
}

/// Makes the last rotation of a session an hour older.
async fn age(world: &World, access: &str) {
    use sea_orm::{ColumnTrait, QueryFilter, sea_query::Expr};
    let session = world.session_of(access).await;
    let update = session::Entity::update_many()
        .col_expr(session::Column::RotatedAt, Expr::value(session.rotated_at - chrono::TimeDelta::hours(1)))
        .filter(session::Column::Id.eq(session.id));
    world.db().write(async |txn| Ok(update.exec(txn).await?)).await.unwrap();
}

#[tokio::test]
async fn p_1_a_token_two_generations_old_ends_the_session_even_within_the_window() {
    let (world, _, first) = signed_in().await;
    let second = token(&world.refresh(&first).await, "refreshToken").to_owned();
    let third = token(&world.refresh(&second).await, "refreshToken").to_owned();
    assert_eq!(code(&world.refresh(&first).await), "SESSION_ENDED");
    assert_eq!(code(&world.refresh(&third).await), "SESSION_ENDED");
}

#[tokio::test]
async fn p_1_forged_refresh_tokens_touch_no_session() {
    let (world, access, refresh) = signed_in().await;
    let session = world.session_of(&access).await;
    let other = World::new().await.app.keys;
    let mut forged = vec![
        String::new(),
        "nonsense".to_owned(),
        other.refresh_token(session.id, 0).unwrap(),
        other.refresh_token(session.id, 1).unwrap(),
        world.app.keys.refresh_token(SessionId::new(), 0).unwrap(),
    ];
    let mut dice = Dice(14);
    forged.extend((0..200).map(|_| mutated(&refresh, &mut dice)));
    for token in forged.iter().filter(|token| token.trim() != refresh) {
        assert_eq!(code(&world.refresh(token).await), "SESSION_ENDED", "{token}");
    }
    assert_eq!(world.session_of(&access).await, session);
    assert!(world.refresh(&refresh).await["tokens"].is_object());
}

#[tokio::test]
async fn p_1_signing_out_ends_one_session_and_its_tokens_at_once() {
    let (world, access, refresh) = signed_in().await;
    let (other, _) = world.sign_in(ADA, PASSWORD).await;
    let out = "mutation { signOut(input: {}) { signedOut userErrors { code } } }";
    assert_eq!(world.ask_with(&access, out, json!({})).await["signOut"]["signedOut"], true);
    assert!(world.asker(&access).await.is_none() && world.asker(&other).await.is_some());
    assert_eq!(code(&world.refresh(&refresh).await), "SESSION_ENDED");
    let (_, third) = world.sign_in(ADA, PASSWORD).await;
    let with = "mutation($input: SignOutInput!) { signOut(input: $input) { signedOut userErrors { code } } }";
    let input = json!({ "input": { "refreshToken": third } });
    assert_eq!(world.data(None, with, input.clone()).await["signOut"]["signedOut"], true);
    assert_eq!(world.data(None, with, input).await["signOut"]["signedOut"], true, "twice does no harm");
    assert_eq!(code(&world.refresh(&third).await), "SESSION_ENDED");
    assert_eq!(code(&world.data(None, out, json!({})).await["signOut"]), "INVALID_INPUT");
    let minted = world.app.keys.mint(
        world.accounts().await[0].id,
        wall_now(),
        wall_now() + chrono::TimeDelta::hours(1),
    );
    let minted = minted.unwrap();
    let everywhere = "mutation { signOutEverywhere(input: {}) { userErrors { code } } }";
    world.ask_with(&minted, everywhere, json!({})).await;
    assert!(world.asker(&minted).await.is_some(), "an operator's token belongs to no session");
    assert!(world.asker(&other).await.is_none());
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }
}

/// `token` with one to three characters changed, dropped, doubled or swapped.
fn mutated(token: &str, dice: &mut Dice) -> String {
    const LETTERS: &[u8] = b"ABCxyz019-_.=+/ \n";
    let mut bytes = token.as_bytes().to_vec();
    for _ in 0..=dice.below(3) {
        let (at, other) = (dice.below(bytes.len()), dice.below(bytes.len()));
        match dice.below(4) {
            0 => bytes[at] = LETTERS[dice.below(LETTERS.len())],
            1 => drop(bytes.remove(at)),
            2 => bytes.insert(at, bytes[at]),
            _ => bytes.swap(at, other),
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// Whether the last character differs in bits that base64 does not use; such a token says the same.
fn says_the_same(one: &str, other: &str) -> bool {
    let parts =
        |token: &str| token.trim().split('.').map(|part| URL_SAFE_NO_PAD.decode(part)).collect::<Vec<_>>();
    parts(one) == parts(other)
}

/// A JWT of these parts, signed with `key`.
fn jwt(header: &Value, claims: &Value, key: &[u8]) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

#[actix_web::test]
async fn p_1_five_hundred_forged_access_tokens_are_refused() {
    let (world, access, _) = signed_in().await;
    let service = web::init_service(App::new().configure(routes(Shared::new(world.app.clone())))).await;
    let status = async |token: &str| {
        let body = json!({ "query": "{ viewer { email } }" }).to_string();
        let request = web::TestRequest::post()
            .uri("/graphql")
            .insert_header(("content-type", "application/json"))
            .insert_header(("authorization", format!("Bearer {}", token.replace('\n', "%"))))
            .set_payload(body);
        web::call_service(&service, request.to_request()).await.status().as_u16()
    };
    assert_eq!(status(&access).await, 200);
    let mut dice = Dice(14);
    let mut forged = BTreeSet::new();
    while forged.len() < 500 {
        let token = mutated(&access, &mut dice);
        if token.trim() != access && !says_the_same(&token, &access) {
            forged.insert(token);
        }
    }
    let claims = URL_SAFE_NO_PAD.decode(access.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    let header = json!({ "alg": "HS256", "typ": "JWT" });
    let key = world.key_for(KeyPurpose::BearerTokens).await;
    assert_eq!(status(&jwt(&header, &claims, &key)).await, 200, "so that what follows proves something");
    let with = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        jwt(&header, &claims, &key)
    };
    let other = world.freelancer("grace").await;
    for (name, value) in [
        ("iss", json!("somebody")),
        ("aud", json!("another-api")),
        ("exp", json!(1_000_000_000)),
        ("exp", json!("never")),
        ("nbf", json!(32_503_680_000_i64)),
        ("sub", json!(other.viewer.id())),
        ("sub", json!("")),
        ("sid", json!(SessionId::new())),
        ("sid", Value::Null),
        ("ver", json!(7)),
        ("ver", json!(-1)),
        ("ver", Value::Null),
    ] {
        forged.insert(with(name, value));
    }
    for name in ["iss", "aud", "exp", "sub", "ver", "sid"] {
        let mut claims = claims.clone();
        claims.as_object_mut().unwrap().remove(name);
        forged.insert(jwt(&header, &claims, &key));
    }
    for algorithm in ["none", "None", "NONE", "HS384", "HS512", "RS256", "ES256", ""] {
        let header = json!({ "alg": algorithm, "typ": "JWT" });
        let token = jwt(&header, &claims, &key);
        forged.insert(format!("{}.", token.rsplit_once('.').unwrap().0));
        forged.insert(token);
    }
    forged.insert(jwt(&header, &claims, b"another key"));
    forged.insert(jwt(&header, &claims, b""));
    for token in &forged {
        assert_eq!(status(token).await, 401, "{token}");
    }
    assert_eq!(status(&access).await, 200);
    world.sql("UPDATE accounts SET session_version = session_version + 1").await.unwrap();
    assert_eq!(status(&access).await, 401, "of an older version");
}

#[actix_web::test]
async fn p_1_forwarded_addresses_count_only_behind_a_trusted_proxy() {
    for trusted in [false, true] {
        let world = World::with(|settings| {
            settings.sign_in.guesses_per_address.times = 2;
            settings.sign_in.guesses_per_account.times = 1_000;
            if trusted {
                settings.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
            }
        })
        .await;
        let service = web::init_service(App::new().configure(routes(Shared::new(world.app.clone())))).await;
        let guess = async |forwarded: &str| {
            let query = "mutation { signIn(input: { email: \"a@test.example\", password: \"a wrong guess\" }) { userErrors { code } } }";
            let request = web::TestRequest::post()
                .uri("/graphql")
                .peer_addr("10.1.2.3:4567".parse().unwrap())
                .insert_header(("content-type", "application/json"))
                .insert_header(("x-forwarded-for", forwarded))
                .set_payload(json!({ "query": query }).to_string());
            let body = web::call_and_read_body(&service, request.to_request()).await;
            let answer: Value = serde_json::from_slice(&body).unwrap();
            code(&answer["data"]["signIn"]).to_owned()
        };
        let mut codes = Vec::new();
        // Callers write what they like on the left; the proxies add on the right.
        for n in 0..3 {
            codes.push(guess(&format!("198.51.100.{n}, 192.0.2.1, 10.9.9.9")).await);
        }
        assert_eq!(codes, ["INVALID_CREDENTIALS", "INVALID_CREDENTIALS", "THROTTLED"]);
        let elsewhere = guess("192.0.2.2").await;
        assert_eq!(elsewhere, if trusted { "INVALID_CREDENTIALS" } else { "THROTTLED" });
        for forwarded in ["203.0.113.7:4711", "\"[2001:db8::1]:80\"", "_hidden", "unknown"] {
            let counted_apart = guess(forwarded).await;
            assert_eq!(
                counted_apart,
                if trusted { "INVALID_CREDENTIALS" } else { "THROTTLED" },
                "{forwarded}"
            );
        }
        assert_eq!(guess("192.0.2.1:80").await, "THROTTLED", "another port is no other caller");
    }
}
