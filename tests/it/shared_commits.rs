//! Writes that wait for SQLite's only writer share a COMMIT, and nothing else. PostgreSQL gives them the same answers.

use connects::{
    clock::wall_now,
    db::Txn,
    entity::{idempotency_key, ids::AccountId},
    error::{Code, Error, Fault, Rejection, Result},
};
use futures_util::future::{join_all, poll_immediate};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use tokio::sync::{Notify, Semaphore};

use crate::support::{Person, World};

/// What a write does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Does {
    Well,
    /// It writes, and is refused then.
    Refused,
    /// It writes, and then something that the database refuses.
    Fails,
    /// It writes what SQLite refuses only at the COMMIT.
    FailsAtCommit,
    /// It writes, and says that it has: it never ends.
    Hangs,
}

use Does::{Fails, FailsAtCommit, Hangs, Refused, Well};

fn key(account: AccountId, name: &str) -> idempotency_key::ActiveModel {
    idempotency_key::ActiveModel {
        account_id: Set(account),
        mutation: Set("test".into()),
        key: Set(name.into()),
        arguments_hash: Set("none".into()),
        outcome: Set(None),
        created_at: Set(wall_now()),
    }
}

async fn insert(txn: &Txn, key: idempotency_key::ActiveModel) -> Result<()> {
    idempotency_key::Entity::insert(key).exec_without_returning(txn).await?;
    Ok(())
}

impl World {
    /// Writes a key by this name, and does what else there is.
    async fn write(&self, person: &Person, name: &str, does: Does, wrote: &Notify) -> Result<()> {
        let account = person.viewer.id();
        let work = async |txn: &Txn| {
            if does == FailsAtCommit {
                txn.execute_unprepared("PRAGMA defer_foreign_keys = ON").await?;
                return insert(txn, key(AccountId::new(), name)).await;
            }
            insert(txn, key(account, name)).await?;
            match does {
                Refused => Err(Rejection::new(Code::NotFound, "No. Ask for something else.").into()),
                Fails => insert(txn, key(account, name)).await,
                Hangs => {
                    wrote.notify_one();
                    std::future::pending().await
                }
                _ => Ok(()),
            }
        };
        self.db().write(work).await
    }

    /// Runs `all` at once, each by its number as its name: they wait for one that is at work.
    async fn written_at_once(&self, person: &Person, all: &[Does]) -> Vec<Result<()>> {
        // Once open, it stays so: a write may run again.
        let (gate, wrote) = (Semaphore::new(0), Notify::new());
        let mut first = Box::pin(self.db().write(async |txn: &Txn| {
            insert(txn, key(person.viewer.id(), "first")).await?;
            let _open = gate.acquire().await;
            Ok(())
        }));
        assert!(poll_immediate(&mut first).await.is_none());
        let one = async |(number, does): (usize, &Does)| {
            let name = number.to_string();
            let write = self.write(person, &name, *does, &wrote);
            if *does != Hangs {
                return write.await;
            }
            // Its caller goes away when it has written.
            tokio::select! {
                done = write => done,
                () = wrote.notified() => Ok(()),
            }
        };
        let mut rest = Box::pin(join_all(all.iter().enumerate().map(one)));
        assert!(poll_immediate(&mut rest).await.is_none());
        gate.add_permits(1);
        let (first, rest) = tokio::join!(first, rest);
        first.unwrap();
        rest
    }

    async fn keys(&self) -> Vec<String> {
        let keys = idempotency_key::Entity::find().all(self.db().read()).await.unwrap();
        let keys = keys.into_iter().filter(|key| key.mutation == "test");
        let mut keys: Vec<_> = keys.map(|key| key.key).collect();
        keys.sort();
        keys
    }

    /// How many transactions SQLite's log has recorded: the frame that ends one says how large the database is. `None`
    /// on PostgreSQL.
    fn commits(&self) -> Option<usize> {
        let file = self.app.settings.database_url.strip_prefix("sqlite:")?;
        let log = std::fs::read(format!("{file}-wal")).unwrap_or_default();
        let page = log.get(8..12).map_or(4096, |size| u32::from_be_bytes(size.try_into().unwrap()));
        let frames = log.get(32..).unwrap_or_default().chunks_exact(24 + page as usize);
        Some(frames.filter(|frame| frame[4..8] != [0; 4]).count())
    }
}

/// The end of each: done, refused or failed.
fn ends(outcomes: &[Result<()>]) -> Vec<&'static str> {
    let end = |outcome: &Result<()>| match outcome {
        Ok(()) => "done",
        Err(Error::Rejected(_)) => "refused",
        Err(Error::Fault(Fault::Database(_))) => "failed",
        Err(other) => panic!("{other}"),
    };
    outcomes.iter().map(end).collect()
}

