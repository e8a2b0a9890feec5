//! Mails: delivered at least once, later and later, and in the end given up visibly.

use std::sync::{Arc, Mutex};

use connects::{
    entity::mail,
    error::{Fault, Result},
    providers::{
        Providers,
        mail::{Letter, Mail},
    },
};
use sea_orm::{EntityTrait, sea_query::Expr};

use crate::support::{World, task};

/// A mail server that is down for some attempts; the outsider, not our code.
#[derive(Debug, Default)]
struct Flaky {
    down_for: usize,
    tried: Mutex<Vec<Letter>>,
}

#[async_trait::async_trait]
impl Mail for Flaky {
    async fn send(&self, letter: &Letter) -> Result<()> {
        let mut tried = self.tried.lock().unwrap();
        tried.push(letter.clone());
        if tried.len() <= self.down_for {
            Err(Fault::Setup("the mail server is down".into()).into())
        } else {
            Ok(())
        }
    }
}

async fn world_with(flaky: &Arc<Flaky>) -> World {
    let mut world = World::new().await;
    let providers = Providers {
        payments: None,
        payouts: None,
        mail: flaky.clone(),
        site: Some("https://connects.example/".into()),
        mail_attempts: 4,
        ..(*world.app.providers).clone()
    };
    world.app.providers = Arc::new(providers);
    world
}

/// Makes every mail due that waits for its next attempt.
async fn wait(world: &World) {
    let now = connects::clock::wall_now() - chrono::TimeDelta::seconds(60);
    let update = mail::Entity::update_many().col_expr(mail::Column::NextAttemptAt, Expr::value(now));
    let update =
        sea_orm::QueryFilter::filter(update, sea_orm::ColumnTrait::is_not_null(&mail::Column::NextAttemptAt));
    world.db().write(async |txn| Ok(update.exec(txn).await?)).await.unwrap();
}

async fn row(world: &World) -> mail::Model {
    mail::Entity::find().one(world.db().read()).await.unwrap().unwrap()
}

#[tokio::test]
async fn p_1_a_mail_is_tried_again_later_with_the_same_id_and_token() {
    let flaky = Arc::new(Flaky { down_for: 2, ..Flaky::default() });
    let world = world_with(&flaky).await;
    world.sign_up("ada@test.example").await;
    let counts = world.send_mails().await;
    assert_eq!((counts["sent"], counts["failed"], counts["given up"]), (0, 1, 0));
    let mail = row(&world).await;
    assert_eq!((mail.attempts, mail.error.as_deref()), (1, Some("the mail server is down")));
    assert!(mail.next_attempt_at.unwrap() > mail.created_at + chrono::TimeDelta::seconds(9));
    assert_eq!(world.send_mails().await["failed"], 0, "not before its time");
    for _ in 0..3 {
        wait(&world).await;
        world.send_mails().await;
    }
    let mail = row(&world).await;
    assert!(mail.sent_at.is_some() && mail.next_attempt_at.is_none() && mail.error.is_none());
    let tried = flaky.tried.lock().unwrap().clone();
    assert_eq!(tried.len(), 3, "sent once it was sent");
    assert!(tried.iter().all(|letter| *letter == tried[0]), "a stable id, and the same token");
    assert!(tried[0].text.contains("https://connects.example/verify-email?token="));
    assert!(!tried[0].text.contains("Ada Byron"), "nothing that a stranger typed");
}

#[tokio::test]
async fn p_1_a_mail_that_cannot_be_sent_is_given_up_and_kept() {
    let flaky = Arc::new(Flaky { down_for: usize::MAX, ..Flaky::default() });
    let world = world_with(&flaky).await;
    world.sign_up("ada@test.example").await;
    let mut given_up = 0;
    for _ in 0..6 {
        given_up += world.send_mails().await["given up"];
        wait(&world).await;
    }
    assert_eq!((given_up, flaky.tried.lock().unwrap().len()), (1, 4));
    let mail = row(&world).await;
    assert!(mail.failed_at.is_some() && mail.next_attempt_at.is_none());
    assert_eq!(mail.error.as_deref(), Some("the mail server is down"));
}

#[tokio::test]
async fn p_1_nothing_secret_lies_at_rest() {
    let world = World::new().await;
    world.sign_up_and_verify("ada@test.example").await;
    let (access, refresh) = world.sign_in("ada@test.example", crate::support::door::PASSWORD).await;
    let token = world.mailed_token("ada@test.example").await;
    let mut at_rest = String::new();
    at_rest.push_str(&format!("{:?}", world.passwords().await));
    at_rest.push_str(&format!("{:?}", mail::Entity::find().all(world.db().read()).await.unwrap()));
    let sessions = connects::entity::session::Entity::find().all(world.db().read()).await.unwrap();
    at_rest.push_str(&format!("{sessions:?}"));
    let tokens = connects::entity::one_time_token::Entity::find().all(world.db().read()).await.unwrap();
    at_rest.push_str(&format!("{tokens:?}"));
    let attempts = connects::entity::attempt::Entity::find().all(world.db().read()).await.unwrap();
    at_rest.push_str(&format!("{attempts:?}"));
    assert!(attempts.len() > 1);
    for secret in [crate::support::door::PASSWORD, &access, &refresh, &token, "ada@test.example"] {
        assert!(!at_rest.contains(secret), "{secret}");
    }
    assert_eq!(sessions[0].token_hash, connects::keys::sha256(&refresh));
}

#[tokio::test]
async fn housekeeping_forgets_what_signing_in_left_behind_long_ago() {
    use connects::entity::{attempt, one_time_token, session};
    let world = World::new().await;
    world.sign_up_and_verify("ada@test.example").await;
    let (access, _) = world.sign_in("ada@test.example", crate::support::door::PASSWORD).await;
    let run = async || {
        let asked = connects::schedule::Asked {
            trigger: connects::entity::enums::TaskTrigger::Command,
            actor: None,
            as_of: None,
        };
        let task = task("housekeeping");
        world.app.runner().run_now(task, asked).await.unwrap().1["stale"]
    };
    assert_eq!(run().await, 0, "nothing is old yet");
    let long_ago = connects::clock::wall_now() - chrono::TimeDelta::days(100);
    let age = async |sql: &str| {
        let sql = connects::db::Sql::new(sql).bind("at", long_ago);
        world.db().write(async |txn| txn.run(sql).await).await.unwrap()
    };
    let aged = [
        age("UPDATE attempts SET last_at = :at").await,
        age("UPDATE sessions SET expires_at = :at").await,
        age("UPDATE mails SET created_at = :at").await,
        age("UPDATE one_time_tokens SET expires_at = :at").await,
    ];
    assert!(aged.iter().all(|rows| *rows > 0), "{aged:?}");
    let due = connects::accounts::store::find_stale_since(world.db().read()).await.unwrap().unwrap();
    assert!(due < connects::clock::wall_now());
    assert_eq!(run().await, aged.iter().sum::<u64>());
    let db = world.db().read();
    assert!(attempt::Entity::find().one(db).await.unwrap().is_none());
    assert!(session::Entity::find().one(db).await.unwrap().is_none());
    assert!(one_time_token::Entity::find().one(db).await.unwrap().is_none());
    assert!(mail::Entity::find().one(db).await.unwrap().is_none());
    assert!(world.asker(&access).await.is_none(), "a session that is forgotten is over");
}
