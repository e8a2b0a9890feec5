//! `verify`: checks the ledger (H-4), and prints its digest.

use std::process::ExitCode;

use serde_json::json;

use super::output::{BREACHED, print_json};
use crate::{books, db::Database, error::Result};

/// Checks every invariant on one snapshot of the database.
pub async fn verify(db: &Database, digest: bool, json: bool) -> Result<ExitCode> {
    let snapshot = db.snapshot().await?;
    let breaches = books::verify(&snapshot).await?;
    let digest = if digest { Some(books::digest(&snapshot).await?) } else { None };
    if json {
        let mut answer = json!({ "breaches": breaches });
        if let Some(digest) = &digest {
            answer["digest"] = json!(digest);
        }
        print_json(&answer)?;
    } else {
        for breach in &breaches {
            println!("{}: {}, number {}", breach.invariant, breach.subject, breach.detail);
        }
        println!("{} breaches", breaches.len());
        if let Some(digest) = &digest {
            println!("digest {digest}");
        }
    }
    Ok(if breaches.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(BREACHED) })
}
