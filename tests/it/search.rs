//! The search for job posts: which words find which posts, alike on both databases (J-6).

use serde_json::{Value, json};

use crate::support::World;

/// Titles that a search finds, sorted.
async fn found(world: &World, text: &str) -> Vec<String> {
    let query = "query($text: String) { jobPosts(filter: { text: $text }, first: 100) { nodes { title } } }";
    let data = world.data(None, query, json!({ "text": text })).await;
    let title = |node: &Value| node["title"].as_str().unwrap().to_owned();
    let mut titles: Vec<_> = data["jobPosts"]["nodes"].as_array().unwrap().iter().map(title).collect();
    titles.sort();
    titles
}

async fn with_posts(titles: &[&str]) -> World {
    let world = World::new().await;
    let clara = world.client("clara").await;
    for title in titles {
        world.post(&clara, title, 40).await;
    }
    world
}

#[tokio::test]
async fn j_6_names_with_signs_are_words_of_their_own() {
    let world = with_posts(&[
        "Fast C++",
        "Clean C#",
        "Plain C",
        "A .NET shop",
        "Node.js API",
        "Net income",
        "Front-end",
    ])
    .await;
    for (text, expected) in [
        ("C++", vec!["Fast C++"]),
        ("c#", vec!["Clean C#"]),
        ("C", vec!["Plain C"]),
        (".NET", vec!["A .NET shop"]),
        ("net income", vec!["Net income"]),
        ("nodejs", vec!["Node.js API"]),
        ("Node.js", vec!["Node.js API"]),
        ("node JS drawing", vec!["Node.js API"]),
        ("frontend", vec!["Front-end"]),
        ("front-end", vec!["Front-end"]),
        ("front end", vec!["Front-end"]),
        ("F#", vec![]),
        ("nodejs C++", vec![]),
    ] {
        assert_eq!(found(&world, text).await, expected, "{text}");
    }
}

#[tokio::test]
async fn j_6_a_word_is_found_in_any_form_and_case() {
    let composed =
        ["Donn\u{e9}es", "\u{3bc}m", "\u{39f}\u{394}\u{39f}\u{3a3}", "Stra\u{df}e", "हिन्दी", "𐐔𐐯𐐝𐐯𐐡𐐯𐐓"];
    let world = with_posts(&composed).await;
    for (text, title) in [
        ("donne\u{301}es", composed[0]),
        ("DONN\u{c9}ES", composed[0]),
        ("\u{b5}M", composed[1]),
        ("\u{3bf}\u{3b4}\u{3bf}\u{3c2}", composed[2]),
        ("\u{3bf}\u{3b4}\u{3bf}\u{3c3}", composed[2]),
        ("STRASSE", composed[3]),
        ("ＳＴＲＡＳＳＥ", composed[3]),
        ("हिन्दी", composed[4]),
        ("𐐼𐐯𐑅𐐯𐑉𐐯𐐻", composed[5]),
    ] {
        assert_eq!(found(&world, text).await, [title], "{text}");
    }
    assert!(found(&world, "हिन").await.is_empty(), "a mark is part of its word");
}

#[tokio::test]
async fn j_6_an_empty_search_does_not_filter() {
    let world = with_posts(&["Logo", "Poster"]).await;
    for nothing in ["", "  ", "\u{200B}", "\n"] {
        assert_eq!(found(&world, nothing).await, ["Logo", "Poster"], "{nothing:?}");
    }
    let query = "query($text: String) { jobPosts(filter: { text: $text }) { nodes { title } } }";
    let long = world.ask(None, query, json!({ "text": "\u{FDFA}".repeat(2_001) })).await;
    assert_eq!(long["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    assert!(found(&world, "?!").await.is_empty(), "signs that are no word are in no post");
}