#[tokio::test]
async fn writes_that_wait_share_a_commit() {
    let world = World::new().await;
    let person = world.freelancer("ada").await;
    let before = world.commits();
    let outcomes = world.written_at_once(&person, &[Well; 10]).await;
    assert_eq!(ends(&outcomes), ["done"; 10]);
    assert_eq!(world.keys().await.len(), 11);
    assert_eq!(world.commits(), before.map(|before| before + 1));
}

#[tokio::test]
async fn a_lone_write_commits_at_once_and_a_refused_one_never() {
    let world = World::new().await;
    let (person, wrote) = (world.freelancer("ada").await, Notify::new());
    let before = world.commits();
    assert_eq!(ends(&[world.write(&person, "a", Refused, &wrote).await]), ["refused"]);
    assert_eq!(world.commits(), before);
    assert_eq!(ends(&[world.write(&person, "b", Well, &wrote).await]), ["done"]);
    assert_eq!(world.commits(), before.map(|before| before + 1));
    assert_eq!(world.keys().await, ["b"]);
}

#[tokio::test]
async fn a_refused_write_leaves_nothing_and_harms_no_other() {
    let world = World::new().await;
    let person = world.freelancer("ada").await;
    let before = world.commits();
    let outcomes = world.written_at_once(&person, &[Well, Refused, Well]).await;
    assert_eq!(ends(&outcomes), ["done", "refused", "done"]);
    assert_eq!(world.keys().await, ["0", "2", "first"]);
    assert_eq!(world.commits(), before.map(|before| before + 1));
}

#[tokio::test]
async fn a_write_that_fails_harms_no_other() {
    let world = World::new().await;
    let person = world.freelancer("ada").await;
    let outcomes = world.written_at_once(&person, &[Well, Refused, Fails, Well, Refused]).await;
    assert_eq!(ends(&outcomes), ["done", "refused", "failed", "done", "refused"]);
    assert_eq!(world.keys().await, ["0", "3", "first"]);
}

#[tokio::test]
async fn a_caller_who_leaves_a_write_harms_no_other() {
    let world = World::new().await;
    let person = world.freelancer("ada").await;
    let outcomes = world.written_at_once(&person, &[Well, Hangs, Well]).await;
    assert_eq!(ends(&outcomes), ["done"; 3]);
    assert_eq!(world.keys().await, ["0", "2", "first"]);
}

#[tokio::test]
async fn a_commit_that_fails_is_the_failure_of_one() {
    let world = World::new().await;
    let person = world.freelancer("ada").await;
    if world.commits().is_none() {
        return;
    }
    let outcomes = world.written_at_once(&person, &[Well, FailsAtCommit, Well]).await;
    assert_eq!(ends(&outcomes), ["done", "failed", "done"]);
    assert_eq!(world.keys().await, ["0", "2", "first"]);
}

#[tokio::test]
async fn a_write_whose_turn_does_not_come_in_time_is_refused_as_busy() {
    let world = World::with(|settings| (settings.acquire_timeout_ms, settings.pool_size) = (500, 1)).await;
    let (person, wrote) = (world.freelancer("ada").await, Notify::new());
    let mut first = Box::pin(world.write(&person, "a", Hangs, &wrote));
    assert!(poll_immediate(&mut first).await.is_none());
    let late = tokio::select! {
        _ = &mut first => panic!("it ended"),
        late = async { wrote.notified().await; world.write(&person, "b", Well, &wrote).await } => late,
    };
    assert!(matches!(late, Err(Error::Fault(Fault::Busy(_)))), "{late:?}");
    drop(first);
    assert_eq!(ends(&[world.write(&person, "c", Well, &wrote).await]), ["done"]);
    assert_eq!(world.keys().await, ["c"]);
}

#[tokio::test]
async fn a_thread_that_ends_leaves_the_writer_to_the_others() {
    let world = World::new().await;
    let person = world.freelancer("ada").await;
    let (db, account) = (world.db().clone(), person.viewer.id());
    // As one of the server's threads does, which has its own runtime.
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let write = db.write(async |txn: &Txn| insert(txn, key(account, "a")).await);
            assert!(poll_immediate(write).await.is_none());
        });
    });
    thread.join().unwrap();
    let wrote = Notify::new();
    assert_eq!(ends(&[world.write(&person, "b", Well, &wrote).await]), ["done"]);
    assert_eq!(world.keys().await, ["b"]);
    world.db().close().await.unwrap();
}
