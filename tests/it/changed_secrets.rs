//! The secret: a wrong one, a changed one, one in a file, and databases from before keys had a table (docs/SECRETS.md).

use std::time::Duration;

use actix_web::test;
use chrono::TimeDelta;
use connects::{
    clock::wall_now,
    config::Settings,
    entity::{
        enums::{AuditAction, HistoryKind, KeyPurpose, TaskTrigger, TokenPurpose},
        ids::SessionId,
    },
    keyring,
    schedule::Asked,
};
use sea_orm::EntityTrait;
use tempfile::TempDir;

use crate::{
    keys::{NEW, TOKEN, opened, rotated, with},
    support::{World, commands::Commands, task},
};

const NOW: Asked = Asked { trigger: TaskTrigger::Command, actor: None, as_of: None };

const NEWER: &str = "a newer secret of thirty-two bytes or more";

#[tokio::test]
async fn a_changed_secret_keeps_tokens_and_people_and_refuses_the_one_before() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let token = ada.token(&world);
    let old = world.app.settings.secret.clone().unwrap();
    assert!(opened(&with(&world, NEW, None)).await.unwrap_err().to_string().contains("not the secret"));
    for (current, previous) in [(NEW.to_owned(), old.clone()), (NEWER.to_owned(), NEW.into())] {
        let settings = with(&world, &current, Some(&previous));
        let app = opened(&settings).await.expect("both open it");
        assert_eq!(app.keys.check(&token), Some(ada.viewer.id()));
        let secrets = app.keys.secrets();
        let rehearsed = app.db.write_or_rehearse(true, async |txn| keyring::rewrap(txn, secrets).await).await;
        assert_eq!(rehearsed.unwrap(), 7);
        for expected in [7, 0] {
            assert_eq!(
                app.db.write(async |txn| keyring::rewrap(txn, secrets).await).await.unwrap(),
                expected
            );
        }
    }
    for refused in [with(&world, NEW, None), world.app.settings.clone()] {
        let refused = opened(&refused).await.unwrap_err().to_string();
        assert!(refused.contains("not the secret"), "{refused}");
    }
    assert_eq!(
        world.actions().await.iter().filter(|action| **action == AuditAction::KeysRewrapped).count(),
        2
    );
    // the same person again, by whatever address; the welcome gift comes once for life.
    let app = opened(&with(&world, NEWER, None)).await.unwrap();
    assert_eq!(app.keys.check(&token), Some(ada.viewer.id()));
    let commands = Commands::on(&app.settings);
    let again = commands.run(&["register", "ada+2@test.example", "--freelancer"]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    let entries = connects::entity::entry::Entity::find().all(world.db().read()).await.unwrap();
    assert_eq!(entries.iter().filter(|entry| entry.kind == HistoryKind::Signup).count(), 1);
}

#[tokio::test]
async fn a_wrong_secret_is_refused_by_every_command_and_nothing_is_written() {
    let world = World::new().await;
    world.freelancer("ada").await;
    let (another, none) = (with(&world, NEW, None), Settings { secret: None, ..world.app.settings.clone() });
    let before = world.dump().await;
    let all: [&[&str]; 18] = [
        &TOKEN,
        &["register", "ben@test.example"],
        &["worker"],
        &["serve"],
        &["demo"],
        &["migrate"],
        &["verify"],
        &["clock", "show"],
        &["clock", "advance", "2026-02-01T00:00:00Z"],
        &["task", "list"],
        &["task", "run", "monthly-grants"],
        &["import", "job-posts", "posts.csv", "--client", "clara@test.example"],
        &["keys", "list"],
        &["keys", "rewrap"],
        &["keys", "rotate", "bearer-tokens"],
        &["keys", "retire", "bearer-tokens"],
        &["clock", "confirm"],
        &["backup", "a-backup.db"],
    ];
    let refuse = |settings: &Settings, command: &[&str]| {
        let refused = Commands::on(settings).run(command);
        assert_eq!((refused.code, refused.stderr.lines().count()), (1, 1), "{command:?}: {}", refused.stderr);
        assert!(refused.stderr.contains("this is not the secret of this database; set CONNECTS_SECRET to"));
    };
    for command in all {
        refuse(&another, command);
    }
    // A sandbox makes a secret of its own, but not for a database whose keys are under another.
    for command in [&TOKEN as &[&str], &["serve"], &["keys", "list"]] {
        refuse(&none, command);
    }
    assert_eq!(world.dump().await, before);
}

