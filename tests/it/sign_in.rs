//! Registering, verifying, signing in: what a person sees, and what a guesser does not.

use std::sync::atomic::Ordering;

use connects::{
    accounts,
    entity::{enums::MembershipPlan, policy},
    policy::{Policy, SignupWhen},
};
use futures_util::future::join_all;
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};

use crate::support::{
    World, at, code,
    door::{PASSWORD, REGISTER, SIGN_IN, from},
};

const ADA: &str = "ada@test.example";

#[tokio::test]
async fn p_1_the_whole_story_from_registering_to_signing_out_everywhere() {
    let world = World::new().await;
    let registered = world.sign_up("Ada@Test.Example").await;
    assert_eq!(registered, json!({ "mailSent": true, "userErrors": [] }));
    let mail = world.mails().await.pop().unwrap();
    assert_eq!((mail.to(), mail.subject()), (ADA, "Verify your e-mail address"));
    let verified = world.do_with_token("verifyEmail", "VerifyEmailInput", &mail.token(), "verified").await;
    assert_eq!(verified["verified"], true);
    let again = world.do_with_token("verifyEmail", "VerifyEmailInput", &mail.token(), "verified").await;
    assert_eq!(code(&again), "INVALID_TOKEN", "a token works once");
    let (access, refresh) = world.sign_in(" ADA@test.example", PASSWORD).await;
    let query = "{ viewer { email isEmailVerified roles wallets { nodes { available } } } }";
    let viewer = &world.ask_with(&access, query, json!({})).await["viewer"];
    assert_eq!(viewer["isEmailVerified"], true);
    assert_eq!(viewer["wallets"]["nodes"][0]["available"], 50);
    let before = world.statements.load(Ordering::SeqCst);
    assert!(world.asker(&access).await.is_some());
    assert_eq!(
        world.statements.load(Ordering::SeqCst) - before,
        1,
        "person, roles and session in one statement"
    );
    let next = world.refresh(&refresh).await["tokens"].clone();
    let newer = next["accessToken"].as_str().unwrap();
    assert!(world.asker(newer).await.is_some() && world.asker(&access).await.is_some());
    let everywhere = "mutation { signOutEverywhere(input: {}) { account { email } userErrors { code } } }";
    let done = world.ask_with(newer, everywhere, json!({})).await;
    assert_eq!(done["signOutEverywhere"]["account"]["email"], ADA);
    assert!(world.asker(newer).await.is_none() && world.asker(&access).await.is_none());
    assert_eq!(code(&world.refresh(next["refreshToken"].as_str().unwrap()).await), "SESSION_ENDED");
    world.sign_in(ADA, PASSWORD).await;
    world.verify().await;
}

#[tokio::test]
async fn p_1_what_must_not_tell_of_an_account_is_not_answered_before_the_floor() {
    let world = World::with(|settings| settings.sign_in.answer_floor_ms = 300).await;
    world.freelancer("grace").await;
    let floor = std::time::Duration::from_millis(300);
    let begun = std::time::Instant::now();
    world.sign_up(ADA).await;
    assert!(begun.elapsed() >= floor);
    for address in ["grace@test.example", "nobody@test.example"] {
        let begun = std::time::Instant::now();
        assert_eq!(code(&world.try_sign_in(address, "another horse").await), "INVALID_CREDENTIALS");
        assert!(begun.elapsed() >= floor, "{address}");
    }
}

#[tokio::test]
async fn p_1_an_existing_address_is_answered_like_a_new_one_at_the_same_cost() {
    let world = World::new().await;
    world.freelancer("grace").await;
    let hashes = || world.app.gate.hasher.count();
    let before = hashes();
    let new = world.sign_up(ADA).await;
    let cost = hashes() - before;
    for existing in [ADA, "grace@test.example"] {
        let before = hashes();
        assert_eq!(world.sign_up(existing).await, new);
        assert_eq!(hashes() - before, cost, "the same work");
        let mail = world.mails().await.pop().unwrap();
        assert_eq!((mail.to(), mail.subject()), (existing, "You already have an account"));
    }
    assert_eq!(world.accounts().await.len(), 2);
    assert_eq!(world.passwords().await.len(), 1, "nobody gets a password by registering again");
    let before = hashes();
    let wrong = world.try_sign_in(ADA, "another horse").await;
    assert_eq!(hashes() - before, 1);
    assert_eq!(code(&wrong), "INVALID_CREDENTIALS");
    for unknown in ["nobody@test.example", "grace@test.example", "no address at all", "a\0@test.example"] {
        let before = hashes();
        assert_eq!(world.try_sign_in(unknown, "another horse").await, wrong, "{unknown}");
        assert_eq!(hashes() - before, 1, "{unknown}");
    }
    for (mutation, input) in [
        ("requestPasswordReset", "RequestPasswordResetInput"),
        ("requestEmailVerification", "RequestEmailVerificationInput"),
    ] {
        let query = format!(
            "mutation($input: {input}!) {{ {mutation}(input: $input) {{ accepted userErrors {{ code }} }} }}"
        );
        let (known, unknown) = (json!({ "email": ADA }), json!({ "email": "nobody@test.example" }));
        let known = world.ask(None, &query, json!({ "input": known })).await;
        assert_eq!(known, world.ask(None, &query, json!({ "input": unknown })).await);
    }
}

