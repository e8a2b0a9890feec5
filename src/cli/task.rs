//! `task`: scheduled work as one-shot commands, for containers.

use std::{process::ExitCode, sync::Arc, time::Duration};

use serde_json::json;

use super::{output::print_json, payouts};
use crate::{
    app::{App, open_database, stop_on_signals},
    clock::Instant,
    config::Settings,
    db::{Database, Open},
    entity::enums::{PayoutPurpose, TaskTrigger},
    error::{Error, Fault, Result},
    payouts::Plan,
    providers::Providers,
    schedule::{self, Asked, Counts, Need, Runner, TASKS, Task, store},
};

/// How long a dry run by command may take: only the person who started it waits.
const DRY_RUN_LIMIT: Duration = Duration::from_secs(600);

/// Lists the tasks.
pub async fn list(db: &Database, json: bool) -> Result<()> {
    let now = db.now().await?;
    for task in TASKS {
        let last = store::find_last_success(db.read(), task, now).await?;
        let paused = store::is_paused(db.read(), task).await?;
        let name = task.name;
        if json {
            let timetable = task.timetable;
            print_json(
                &json!({ "name": name, "timetable": timetable, "paused": paused, "lastSuccessAt": last }),
            )?;
        } else {
            let last = last.map_or("never".to_owned(), |at| at.to_string());
            let paused = if paused { ", paused" } else { "" };
            println!("{name:16} {:12} last succeeded: {last}{paused}", task.timetable);
        }
    }
    Ok(())
}

/// Runs a task, or reports what it would do.
pub async fn run(
    settings: Settings,
    name: &str,
    at: Option<Instant>,
    dry_run: bool,
    json: bool,
) -> Result<ExitCode> {
    let task = Task::find(name)?;
    let reach = reach(task, settings).await?;
    let db = reach.0.clone();
    let ended = run_or_rehearse(reach, task, at, dry_run).await;
    let plan = if dry_run && ended.is_ok() { plan_of(&db, task, at).await } else { Ok(None) };
    db.close().await?;
    let (counts, plan) = match ended.and_then(|counts| Ok((counts, plan?))) {
        Ok(both) => both,
        Err(error) => {
            if json {
                let outcome = match &error {
                    Error::Rejected(_) => "REFUSED",
                    Error::Fault(Fault::Stopped) => "INTERRUPTED",
                    Error::Fault(_) => "FAILED",
                };
                let error = error.to_string();
                print_json(&json!({ "task": name, "dryRun": dry_run, "outcome": outcome, "error": error }))?;
            }
            return Err(error);
        }
    };
    if json {
        let mut done = json!({ "task": name, "dryRun": dry_run, "outcome": "SUCCEEDED", "counts": counts });
        if let Some((plan, at)) = &plan {
            done["plan"] = payouts::in_json(plan, *at);
        }
        print_json(&done)?;
    } else {
        if let Some((plan, _)) = &plan {
            payouts::print(plan);
        }
        let counts: Vec<_> = counts.iter().map(|(what, count)| format!("{what} {count}")).collect();
        println!("{name}{}: {}", if dry_run { " (dry run)" } else { "" }, counts.join(", "));
    }
    Ok(ExitCode::SUCCESS)
}

/// What a task that pays out would pay at `at`, or now.
async fn plan_of(db: &Database, task: &Task, at: Option<Instant>) -> Result<Option<(Plan, Instant)>> {
    let purpose = match task.name {
        "affiliate-payouts" => PayoutPurpose::Commissions,
        "withdrawals" => PayoutPurpose::Withdrawal,
        _ => return Ok(None),
    };
    let now = db.now().await?;
    let at = at.map_or(now, |at| at.min(now));
    Ok(Some((payouts::plan_at(db, purpose, at).await?, at)))
}

/// The database, and the providers if `task` needs them, for which the secret is required.
async fn reach(task: &Task, settings: Settings) -> Result<(Database, Option<Arc<Providers>>)> {
    if !task.needs(Need::Providers) {
        return Ok((open_database(&settings, Open::Existing).await?, None));
    }
    let app = App::open(settings, Open::Existing).await?;
    Ok((app.db, Some(app.providers)))
}

async fn run_or_rehearse(
    (db, providers): (Database, Option<Arc<Providers>>),
    task: &'static Task,
    at: Option<Instant>,
    dry_run: bool,
) -> Result<Counts> {
    if dry_run {
        return schedule::dry_run(&db, task, at, DRY_RUN_LIMIT).await;
    }
    let asked = Asked { trigger: TaskTrigger::Command, actor: None, as_of: at };
    let runner = Runner::new(db, providers, stop_on_signals()?);
    Ok(runner.run_now(task, asked).await?.1)
}