#[actix_web::test]
async fn a_server_without_the_new_secret_goes_on_until_it_lacks_a_key_for_minutes() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let new = opened(&with(&world, NEW, world.app.settings.secret.as_ref())).await.unwrap();
    new.db.write(async |txn| keyring::rewrap(txn, new.keys.secrets()).await).await.unwrap();
    let reload = async || keyring::reload(world.db().read(), &world.app.keys).await;
    reload().await.expect("it has opened these keys before");
    rotated(&new, KeyPurpose::BearerTokens).await;
    assert!(reload().await.unwrap_err().to_string().contains("not the secret"));
    assert_eq!(world.app.keys.check(&ada.token(&world)), Some(ada.viewer.id()));
    let routes = connects::http::routes(connects::http::Shared::new(world.app.clone()));
    let service = test::init_service(actix_web::App::new().configure(routes)).await;
    let ready = async || {
        let ready = test::TestRequest::get().uri("/readyz").to_request();
        test::call_service(&service, ready).await.status().as_u16()
    };
    assert_eq!(ready().await, 200, "there is time to restart it with the new secret");
    let minutes = Duration::from_secs(301);
    let since = tokio::time::Instant::now().checked_sub(minutes).expect("this machine has run for minutes");
    world.app.keys.replace((*world.app.keys.ring()).clone());
    world.app.keys.lack_one_since(since);
    assert_eq!(ready().await, 503);
    let in_an_hour = wall_now() + TimeDelta::hours(1);
    let refused = world.app.keys.mint(ada.viewer.id(), wall_now(), in_an_hour).unwrap_err().to_string();
    assert!(refused.contains("cannot sign tokens"), "they would be refused before their time: {refused}");
}

#[actix_web::test]
async fn a_process_without_the_new_secret_signs_nothing_with_a_key_that_is_deleted() {
    let world = World::new().await;
    let new = opened(&with(&world, NEW, world.app.settings.secret.as_ref())).await.unwrap();
    new.db.write(async |txn| keyring::rewrap(txn, new.keys.secrets()).await).await.unwrap();
    let reload = async || keyring::reload(world.db().read(), &world.app.keys).await;
    world.sign_up("ada@test.example").await;
    let refresh = world.app.keys.refresh_token(SessionId::new(), 1).unwrap();
    for purpose in [KeyPurpose::RefreshTokens, KeyPurpose::MailedTokens] {
        rotated(&new, purpose).await;
    }
    assert!(reload().await.is_err() && world.app.keys.open_refresh_token(&refresh).is_some());
    for purpose in [KeyPurpose::RefreshTokens, KeyPurpose::MailedTokens] {
        new.db.write(async |txn| keyring::retire(txn, purpose).await).await.unwrap();
    }
    assert!(reload().await.is_err() && world.app.keys.are_behind());
    assert_eq!(world.app.keys.open_refresh_token(&refresh), None);
    assert!(world.app.keys.refresh_token(SessionId::new(), 1).is_err());
    // A mail with a dead token is not sent, and waits for a process that can sign.
    assert!(world.app.runner().run_now(task("mail"), NOW).await.is_err());
    let sent = new.runner().run_now(task("mail"), NOW).await.expect("it can sign").1;
    assert_eq!((sent["sent"], sent["failed"]), (1, 0));
    let mail = connects::entity::mail::Entity::find().one(world.db().read()).await.unwrap().unwrap();
    assert_eq!(mail.attempts, 1);
}

/// What the program of before keys had a table made of the secret of a world: the mark in the database, and tokens of
/// `ID`. Calculated apart from this program.
mod before {
    pub const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
    pub const MARK: &str = "34f7d7cdf6c93e9777f09df1338724d215fb08ffc27663ab896f217004204010";
    pub const BEARER: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.\
        eyJpc3MiOiJjb25uZWN0cyIsImF1ZCI6ImNvbm5lY3RzLWFwaSIsInN1YiI6IjAxODkwYTVkLWFjOTYtNzc0Yi1iY2NlLWIzMDIwOTlhODA1NyIsImlhdCI6MTc2NzIyNTYwMCwiZXhwIjo0MTAyNDQ0ODAwfQ.\
        Pfr0bHT58JIVq0pYzxHyFi65BMdE5-STyVx-dNz_JHI";
    pub const REFRESH: &str = "AYkKXayWd0u8zrMCCZqAVw.7.zGRF--45y_7NKvPLXTMMAjv4FZ2S28vPNZc0w1dWQgs";
    pub const MAILED: &str =
        "AYkKXayWd0u8zrMCCZqAVw.VERIFY_EMAIL.HFMmyKbztCaBEJeJGFm7g-pLoTdX8VP4ZlfVoa6hdJQ";
    /// Of `ada@test.example`.
    pub const PERSON: &str = "b7cb5272e1c218937a2eefed36e4750f73140e82a9cb705f98314408790e48f2";
    /// Of `ada@test.example`.
    pub const ATTEMPTS: &str = "70b957d542bb155c58120e8baf2d43372afc8ca04432df5b0dec3fba2d5a47fb";
}

