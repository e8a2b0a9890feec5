//! The drawings of states in `docs/` are those of the tables that the rules decide by.

use std::fmt::{Debug, Display};

use connects::contracts::rules::{ContractMove, DisputeMove, Move, OfferMove};

/// A diagram of states as Mermaid reads it: where it begins, and each way with its name.
fn diagram<M: Copy + Debug, S: Display + Copy + 'static>(
    first: &str,
    moves: &[M],
    way: impl Fn(M) -> (&'static [S], S),
) -> String {
    let mut drawn = format!("```mermaid\nstateDiagram-v2\n  [*] --> {first}\n");
    for one in moves {
        let (from, to) = way(*one);
        for from in from {
            drawn += &format!("  {from} --> {to}: {}\n", format!("{one:?}").to_lowercase());
        }
    }
    drawn + "```\n"
}

#[test]
fn o_2_the_drawings_of_states_are_the_tables_of_their_moves() {
    let page = include_str!("../../docs/MONEY.md");
    for drawn in [
        diagram("NEW", OfferMove::ALL, OfferMove::way),
        diagram("ACTIVE", ContractMove::ALL, ContractMove::way),
        diagram("PENDING", Move::ALL, Move::way),
        diagram("OPEN", DisputeMove::ALL, DisputeMove::way),
    ] {
        assert!(page.contains(&drawn), "docs/MONEY.md lacks\n{drawn}");
    }
}
