//! The business key of a job post: its client, and a number or the row that it was imported from.

use std::collections::HashMap;

use crate::entity::ids::AccountId;

/// The key of the post of `client` with this number.
pub fn of_number(client: AccountId, number: u64) -> String {
    format!("post-{}-{number}", client.0.simple())
}

/// The key of a post of `client` that was imported from a row with this fingerprint.
pub fn of_row(client: AccountId, fingerprint: &str) -> String {
    format!("import-{}-{fingerprint}", client.0.simple())
}

/// What the key of a return of Connects to a post's proposals begins with, for SQL.
pub const RETURNED: &str = "RETURNED/";

/// The key of a return of Connects to the proposals to the post with this key (T-1).
pub fn of_return(post: &str) -> String {
    format!("{RETURNED}{post}")
}

/// `key`, which may contain the key of a post, with the label of its client instead of the random id. An imported post
/// is identified by its row alone.
pub fn in_business_terms(key: &str, clients: &HashMap<AccountId, String>) -> String {
    let label = |id: &str| clients.get(&AccountId(id.parse().ok()?));
    let imported = key.split_once("import-").and_then(|(what, rest)| Some((what, rest.split_once('-')?)));
    if let Some((what, (id, row))) = imported
        && label(id).is_some()
    {
        return format!("{what}import-{row}");
    }
    let client = key.split_once("post-").and_then(|(_, rest)| rest.split_once('-'));
    match client.and_then(|(id, _)| Some((id, label(id)?))) {
        Some((id, label)) => key.replacen(id, label, 1),
        None => key.to_owned(),
    }
}
