//! Keys that can change: another secret, rotated keys, and what stays valid (docs/SECRETS.md).

use std::sync::atomic::Ordering;

use chrono::TimeDelta;
use connects::{
    app::App,
    clock::wall_now,
    config::Settings,
    db::Open,
    entity::{
        enums::{AuditAction, ClockKind, HistoryKind, KeyPurpose, KeyState},
        ids::SessionId,
    },
    keyring,
    keys::Secret,
};
use futures_util::future::join_all;
use sea_orm::EntityTrait;
use secrecy::SecretString;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{World, commands::Commands, door::PASSWORD};

const TOKEN: [&str; 3] = ["token", "--email", "ada@test.example"];

const NEW: &str = "a new secret of thirty-two bytes or more";

const NEWER: &str = "a newer secret of thirty-two bytes or more";

/// The settings of `world` with other secrets.
fn with(world: &World, current: &str, previous: Option<&SecretString>) -> Settings {
    let secrets = (Some(current.into()), previous.cloned());
    Settings { secret: secrets.0, secret_previous: secrets.1, ..world.app.settings.clone() }
}

async fn opened(settings: &Settings) -> connects::error::Result<App> {
    App::open(settings.clone(), Open::Existing).await
}

/// The keys as a command lists them.
fn listed(commands: &Commands) -> Vec<Value> {
    let list = commands.run(&["keys", "list", "--json"]);
    assert_eq!(list.code, 0, "{}", list.stderr);
    serde_json::from_str(&list.stdout).unwrap()
}

impl World {
    /// The key that signs or hashes for `purpose`.
    pub async fn key_for(&self, purpose: KeyPurpose) -> Vec<u8> {
        let rows = keyring::store::list_all(self.db().read()).await.unwrap();
        let row = rows.iter().find(|row| row.purpose == purpose && row.state == KeyState::Active).unwrap();
        let secret = Secret::new(self.app.settings.secret.clone().unwrap());
        secret.unwrap(row.id, purpose, row.wrapped.as_deref().unwrap()).unwrap().to_vec()
    }
}

#[tokio::test]
async fn databases_with_the_same_secret_have_keys_of_their_own() {
    let (one, other) = (World::new().await, World::new().await);
    let ada = one.freelancer("ada").await;
    let token = ada.token(&one);
    assert!(one.app.keys.check(&token).is_some());
    assert_eq!(other.app.keys.check(&token), None);
    assert_eq!(one.twin().await.keys.check(&token), Some(ada.viewer.id()), "a second process has the same");
}

#[tokio::test]
async fn processes_that_start_at_once_make_one_key_for_each_purpose() {
    let folder = TempDir::new().unwrap();
    let settings = crate::support::settings(&folder, ClockKind::Sandbox).await;
    connects::db::Database::open(&settings, Open::OrCreate(ClockKind::Sandbox)).await.unwrap();
    let apps = join_all((0..8).map(|_| opened(&settings))).await;
    let rings: Vec<_> = apps.into_iter().map(|app| app.unwrap().keys.ring()).collect();
    let ids = |ring: &connects::keys::Ring| {
        [&ring.bearer, &ring.refresh, &ring.mailed, &ring.attempts, &ring.people].map(|set| set.active.id)
    };
    assert!(rings.iter().all(|ring| ids(ring) == ids(&rings[0])));
}

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
        assert_eq!(rehearsed.unwrap(), 5);
        for expected in [5, 0] {
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
    let commands = Commands::on(&world.app.settings);
    let before = commands.run(&["verify", "--digest", "--json"]).stdout;
    let foreign = commands.clone().and("CONNECTS_SECRET", NEW);
    let all: [&[&str]; 13] = [
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
        &["keys", "rewrap"],
        &["keys", "rotate", "bearer-tokens"],
    ];
    for command in all {
        let refused = foreign.run(command);
        assert_eq!((refused.code, refused.stderr.lines().count()), (1, 1), "{command:?}: {}", refused.stderr);
        assert!(refused.stderr.contains("this is not the secret of this database; set CONNECTS_SECRET to"));
    }
    assert_eq!(commands.run(&["verify", "--digest", "--json"]).stdout, before);
    assert!(listed(&commands).iter().all(|key| key["underCurrentSecret"] == true));
}

