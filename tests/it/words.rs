//! How the project writes (docs/ARCHITECTURE.md, "How we write"), as far as a program can tell, and that the recipes
//! name files that exist.

use std::{fs, path::Path};

use crate::tidy::files;

/// Words that mean a person of one sex, or that no native writer would use.
const REFUSED_WORDS: [&str; 8] = ["he", "him", "himself", "his", "anew", "parted", "whoever", "thereof"];

/// Phrases, likewise.
const REFUSED_PHRASES: [&str; 5] =
    ["What became of", "is suspended since", "are suspended since", "for who ", "whom who"];

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("a file")
}

/// Everything that people read: comments, messages and descriptions, the schema, the pages.
fn texts() -> Vec<(String, String)> {
    let mut texts = files("src");
    // This file names the words.
    texts.extend(files("tests").into_iter().filter(|(name, _)| !name.ends_with("/words.rs")));
    for folder in ["docs", "docs/adr"] {
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect("a folder") {
            let name = format!("{folder}/{}", entry.expect("an entry").file_name().to_string_lossy());
            if name.ends_with(".md") {
                texts.push((name.clone(), read(&name)));
            }
        }
    }
    let more = ["README.md", "schema.graphql", "policy.toml", "Dockerfile"];
    texts.extend(more.map(|name| (name.to_owned(), read(name))));
    texts
}

/// What is wrong with a line. The page that lists the words may name them in backticks.
fn refused(line: &str) -> Option<&'static str> {
    let plain: String = line.split('`').step_by(2).collect::<Vec<_>>().join(" ");
    let words = plain.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '\''));
    let words: Vec<_> = words.map(str::to_lowercase).collect();
    let word = REFUSED_WORDS.into_iter().find(|word| words.iter().any(|other| other == word));
    word.or_else(|| REFUSED_PHRASES.into_iter().find(|phrase| plain.contains(phrase)))
}

#[test]
fn people_are_they_and_sentences_are_english() {
    let mut wrong = Vec::new();
    for (name, text) in texts() {
        for (at, line) in text.lines().enumerate() {
            wrong.extend(refused(line).map(|word| format!("{name}:{}: `{word}`: {}", at + 1, line.trim())));
        }
    }
    assert!(wrong.is_empty(), "{} lines: {wrong:#?}", wrong.len());
}

#[test]
fn refused_words_are_found_and_others_are_not() {
    assert_eq!(refused("/// A freelancer withdrew his proposal."), Some("his"));
    assert_eq!(refused("This account is suspended since May."), Some("is suspended since"));
    assert_eq!(refused("They read this, the history and p_4_nobody_decides_on_himself."), None);
    assert_eq!(refused("never a generic `he`"), None);
}

/// The message of a refusal in which something is joined on by a semicolon, if `line` has one. Messages to operators
/// begin with a small letter, and descriptions are no messages.
fn joined(line: &str) -> Option<&str> {
    let message = line.split('"').nth(1).filter(|_| !line.contains("desc = ") && !is_comment(line))?;
    let second = message.chars().nth(1).is_some_and(|c| !c.is_uppercase());
    let begins = second && message.starts_with(|c: char| c.is_uppercase() || c == '`');
    message.split("; ").nth(1).filter(|rest| begins && rest.starts_with(char::is_lowercase))
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

#[test]
fn messages_to_people_are_two_sentences() {
    // Help texts and mails have more than two sentences to say.
    let elsewhere = ["src/cli/arguments.rs", "src/mails/letters.rs"];
    let mut wrong = Vec::new();
    for (name, text) in files("src").into_iter().filter(|(name, _)| !elsewhere.contains(&name.as_str())) {
        wrong.extend(text.lines().filter_map(joined).map(|part| format!("{name}: {part}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(
        joined(r#"    let sentence = "This session has ended; sign in again.";"#),
        Some("sign in again.")
    );
    assert_eq!(joined(r#"    "cannot open the file; name another""#), None);
}

#[test]
fn recipes_name_files_that_exist() {
    let recipes = read("docs/RECIPES.md");
    let ends = [".rs", ".md", ".sql", ".graphql", ".py", ".toml"];
    let paths: Vec<_> = recipes
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| {
            !word.contains(' ') && word.contains('/') && ends.iter().any(|end| word.ends_with(end))
        })
        .collect();
    assert!(paths.len() > 20, "{paths:?}");
    let missing: Vec<_> =
        paths.iter().filter(|path| !Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists()).collect();
    assert!(missing.is_empty(), "{missing:?}");
    for recipe in ["a mutation", "an entity with a list", "a task", "a column", "a refusal"] {
        assert!(recipes.contains(&format!("\n## Add {recipe}\n")), "{recipe}");
    }
}
