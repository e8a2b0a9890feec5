//! Scheduled work: recorded, leased, caught up, paused, rehearsed; and the sandbox clock.

use std::sync::Arc;

use connects::{
    db::Sql,
    entity::enums::{TaskRunOutcome, TaskTrigger},
    error::{Code, Error, Result},
    providers::{
        Providers,
        mail::{Letter, Mail},
    },
    schedule::{self, Asked, Runner, Scheduler, TASKS, store},
};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::support::{World, at, commands::Commands, task};

const NOW: Asked = Asked { trigger: TaskTrigger::Command, actor: None, as_of: None };

async fn runs(world: &World) -> Vec<connects::entity::task_run::Model> {
    use connects::entity::task_run::{Column, Entity};
    Entity::find().order_by_asc(Column::Id).all(world.db().read()).await.unwrap()
}

#[tokio::test]
async fn q_5_an_advance_runs_each_task_at_its_own_times_and_skips_the_rest() {
    let world = World::new().await;
    world.freelancer("ada").await;
    let done = world.advance("2026-03-02T00:00:00Z").await;
    let grants = done.ran.iter().find(|ran| ran.task == task("monthly-grants")).unwrap();
    assert_eq!((grants.runs, grants.counts["issued"]), (2, 2));
    assert!(!done.ran.iter().any(|ran| ran.task == task("expire-connects")), "nothing expired");
    let due: Vec<_> = runs(&world)
        .await
        .into_iter()
        .filter(|run| run.task == "monthly-grants")
        .map(|run| run.due_at)
        .collect();
    assert_eq!(due, [at("2026-02-01T00:05:00Z"), at("2026-03-01T00:05:00Z")]);
    assert_eq!(world.db().now().await.unwrap(), at("2026-03-02T00:00:00Z"));
}

#[tokio::test]
async fn q_5_one_long_advance_equals_many_short_ones() {
    let (one, many) = (World::new().await, World::new().await);
    for world in [&one, &many] {
        world.freelancer("ada").await;
    }
    one.advance("2027-02-15T07:30:00Z").await;
    let mut now = at("2026-01-01T00:00:00Z");
    while now < at("2027-02-15T07:30:00Z") {
        now = (now + chrono::TimeDelta::hours(131)).min(at("2027-02-15T07:30:00Z"));
        many.advance(&now.to_rfc3339()).await;
    }
    assert_eq!(one.digest().await, many.digest().await);
    let occurrences = async |world: &World| -> Vec<_> {
        runs(world).await.into_iter().map(|run| (run.task, run.due_at, run.counts)).collect()
    };
    assert_eq!(occurrences(&one).await, occurrences(&many).await);
    one.verify().await;
}

#[tokio::test]
async fn q_5_an_advance_that_a_stop_interrupts_says_so_and_goes_on_when_asked_again() {
    let world = World::new().await;
    let (ada, admin) = (world.freelancer("ada").await, world.admin().await);
    let twin = world.twin().await;
    world.app.stop.cancel();
    let advance =
        "mutation { advanceClock(input: { to: \"2026-03-02T00:00:00Z\" }) { to userErrors { code } } }";
    let stopped = world.ask(Some(&admin), advance, json!({})).await;
    assert_eq!(stopped["errors"][0]["extensions"]["code"], "SERVICE_UNAVAILABLE", "{stopped}");
    twin.runner().advance(at("2026-03-02T00:00:00Z")).await.unwrap();
    assert_eq!(world.available(&ada).await, 70);
    twin.db.close().await.unwrap();
}

#[tokio::test]
async fn q_5_the_clock_only_moves_forward_and_only_in_a_sandbox() {
    let world = World::new().await;
    let admin = world.admin().await;
    let advance =
        "mutation($to: DateTime!, $dry: Boolean!) { advanceClock(input: { to: $to, dryRun: $dry }) {
                   from to ran { task runs counts { what count } } userErrors { code field } } }";
    let back = world.data(Some(&admin), advance, json!({ "to": "2025-01-01T00:00:00Z", "dry": false })).await;
    assert_eq!(
        back["advanceClock"]["userErrors"],
        json!([{ "code": "CLOCK_NOT_FORWARD", "field": ["input", "to"] }])
    );
    let ada = world.freelancer("ada").await;
    let refused =
        world.data(Some(&ada), advance, json!({ "to": "2026-02-02T00:00:00Z", "dry": false })).await;
    assert_eq!(refused["advanceClock"]["userErrors"][0]["code"], "NOT_ALLOWED");
    let to = |dry| json!({ "to": "2026-02-02T00:00:00Z", "dry": dry });
    let dry = world.data(Some(&admin), advance, to(true)).await;
    assert_eq!(world.db().now().await.unwrap(), at("2026-01-01T00:00:00Z"), "a dry run moves nothing");
    assert_eq!(world.available(&ada).await, 50);
    let real = world.data(Some(&admin), advance, to(false)).await;
    assert_eq!(real, dry);
    assert_eq!(world.available(&ada).await, 60);
}

