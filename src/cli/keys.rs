//! `keys`: listing the keys of a database, changing its secret, rotating and retiring what signs.

use serde_json::json;

use super::{arguments::KeysCommand, output::print_json};
use crate::{
    app::App,
    clock::Instant,
    entity::{enums::KeyPurpose, key},
    error::Result,
    keyring, payouts,
};

/// Runs `command`.
pub async fn run(app: &App, command: KeysCommand) -> Result<()> {
    match command {
        KeysCommand::List { json } => list(app, json).await,
        KeysCommand::Rewrap { dry_run, json } => rewrap(app, dry_run, json).await,
        KeysCommand::Rotate { purpose, dry_run, json } => rotate(app, purpose, dry_run, json).await,
        KeysCommand::Retire { purpose, dry_run, json } => retire(app, purpose, dry_run, json).await,
    }
}

/// Prints all keys, without the keys themselves.
async fn list(app: &App, as_json: bool) -> Result<()> {
    let rows = keyring::store::list_all(app.db.read()).await?;
    let is_current = |row: &key::Model| row.wrapped_by == app.keys.secrets().current.mark();
    if as_json {
        let shown = rows.iter().map(|row| {
            json!({ "id": row.id, "purpose": row.purpose, "state": row.state, "madeAt": row.made_at,
                "retiresAt": row.retires_at, "underCurrentSecret": row.wrapped.as_ref().map(|_| is_current(row)) })
        });
        return print_json(&shown.collect::<Vec<_>>());
    }
    for row in &rows {
        let until = row.retires_at.map(|at| format!(", until {at}")).unwrap_or_default();
        let wrapped = match (&row.wrapped, is_current(row)) {
            (None, _) => "deleted",
            (Some(_), true) => "under the current secret",
            (Some(_), false) => "under the previous secret",
        };
        let (purpose, state) = (name_of(row.purpose), row.state.as_str().to_lowercase());
        println!("{}  {purpose:15} {state}{until}; made {}; {wrapped}", row.id, row.made_at);
    }
    Ok(())
}

/// Wraps all keys under the current secret.
async fn rewrap(app: &App, dry_run: bool, as_json: bool) -> Result<()> {
    let secrets = app.keys.secrets();
    let work = async |txn: &_| keyring::rewrap(txn, secrets).await;
    let rewrapped = app.db.write_or_rehearse(dry_run, work).await?;
    if as_json {
        return print_json(&json!({ "rewrapped": rewrapped, "dryRun": dry_run }));
    }
    match rewrapped {
        0 => println!("all keys are under the current secret already"),
        _ => println!("{rewrapped} keys{} are under the current secret now", dry(dry_run)),
    }
    Ok(())
}

/// Makes a new key for `purpose`.
async fn rotate(app: &App, purpose: KeyPurpose, dry_run: bool, as_json: bool) -> Result<()> {
    let secrets = app.keys.secrets();
    let work = async |txn: &_| keyring::rotate(txn, secrets, purpose).await;
    let rotated = app.db.write_or_rehearse(dry_run, work).await?;
    if as_json {
        return print_json(&json!({ "rotated": rotated, "dryRun": dry_run }));
    }
    let retires_at: Instant = rotated.retires_at;
    println!("{}{}: {} signs from now on", name_of(purpose), dry(dry_run), rotated.active);
    println!("{} stays valid for what it has signed, until {retires_at}", rotated.retiring);
    Ok(())
}

/// Deletes the keys for `purpose` that only check.
async fn retire(app: &App, purpose: KeyPurpose, dry_run: bool, as_json: bool) -> Result<()> {
    let work = async |txn: &_| {
        let retired = keyring::retire(txn, purpose).await?;
        // Nobody encrypts anything with a key that is being retired.
        if purpose == KeyPurpose::PayoutDetails {
            payouts::must_be_sealed(txn, &app.keys).await?;
        }
        Ok(retired)
    };
    let retired = app.db.write_or_rehearse(dry_run, work).await?;
    if as_json {
        return print_json(&json!({ "retired": retired, "dryRun": dry_run }));
    }
    if retired.0.is_empty() {
        println!("{} has no key that is retiring; rotate it first", name_of(purpose));
    }
    for id in retired.0 {
        println!("{}{}: {id} is deleted", name_of(purpose), dry(dry_run));
    }
    Ok(())
}

/// The purpose called `name`, if its keys rotate.
///
/// # Errors
/// A sentence that names those that do.
pub fn rotating(name: &str) -> Result<KeyPurpose, String> {
    let found = keyring::ROTATING.into_iter().find(|purpose| name_of(*purpose) == name);
    found.ok_or_else(|| format!("only {} can be rotated", keyring::ROTATING.map(name_of).join(", ")))
}

fn name_of(purpose: KeyPurpose) -> String {
    purpose.as_str().to_lowercase().replace('_', "-")
}

fn dry(dry_run: bool) -> &'static str {
    if dry_run { " (dry run)" } else { "" }
}
