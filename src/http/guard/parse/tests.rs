use super::{super::tokens::lex, *};

type Wrong = (&'static str, Vec<(usize, usize)>);

fn parsed(text: &str) -> Result<ExecutableDocument, Wrong> {
    let (tokens, end) = lex(text, 10_000).map_err(|refused| (refused.code, Vec::new()))?;
    let places = |refused: Refused| refused.locations.iter().map(|at| (at.line, at.column)).collect();
    document(tokens, end).map_err(|refused| (refused.code, places(refused)))
}

/// The value of the first argument of the only field.
fn argument(text: &str) -> String {
    let document = parsed(&format!("{{ f(a: {text}) }}")).unwrap();
    let DocumentOperations::Single(operation) = &document.operations else { panic!("one operation") };
    let Selection::Field(field) = &operation.node.selection_set.node.items[0].node else { panic!("a field") };
    field.node.arguments[0].1.node.to_string()
}

#[test]
fn the_library_reads_plain_documents_the_same() {
    for text in [
        "{ a }",
        "query A($a: Int! = 1, $b: [[ID!]!]) @x(y: $a) { a: b(c: $a, d: [1, -2.5e3, \"x\", E, null, true]) { ...F } }
         fragment F on T @x { ... on U @y { z } ... @skip(if: false) { z } ... { z } }",
        "mutation { a(b: { c: { d: [] }, e: {} }) }",
        "{ query mutation fragment on: on true null a(on: on, query: fragment) }",
    ] {
        // Without positions and sorted, because maps have no order.
        let sorted = |document: &ExecutableDocument| {
            let mut fragments: Vec<_> = document.fragments.iter().map(|f| format!("{f:?}")).collect();
            fragments.sort();
            format!("{:?} {fragments:?}", document.operations)
        };
        let without_places = |text: String| {
            text.split("Pos(").map(|part| part.split_once(')').map_or(part, |(_, rest)| rest).to_owned()).collect::<String>()
        };
        let library = async_graphql::parser::parse_query(text).unwrap();
        assert_eq!(without_places(sorted(&parsed(text).unwrap())), without_places(sorted(&library)), "{text}");
    }
}

/// When this fails, the library has fixed something: check whether this parser is still needed (adr/0007).
#[test]
fn the_library_still_departs_from_the_grammar() {
    let library = |text: &str| async_graphql::parser::parse_query(text);
    for text in ["{ a(b: \"\\ud83d\\ude00\") }", "{ a(b: \"\\u{1F600}\") }", "query($v: Int = 1 @x) { a }"] {
        assert!(library(text).is_err() && parsed(text).is_ok(), "{text}");
    }
    for text in ["{ a(b: [01]) }", "queryA { a }", "query() { a }", "{ a(b: { c: 1, c: 2 }) }"] {
        assert!(library(text).is_ok() && parsed(text).is_err(), "{text}");
    }
    let block = "{ a(b: \"\"\" \\\"\"\" \"\"\") }";
    assert!(format!("{:?}", library(block).unwrap()).contains('\\'));
    let line = |document: ExecutableDocument| document.operations.iter().next().unwrap().1.pos.line;
    assert_eq!((line(library("#\r{ a }").unwrap()), line(parsed("#\r{ a }").unwrap())), (1, 2));
}

#[test]
fn values_are_read_as_the_specification_says() {
    assert_eq!(argument(r#""\ud83d\ude00 \u{1F600}""#), "\"\u{1f600} \u{1f600}\"");
    assert_eq!(argument(r#""""a \""" b""""#), r#""a \"\"\" b""#);
    assert_eq!(argument("[trueish, nullable, falsey]"), "[trueish, nullable, falsey]");
    assert_eq!(argument("{ a: 1 b: [2 3], c: {} }"), "{a: 1, b: [2, 3], c: {}}");
}

#[test]
fn what_the_grammar_does_not_have_is_refused_with_its_place() {
    for (text, line, column) in [
        ("", 1, 1),
        ("{", 1, 2),
        ("{ a", 1, 4),
        ("{ }", 1, 3),
        ("{ a() }", 1, 5),
        ("query() { a }", 1, 7),
        ("queryA { a }", 1, 1),
        ("{ a } b", 1, 7),
        ("A { a }", 1, 1),
        ("{ a: }", 1, 6),
        ("{ a: b: c }", 1, 7),
        ("{ ...on }", 1, 9),
        ("{ ... }", 1, 7),
        ("fragment on on T { a }", 1, 10),
        ("fragmentF on T { a }", 1, 1),
        ("fragment F { a }", 1, 12),
        ("fragment F on { a }", 1, 15),
        ("query($a: Int = $b) { a }", 1, 17),
        ("query($a: Int = [$b]) { a }", 1, 18),
        ("query($a: Int @x(y: $b)) { a }", 1, 21),
        ("query(a: Int) { a }", 1, 7),
        ("query($a Int) { a }", 1, 10),
        ("query($a: [Int) { a }", 1, 15),
        ("query($a: Int!!) { a }", 1, 15),
        ("{\n  a(b: {c 1})\n}", 2, 11),
        ("{ a(b: \"\\uD83D\") }", 1, 8),
        ("{ a(b: 1e999) }", 1, 8),
        ("{ a @ }", 1, 7),
        ("\"\"\"text\"\"\" { a }", 1, 1),
    ] {
        assert_eq!(parsed(text).unwrap_err(), ("GRAPHQL_PARSE_FAILED", vec![(line, column)]), "{text}");
    }
}

#[test]
fn names_are_unique_where_they_must_be() {
    for (text, column) in [
        ("{ a(b: { c: 1, d: 2, c: 1 }) }", 22),
        ("{ a(b: [{ c: { d: 1, d: 2 } }]) }", 22),
        ("query($v: I = { c: 1, c: 1 }) { a }", 23),
        ("query A { a } query A { b }", 21),
        ("query A { a } { b }", 15),
        ("{ a } { b }", 1),
        ("{ ...F } fragment F on T { a } fragment F on T { b }", 41),
    ] {
        assert_eq!(parsed(text).unwrap_err(), ("GRAPHQL_VALIDATION_FAILED", vec![(1, column)]), "{text}");
    }
    assert!(parsed("query($v: Int = 1 @x) { a }").is_ok(), "directives follow the default");
}