#[tokio::test]
async fn q_1_a_task_killed_between_batches_is_finished_by_the_next_run() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.sleep_until("2026-03-10T00:00:00Z").await;
    // One batch, one cycle; then the process dies: no record, a lease that nobody renews.
    world.db().write(async |txn| connects::memberships::issue_due(txn).await).await.unwrap();
    assert_eq!(world.available(&ada).await, 60);
    let run = world.app.runner().run_now(task("monthly-grants"), NOW).await.unwrap();
    assert_eq!(run.1["issued"], 1);
    assert_eq!(world.available(&ada).await, 70);
    world.verify().await;
}

#[tokio::test]
async fn q_1_a_run_asked_to_stop_says_so_and_the_next_goes_on() {
    let world = World::new().await;
    world.freelancer("ada").await;
    world.sleep_until("2026-02-10T00:00:00Z").await;
    let stop = CancellationToken::new();
    stop.cancel();
    let stopping = Runner::new(world.db().clone(), None, stop);
    assert!(stopping.run_now(task("monthly-grants"), NOW).await.is_err());
    assert_eq!(runs(&world).await[0].outcome, TaskRunOutcome::Interrupted);
    let run = world.app.runner().run_now(task("monthly-grants"), NOW).await.unwrap();
    assert_eq!(run.1["issued"], 1);
}

/// A mail server during whose work the process is asked to stop.
#[derive(Debug)]
struct Stopping(CancellationToken);

#[async_trait::async_trait]
impl Mail for Stopping {
    async fn send(&self, _: &Letter) -> Result<()> {
        self.0.cancel();
        Ok(())
    }
}

#[tokio::test]
async fn q_1_a_stop_during_a_task_records_what_was_sent_and_is_no_error_in_the_log() {
    let mut world = World::new().await;
    for person in ["ada@test.example", "bea@test.example"] {
        world.sign_up(person).await;
    }
    let stopping = Arc::new(Stopping(world.app.stop.clone()));
    world.app.providers = Arc::new(Providers { mail: stopping, ..(*world.app.providers).clone() });
    let log = tempfile::NamedTempFile::new().unwrap();
    let lines = tracing_subscriber::fmt().with_writer(std::sync::Mutex::new(log.reopen().unwrap()));
    let here = tracing::subscriber::set_default(lines.with_ansi(false).finish());
    Scheduler::new(world.app.runner()).serve().await;
    drop(here);
    let lines = std::fs::read_to_string(log.path()).unwrap();
    assert!(!lines.contains("ERROR"), "{lines}");
    let told: Vec<_> = lines.lines().filter(|line| line.contains("stopped before its end")).collect();
    assert!(told.len() == 1 && told[0].contains("INFO") && told[0].contains("mail"), "{lines}");
    let mails = connects::entity::mail::Entity::find().all(world.db().read()).await.unwrap();
    assert!(mails.iter().all(|mail| mail.sent_at.is_some()), "or they would be sent again: {mails:?}");
}

#[tokio::test]
async fn q_1_a_scheduler_that_is_asked_to_stop_begins_no_task() {
    let world = World::new().await;
    // A mail is due.
    world.sign_up("ada@test.example").await;
    world.app.stop.cancel();
    Scheduler::new(world.app.runner()).serve().await;
    assert!(runs(&world).await.is_empty());
}

#[tokio::test]
async fn q_3_a_leased_task_runs_nowhere_else_and_a_dead_holders_lease_passes_on() {
    let world = World::new().await;
    world.freelancer("ada").await;
    world.sleep_until("2026-02-10T00:00:00Z").await;
    let hold = async |seconds| {
        let held = world.db().write(async |txn| {
            let until = txn.lease_now().await? + chrono::TimeDelta::seconds(seconds);
            let sql = "INSERT INTO leases (name, holder, expires_at) VALUES ('monthly-grants', 'somebody', :until) \
                       ON CONFLICT (name) DO UPDATE SET expires_at = excluded.expires_at";
            txn.run(Sql::new(sql).bind("until", until)).await
        });
        held.await.unwrap();
    };
    let run = async || world.app.runner().run_now(task("monthly-grants"), NOW).await;
    hold(10).await;
    let busy = run().await.unwrap_err();
    assert!(matches!(busy, Error::Rejected(no) if no.code == Code::Busy && no.code.is_retryable()));
    // One of hours was granted by a clock that was set back since, or before the machine was restarted.
    hold(10_800).await;
    assert_eq!(run().await.unwrap().1["issued"], 1);
    hold(0).await;
    assert_eq!(run().await.unwrap().1["issued"], 0);
}

