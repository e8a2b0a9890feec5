//! Keys that can change: rotated and retired ones, and what stays valid (docs/SECRETS.md).

use std::sync::atomic::Ordering;

use chrono::TimeDelta;
use connects::{
    app::App,
    clock::wall_now,
    config::Settings,
    db::{Open, Txn},
    entity::{
        enums::{AuditAction, ClockKind, KeyPurpose, KeyState},
        ids::SessionId,
    },
    error::{Error, Fault},
    keyring::{self, Rotated},
    keys::Secret,
};
use futures_util::future::join_all;
use secrecy::SecretString;
use serde_json::Value;

use crate::support::{World, commands::Commands, door::PASSWORD};

pub const TOKEN: [&str; 3] = ["token", "--email", "ada@test.example"];

pub const NEW: &str = "a new secret of thirty-two bytes or more";

/// The settings of `world` with other secrets.
pub fn with(world: &World, current: &str, previous: Option<&SecretString>) -> Settings {
    let secrets = (Some(current.into()), previous.cloned());
    Settings { secret: secrets.0, secret_previous: secrets.1, ..world.app.settings.clone() }
}

pub async fn opened(settings: &Settings) -> connects::error::Result<App> {
    App::open(settings.clone(), Open::Existing).await
}

/// The keys as a command lists them.
pub fn listed(commands: &Commands) -> Vec<Value> {
    let list = commands.run(&["keys", "list", "--json"]);
    assert_eq!(list.code, 0, "{}", list.stderr);
    serde_json::from_str(&list.stdout).unwrap()
}

async fn rotate(txn: &Txn, app: &App, purpose: KeyPurpose) -> connects::error::Result<Rotated> {
    keyring::rotate(txn, app.keys.secrets(), purpose).await
}

/// Rotates a key in the process of `app`, which knows of it at once.
pub async fn rotated(app: &App, purpose: KeyPurpose) -> Rotated {
    let rotated = app.db.write(async |txn| rotate(txn, app, purpose).await).await.unwrap();
    keyring::reload(app.db.read(), &app.keys).await.unwrap();
    rotated
}

impl World {
    /// Changes the secret, and starts the server again with `new` alone.
    pub async fn change_secret(&mut self, new: &str) {
        let both = opened(&with(self, new, self.app.settings.secret.as_ref())).await.unwrap();
        let secrets = both.keys.secrets();
        both.db.write(async |txn| keyring::rewrap(txn, secrets).await).await.unwrap();
        self.app = opened(&with(self, new, None)).await.unwrap();
    }

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
    let place = crate::support::Place::new(None).await;
    let settings = place.settings(ClockKind::Sandbox);
    connects::db::Database::open(&settings, Open::OrCreate(ClockKind::Sandbox)).await.unwrap();
    let apps = join_all((0..8).map(|_| opened(&settings))).await;
    let rings: Vec<_> = apps.into_iter().map(|app| app.unwrap().keys.ring()).collect();
    let ids = |ring: &connects::keys::Ring| {
        [&ring.bearer, &ring.refresh, &ring.mailed, &ring.attempts, &ring.people].map(|set| set.active.id)
    };
    assert!(rings.iter().all(|ring| ids(ring) == ids(&rings[0])));
}

#[tokio::test]
async fn a_rotated_key_stays_valid_for_what_it_signed_until_it_retires() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let (commands, before) = (Commands::on(&world.app.settings), ada.token(&world));
    let long = commands.run(&["token", "--email", "ada@test.example", "--days", "300"]);
    let dry = commands.run(&["keys", "rotate", "bearer-tokens", "--dry-run", "--json"]);
    assert_eq!((dry.code, listed(&commands).len()), (0, 7), "{}", dry.stderr);
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
async fn a_key_is_kept_as_long_as_any_server_lets_a_token_live() {
    let world = World::new().await;
    let mut patient = world.app.settings.clone();
    patient.sign_in.session_days = 90;
    patient.sign_in.verify_hours = 500;
    opened(&patient).await.unwrap();
    let days_left = async |purpose| (rotated(&world.app, purpose).await.retires_at - wall_now()).num_days();
    assert_eq!(days_left(KeyPurpose::RefreshTokens).await, 90);
    assert_eq!(days_left(KeyPurpose::RefreshTokens).await, 90, "that server goes on with the next key");
    assert_eq!(days_left(KeyPurpose::MailedTokens).await, 20);
    assert_eq!(days_left(KeyPurpose::BearerTokens).await, 0);
}

