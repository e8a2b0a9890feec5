//! A PostgreSQL server that goes away for a moment, or comes back read-only: no answer says that the program
//! is at fault, and nothing is done half or twice. On SQLite see `faults.rs`.

use std::sync::atomic::{AtomicU32, Ordering};

use connects::{
    app::App,
    config::Settings,
    db::{Database, Open},
    entity::enums::{ClockKind, TaskTrigger},
    error::{Error, Fault, Result},
    schedule::{self, Asked},
};
use futures_util::future::join_all;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::support::{Person, World, at, commands::Commands, postgres, proxy::Proxy, run_on_server, task};

const POST: &str = "mutation($t: String!, $dry: Boolean!, $key: String!) { createJobPost(input: { dryRun: $dry,
    idempotencyKey: $key, content: { title: $t, description: \"To do.\", category: DESIGN, payment: FIXED } }) {
    jobPost { title } userErrors { code } } }";

/// Posts a job; whether that was answered as done.
async fn post(world: &World, client: &Person, title: &str, dry_run: bool) -> bool {
    let variables = json!({ "t": title, "dry": dry_run, "key": title });
    let answer = world.ask(Some(client), POST, variables).await;
    let done = answer["data"]["createJobPost"]["jobPost"]["title"] == title;
    assert!(done || is_unavailable(&answer), "{answer:#}");
    done
}