#[tokio::test]
async fn q_2_a_run_that_died_is_kept_as_crashed_beside_the_one_that_ends() {
    let world = World::new().await;
    world.freelancer("ada").await;
    world.sleep_until("2026-02-10T00:20:00Z").await;
    let ring = async || world.app.runner().run_due(task("monthly-grants"), TaskTrigger::CatchUp).await;
    let ran = ring().await.unwrap().unwrap();
    // As if its process had died after the last batch: nothing is due any more.
    world.sql("UPDATE task_runs SET outcome = 'RUNNING', finished_at = NULL").await.unwrap();
    assert!(ring().await.unwrap().is_none());
    assert_eq!(runs(&world).await[0].outcome, TaskRunOutcome::Crashed);
    // And as if it had died before: the occurrence is run again, in a record of its own.
    world.sql("UPDATE memberships SET next_grant_at = cycle_started_at, cycle_started_at = '2025-01-01T00:00:00+00:00'").await.unwrap();
    let again = ring().await.unwrap().unwrap();
    assert_eq!((again.due_at, again.trigger), (ran.due_at, TaskTrigger::CatchUp));
    let outcomes: Vec<_> = runs(&world).await.iter().map(|run| run.outcome).collect();
    assert_eq!(outcomes, [TaskRunOutcome::Crashed, TaskRunOutcome::Succeeded]);
}

#[tokio::test]
async fn q_3_two_processes_that_ring_at_once_run_an_occurrence_once() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    world.sleep_until("2026-02-10T00:20:00Z").await;
    let twin = world.twin().await;
    let ring = async |app: &connects::app::App| {
        app.runner().run_due(task("monthly-grants"), TaskTrigger::CatchUp).await
    };
    let (a, b) = tokio::join!(ring(&world.app), ring(&twin));
    let ran = [a, b].into_iter().filter(|run| matches!(run, Ok(Some(_)))).count();
    assert_eq!(ran, 1);
    assert_eq!(world.available(&ada).await, 60);
    // Something new falls due, but this occurrence is done.
    let again = ring(&twin).await.unwrap();
    assert!(again.is_none());
    assert_eq!(runs(&world).await.len(), 1);
}

#[tokio::test]
async fn q_2_runs_are_recorded_and_shown_to_admins_only() {
    let world = World::new().await;
    let (ada, admin) = (world.freelancer("ada").await, world.admin().await);
    world.advance("2026-02-02T00:00:00Z").await;
    let query = "{ admin { taskRuns(task: \"monthly-grants\") { nodes { id task trigger dueAt outcome counts { what count } error } }
                 tasks { name timetable time pausedSince nextRunAt lastSuccessAt } } }";
    assert_eq!(world.data(Some(&ada), query, json!({})).await, json!({ "admin": null }));
    let data = world.data(Some(&admin), query, json!({})).await;
    let run = &data["admin"]["taskRuns"]["nodes"][0];
    assert_eq!((&run["trigger"], &run["outcome"]), (&json!("CRON"), &json!("SUCCEEDED")));
    assert_eq!(run["counts"][0], json!({ "what": "issued", "count": 1 }));
    assert_eq!(run["dueAt"], "2026-02-01T00:05:00.000000Z");
    let node = "query($id: ID!) { node(id: $id) { id } }";
    assert_eq!(world.data(Some(&ada), node, json!({ "id": run["id"] })).await["node"], json!(null));
    assert_eq!(data["admin"]["tasks"].as_array().unwrap().len(), TASKS.len());
    assert_eq!(data["admin"]["tasks"][0]["nextRunAt"], "2026-03-01T00:05:00.000000Z");
}

#[tokio::test]
async fn q_2_a_task_is_paused_resumed_run_now_and_rehearsed() {
    let world = World::new().await;
    let (ada, admin) = (world.freelancer("ada").await, world.admin().await);
    let switch = async |verb: &str| {
        let mutation = format!(
            "mutation {{ {verb}Task(input: {{ task: \"monthly-grants\" }}) {{ task {{ pausedSince }} userErrors {{ code }} }} }}"
        );
        world.data(Some(&admin), &mutation, json!({})).await
    };
    let paused = switch("pause").await;
    assert_eq!(paused["pauseTask"]["task"]["pausedSince"], "2026-01-01T00:00:00.000000Z");
    world.advance("2026-02-10T00:00:00Z").await;
    assert_eq!(world.available(&ada).await, 50);
    let run = "mutation($dry: Boolean!, $task: String!) { runTask(input: { task: $task, dryRun: $dry }) {
               run { trigger } counts { what count } userErrors { code message } } }";
    let rehearsed =
        world.data(Some(&admin), run, json!({ "dry": true, "task": "monthly-grants" })).await["runTask"]
            .clone();
    assert_eq!(rehearsed["counts"][0], json!({ "what": "issued", "count": 1 }));
    assert_eq!(world.available(&ada).await, 50);
    switch("resume").await;
    world.advance("2026-02-10T01:00:00Z").await;
    assert_eq!(world.available(&ada).await, 60);
    world.sleep_until("2026-03-10T00:00:00Z").await;
    let done =
        world.data(Some(&admin), run, json!({ "dry": false, "task": "monthly-grants" })).await["runTask"]
            .clone();
    assert_eq!(done["run"]["trigger"], "MANUAL");
    let unknown =
        world.data(Some(&admin), run, json!({ "dry": false, "task": "nope" })).await["runTask"].clone();
    assert_eq!(unknown["userErrors"][0]["code"], "NOT_FOUND");
    let visitor =
        world.data(Some(&ada), run, json!({ "dry": false, "task": "reconcile" })).await["runTask"].clone();
    assert_eq!(visitor["userErrors"][0]["code"], "NOT_ALLOWED");
}

