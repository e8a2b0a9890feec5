//! The house rules that no compiler checks: arrows between rooms, sizes, where SQL and time may stand.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Lines of a file at most; tests inside it count.
const FILE_LINES: usize = 400;

/// Lines of a function at most.
const FUNCTION_LINES: usize = 70;

/// Files that are longer for now; the list only shrinks.
const LONG_FILES: [&str; 0] = [];

/// Functions that are longer for now; the list only shrinks.
const LONG_FUNCTIONS: [&str; 1] = ["tests/it/ledger_oracle.rs: play"];

/// Slices, in the only order in which they may import each other.
pub const SLICES: [&str; 32] = [
    "audit",
    "policy_versions",
    "keyring",
    "notifications",
    "mails",
    "connects",
    "cash",
    "accounts",
    "payments",
    "memberships",
    "promo_codes",
    "purchases",
    "subscriptions",
    "job_posts",
    "proposals",
    "affiliates",
    "talent_badges",
    "profiles",
    "referrals",
    "onboarding",
    "engagement",
    "rooms",
    "catalog",
    "contracts",
    "settlement",
    "commissions",
    "payouts",
    "referral_rewards",
    "tickets",
    "closing",
    "books",
    "schedule",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Our own Rust files below `folder`, with their texts.
pub fn files(folder: &str) -> Vec<(String, String)> {
    texts(folder, "rs")
}

pub fn texts(folder: &str, kind: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == kind) {
                let name = path.strip_prefix(root()).expect("ours").display().to_string();
                found.push((name, fs::read_to_string(&path).expect("text")));
            }
        }
    }
    found.sort();
    found
}

/// The first folder or file below `src` that `name` belongs to, such as `connects`.
pub fn room(name: &str) -> &str {
    let path = name.trim_start_matches("src/");
    path.split('/').next().unwrap_or(path).trim_end_matches(".rs")
}