fn is_unavailable(answer: &Value) -> bool {
    answer["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"
}

async fn count(world: &World, title: &str) -> u64 {
    use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
    let titled = connects::entity::job_post::Column::Title.eq(title);
    let posts = connects::entity::job_post::Entity::find().filter(titled);
    posts.count(world.db().read()).await.expect("counted")
}

/// A world whose wire to the server breaks.
async fn wired(server: &str) -> (World, Proxy) {
    let mut world = World::new().await;
    let (app, proxy) = on_a_wire(&world, server).await;
    world.app = app;
    (world, proxy)
}

/// Another process on the database of `world`, whose wire to the server breaks.
pub async fn on_a_wire(world: &World, server: &str) -> (App, Proxy) {
    let host = server.rsplit(['@', '/']).next().expect("a host").to_owned();
    let proxy = Proxy::before(host.clone()).await;
    let settings = Settings {
        database_url: world.app.settings.database_url.replace(&host, &proxy.address.to_string()),
        pool_size: 2,
        ..world.app.settings.clone()
    };
    let db = Database::open(&settings, Open::Existing).await.expect("through the proxy");
    (App::on(settings, db).await.expect("an app"), proxy)
}

/// Does `work` once for each message at which the wire can break, before the server has it and after.
pub async fn at_each_message(proxy: &Proxy, mut work: impl AsyncFnMut(&str)) {
    for deliver in [false, true] {
        for message in 0.. {
            proxy.break_at(message, deliver);
            work(&format!("{message} {deliver}")).await;
            if !proxy.mend() {
                assert!(message > 4, "it broke at some");
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_wire_that_breaks_at_any_message_loses_nothing_answered_and_does_nothing_twice() {
    let Some(server) = postgres() else { return };
    let (world, proxy) = wired(&server).await;
    let clara = world.client("clara").await;
    at_each_message(&proxy, async |name| {
        let done = post(&world, &clara, name, false).await;
        proxy.mend();
        let there = count(&world, name).await;
        assert!(there == 1 || there == 0 && !done, "{name}: {there}");
        assert!(post(&world, &clara, name, false).await, "the same key settles it");
        assert_eq!(count(&world, name).await, 1, "{name}");
    })
    .await;
}

#[tokio::test]
async fn a_wire_that_breaks_in_a_rehearsal_or_a_probe_leaves_nothing() {
    let Some(server) = postgres() else { return };
    let (world, proxy) = wired(&server).await;
    let clara = world.client("clara").await;
    at_each_message(&proxy, async |name| {
        post(&world, &clara, name, true).await;
    })
    .await;
    at_each_message(&proxy, async |_| {
        let _ = world.db().probe().await;
        let _ = world.db().probe().await;
        let _ = world.db().probe().await;
    })
    .await;
    world.db().probe().await.expect("well again");
    let posts = connects::job_posts::store::count_of_client(world.db().read(), clara.viewer.id()).await;
    assert_eq!(posts.unwrap(), 0);
}

#[tokio::test]
async fn a_wire_that_breaks_in_the_batches_of_a_task_grants_once() {
    let Some(server) = postgres() else { return };
    let (world, proxy) = wired(&server).await;
    let ada = world.freelancer("ada").await;
    let mut month = 0;
    at_each_message(&proxy, async |name| {
        month += 1;
        let to = at("2026-01-02T00:00:00Z") + chrono::Months::new(month);
        let move_clock = async || world.db().write(async |txn| txn.move_clock(to).await).await;
        if move_clock().await.is_err() {
            move_clock().await.expect("the wire breaks once");
        }
        match grant(&world).await {
            Ok(_) => {}
            Err(Error::Fault(fault)) => assert!(fault.advice().is_some(), "{name}: {fault}"),
            Err(refused) => panic!("{name}: {refused}"),
        }
        proxy.mend();
        // As if its time had passed: who could not give a lease back is as good as dead.
        world.sql("DELETE FROM leases").await.expect("deleted");
        grant(&world).await.expect("goes on where it stood");
    })
    .await;
    let history = world.history(&ada).await;
    let grants: Vec<_> = history.iter().filter(|(kind, ..)| kind == "MONTHLY_FREE").collect();
    assert_eq!(grants.len(), month as usize + 1, "one for each cycle");
    world.verify().await;
}

async fn grant(world: &World) -> Result<()> {
    let asked = Asked { trigger: TaskTrigger::Command, actor: None, as_of: None };
    world.app.runner().run_now(task("monthly-grants"), asked).await.map(drop)
}

/// Fails the first time in the middle of its work; answers which time it was.
async fn tried(world: &World, sql: &str) -> Result<u32> {
    let tries = AtomicU32::new(0);
    let work = async |txn: &connects::db::Txn| {
        if tries.fetch_add(1, Ordering::SeqCst) == 0 {
            txn.execute_unprepared(sql).await?;
        }
        txn.execute_unprepared("UPDATE instance SET id = id").await?;
        Ok(tries.load(Ordering::SeqCst))
    };
    world.db().write(work).await
}

#[tokio::test]
async fn what_broke_before_its_commit_is_tried_once_more() {
    if postgres().is_none() {
        return;
    }
    let world = World::new().await;
    for sql in [
        "SELECT pg_terminate_backend(pg_backend_pid())",
        "SELECT pg_cancel_backend(pg_backend_pid())",
        "SET TRANSACTION READ ONLY",
        "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$",
        "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$",
        "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '57P02'; END $$",
        "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$",
    ] {
        assert_eq!(tried(&world, sql).await.expect(sql), 2, "{sql}");
    }
    let broken = tried(&world, "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '23505'; END $$").await;
    assert!(
        matches!(broken, Err(Error::Fault(Fault::Database(_)))),
        "what would fail again is not tried again"
    );
}

#[tokio::test]
async fn a_server_that_became_read_only_is_unavailable_and_its_connections_are_not_kept() {
    let Some(server) = postgres() else { return };
    let world = World::new().await;
    let clara = world.client("clara").await;
    let name = world.app.settings.database_url.rsplit('/').next().expect("a name").to_owned();
    let set = |to: &str| format!("ALTER DATABASE {name} {to}");
    run_on_server(&server, &set("SET default_transaction_read_only = on")).await;
    // The connections that are open now may still write; those to come may not.
    let end = "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname";
    run_on_server(&server, &format!("{end} = '{name}'")).await;
    assert!(!post(&world, &clara, "A job", false).await);
    assert!(world.db().probe().await.is_err(), "not ready either");
    let read = world.ask(Some(&clara), "{ viewer { name } }", json!({})).await;
    assert_eq!(read["data"]["viewer"]["name"], "clara", "{read:#}");
    run_on_server(&server, &set("RESET default_transaction_read_only")).await;
    assert!(post(&world, &clara, "A job", false).await, "on a connection of the server as it is now");
}

#[tokio::test]
async fn reads_and_probes_go_on_when_all_connections_were_cut_a_moment_ago() {
    let Some(server) = postgres() else { return };
    let world = World::new().await;
    let name = world.app.settings.database_url.rsplit('/').next().expect("a name").to_owned();
    let end = "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname";
    let end = format!("{end} = '{name}'");
    let reads = || join_all((0..6).map(|_| world.db().wall_now()));
    for at_once in [true, false] {
        // Several connections, none of which has rested long enough to be pinged.
        assert!(reads().await.iter().all(Result::is_ok));
        run_on_server(&server, &end).await;
        if at_once {
            for read in reads().await {
                read.expect("each on a new connection");
            }
        } else {
            world.db().wall_now().await.expect("on a new connection, though the others are still there");
        }
        assert!(reads().await.iter().all(Result::is_ok));
        run_on_server(&server, &end).await;
        world.db().probe().await.expect("ready: the server is there");
    }
}

#[tokio::test]
async fn a_statement_that_failed_ends_its_transaction() {
    let world = World::new().await;
    let work = async |txn: &connects::db::Txn| {
        txn.execute_unprepared("UPDATE instance SET id = id").await?;
        let _ = txn.execute_unprepared("UPDATE nothing SET id = 1").await;
        let later = txn.execute_unprepared("UPDATE instance SET id = id").await;
        assert!(later.is_err(), "no other one runs");
        Ok(())
    };
    let done = world.db().write(work).await;
    assert!(matches!(done, Err(Error::Fault(Fault::Broken(_)))), "and nothing is committed: {done:?}");
    world.db().probe().await.expect("well");
}

#[tokio::test]
async fn a_begin_that_its_caller_gives_up_leaves_no_transaction_open() {
    let Some(server) = postgres() else { return };
    let (world, _) = wired(&server).await;
    for polls in 0..40 {
        let begun = world.db().write(async |_| Ok(()));
        let mut begun = Box::pin(begun);
        for _ in 0..polls {
            if futures_util::poll!(&mut begun).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    let idle = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
    // The next request waits for the pool, and so for what is under way.
    for _ in 0..2 {
        world.db().probe().await.expect("ready");
    }
    assert_eq!(world.sql(idle).await.expect("looked"), 0);
}

#[tokio::test]
async fn a_probe_that_its_askers_give_up_keeps_no_writer() {
    let world = World::new().await;
    for polls in 0..40 {
        let mut probe = Box::pin(world.db().probe());
        for _ in 0..polls {
            if futures_util::poll!(&mut probe).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(probe);
        // Nobody asks any more.
        let write =
            world.db().write(async |txn| Ok(txn.execute_unprepared("UPDATE probes SET id = id").await?));
        let written = tokio::time::timeout(std::time::Duration::from_secs(20), write).await;
        written.expect("the writer is free").expect("written");
    }
}

#[tokio::test]
async fn a_database_that_is_away_in_a_rehearsed_advance_is_no_fault_of_ours() {
    let Some(server) = postgres() else { return };
    let (world, proxy) = wired(&server).await;
    world.freelancer("ada").await;
    let limit = std::time::Duration::from_secs(60);
    for message in [20, 40, 60, 80, 100] {
        proxy.break_at(message, false);
        let done = schedule::dry_run_advance(world.db(), at("2026-02-02T00:00:00Z"), limit).await;
        assert!(proxy.mend());
        done.expect("the second attempt goes through");
    }
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_not_run_again() {
    if postgres().is_none() {
        return;
    }
    let world = World::with(|settings| settings.statement_timeout_ms = 50).await;
    let tries = AtomicU32::new(0);
    let slow = async |txn: &connects::db::Txn| {
        tries.fetch_add(1, Ordering::SeqCst);
        txn.execute_unprepared("SELECT pg_sleep(30)").await?;
        Ok(())
    };
    let late = world.db().write(slow).await;
    assert!(matches!(late, Err(Error::Fault(Fault::TimedOut(_)))), "{late:?}");
    assert_eq!(tries.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_encoding_that_cannot_hold_every_text_is_refused_at_start() {
    let Some(server) = postgres() else { return };
    for encoding in ["LATIN1", "SQL_ASCII"] {
        let name = format!("test_{}", uuid::Uuid::now_v7().simple());
        let sql = format!(
            "CREATE DATABASE {name} ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
        );
        run_on_server(&server, &sql).await;
        let settings = Settings { database_url: format!("{server}/{name}"), ..Settings::default() };
        let opened = Database::open(&settings, Open::OrCreate(ClockKind::Sandbox)).await;
        let refused = opened.expect_err("refused").to_string();
        assert!(refused.contains(encoding) && refused.contains("ENCODING 'UTF8'"), "{refused}");
        run_on_server(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
    }
}

#[test]
fn a_server_that_is_not_there_is_named_with_the_reason() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("postgres://app:hunter2@{free}/connects");
    let done =
        Commands::with(&[("DATABASE_URL", &url), ("CONNECTS_ACQUIRE_TIMEOUT_MS", "100")]).run(&["migrate"]);
    assert_eq!(done.code, 1);
    for word in ["refused", &free.to_string(), "DATABASE_URL"] {
        assert!(done.stderr.contains(word), "{word}: {}", done.stderr);
    }
    assert!(!done.stderr.contains("hunter2"), "{}", done.stderr);
}
