//! How commands report: exit codes, and results as JSON.

use crate::error::{Fault, Result};

/// Exit code: something failed.
pub const FAILED: u8 = 1;

/// Exit code: a rule refused the command or some of its rows.
pub const REFUSED: u8 = 3;

/// Exit code: the ledger breaks an invariant.
pub const BREACHED: u8 = 4;

/// Prints `value` as one line of JSON.
pub fn print_json(value: &impl serde::Serialize) -> Result<()> {
    println!("{}", serde_json::to_string(value).map_err(|e| Fault::Broken(e.to_string()))?);
    Ok(())
}