#[tokio::test]
async fn an_older_database_keeps_its_sessions_and_hashes() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.sql("DELETE FROM keys").await.unwrap();
    let earlier = format!("UPDATE instance SET keys_made_at = NULL, secret_mark = '{}'", before::MARK);
    world.sql(&earlier).await.unwrap();
    let foreign = opened(&with(&world, NEW, None)).await.unwrap_err().to_string();
    assert!(foreign.contains("not the secret"), "{foreign}");
    let commands = Commands::on(&world.app.settings).and("CONNECTS_SECRET", NEW);
    assert!(commands.run(&["clock", "show"]).stderr.contains("not the secret"), "also without a key");
    let app = opened(&world.app.settings).await.unwrap();
    assert_eq!(app.keys.check(&ada.token(&world)), None, "this world's keys are gone");
    let changed = opened(&with(&world, NEW, world.app.settings.secret.as_ref())).await.unwrap();
    changed.db.write(async |txn| keyring::rewrap(txn, changed.keys.secrets()).await).await.unwrap();
    for keys in [app.keys, opened(&with(&world, NEW, None)).await.unwrap().keys] {
        assert_eq!(keys.check(before::BEARER), Some(before::ID.parse().unwrap()));
        let session = keys.open_refresh_token(before::REFRESH);
        assert_eq!(session, Some((before::ID.parse().unwrap(), 7)));
        let mailed = keys.open_mailed_token(before::MAILED, TokenPurpose::VerifyEmail);
        assert_eq!(mailed, Some(before::ID.parse().unwrap()));
        assert_eq!(keys.person_hash("ada@test.example"), before::PERSON);
        assert_eq!(keys.subject_hash("ada@test.example"), before::ATTEMPTS);
    }
}

#[tokio::test]
async fn a_damaged_key_is_refused_by_name() {
    let world = World::new().await;
    let commands = Commands::on(&world.app.settings);
    let swap = "UPDATE keys SET wrapped = (SELECT k.wrapped FROM keys k WHERE k.purpose = 'PEOPLE_HASHES') \
                WHERE purpose = 'BEARER_TOKENS'";
    world.sql(swap).await.unwrap();
    let refused = commands.run(&["worker"]);
    assert_eq!((refused.code, refused.stderr.lines().count()), (1, 1), "{}", refused.stderr);
    assert!(
        refused.stderr.contains("(BEARER_TOKENS) is damaged; restore the table keys"),
        "{}",
        refused.stderr
    );
    // Keys that were lost are not replaced by others, neither one nor all.
    for (lost, said) in
        [("WHERE purpose <> 'ATTEMPT_HASHES'", "there is no key for"), ("", "there is no key for")]
    {
        world.sql(&format!("DELETE FROM keys {lost}")).await.unwrap();
        let refused = commands.run(&["worker"]);
        assert_eq!((refused.code, refused.stderr.contains(said)), (1, true), "{}", refused.stderr);
    }
}

#[tokio::test]
async fn secrets_and_addresses_are_read_from_files() {
    let world = World::new().await;
    let folder = TempDir::new().unwrap();
    let file = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    };
    world.freelancer("ada").await;
    let secret = secrecy::ExposeSecret::expose_secret(world.app.settings.secret.as_ref().unwrap()).to_owned();
    let secret = file("secret", &format!("{secret}\n"));
    let address = file("address", &format!("{}\r\n", world.app.settings.database_url));
    let pooler = world.app.settings.database_pooler.to_string();
    let given = [
        ("DATABASE_URL_FILE", address.as_str()),
        ("CONNECTS_SECRET_FILE", &secret),
        ("CONNECTS_DATABASE_POOLER", &pooler),
    ];
    let commands = Commands::with(&given);
    let token = commands.run(&TOKEN);
    assert_eq!(token.code, 0, "{}", token.stderr);
    let both = commands.clone().and("CONNECTS_SECRET", NEW).run(&TOKEN);
    assert!(both.stderr.contains("CONNECTS_SECRET and CONNECTS_SECRET_FILE are both set"), "{}", both.stderr);
    let both = commands.clone().and("DATABASE_URL", "sqlite:a.db").run(&TOKEN);
    assert!(both.stderr.contains("DATABASE_URL and DATABASE_URL_FILE are both set"), "{}", both.stderr);
    let missing = commands.clone().and("CONNECTS_SECRET_FILE", "no/such/file").run(&TOKEN);
    assert!(missing.stderr.contains("cannot read no/such/file (CONNECTS_SECRET_FILE)"), "{}", missing.stderr);
    let short = commands.clone().and("CONNECTS_SECRET_FILE", &file("short", "short")).run(&TOKEN);
    assert!(short.stderr.contains("CONNECTS_SECRET must have at least 32 bytes"), "{}", short.stderr);
    // Changed by files alone.
    let new = file("new", NEW);
    let both = commands.and("CONNECTS_SECRET_FILE", &new).and("CONNECTS_SECRET_PREVIOUS_FILE", &secret);
    assert_eq!(both.run(&["keys", "rewrap"]).stdout, "7 keys are under the current secret now\n");
    assert_eq!(both.run(&["keys", "rewrap"]).stdout, "all keys are under the current secret already\n");
    assert_eq!(both.run(&["config"]).stdout.matches("\"***\"").count(), 2);
}
