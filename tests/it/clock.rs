//! Clocks that were set forward or back, and advances of a sandbox's that go far.

use std::time::Duration;

use chrono::{Months, TimeDelta};
use connects::{
    app::App,
    clock::{Instant, wall_now},
    db::{Open, Sql},
    entity::{
        enums::{ClockKind, TaskRunOutcome, TaskTrigger},
        instance, task_run,
    },
    error::{Code, Error},
    schedule::{self, Asked, Task},
};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::json;

use crate::support::{Place, World, at, task};

/// A process on a new database in system time.
async fn system(place: &Place) -> App {
    App::open(place.settings(ClockKind::System), Open::OrCreate(ClockKind::System)).await.unwrap()
}

async fn ring(app: &App, task: &'static Task) -> connects::error::Result<Option<task_run::Model>> {
    app.runner().run_due(task, TaskTrigger::Cron).await
}

async fn write(app: &App, sql: Sql) {
    app.db.write(async |txn| txn.run(sql).await).await.unwrap();
}

async fn seen(app: &App) -> Instant {
    let row = instance::Entity::find().one(app.db.read()).await.unwrap().unwrap();
    row.seen_at.unwrap()
}

#[tokio::test]
async fn q_1_what_ran_while_the_clock_was_ahead_keeps_no_task_from_running() {
    let place = Place::new(None).await;
    let app = system(&place).await;
    let first = ring(&app, task("reconcile")).await.unwrap().unwrap();
    // As if the clock had said three days later then: the run stands for an occurrence to come.
    let days = TimeDelta::days(3);
    let sql =
        Sql::new("UPDATE task_runs SET due_at = :due, business_now = :now").bind("due", first.due_at + days);
    write(&app, sql.bind("now", first.business_now + days)).await;
    let again = ring(&app, task("reconcile")).await.unwrap().unwrap();
    assert_eq!((again.due_at, again.outcome), (first.due_at, TaskRunOutcome::Succeeded));
    let runs = task_run::Entity::find().order_by_asc(task_run::Column::StartedAt);
    let runs = runs.all(app.db.read()).await.unwrap();
    assert_eq!(runs[0].due_at, first.started_at, "it stands in the way of no occurrence");
    assert!(ring(&app, task("reconcile")).await.unwrap().is_none(), "and this one is done");
    let policy = &app.db.policy_at(wall_now()).policy;
    let due = task("reconcile").next_due(app.db.read(), policy, wall_now()).await.unwrap();
    assert!(due.is_some_and(|due| due <= wall_now()), "the next occurrence is not waited for days");
}

#[tokio::test]
async fn q_1_tasks_rest_while_the_clock_lies_implausibly_far_ahead_until_somebody_confirms_it() {
    let place = Place::new(None).await;
    let app = system(&place).await;
    ring(&app, task("reconcile")).await.unwrap().unwrap();
    let old = wall_now() - TimeDelta::days(8);
    write(&app, Sql::new("UPDATE instance SET seen_at = :at").bind("at", old)).await;
    write(&app, Sql::new("DELETE FROM task_runs")).await;
    let asked = Asked { trigger: TaskTrigger::Command, actor: None, as_of: None };
    for resting in [task("monthly-grants"), task("reconcile"), task("housekeeping")] {
        let rung = ring(&app, resting).await.unwrap_err();
        let asked = app.runner().run_now(resting, asked).await.unwrap_err();
        for no in [rung, asked] {
            let Error::Rejected(no) = no else { panic!("{no}") };
            assert!(no.code == Code::ClockImplausible && no.message.contains("connects clock confirm"));
        }
    }
    assert!(ring(&app, task("mail")).await.unwrap().is_none(), "mails are still sent");
    assert_eq!(seen(&app).await, old, "a clock that is not believed is no sign of life");
    let confirmed = schedule::confirm_now(&app.db).await.unwrap();
    assert_eq!(seen(&app).await, confirmed);
    assert!(ring(&app, task("reconcile")).await.unwrap().is_some());
    // A clock that was set back is believed at once, and takes no sign of life away: the right one that comes
    // after it is none that leaps.
    let ahead = connects::clock::truncated(wall_now() + TimeDelta::days(400));
    write(&app, Sql::new("UPDATE instance SET seen_at = :at").bind("at", ahead)).await;
    ring(&app, task("monthly-grants")).await.unwrap();
    assert_eq!(seen(&app).await, ahead);
}

#[tokio::test]
async fn a_mail_that_was_put_off_by_a_clock_that_was_ahead_is_sent() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let close = "mutation { closeAccount(input: { idempotencyKey: \"k\" }) { userErrors { code } } }";
    world.data(Some(&ada), close, json!({})).await;
    let later = wall_now() + TimeDelta::hours(3);
    write(&world.app, Sql::new("UPDATE mails SET next_attempt_at = :at").bind("at", later)).await;
    let run = ring(&world.app, task("mail")).await.unwrap().unwrap();
    assert_eq!(run.counts["sent"], 1);
    assert!(ring(&world.app, task("mail")).await.unwrap().is_none());
}