#[tokio::test]
async fn every_task_rehearses_without_a_trace() {
    let world = World::new().await;
    world.freelancer("ada").await;
    world.sleep_until("2027-03-01T06:00:00Z").await;
    let before = world.digest().await;
    for task in TASKS {
        schedule::dry_run(world.db(), task, None, std::time::Duration::from_secs(60)).await.unwrap();
    }
    assert_eq!(world.digest().await, before);
    assert!(runs(&world).await.is_empty());
    assert!(
        store::find_last_success(world.db().read(), task("reconcile"), at("2030-01-01T00:00:00Z"))
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn housekeeping_deletes_old_keys_and_runs_by_the_wall_clock() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    let post = world.post(&clara, "Poster", 40).await;
    world.propose(&ada, &post, 2, "k").await;
    world.advance("2026-01-05T00:00:00Z").await;
    let none = world.app.runner().run_now(task("housekeeping"), NOW).await.unwrap();
    assert_eq!((none.1["keys"], none.1["runs"]), (0, 0));
    world.sql("UPDATE idempotency_keys SET created_at = '2020-01-01T00:00:00+00:00'").await.unwrap();
    world.sql("UPDATE task_runs SET started_at = '2020-01-01T00:00:00+00:00'").await.unwrap();
    let done = world.app.runner().run_now(task("housekeeping"), NOW).await.unwrap();
    assert_eq!(done.1["keys"], 1);
    assert!(done.1["runs"] >= 3, "all but the last success of each task");
    assert!(
        store::find_last_success(world.db().read(), task("reconcile"), at("2030-01-01T00:00:00Z"))
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn housekeeping_is_due_for_old_runs_alone() {
    let world = World::new().await;
    world.freelancer("ada").await;
    let policy = &world.db().policy_at(at("2026-01-01T00:00:00Z")).policy;
    let due = async || {
        task("housekeeping").next_due(world.db().read(), policy, connects::clock::wall_now()).await.unwrap()
    };
    assert_eq!(due().await, None);
    world.advance("2026-01-03T12:00:00Z").await;
    assert!(due().await.is_some());
    world.sql("UPDATE task_runs SET started_at = '2020-01-01T00:00:00+00:00'").await.unwrap();
    assert_eq!(due().await, Some(at("2020-03-31T00:00:00Z")));
}

#[tokio::test]
async fn x_1_a_leap_second_is_refused_at_every_door() {
    let world = World::new().await;
    let admin = world.admin().await;
    let leap = "2026-01-31T23:59:60Z";
    let advance = "mutation($to: DateTime!) { advanceClock(input: { to: $to }) { to userErrors { code } } }";
    let refused = world.ask(Some(&admin), advance, json!({ "to": leap })).await;
    assert!(refused["errors"][0]["message"].as_str().unwrap().contains("leap second"), "{refused}");
    let commands = Commands::on(&world.app.settings);
    for command in [&["clock", "advance", leap][..], &["task", "run", "reconcile", "--at", leap]] {
        let done = commands.run(command);
        assert!(done.code == 2 && done.stderr.contains("leap second"), "{}", done.stderr);
    }
    assert_eq!(world.db().now().await.unwrap(), at("2026-01-01T00:00:00Z"));
    for (start, said) in [
        (leap, "leap second"),
        ("0001-01-01T00:00:00Z", "between 1970"),
        ("9999-12-30T00:00:00Z", "between 1970 and 9997"),
        ("10000-01-01T00:00:00Z", "is written like"),
    ] {
        let done = Commands::with(&[("CONNECTS_SANDBOX_START", start)]).run(&["config"]);
        assert!(done.code == 1 && done.stderr.contains(said), "{start}: {}", done.stderr);
        assert!(done.stderr.contains("CONNECTS_SANDBOX_START"), "{}", done.stderr);
    }
}