#[tokio::test]
async fn a_rotated_key_stays_valid_for_what_it_signed_until_it_retires() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let (commands, before) = (Commands::on(&world.app.settings), ada.token(&world));
    let long = commands.run(&["token", "--email", "ada@test.example", "--days", "300"]);
    let dry = commands.run(&["keys", "rotate", "bearer-tokens", "--dry-run", "--json"]);
    assert_eq!((dry.code, listed(&commands).len()), (0, 5), "{}", dry.stderr);
    let rotated = commands.run(&["keys", "rotate", "bearer-tokens", "--json"]);
    assert_eq!(rotated.code, 0, "{}", rotated.stderr);
    let keys = listed(&commands);
    let retiring = keys.iter().find(|key| key["state"] == "RETIRING").unwrap();
    let retires_at: chrono::DateTime<chrono::Utc> =
        serde_json::from_value(retiring["retiresAt"].clone()).unwrap();
    let left = retires_at - wall_now();
    assert!(
        left > TimeDelta::days(299) && left <= TimeDelta::days(300),
        "as long as a token of 300 days: {left}"
    );
    let app = world.twin().await;
    for token in [before.as_str(), long.last_line()] {
        assert_eq!(app.keys.check(token), Some(ada.viewer.id()));
    }
    // The task, once nothing that it signed can be valid.
    let run = ["task", "run", "retire-keys", "--json"];
    let early = commands.run(&run);
    assert!(early.stdout.contains("\"retired\":0"), "{}", early.stdout);
    world.sql("UPDATE keys SET retires_at = made_at WHERE state = 'RETIRING'").await.unwrap();
    let done = commands.run(&run);
    assert!(done.stdout.contains("\"retired\":1"), "{}", done.stdout);
    assert_eq!(world.twin().await.keys.check(&before), None);
    let rows = keyring::store::list_all(world.db().read()).await.unwrap();
    let retired = rows.iter().find(|row| row.state == KeyState::Retired).unwrap();
    assert_eq!((retired.purpose, &retired.wrapped), (KeyPurpose::BearerTokens, &None));
    let actions = world.actions().await;
    assert_eq!(actions[actions.len() - 2..], [AuditAction::KeyRotated, AuditAction::KeyRetired]);
    let refused = commands.run(&["keys", "rotate", "people-hashes"]);
    assert_eq!(refused.code, 2);
    assert!(
        refused.stderr.contains("only bearer-tokens, refresh-tokens, mailed-tokens"),
        "{}",
        refused.stderr
    );
}

#[tokio::test]
async fn a_token_of_a_key_that_another_process_has_just_made_is_known_at_once() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let other = world.twin().await;
    let (secrets, lives) = (other.keys.secrets(), &other.settings.sign_in);
    let rotate =
        async |txn: &connects::db::Txn| keyring::rotate(txn, secrets, lives, KeyPurpose::BearerTokens).await;
    other.db.write(rotate).await.unwrap();
    keyring::reload(other.db.read(), &other.keys).await.unwrap();
    let token = other.keys.mint(ada.viewer.id(), wall_now(), wall_now() + TimeDelta::hours(1)).unwrap();
    assert_eq!(world.app.keys.check(&token), None);
    keyring::catch_up(world.db().read(), &world.app.keys, &token).await.unwrap();
    assert_eq!(world.app.keys.check(&token), Some(ada.viewer.id()));
    // Again, and soon: a hundred requests wait for one reading, and made-up tokens cost no more.
    other.db.write(rotate).await.unwrap();
    keyring::reload(other.db.read(), &other.keys).await.unwrap();
    let token = other.keys.mint(ada.viewer.id(), wall_now(), wall_now() + TimeDelta::hours(1)).unwrap();
    let made_up = World::new().await.app.keys.refresh_token(SessionId::new(), 0);
    let before = world.statements.load(Ordering::SeqCst);
    let ask = async |n: usize| {
        let token = if n.is_multiple_of(2) { &token } else { &made_up };
        keyring::catch_up(world.db().read(), &world.app.keys, token).await.unwrap();
    };
    join_all((0..100).map(ask)).await;
    assert_eq!(world.app.keys.check(&token), Some(ada.viewer.id()));
    let pooler = usize::from(world.app.settings.database_pooler) * 4;
    assert!(world.statements.load(Ordering::SeqCst) - before <= 2 + pooler);
}