#[tokio::test]
async fn p_1_a_refused_registration_says_what_is_wrong_before_anything_is_counted() {
    let world = World::new().await;
    for (field, value, expected) in [
        ("password", "short", "WEAK_PASSWORD"),
        ("password", "Password123", "WEAK_PASSWORD"),
        ("password", "ada@test.example", "WEAK_PASSWORD"),
        ("email", "ada", "INVALID_INPUT"),
        ("email", "ada@test.example\r\nBcc: eve@test.example", "INVALID_INPUT"),
        ("name", "", "INVALID_INPUT"),
        ("country", "KP", "COUNTRY_NOT_SUPPORTED"),
    ] {
        let mut input =
            json!({ "email": ADA, "password": PASSWORD, "name": "Ada", "country": "GB", "client": true });
        input[field] = value.into();
        let refused = world.data(None, REGISTER, json!({ "input": input })).await["register"].clone();
        assert_eq!(code(&refused), expected, "{field}");
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", field]));
        assert!(!refused.to_string().contains("Bcc"));
    }
    let input = json!({ "email": ADA, "password": PASSWORD, "name": "Ada", "country": "GB" });
    let nothing = world.data(None, REGISTER, json!({ "input": input })).await["register"].clone();
    assert_eq!(code(&nothing), "INVALID_INPUT", "neither freelancer nor client");
    assert_eq!((world.accounts().await.len(), world.app.gate.hasher.count()), (0, 0));
}

#[tokio::test]
async fn p_1_sixty_four_racing_registrations_make_one_account() {
    let world = World::with(|settings| {
        settings.sign_in.mails_per_account.times = 1_000;
        settings.sign_in.mails_per_address.times = 1_000;
        settings.sign_in.registrations_per_address.times = 1_000;
    })
    .await;
    let answers = join_all((0..64).map(|_| world.sign_up(ADA))).await;
    for answer in answers {
        assert_eq!(answer, json!({ "mailSent": true, "userErrors": [] }));
    }
    assert_eq!((world.accounts().await.len(), world.passwords().await.len()), (1, 1));
    let mails = world.mails().await;
    assert_eq!(mails.len(), 64);
    assert_eq!(mails.iter().filter(|mail| mail.subject() == "Verify your e-mail address").count(), 1);
    world.verify().await;
}

#[tokio::test]
async fn p_1_guesses_at_an_account_are_limited_however_they_are_packed() {
    let world = World::new().await;
    world.sign_up(ADA).await;
    let guess = |n: usize| {
        format!(
            "g{n}: signIn(input: {{ email: \"{ADA}\", password: \"guess {n} of it\" }}) {{ userErrors {{ code ... on Throttled {{ retryAfterSeconds }} }} }}"
        )
    };
    let packed = format!("mutation {{ {} }}", (0..30).map(guess).collect::<Vec<_>>().join("\n"));
    let before = world.app.gate.hasher.count();
    let answers = world.data(None, &packed, json!({})).await;
    assert_eq!(world.app.gate.hasher.count() - before, 10, "the limit comes before the hash");
    let codes: Vec<_> = (0..30).map(|n| code(&answers[format!("g{n}")]).to_owned()).collect();
    assert!(codes[..10].iter().all(|code| code == "INVALID_CREDENTIALS"));
    assert!(codes[10..].iter().all(|code| code == "THROTTLED"));
    let wait = answers["g29"]["userErrors"][0]["retryAfterSeconds"].as_i64().unwrap();
    assert!((1..=901).contains(&wait), "{wait}");
    let right = world.try_sign_in("ADA@TEST.EXAMPLE", PASSWORD).await;
    assert_eq!(right["userErrors"][0]["__typename"], "Throttled");
    assert_eq!(right["userErrors"][0]["retryable"], true);
    let racing = join_all((0..30).map(|n| {
        world.try_sign_in("grace@test.example", if n % 2 == 0 { "one guess" } else { "two guesses" })
    }));
    let passed = racing.await.iter().filter(|answer| code(answer) == "INVALID_CREDENTIALS").count();
    assert_eq!(passed, 10, "an unknown address has the same limit, however many race");
}