/// The code of a file before its inline tests.
pub fn code(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

/// Rooms that `text` names after `crate::` or in a `use crate::{..}` block.
fn imports(text: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        if let Some(block) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut word = String::new();
            for character in block.chars() {
                match character {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => rooms.push(std::mem::take(&mut word)),
                    _ if depth == 0 => word.push(character),
                    _ => {}
                }
            }
            rooms.push(word);
        } else {
            rooms.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    let first = |word: &String| word.trim().split("::").next().unwrap_or_default().trim().to_owned();
    rooms.iter().map(first).filter(|room| !room.is_empty()).collect()
}

#[test]
fn scripts_are_short() {
    let scripts = ["tests", "benches"].into_iter().flat_map(|folder| texts(folder, "py"));
    let long =
        scripts.filter(|(name, text)| !name.contains("node_modules") && text.lines().count() > FILE_LINES);
    assert_eq!(long.map(|(name, _)| name).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn files_and_functions_are_short() {
    let mut long = Vec::new();
    for (name, text) in ["src", "migration/src", "tests"].into_iter().flat_map(files) {
        if text.lines().count() > FILE_LINES && !LONG_FILES.contains(&name.as_str()) {
            long.push(format!("{name}: {} lines", text.lines().count()));
        }
        let lines: Vec<_> = text.lines().collect();
        for (start, line) in lines.iter().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let Some(function) = line.split("fn ").nth(1).filter(|_| is_function(line)) else { continue };
            let function = function.split(['(', '<']).next().unwrap_or_default();
            let end = format!("{}}}", " ".repeat(indent));
            let length = lines[start..].iter().position(|line| *line == end).unwrap_or(0);
            let place = format!("{name}: {function}");
            if length > FUNCTION_LINES && !LONG_FUNCTIONS.contains(&place.as_str()) {
                long.push(format!("{place}: {length} lines"));
            }
        }
    }
    assert!(long.is_empty(), "too long: {long:#?}");
}

/// Whether a function begins here, no matter who may call it.
fn is_function(line: &str) -> bool {
    let mut rest = line.trim_start();
    if let Some(public) = rest.strip_prefix("pub") {
        let whole_world = public.trim_start();
        rest =
            public.strip_prefix('(').and_then(|to| to.split_once(") ")).map_or(whole_world, |(_, rest)| rest);
    }
    while let Some(after) = ["const ", "async "].iter().find_map(|word| rest.strip_prefix(word)) {
        rest = after;
    }
    rest.starts_with("fn ")
}

#[test]
fn a_function_is_seen_whoever_may_call_it() {
    for line in
        ["fn a() {", "    pub async fn a(", "pub(in crate::b) async fn a(", "pub(super) const fn a() {"]
    {
        assert!(is_function(line), "{line}");
    }
    for line in ["let f = fn_of(", "impl FnOnce", "published fn"] {
        assert!(!is_function(line), "{line}");
    }
}

#[test]
fn slices_import_only_earlier_ones() {
    let place = |room: &str| SLICES.iter().position(|slice| *slice == room);
    let mut wrong = Vec::new();
    for (name, text) in files("src") {
        let Some(here) = place(room(&name)) else { continue };
        for import in imports(code(&text)) {
            if place(&import).is_some_and(|there| there > here) {
                wrong.push(format!("{name} imports {import}"));
            }
            if ["graphql", "http", "app", "cli", "demo"].contains(&import.as_str()) {
                wrong.push(format!("{name} reaches back to {import}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn rooms_below_know_nothing_of_those_above() {
    let above = |low: &[&str], name: &str, text: &str| -> Vec<String> {
        let known = imports(code(text)).into_iter().filter(|import| !low.contains(&import.as_str()));
        known.map(|import| format!("{name} imports {import}")).collect()
    };
    let low = [
        "clock",
        "config",
        "db",
        "entity",
        "error",
        "idempotency",
        "input",
        "keys",
        "money",
        "policy",
        "private",
        "providers",
        "viewer",
    ];
    let mut wrong = Vec::new();
    for (name, text) in files("src") {
        match room(&name) {
            "entity" => {
                wrong.extend(above(&["entity"], &name, &text));
            }
            room if low.contains(&room) => wrong.extend(above(&low, &name, &text)),
            "graphql" => {
                let up = imports(code(&text))
                    .into_iter()
                    .filter(|import| ["http", "app", "cli", "demo"].contains(&import.as_str()));
                wrong.extend(up.map(|import| format!("{name} imports {import}")));
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn graphql_is_known_to_its_rooms_and_the_vocabulary() {
    for (name, text) in files("src") {
        let vocabulary = name.starts_with("src/entity/enums") || name == "src/error/code.rs";
        let may = vocabulary || ["graphql", "http"].contains(&room(&name));
        assert!(may || !text.contains("async_graphql"), "{name} knows GraphQL");
    }
}

/// An error of a resolver that returns `Result<Option<_>>` nulls the parent, and with it all that others read beside it.
#[test]
fn a_nullable_field_that_fails_is_null_alone() {
    let mut wrong = Vec::new();
    for (name, text) in files("src/graphql") {
        let objects = text.split("#[Object").skip(1).filter_map(|rest| rest.split("\n}\n").next());
        let fails = objects.filter(|object| object.contains("-> async_graphql::Result<Option<"));
        wrong.extend(fails.map(|object| format!("{name}: {}", object.lines().nth(1).unwrap_or_default())));
    }
    assert!(wrong.is_empty(), "write Option<async_graphql::Result<_>> instead: {wrong:#?}");
}

#[test]
fn rules_are_pure() {
    for (name, text) in files("src") {
        if name.ends_with("/rules.rs") || name.contains("/rules/") {
            for word in ["sea_orm", "async_graphql", "async fn", "crate::db", "wall_now"] {
                assert!(!code(&text).contains(word), "{name} has {word}");
            }
        }
    }
}

#[test]
fn sql_stands_in_stores_only() {
    let mut wrong = Vec::new();
    for (name, text) in files("src") {
        let is_store = name.ends_with("/store.rs") || name.contains("/store/");
        // A connection runs the query that a store gives it.
        let runs = ["src/db.rs", "src/graphql/kit/page.rs"].contains(&name.as_str());
        if is_store || runs || ["db", "entity"].contains(&room(&name)) {
            continue;
        }
        for word in [
            "\"SELECT ",
            "\"INSERT ",
            "\"UPDATE ",
            "\"DELETE ",
            "::Entity::find",
            "::Entity::insert",
            "execute_unprepared",
            "ActiveModel",
            "cursor_by(",
            ".one(",
            ".all(db",
            ".all(request",
            ".all(txn",
            ".count(db",
            ".count(request",
            ".count(txn",
        ] {
            if code(&text).contains(word) {
                wrong.push(format!("{name}: {word}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_database_asks_which_one_it_is() {
    for (name, text) in files("src") {
        let asks = text.contains("DbBackend::") || text.contains("DatabaseBackend::");
        assert!(!asks || name == "src/db.rs" || name.starts_with("src/db/"), "{name}");
    }
}

#[test]
fn nothing_is_unfinished_and_nothing_names_a_machine() {
    for (name, text) in ["src", "migration/src", "tests"].into_iter().flat_map(files) {
        if name.ends_with("tidy.rs") {
            continue;
        }
        for word in ["todo!", "unimplemented!", "dbg!", "#[ignore", "FIXME", "XXX"] {
            assert!(!text.contains(word), "{name} has {word}");
        }
        assert!(!text.contains(env!("CARGO_MANIFEST_DIR")), "{name} names the folder it is built in");
    }
    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md").exists());
}

#[test]
fn rooms_are_named_as_of_one_crate() {
    // Under the other crate's name, an import would escape the arrows above.
    let names =
        |(name, text): &(String, String)| name != "src/lib.rs" && code(text).contains("connects_core");
    let wrong: Vec<_> = files("src").into_iter().filter(names).map(|(name, _)| name).collect();
    assert_eq!(wrong, Vec::<String>::new());
}
