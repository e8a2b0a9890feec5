//! The maps in `docs/` are true: each rule stands where it says, and each test it names exists.

use std::{collections::BTreeSet, fs, path::Path};

use connects::schedule::TASKS;

fn doc(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).expect(name)
}

/// All Rust code of ours.
fn code() -> String {
    let mut text = String::new();
    let mut folders = vec!["src".to_owned(), "tests".to_owned(), "migration/src".to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(&folder)).expect("a folder") {
            let entry = entry.expect("an entry");
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                folders.push(name);
            } else if name.ends_with(".rs") {
                text.push_str(&fs::read_to_string(entry.path()).expect("text"));
            }
        }
    }
    text
}

/// The rows of the table of rules: rule, what, where, tests.
fn rows() -> Vec<Vec<String>> {
    let text = doc("RULES.md");
    let rows = text
        .lines()
        .filter(|line| line.starts_with("| ") && is_rule(line.split('|').nth(1).unwrap_or_default().trim()));
    rows.map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

fn is_rule(word: &str) -> bool {
    let Some((letter, number)) = word.split_once('-') else { return false };
    letter.len() == 1
        && letter.chars().all(|c| c.is_ascii_uppercase())
        && !number.is_empty()
        && number.chars().all(|c| c.is_ascii_digit())
}

#[test]
fn every_file_that_the_map_names_exists_and_has_what_it_is_named_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let places = ["src", "migration/src", ""].map(|place| root.join(place));
    let mut missing = Vec::new();
    for row in rows() {
        let mut file: Option<String> = None;
        for word in row[2].split('`').skip(1).step_by(2) {
            let found = places.iter().map(|place| place.join(word)).find(|path| path.exists());
            match found {
                Some(path) if path.is_file() => file = Some(fs::read_to_string(path).expect("text")),
                Some(_) => file = None,
                None if word.contains('/') || word.ends_with(".rs") || word.ends_with(".sql") => {
                    missing.push(format!("{}: {word}", row[0]));
                }
                // What a file is named for: a function, a type, a column, a table.
                None => {
                    let name = word.rsplit("::").next().unwrap_or(word).trim_end_matches(" columns");
                    let name = name.rsplit('.').next().unwrap_or(name).split(' ').next().unwrap_or(name);
                    if file.as_ref().is_some_and(|text| !text.contains(name)) {
                        missing.push(format!("{}: {word}", row[0]));
                    }
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_test_that_the_map_names_exists() {
    let code = code();
    let mut missing = Vec::new();
    for row in rows() {
        for test in row[3].split('`').skip(1).step_by(2) {
            if !code.contains(&format!("fn {test}(")) {
                missing.push(format!("{}: {test}", row[0]));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_rule_that_a_test_carries_is_in_the_map() {
    let known: BTreeSet<_> = rows().into_iter().map(|row| row[0].clone()).collect();
    let mut missing = BTreeSet::new();
    for function in code().split("fn ").skip(1) {
        let name = function.split('(').next().unwrap_or_default();
        let mut parts = name.split('_');
        if let (Some(letter), Some(number)) = (parts.next(), parts.next()) {
            let rule = format!("{}-{number}", letter.to_uppercase());
            if letter.len() == 1 && is_rule(&rule) && !known.contains(&rule) {
                missing.insert(rule);
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_rules_that_are_built_have_a_test_each() {
    let wanted = "X-1 X-2 X-3 X-4 X-5 X-6 X-7 P-1 P-2 P-4 P-5 L-1 L-2 L-3 L-4 L-5 L-6 L-8 M-1 M-2 M-3 M-4 M-5 M-9 M-14 R-1 J-1 J-3 \
                  S-1 S-2 S-3 S-4 S-8 P-6 J-2 J-4 J-5 J-6 J-7 S-5 S-6 S-7 T-1 T-2 T-4 T-5 T-7 N-1 H-1 H-2 H-4 H-5 H-7 Q-1 Q-2 Q-3 Q-4 Q-5";
    let rows = rows();
    for rule in wanted.split_whitespace() {
        let row = rows.iter().find(|row| row[0] == rule);
        assert!(row.is_some_and(|row| row[3].contains('`')), "{rule} has no test in docs/RULES.md");
    }
}

#[test]
fn q_2_the_table_of_tasks_is_the_list_of_tasks() {
    let text = doc("SCHEDULE.md");
    for task in TASKS {
        let row = format!("| `{}` | `{}` |", task.name, task.timetable);
        assert!(text.contains(&row), "docs/SCHEDULE.md lacks {row}");
    }
}