#[tokio::test]
async fn p_1_signing_in_resets_the_count_of_the_account() {
    let world = World::new().await;
    world.sign_up(ADA).await;
    for _ in 0..3 {
        for _ in 0..9 {
            assert_eq!(code(&world.try_sign_in(ADA, "a wrong guess").await), "INVALID_CREDENTIALS");
        }
        world.sign_in(ADA, PASSWORD).await;
    }
}

#[tokio::test]
async fn p_1_guesses_and_mails_are_limited_by_address_too() {
    let world = World::with(|settings| {
        settings.sign_in.guesses_per_address.times = 3;
        settings.sign_in.registrations_per_address.times = 3;
        settings.sign_in.mails_per_address.times = 5;
    })
    .await;
    let guess = async |address: &str, n: usize| {
        let input = json!({ "email": format!("a{n}@test.example"), "password": "a wrong guess" });
        let answer = world.ask_from(from(address), SIGN_IN, json!({ "input": input })).await;
        code(&answer["data"]["signIn"]).to_owned()
    };
    for n in 0..3 {
        assert_eq!(guess("192.0.2.1", n).await, "INVALID_CREDENTIALS");
    }
    assert_eq!(guess("192.0.2.1", 9).await, "THROTTLED");
    assert_eq!(guess("192.0.2.2", 9).await, "INVALID_CREDENTIALS");
    let register = async |n: usize| {
        let input = json!({ "email": format!("b{n}@test.example"), "password": PASSWORD, "name": "B",
                            "country": "GB", "client": true });
        let answer = world.ask_from(from("2001:db8::1"), REGISTER, json!({ "input": input })).await;
        answer["data"]["register"]["userErrors"].as_array().unwrap().len()
    };
    assert_eq!([register(0).await, register(1).await, register(2).await, register(3).await], [0, 0, 0, 1]);
    let reset = "mutation($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { userErrors { code } } }";
    let mut codes = Vec::new();
    for _ in 0..7 {
        let input = json!({ "input": { "email": "b0@test.example" } });
        let answer = world.ask_from(from("198.51.100.7"), reset, input).await;
        codes.push(answer["data"]["requestPasswordReset"]["userErrors"][0]["code"].clone());
    }
    // One was the mail of the registration.
    let throttled = codes.iter().filter(|code| *code == "THROTTLED").count();
    assert_eq!(throttled, 3, "{codes:?}");
}

#[tokio::test]
async fn p_1_a_password_is_changed_with_the_current_one_and_ends_other_sessions() {
    let world = World::new().await;
    world.sign_up(ADA).await;
    let ((here, keep), (there, other)) =
        (world.sign_in(ADA, PASSWORD).await, world.sign_in(ADA, PASSWORD).await);
    let change = "mutation($input: ChangePasswordInput!) { changePassword(input: $input) { changed userErrors { code field } } }";
    let input =
        |current: &str, new: &str| json!({ "input": { "currentPassword": current, "newPassword": new } });
    let with = async |token: &str, input: Value| {
        world.ask_with(token, change, input).await["changePassword"].clone()
    };
    assert_eq!(code(&with(&here, input("a wrong guess", "a horse in summer")).await), "INVALID_CREDENTIALS");
    assert_eq!(code(&with(&here, input(PASSWORD, "Ada Byron")).await), "WEAK_PASSWORD");
    assert!(world.asker(&there).await.is_some());
    assert_eq!(with(&here, input(PASSWORD, "a horse in summer")).await["changed"], true);
    assert!(world.asker(&here).await.is_some() && world.asker(&there).await.is_none());
    assert_eq!(code(&world.refresh(&other).await), "SESSION_ENDED");
    assert!(world.refresh(&keep).await["tokens"].is_object());
    assert_eq!(code(&world.try_sign_in(ADA, PASSWORD).await), "INVALID_CREDENTIALS");
    world.sign_in(ADA, "a horse in summer").await;
    assert_eq!(world.mails().await.pop().unwrap().subject(), "Your password was changed");
}