#[tokio::test]
async fn q_5_one_advance_goes_ten_years_at_most_and_time_ends_before_9998() {
    let mut world = World::new().await;
    let admin = world.admin().await;
    let advance =
        "mutation($to: DateTime!, $dry: Boolean!) { advanceClock(input: { to: $to, dryRun: $dry }) {
                   to userErrors { code field message } } }";
    for dry in [false, true] {
        for to in ["2036-01-01T00:00:00.000001Z", "2126-01-01T00:00:00Z", "9999-12-31T00:00:00Z"] {
            let refused = world.data(Some(&admin), advance, json!({ "to": to, "dry": dry })).await;
            let no = &refused["advanceClock"]["userErrors"][0];
            assert_eq!(
                (&no["code"], &no["field"]),
                (&json!("INVALID_INPUT"), &json!(["input", "to"])),
                "{to}"
            );
            assert!(no["message"].as_str().unwrap().contains("2036-01-01"), "{no}");
        }
    }
    world.with_policy(|policy| policy.clock.advance_years = 9_000).await;
    let refused =
        world.data(Some(&admin), advance, json!({ "to": "9998-01-01T00:00:00Z", "dry": false })).await;
    assert_eq!(refused["advanceClock"]["userErrors"][0]["code"], "INVALID_INPUT");
    assert_eq!(world.db().now().await.unwrap(), at("2026-01-01T00:00:00Z"));
    // At the latest time that a sandbox has, a lot still has its year.
    world.sleep_until("9997-12-31T23:59:59Z").await;
    let late = world.freelancer("late").await;
    assert_eq!(world.available(&late).await, 50);
}

#[tokio::test]
async fn q_5_an_advance_whose_time_runs_out_says_how_far_it_came_and_goes_on_when_asked_again() {
    let (world, whole) = (World::new().await, World::new().await);
    let goal = at("2026-03-01T12:00:00Z");
    for world in [&world, &whole] {
        world.freelancer("ada").await;
    }
    let admin = world.admin().await;
    whole.admin().await;
    let (mut calls, mut stood) = (0, world.db().now().await.unwrap());
    while stood < goal {
        let some = world.app.runner().advance_by(&admin.viewer, goal, Duration::ZERO).await.unwrap();
        assert_eq!(some.from, stood);
        stood = world.db().now().await.unwrap();
        assert!(some.to == stood && some.from < stood, "each call comes further, and says how far");
        calls += 1;
    }
    assert!(calls > 2, "the time ran out again and again");
    whole.advance("2026-03-01T12:00:00Z").await;
    assert_eq!(world.digest().await, whole.digest().await);
    world.verify().await;
}

#[tokio::test]
async fn q_5_the_clock_tells_of_the_advance_under_way() {
    let world = World::new().await;
    let admin = world.admin().await;
    let clock =
        async || world.data(None, "{ clock { now advance { at to } } }", json!({})).await["clock"].clone();
    assert_eq!(clock().await["advance"], json!(null));
    let goal = at("2026-01-01T00:00:00Z") + Months::new(24);
    let hold = async |seconds| {
        let held = world.db().write(async |txn| {
            let until = txn.lease_now().await? + TimeDelta::seconds(seconds);
            let sql = "INSERT INTO leases (name, holder, expires_at, goal_at) VALUES ('clock', 'somebody', :until, :goal) \
                       ON CONFLICT (name) DO UPDATE SET expires_at = excluded.expires_at";
            txn.run(Sql::new(sql).bind("until", until).bind("goal", goal)).await
        });
        held.await.unwrap();
    };
    hold(10).await;
    let shown = json!({ "at": "2026-01-01T00:00:00.000000Z", "to": "2028-01-01T00:00:00.000000Z" });
    assert_eq!(clock().await["advance"], shown);
    let advance =
        "mutation { advanceClock(input: { to: \"2026-01-02T00:00:00Z\" }) { userErrors { code message } } }";
    let busy = world.data(Some(&admin), advance, json!({})).await["advanceClock"]["userErrors"][0].clone();
    assert_eq!(busy["code"], "BUSY");
    assert!(busy["message"].as_str().unwrap().contains("2028-01-01"), "{busy}");
    // Its holder died, or its clock was set back since: nothing is under way.
    for seconds in [-1, 10_800] {
        hold(seconds).await;
        assert_eq!(clock().await["advance"], json!(null));
    }
    let done = world.data(Some(&admin), advance, json!({})).await;
    assert_eq!(done["advanceClock"]["userErrors"], json!([]));
}
