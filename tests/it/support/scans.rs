//! No statement of a story reads a whole table, by SQLite's plans. All stories that end with `World::verify` are looked
//! at. Statements without a condition are not: stories read whole tables themselves.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::World;

/// Tables that stay small, whatever the marketplace does.
const SMALL: [&str; 6] = ["instance", "keys", "leases", "policies", "probes", "task_states"];

/// Parts of statements that may read a whole table, and why.
const ALLOWED: [(&str, &str); 8] = [
    (" AS detail", "verifying reads everything"),
    (" AS label", "the digest reads everything"),
    ("AS total FROM cash_accounts", "the digest reads everything"),
    (
        "UPDATE notifications SET subject = '[erased]'",
        "erasing is rare, and an index would cost every notification",
    ),
    ("FROM accounts WHERE erased_at IS NOT NULL", "the index has erased people only"),
    ("LIKE '%", "a story looks for a word everywhere"),
    ("AS num_items FROM (SELECT \"entries\"", "a story counts entries"),
    ("WHERE ? = ?", "a story changes all rows"),
];

/// The texts that some story has had explained.
static EXPLAINED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// The texts of the statements that a world has run.
#[derive(Clone, Default)]
pub struct Texts(Arc<Mutex<BTreeSet<String>>>);

impl Texts {
    pub fn note(&self, text: &str) {
        let mut texts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !texts.contains(text) {
            texts.insert(text.to_owned());
        }
    }

    /// Those that no story has had explained, and that may not read a whole table.
    fn take_new(&self) -> Vec<String> {
        let mut explained = EXPLAINED.lock().unwrap_or_else(PoisonError::into_inner);
        let texts = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        // Writes that go together are one text.
        let single = texts.iter().flat_map(|text| text.split("; ")).map(str::to_owned);
        let asked = single.filter(|text| !text.starts_with("EXPLAIN"));
        let conditional = asked.filter(|text| text.contains(" WHERE ") || text.contains(" JOIN "));
        let bound = conditional.filter(|text| !ALLOWED.iter().any(|(part, _)| text.contains(part)));
        bound.filter(|text| explained.insert(with_short_lists(text))).collect()
    }
}

/// The same text for lists of any length.
fn with_short_lists(text: &str) -> String {
    let mut short = text.to_owned();
    for item in ["(?, ?), ", "(?), ", "?, "] {
        while short.contains(&item.repeat(2)) {
            short = short.replace(&item.repeat(2), item);
        }
    }
    short
}

/// The table that a step of the plan of `text` reads from one end to the other.
fn scanned(step: &str, text: &str, tables: &BTreeSet<String>) -> Option<String> {
    let (kind, read) = step.split_once(' ')?;
    let (name, how) = read.split_once(' ').unwrap_or((read, ""));
    let limited = how.contains("VIRTUAL TABLE") || how.contains("INDEX") && text.contains("LIMIT");
    // An index that is made for one run reads the whole table, too.
    if !(kind == "SCAN" && !limited || kind == "SEARCH" && how.contains("AUTOMATIC")) {
        return None;
    }
    // What an INSERT scans without naming it is a check of a foreign key, which SQLite skips.
    let words: Vec<_> = text.split([' ', '"', '(', ')', ',']).filter(|word| !word.is_empty()).collect();
    let named = words.windows(4).find_map(|four| {
        let alias = if four[2] == "AS" { four[3] } else { four[2] };
        let reads = ["FROM", "JOIN", "UPDATE"].contains(&four[0]) && tables.contains(four[1]);
        (reads && (four[1] == name || alias == name)).then(|| four[1].to_owned())
    });
    named.filter(|table| !SMALL.contains(&table.as_str()))
}

impl World {
    /// The statements since the last call that read a whole table, and which.
    pub async fn full_scans(&self) -> Vec<(String, String)> {
        if self.backend() != DbBackend::Sqlite {
            return Vec::new();
        }
        let new = self.texts.take_new();
        let tables = self.columns().await.into_iter().map(|(table, _)| table).collect();
        let mut found = Vec::new();
        for text in new {
            let explain = Statement::from_string(self.backend(), format!("EXPLAIN QUERY PLAN {text}"));
            for row in self.db().read().query_all_raw(explain).await.unwrap_or_else(|e| panic!("{text}: {e}"))
            {
                let step: String = row.try_get("", "detail").unwrap();
                found.extend(scanned(&step, &text, &tables).map(|table| (table, text.clone())));
            }
        }
        found
    }
}

#[tokio::test]
async fn statements_that_read_a_whole_table_are_found_and_others_are_not() {
    if super::postgres().is_some() {
        return;
    }
    let world = World::new().await;
    for (sql, expected) in [
        ("SELECT seq FROM lots AS l WHERE l.quantity = 1", Some("lots")),
        ("UPDATE wallets SET held = 0 WHERE held = 1", Some("wallets")),
        ("SELECT e.seq FROM wallets w JOIN entries e ON e.wallet_id = w.id WHERE e.seq = 7", Some("entries")),
        ("SELECT COUNT(*) FROM lots WHERE quantity > 0 AND wallet_id = x'00'", None),
        ("SELECT 1 FROM instance WHERE id = 2", None),
    ] {
        world.texts.note(sql);
        let found = world.full_scans().await;
        assert_eq!(found.first().map(|(table, _)| table.as_str()), expected, "{sql}: {found:?}");
    }
}
