//! `task`: scheduled work as one-shot commands, for containers.

use std::{process::ExitCode, time::Duration};

use serde_json::json;

use super::print_json;
use crate::{
    app::stop_on_signals,
    clock::Instant,
    db::Database,
    entity::enums::TaskTrigger,
    error::{Error, Fault, Result},
    schedule::{self, Asked, Counts, TASKS, TaskName, rejection, store},
};

/// How long a dry run by command may take: nobody waits for it but the one who asked.
const DRY_RUN_LIMIT: Duration = Duration::from_secs(600);

/// Lists the tasks.
pub async fn list(db: &Database, json: bool) -> Result<()> {
    let now = db.now().await?;
    for task in TASKS {
        let last = store::find_last_success(db.read(), task.name, now).await?;
        let paused = store::is_paused(db.read(), task.name).await?;
        let name = task.name.as_str();
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

/// Runs a task, or says what it would do.
pub async fn run(
    db: &Database,
    name: &str,
    at: Option<Instant>,
    dry_run: bool,
    json: bool,
) -> Result<ExitCode> {
    let task = TaskName::find(name).ok_or_else(rejection::no_such_task)?;
    let counts = match run_or_rehearse(db, task, at, dry_run).await {
        Ok(counts) => counts,
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
        print_json(&json!({ "task": name, "dryRun": dry_run, "outcome": "SUCCEEDED", "counts": counts }))?;
    } else {
        let counts: Vec<_> = counts.iter().map(|(what, count)| format!("{what} {count}")).collect();
        println!("{name}{}: {}", if dry_run { " (dry run)" } else { "" }, counts.join(", "));
    }
    Ok(ExitCode::SUCCESS)
}

async fn run_or_rehearse(
    db: &Database,
    task: TaskName,
    at: Option<Instant>,
    dry_run: bool,
) -> Result<Counts> {
    if dry_run {
        return schedule::dry_run(db, task, at, DRY_RUN_LIMIT).await;
    }
    let asked = Asked { trigger: TaskTrigger::Command, actor: None, as_of: at };
    Ok(schedule::run_now(db, task, asked, &stop_on_signals()?).await?.1)
}
