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
        self, Applying,
        rules::{self, Change, PRESETS},
        store,
    },
};

/// Runs `command`.
pub async fn run(app: &App, command: PolicyCommand) -> Result<()> {
    match command {
        PolicyCommand::Show { number, preset, json } => show(app, number, preset.as_deref(), json).await,
        PolicyCommand::Diff { file, json } => diff(app, &file, json).await,
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

/// Prints what a document would change of the last version.
async fn diff(app: &App, file: &Path, as_json: bool) -> Result<()> {
    let policy = rules::read(&read(file)?)?;
    let document = serde_json::to_value(&policy).map_err(|error| Fault::Broken(error.to_string()))?;
    let last = last(app).await?;
    print_changes(last.version, &rules::changes(&last.document, &document), as_json)
}

async fn apply(app: &App, applying: Applying<'_>, as_json: bool) -> Result<()> {
    let done = app.db.write(async |txn| {
        let (version, changes) = policy_versions::apply(txn, None, applying).await?;
        let row = store::find_version(txn, version).await?;
        Ok((version, changes, row.map(|row| row.effective_from)))
    });
    let (version, changes, from): (i64, Vec<Change>, Option<Instant>) = done.await?;
    if as_json {
        return print_json(&json!({ "version": version, "effectiveFrom": from, "changes": changes }));
    }
    print_changes(version - 1, &changes, false)?;
    println!("version {version} is in force from {}", from.map(|at| at.to_string()).unwrap_or_default());
    Ok(())
}

fn print_changes(of: i64, changes: &[Change], as_json: bool) -> Result<()> {
    if as_json {
        return print_json(&json!({ "of": of, "changes": changes }));
    }
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| Value::Null.to_string());
    for change in changes {
        println!("{}: {} -> {}", change.path, shown(&change.before), shown(&change.after));
    }
    println!("{} values differ from version {of}", changes.len());
    Ok(())
}

async fn last(app: &App) -> Result<policy::Model> {
    let last = store::find_last(app.db.read()).await?;
    Ok(last.ok_or_else(|| Fault::Broken("the database has no policy".into()))?)
}

fn read(file: &Path) -> Result<String> {
    Ok(std::fs::read_to_string(file)
        .map_err(|e| Fault::Setup(format!("cannot read {}: {e}", file.display())))?)
}
