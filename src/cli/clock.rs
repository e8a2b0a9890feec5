//! `clock`: shows the time, and advances a sandbox's.

use serde_json::json;

use super::output::print_json;
use crate::{
    app::{App, stop_on_signals},
    clock::Instant,
    config::Settings,
    db::Database,
    entity::enums::ClockKind,
    error::Result,
    schedule::{self, Runner},
};

/// Prints the clock's kind and time.
pub async fn show(db: &Database) -> Result<()> {
    println!("{} {}", db.clock().as_str().to_lowercase(), rfc3339(db.now().await?));
    Ok(())
}

/// Confirms that the machine's clock is right, and prints its time.
pub async fn confirm(db: &Database) -> Result<()> {
    println!("confirmed: it is {}", rfc3339(schedule::confirm_now(db).await?));
    Ok(())
}

/// Advances the clock and prints what ran. Some tasks need providers, and so the secret, which every sandbox has.
pub async fn advance(settings: Settings, db: &Database, to: Instant, json: bool) -> Result<()> {
    let providers = match db.clock() {
        ClockKind::Sandbox => Some(App::on(settings, db.clone()).await?.providers),
        ClockKind::System => None,
    };
    let done = Runner::new(db.clone(), providers, stop_on_signals()?).advance(to).await?;
    let (from, to) = (rfc3339(done.from), rfc3339(done.to));
    if json {
        let ran =
            |ran: &schedule::Ran| json!({ "task": ran.task.name, "runs": ran.runs, "counts": ran.counts });
        let ran: Vec<_> = done.ran.iter().map(ran).collect();
        return print_json(&json!({ "from": from, "to": to, "ran": ran }));
    }
    println!("{from} -> {to}");
    for ran in &done.ran {
        let counts: Vec<_> = ran.counts.iter().map(|(what, count)| format!("{what} {count}")).collect();
        println!("  {} ran {} times: {}", ran.task.name, ran.runs, counts.join(", "));
    }
    Ok(())
}

fn rfc3339(at: Instant) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
}
