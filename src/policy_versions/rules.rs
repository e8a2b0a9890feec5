//! Pure rules of policy versions: what a document says, and what has changed from one to the next.

use std::collections::BTreeMap;

use serde_json::Value;

use super::rejection;
use crate::{
    entity::{enums::MembershipPlan, policy},
    error::Rejection,
    policy::Policy,
};

/// The policy that a text in TOML says.
///
/// # Errors
/// `INVALID_INPUT` at `document`: it cannot be read, or a value makes no sense.
pub fn read(text: &str) -> Result<Policy, Rejection> {
    let policy: Policy = toml::from_str(text).map_err(|error| rejection::unreadable(error.message()))?;
    policy.must_be_sound().map_err(|unsound| rejection::unsound(unsound.path, unsound.sentence))?;
    Ok(policy)
}

/// A policy as a text in TOML.
pub fn written(policy: &Policy) -> String {
    toml::to_string_pretty(policy).unwrap_or_default()
}

/// The document of a version in TOML; as it is stored, in JSON, if this program does not know all of it.
pub fn document_of(version: &policy::Model) -> String {
    let policy = serde_json::from_value(version.document.clone());
    policy.map_or_else(|_| version.document.to_string(), |policy| written(&policy))
}

/// The published cards of PLUS (M-1); the first is that of a new database.
pub const PRESETS: [Preset; 3] = [
    Preset { name: "plus-70", sentence: "PLUS has 70 Connects, 10 of them free.", free: 10, paid: 60 },
    Preset { name: "plus-80", sentence: "PLUS has 80 Connects, 10 of them free.", free: 10, paid: 70 },
    Preset { name: "plus-100", sentence: "PLUS has 100 Connects, 10 of them free.", free: 10, paid: 90 },
];

/// A published card of PLUS, which a policy can take on (M-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// Its name.
    pub name: &'static str,
    /// What it gives, as a sentence.
    pub sentence: &'static str,
    free: i64,
    paid: i64,
}

impl Preset {
    /// `policy` with this card, and everything else as it is.
    pub fn of(self, policy: &Policy) -> Policy {
        let mut policy = policy.clone();
        if let Some(plus) = policy.plans.get_mut(&MembershipPlan::Plus) {
            (plus.free, plus.paid) = (self.free, self.paid);
        }
        policy
    }
}

/// A value that differs between two versions.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Change {
    /// Where it stands, such as `payouts.hold_hours` or `purchases.bundles[3]`.
    pub path: String,
    /// What it was, as JSON; absent if it is new.
    pub before: Option<String>,
    /// What it is, as JSON; absent if it is gone.
    pub after: Option<String>,
}

/// What has changed from one document to another, by path.
pub fn changes(before: &Value, after: &Value) -> Vec<Change> {
    let (before, after) = (values_of(before), values_of(after));
    let paths = before.keys().chain(after.keys().filter(|path| !before.contains_key(*path)));
    let mut changes: Vec<_> = paths
        .filter(|path| before.get(*path) != after.get(*path))
        .map(|path| Change {
            path: path.clone(),
            before: before.get(path).cloned(),
            after: after.get(path).cloned(),
        })
        .collect();
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    changes
}

/// Each value of a document by its path.
fn values_of(document: &Value) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    collect(document, String::new(), &mut values);
    values
}

fn collect(value: &Value, path: String, values: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, field) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                collect(field, path, values);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (number, item) in items.iter().enumerate() {
                collect(item, format!("{path}[{number}]"), values);
            }
        }
        other => drop(values.insert(path, other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_document_is_written_and_read_back_whole() {
        let seed = Policy::seed().unwrap();
        assert_eq!(read(&written(&seed)).unwrap(), seed);
    }

    #[test]
    fn a_document_that_makes_no_sense_is_refused_with_its_place() {
        let text = written(&Policy::seed().unwrap());
        let message = |text: &str| read(text).unwrap_err().message;
        assert!(message(&text.replace("hold_hours", "hold_days")).contains("hold_days"), "{text}");
        assert!(message(&text.replace("hold_hours = 48", "hold_hours = -1")).contains("payouts"));
        assert!(message("not toml").contains("cannot be read"));
    }

    #[test]
    fn m_1_a_preset_changes_the_connects_of_plus_and_nothing_else() {
        let seed = Policy::seed().unwrap();
        let value = |policy: &Policy| serde_json::to_value(policy).unwrap();
        let changed = |preset: Preset| {
            let policy = read(&written(&preset.of(&seed))).expect("a sound document");
            let changes = changes(&value(&seed), &value(&policy)).into_iter();
            changes.map(|change| (change.path, change.after.unwrap())).collect::<Vec<_>>()
        };
        let paid = |paid: &str| vec![("plans.PLUS.paid".to_owned(), paid.to_owned())];
        assert_eq!(PRESETS.map(changed), [vec![], paid("70"), paid("90")]);
    }

    #[test]
    fn changes_are_named_by_their_place() {
        let before = json!({ "a": { "b": 1, "c": [1, 2] }, "d": {}, "same": "x" });
        let after = json!({ "a": { "b": 2, "c": [1] }, "e": "new", "same": "x" });
        let found = changes(&before, &after);
        let shown: Vec<_> =
            found.iter().map(|c| (c.path.as_str(), c.before.as_deref(), c.after.as_deref())).collect();
        assert_eq!(
            shown,
            [
                ("a.b", Some("1"), Some("2")),
                ("a.c[1]", Some("2"), None),
                ("d", Some("{}"), None),
                ("e", None, Some("\"new\"")),
            ]
        );
        assert!(changes(&before, &before).is_empty());
    }
}
