//! The drawings of states in `docs/` are those of the tables that the rules decide by.

use connects::contracts::rules::Move;

/// A diagram of states as Mermaid reads it: where it begins, and each way with its name.
fn diagram(first: &str, ways: &[(String, String, String)]) -> String {
    let ways = ways.iter().map(|(from, to, name)| format!("  {from} --> {to}: {name}\n"));
    format!("```mermaid\nstateDiagram-v2\n  [*] --> {first}\n{}```\n", ways.collect::<String>())
}

#[test]
fn o_2_the_drawing_of_milestones_is_the_table_of_their_moves() {
    let ways = Move::ALL.into_iter().flat_map(|way| {
        let (from, to) = way.way();
        let name = format!("{way:?}").to_lowercase();
        from.iter().map(move |from| (from.to_string(), to.to_string(), name.clone()))
    });
    let drawn = diagram("PENDING", &ways.collect::<Vec<_>>());
    let page = include_str!("../../docs/MONEY.md");
    assert!(page.contains(&drawn), "docs/MONEY.md lacks\n{drawn}");
}