#[tokio::test]
async fn p_1_a_reset_works_once_for_an_hour_and_ends_all_sessions() {
    let world = World::new().await;
    world.sign_up(ADA).await;
    let (access, refresh) = world.sign_in(ADA, PASSWORD).await;
    let ask = async || {
        let query =
            format!("mutation {{ requestPasswordReset(input: {{ email: \"{ADA}\" }}) {{ accepted }} }}");
        world.data(None, &query, json!({})).await;
        world.mailed_token(ADA).await
    };
    let (first, second) = (ask().await, ask().await);
    let reset = async |token: &str, new: &str| {
        let query = "mutation($input: ResetPasswordInput!) { resetPassword(input: $input) { changed userErrors { code } } }";
        let input = json!({ "input": { "token": token, "newPassword": new } });
        world.data(None, query, input).await["resetPassword"].clone()
    };
    let before = world.app.gate.hasher.count();
    let forged = world.app.keys.mailed_token(
        connects::entity::ids::OneTimeTokenId::new(),
        connects::entity::enums::TokenPurpose::ResetPassword,
    );
    let forged = forged.unwrap();
    for token in ["", "nonsense", &forged, &format!("{first}x")] {
        assert_eq!(code(&reset(token, "a horse in summer").await), "INVALID_TOKEN", "{token}");
    }
    assert_eq!(world.app.gate.hasher.count(), before, "no hash for a token that does not work");
    assert_eq!(code(&reset(&first, "password123").await), "WEAK_PASSWORD");
    assert_eq!(reset(&first, "a horse in summer").await["changed"], true);
    assert_eq!(code(&reset(&first, "a horse in spring").await), "INVALID_TOKEN", "once");
    assert_eq!(code(&reset(&second, "a horse in spring").await), "INVALID_TOKEN", "others with it");
    assert!(world.asker(&access).await.is_none());
    assert_eq!(code(&world.refresh(&refresh).await), "SESSION_ENDED");
    world.sign_in(ADA, "a horse in summer").await;
    let third = ask().await;
    world.sql("UPDATE one_time_tokens SET expires_at = created_at").await.unwrap();
    assert_eq!(code(&reset(&third, "a horse in spring").await), "INVALID_TOKEN", "too old");
    let verify = world.do_with_token("verifyEmail", "VerifyEmailInput", &third, "verified").await;
    assert_eq!(code(&verify), "INVALID_TOKEN", "for another purpose");
}

#[tokio::test]
async fn p_1_hashes_are_renewed_when_the_parameters_change() {
    let mut world = World::new().await;
    world.sign_up(ADA).await;
    let old = world.passwords().await.pop().unwrap().phc;
    assert!(old.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{old}");
    world.app.settings.sign_in.argon2_memory_kib = 128;
    world.app = world.twin().await;
    assert_eq!(code(&world.try_sign_in(ADA, "a wrong guess").await), "INVALID_CREDENTIALS");
    assert_eq!(world.passwords().await.pop().unwrap().phc, old);
    world.sign_in(ADA, PASSWORD).await;
    let new = world.passwords().await.pop().unwrap();
    assert!(new.phc.starts_with("$argon2id$v=19$m=128,t=1,p=1$"), "{}", new.phc);
    world.sign_in(ADA, PASSWORD).await;
    assert_eq!(world.passwords().await.pop().unwrap(), new, "once is enough");
}

#[tokio::test]
async fn r_1_an_address_verified_later_brings_the_gift_at_once_and_lets_spend() {
    let mut world = World::new().await;
    let mut policy = Policy::seed().unwrap();
    policy.rewards.signup_when = SignupWhen::EmailVerified;
    assert_eq!(policy.terms(MembershipPlan::Basic).free, 10);
    let start = at("2026-01-01T00:00:00Z");
    let row = policy::ActiveModel {
        version: Set(2),
        effective_from: Set(start),
        document: Set(serde_json::to_value(&policy).unwrap()),
        actor_id: Set(None),
        recorded_at: Set(start),
    };
    world
        .db()
        .write(async |txn| Ok(policy::Entity::insert(row).exec_without_returning(txn).await?))
        .await
        .unwrap();
    world.app = world.twin().await;
    let clara = world.client("clara").await;
    let post = world.post(&clara, "A logo", 100).await;
    world.sign_up(ADA).await;
    let (access, _) = world.sign_in(ADA, PASSWORD).await;
    let available = async || {
        let query = "{ viewer { wallets { nodes { available } } } }";
        world.ask_with(&access, query, json!({})).await["viewer"]["wallets"]["nodes"][0]["available"].clone()
    };
    assert_eq!(available().await, 10, "the gift waits");
    let propose = async |key: &str| {
        let input = crate::support::proposal(&post, post.connects_price, key);
        world.ask_with(&access, crate::support::SUBMIT, json!({ "input": input })).await["submitProposal"]
            .clone()
    };
    assert_eq!(code(&propose("early").await), "EMAIL_NOT_VERIFIED");
    world.advance("2026-01-05T12:00:00Z").await;
    let token = world.mailed_token(ADA).await;
    world.do_with_token("verifyEmail", "VerifyEmailInput", &token, "verified").await;
    assert_eq!(available().await, 50, "the gift came with the verification");
    assert_eq!(propose("late").await["userErrors"], json!([]));
    // A variant of the address is the same person, who had the gift.
    world.sign_up_and_verify("ada+again@test.example").await;
    let wallets: i64 = world.accounts().await.len() as i64;
    assert_eq!(wallets, 3);
    let again =
        accounts::store::find_by_email(world.db().read(), "ada+again@test.example").await.unwrap().unwrap();
    let wallet =
        connects::connects::store::find_wallet_of(world.db().read(), again.id).await.unwrap().unwrap();
    assert_eq!(wallet.available, 10);
    world.verify().await;
}
