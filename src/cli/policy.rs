//! `policy`: the versions of the policy, what a document would change, and writing a new one.

use std::path::Path;

use serde_json::{Value, json};

use super::{arguments::PolicyCommand, output::print_json};
use crate::{
    app::App,
    clock::Instant,
    entity::policy,
    error::{Fault, Result},
    policy_versions::{
        self, Applied, Applying,
        rules::{self, Change, PRESETS},
        store,
    },
};

/// Runs `command`.
pub async fn run(app: &App, command: PolicyCommand) -> Result<()> {
    match command {
        PolicyCommand::Show { number, preset, json } => show(app, number, preset.as_deref(), json).await,
        PolicyCommand::Diff { file, from, json } => diff(app, &file, from, json).await,
        PolicyCommand::Apply { file, expected, from, json } => {
            let document = read(&file)?;
            let expected_version = match expected {
                Some(version) => version,
                None => last(app).await?.version,
            };
            let applying = Applying { document: &document, expected_version, effective_from: from };
            apply(app, applying, json).await
        }
    }
}

/// Prints a version, the one in force if none is named, as the document that `apply` takes.
async fn show(app: &App, number: Option<i64>, preset: Option<&str>, as_json: bool) -> Result<()> {
    let number = match number {
        Some(number) => number,
        None => app.db.policy_at(app.db.now().await?).number,
    };
    let row = store::find_version(app.db.read(), number).await?;
    let row = row.ok_or_else(|| Fault::Setup(format!("there is no version {number} of the policy")))?;
    if as_json {
        return print_json(&json!({ "version": row.version, "effectiveFrom": row.effective_from,
            "recordedAt": row.recorded_at, "document": row.document }));
    }
    if let Some(preset) = PRESETS.iter().find(|one| Some(one.name) == preset) {
        let policy =
            serde_json::from_value(row.document).map_err(|error| Fault::Broken(error.to_string()))?;
        println!("# Version {number} with the card {}: {}", preset.name, preset.sentence);
        print!("{}", rules::written(&preset.of(&policy)));
        return Ok(());
    }
    println!("# Version {number}, in force from {}", row.effective_from);
    print!("{}", rules::document_of(&row));
    Ok(())
}

/// Prints what a document would change of the version in force at `from`, or now, and which versions it would replace.
async fn diff(app: &App, file: &Path, from: Option<Instant>, as_json: bool) -> Result<()> {
    let policy = rules::read(&read(file)?)?;
    let document = serde_json::to_value(&policy).map_err(|error| Fault::Broken(error.to_string()))?;
    let at = from.unwrap_or(app.db.now().await?);
    let before = store::find_in_force(app.db.read(), at).await?;
    let before = before.ok_or_else(|| Fault::Broken("the database has no policy".into()))?;
    let replaced = store::list_later(app.db.read(), at).await?;
    let changes = rules::changes(&before.document, &document);
    if as_json {
        return print_json(&json!({ "of": before.version, "changes": changes, "replaced": replaced }));
    }
    print_lines(&changes);
    println!("{} values differ from version {}", changes.len(), before.version);
    for number in replaced {
        println!("version {number} would not take effect");
    }
    Ok(())
}

async fn apply(app: &App, applying: Applying<'_>, as_json: bool) -> Result<()> {
    let done = app.db.write(async |txn| {
        let applied = policy_versions::apply(txn, None, applying).await?;
        let row = store::find_version(txn, applied.version).await?;
        Ok((applied, row.map(|row| row.effective_from)))
    });
    let (Applied { version, changes, replaced }, from): (_, Option<Instant>) = done.await?;
    if as_json {
        let written =
            json!({ "version": version, "effectiveFrom": from, "changes": changes, "replaced": replaced });
        return print_json(&written);
    }
    print_lines(&changes);
    for number in replaced {
        println!("version {number} will not take effect");
    }
    println!("version {version} is in force from {}", from.map(|at| at.to_string()).unwrap_or_default());
    Ok(())
}

fn print_lines(changes: &[Change]) {
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| Value::Null.to_string());
    for change in changes {
        println!("{}: {} -> {}", change.path, shown(&change.before), shown(&change.after));
    }
}

async fn last(app: &App) -> Result<policy::Model> {
    let last = store::find_last(app.db.read()).await?;
    Ok(last.ok_or_else(|| Fault::Broken("the database has no policy".into()))?)
}

fn read(file: &Path) -> Result<String> {
    Ok(std::fs::read_to_string(file)
        .map_err(|e| Fault::Setup(format!("cannot read {}: {e}", file.display())))?)
}