#[tokio::test]
async fn a_retiring_key_can_be_deleted_at_once() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let (commands, before) = (Commands::on(&world.app.settings), ada.token(&world));
    let retire = ["keys", "retire", "bearer-tokens"];
    let nothing = commands.run(&retire);
    assert_eq!(nothing.stdout, "bearer-tokens has no key that is retiring; rotate it first\n");
    let (one, other) = (KeyPurpose::BearerTokens, KeyPurpose::RefreshTokens);
    let retiring = rotated(&world.app, one).await.retiring;
    rotated(&world.app, other).await;
    let dry = commands.run(&[retire.as_slice(), &["--dry-run", "--json"]].concat());
    assert_eq!(dry.stdout, format!("{{\"dryRun\":true,\"retired\":[\"{retiring}\"]}}\n"));
    assert_eq!(world.twin().await.keys.check(&before), Some(ada.viewer.id()));
    let done = commands.run(&retire);
    assert_eq!(done.stdout, format!("bearer-tokens: {retiring} is deleted\n"));
    assert_eq!(world.twin().await.keys.check(&before), None);
    assert_eq!(world.actions().await.last(), Some(&AuditAction::KeyRetired));
    let states = listed(&commands).into_iter().map(|key| key["state"].as_str().unwrap().to_owned());
    assert_eq!(states.filter(|state| state == "RETIRING").count(), 1, "the other purpose's stays");
}

#[tokio::test]
async fn a_token_of_a_key_that_another_process_has_just_made_is_known_at_once() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let other = world.twin().await;
    rotated(&other, KeyPurpose::BearerTokens).await;
    let token = other.keys.mint(ada.viewer.id(), wall_now(), wall_now() + TimeDelta::hours(1)).unwrap();
    assert_eq!(world.app.keys.check(&token), None);
    keyring::catch_up(world.db().read(), &world.app.keys, &token).await.unwrap();
    assert_eq!(world.app.keys.check(&token), Some(ada.viewer.id()));
    // Again, and soon: a hundred requests wait for one reading, and made-up tokens cost no more.
    rotated(&other, KeyPurpose::BearerTokens).await;
    let token = other.keys.mint(ada.viewer.id(), wall_now(), wall_now() + TimeDelta::hours(1)).unwrap();
    let made_up = World::new().await.app.keys.refresh_token(SessionId::new(), 0).unwrap();
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
async fn a_process_follows_a_key_that_another_retires_within_thirty_seconds() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let (token, other) = (ada.token(&world), world.twin().await);
    let watching = world.app.watch_keys();
    tokio::task::yield_now().await;
    rotated(&other, KeyPurpose::BearerTokens).await;
    other.db.write(async |txn| keyring::retire(txn, KeyPurpose::BearerTokens).await).await.unwrap();
    assert!(world.app.keys.check(&token).is_some());
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(30)).await;
    tokio::time::resume();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while world.app.keys.check(&token).is_some() {
        assert!(std::time::Instant::now() < deadline, "it reads the ring by now");
        tokio::task::yield_now().await;
    }
    watching.abort();
}

#[tokio::test]
async fn rotations_and_a_change_of_the_secret_at_once_leave_every_key_under_the_new_secret() {
    let world = World::new().await;
    let settings = with(&world, NEW, world.app.settings.secret.as_ref());
    let (old, new) = (world.twin().await, opened(&settings).await.unwrap());
    // Three rotate with the previous secret, three with the new one, and one changes the secret, three times.
    let act = async |n: usize| match n % 3 {
        0 => new.db.write(async |txn| keyring::rewrap(txn, new.keys.secrets()).await.map(drop)).await,
        at => {
            let app = [&old, &new][at - 1];
            app.db.write(async |txn| rotate(txn, app, KeyPurpose::BearerTokens).await.map(drop)).await
        }
    };
    for (n, done) in join_all((0..9).map(act)).await.into_iter().enumerate() {
        // After the change, the previous secret opens nothing, and so rotates nothing.
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
async fn a_repeated_refresh_at_a_server_that_has_not_read_a_rotation_gives_the_same_token() {
    let world = World::new().await;
    world.sign_up("ada@test.example").await;
    let (_, refresh) = world.sign_in("ada@test.example", PASSWORD).await;
    let other = world.twin().await;
    rotated(&other, KeyPurpose::RefreshTokens).await;
    let first = connects::accounts::refresh(&other.db, &other.gate, &refresh).await.unwrap();
    let again = connects::accounts::refresh(world.db(), &world.app.gate, &refresh).await.unwrap();
    assert_eq!(again.refresh_token, first.refresh_token);
    let next = connects::accounts::refresh(world.db(), &world.app.gate, &again.refresh_token).await;
    assert!(next.is_ok(), "it is not taken for stolen");
}

#[tokio::test]
async fn w_4_nothing_is_encrypted_with_a_key_that_another_process_has_retired() {
    let world = World::new().await;
    let (twin, commands) = (world.twin().await, Commands::on(&world.app.settings));
    for words in [["keys", "rotate", "payout-details"], ["keys", "retire", "payout-details"]] {
        let done = commands.run(&words);
        assert_eq!(done.code, 0, "{}", done.stderr);
    }
    // The ring of the twin is older.
    let encrypt =
        async || twin.db.write(async |txn| connects::payouts::seal_again(txn, &twin.keys).await).await;
    let refused = encrypt().await;
    assert!(matches!(refused, Err(Error::Fault(Fault::Conflict))), "{refused:?}");
    keyring::reload(twin.db.read(), &twin.keys).await.unwrap();
    assert_eq!(encrypt().await.unwrap(), 0);
}