#[tokio::test]
async fn rotations_and_a_change_of_the_secret_at_once_leave_every_key_under_the_new_secret() {
    let world = World::new().await;
    let settings = with(&world, NEW, world.app.settings.secret.as_ref());
    let (old, new) = (world.twin().await, opened(&settings).await.unwrap());
    // Three rotate with the secret before, three with the new one, and one changes the secret, three times.
    let act = async |n: usize| match n % 3 {
        0 => new.db.write(async |txn| keyring::rewrap(txn, new.keys.secrets()).await.map(drop)).await,
        at => {
            let app = [&old, &new][at - 1];
            let (secrets, lives) = (app.keys.secrets(), &app.settings.sign_in);
            let rotate = async |txn: &connects::db::Txn| {
                keyring::rotate(txn, secrets, lives, KeyPurpose::BearerTokens).await.map(drop)
            };
            app.db.write(rotate).await
        }
    };
    for (n, done) in join_all((0..9).map(act)).await.into_iter().enumerate() {
        // After the change, the secret before opens nothing, and so rotates nothing.
        let refused = done.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(refused.is_empty() || n % 3 == 1 && refused.contains("not the secret"), "{n}: {refused}");
    }
    let rows = keyring::store::list_all(world.db().read()).await.unwrap();
    let bearer: Vec<_> = rows.iter().filter(|row| row.purpose == KeyPurpose::BearerTokens).collect();
    assert!((4..=7).contains(&bearer.len()), "{}", bearer.len());
    assert_eq!(bearer.iter().filter(|row| row.state == KeyState::Active).count(), 1);
    assert!(opened(&with(&world, NEW, None)).await.is_ok(), "each is under the new secret");
}

#[tokio::test]
async fn an_older_database_keeps_its_sessions_and_hashes() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let secret = Secret::new(world.app.settings.secret.clone().unwrap());
    // As it was before keys had a table.
    world.sql("DELETE FROM keys").await.unwrap();
    let before = format!("UPDATE instance SET keys_made_at = NULL, secret_mark = '{}'", secret.mark());
    world.sql(&before).await.unwrap();
    let foreign = opened(&with(&world, NEW, None)).await.unwrap_err().to_string();
    assert!(foreign.contains("not the secret"), "{foreign}");
    let commands = Commands::on(&world.app.settings).and("CONNECTS_SECRET", NEW);
    assert!(commands.run(&["clock", "show"]).stderr.contains("not the secret"), "also without a key");
    let app = opened(&world.app.settings).await.unwrap();
    for purpose in [KeyPurpose::PeopleHashes, KeyPurpose::BearerTokens] {
        assert_eq!(world.key_for(purpose).await, secret.derived(purpose).to_vec(), "{purpose}");
    }
    assert_eq!(app.keys.check(&ada.token(&world)), None, "this world's keys are gone");
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
async fn a_repeated_refresh_at_a_server_that_has_not_read_a_rotation_gives_the_same_token() {
    let world = World::new().await;
    world.sign_up("ada@test.example").await;
    let (_, refresh) = world.sign_in("ada@test.example", PASSWORD).await;
    let other = world.twin().await;
    let (secrets, lives) = (other.keys.secrets(), &other.settings.sign_in);
    let rotate =
        async |txn: &connects::db::Txn| keyring::rotate(txn, secrets, lives, KeyPurpose::RefreshTokens).await;
    other.db.write(rotate).await.unwrap();
    keyring::reload(other.db.read(), &other.keys).await.unwrap();
    let first = connects::accounts::refresh(&other.db, &other.gate, &refresh).await.unwrap();
    let again = connects::accounts::refresh(world.db(), &world.app.gate, &refresh).await.unwrap();
    assert_eq!(again.refresh_token, first.refresh_token);
    let next = connects::accounts::refresh(world.db(), &world.app.gate, &again.refresh_token).await;
    assert!(next.is_ok(), "it is not taken for stolen");
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
    assert_eq!(both.run(&["keys", "rewrap"]).stdout, "5 keys are under the current secret now\n");
    assert_eq!(both.run(&["keys", "rewrap"]).stdout, "all keys are under the current secret already\n");
    assert_eq!(both.run(&["config"]).stdout.matches("\"***\"").count(), 2);
}
