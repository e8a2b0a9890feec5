//! `docs/STATES.md` is drawn from the tables of moves that the rules decide by. After a change of a table,
//! `WRITE_STATES=1 cargo test --locked --test it states` writes it.

use std::fmt::{Debug, Display};

use connects::{
    affiliates::rules::{AffiliateMove, FlagMove},
    catalog::rules::ProjectMove,
    commissions::rules::CommissionMove,
    contracts::rules::{ContractMove, DisputeMove, Move as MilestoneMove, OfferMove},
    job_posts::rules::life::Move as JobPostMove,
    memberships::rules::RenewalMove,
    payments::rules::{PaymentMove, RefundMove},
    payouts::rules::PayoutMove,
    promo_codes::rules::PromoRedemptionMove,
    proposals::rules::life::Move as ProposalMove,
    purchases::rules::PurchaseMove,
    referral_rewards::rules::ReferralMove,
    tickets::rules::TicketMove,
};

const INTRODUCTION: &str = "\
# States

Which actions are allowed in which states, and where they lead: the tables that the rules decide by, each drawn and
listed. Anything else that a person asks for is refused with `ILLEGAL_STATE`; what a provider says too late is ignored. A
deadline binds at its instant (X-7): what has expired is shown and treated as such before its task has come by. An order
from the catalog begins as an accepted offer, and what is paid from a cash account begins as paid.
";

/// A row of a table of moves: its name, the states from which it is allowed, the one to which it leads, what it is.
struct Row {
    name: String,
    from: Vec<String>,
    to: String,
    about: &'static str,
}

impl Row {
    fn of<S: Display>(way: impl Debug, from: &[S], to: impl Display, about: &'static str) -> Self {
        let from = from.iter().map(ToString::to_string).collect();
        Self { name: words(&format!("{way:?}")), from, to: to.to_string(), about: about.trim() }
    }
}

/// The rows of a table of moves.
macro_rules! rows {
    ($name:ident) => {
        $name::ALL.iter().map(|way| Row::of(way, way.from(), way.to(), way.about())).collect::<Vec<_>>()
    };
}

/// `ChargeBack` as "charge back".
fn words(name: &str) -> String {
    let spaced: String = name
        .chars()
        .flat_map(|letter| [letter.is_uppercase().then_some(' '), Some(letter.to_ascii_lowercase())])
        .flatten()
        .collect();
    spaced.trim().to_owned()
}

/// A section with a drawing and a list of the moves of what begins in one of the states `firsts`.
fn section(title: &str, firsts: &[&str], rows: &[Row]) -> String {
    let mut drawn = format!("\n## {title}\n\n```mermaid\nstateDiagram-v2\n");
    drawn.extend(firsts.iter().map(|first| format!("  [*] --> {first}\n")));
    for Row { name, from, to, .. } in rows {
        drawn.extend(from.iter().map(|from| format!("  {from} --> {to}: {name}\n")));
    }
    drawn += "```\n\n| action | from | to | what happens |\n|---|---|---|---|\n";
    for Row { name, from, to, about } in rows {
        let from: Vec<_> = from.iter().map(|from| format!("`{from}`")).collect();
        drawn += &format!("| {name} | {} | `{to}` | {about} |\n", from.join(", "));
    }
    drawn
}

fn page() -> String {
    let refunds: Vec<_> = rows!(PaymentMove).into_iter().chain(rows!(RefundMove)).collect();
    let sections = [
        section("Job post", &["DRAFT"], &rows!(JobPostMove)),
        section("Proposal", &["SUBMITTED"], &rows!(ProposalMove)),
        section("Project", &["PUBLISHED"], &rows!(ProjectMove)),
        section("Offer", &["NEW", "ACCEPTED"], &rows!(OfferMove)),
        section("Contract", &["ACTIVE"], &rows!(ContractMove)),
        section("Milestone", &["PENDING"], &rows!(MilestoneMove)),
        section("Dispute", &["OPEN"], &rows!(DisputeMove)),
        section("Purchase", &["PENDING"], &rows!(PurchaseMove)),
        section("Renewal", &["DUE"], &rows!(RenewalMove)),
        section("Referral", &["OPEN", "ENDED"], &rows!(ReferralMove)),
        section("Use of a promo code", &["RESERVED"], &rows!(PromoRedemptionMove)),
        section("Payment", &["PENDING", "PAID"], &rows!(PaymentMove)),
        section("Refund", &["PENDING", "PAID"], &refunds),
        section("Affiliate", &["PENDING"], &rows!(AffiliateMove)),
        section("Flag", &["OPEN"], &rows!(FlagMove)),
        section("Commission", &["PENDING"], &rows!(CommissionMove)),
        section("Payout", &["SCHEDULED", "PROCESSING"], &rows!(PayoutMove)),
        section("Ticket", &["OPEN"], &rows!(TicketMove)),
    ];
    INTRODUCTION.to_owned() + &sections.concat()
}

#[test]
fn o_2_the_drawings_of_states_are_the_tables_of_their_moves() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/STATES.md");
    if std::env::var_os("WRITE_STATES").is_some() {
        std::fs::write(path, page()).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == page(),
        "docs/STATES.md is not what the tables say; src/moves.rs says how to write it"
    );
}

#[test]
fn o_2_every_state_of_a_table_is_reached_and_those_that_end_are_left_by_nobody() {
    fn ends<S: Copy + PartialEq + Display>(all: &[S], rows: &[Row], first: &str) -> Vec<String> {
        let names: Vec<_> = all.iter().map(ToString::to_string).collect();
        for name in &names {
            let reached = name == first || rows.iter().any(|row| row.to == *name);
            assert!(reached, "nothing leads to {name}");
        }
        names.into_iter().filter(|name| !rows.iter().any(|row| row.from.contains(name))).collect()
    }
    fn all<S: sea_orm::Iterable>() -> Vec<S> {
        S::iter().collect()
    }
    use connects::entity::enums::{ContractState, DisputeState, JobPostState, MilestoneState, OfferState};
    use connects::entity::enums::{PaymentState, ProjectState, ProposalState, PurchaseState};
    assert_eq!(ends(&all::<JobPostState>(), &rows!(JobPostMove), "DRAFT"), ["CANCELLED", "REMOVED"]);
    let over = ["HIRED", "DECLINED", "WITHDRAWN", "ARCHIVED"];
    assert_eq!(ends(&all::<ProposalState>(), &rows!(ProposalMove), "SUBMITTED"), over);
    assert_eq!(ends(&all::<ProjectState>(), &rows!(ProjectMove), "PUBLISHED"), ["WITHDRAWN"]);
    let over = ["ACCEPTED", "DECLINED", "WITHDRAWN", "EXPIRED"];
    assert_eq!(ends(&all::<OfferState>(), &rows!(OfferMove), "NEW"), over);
    assert_eq!(ends(&all::<ContractState>(), &rows!(ContractMove), "ACTIVE"), ["ENDED"]);
    assert_eq!(ends(&all::<MilestoneState>(), &rows!(MilestoneMove), "PENDING"), ["WITHDRAWN"]);
    assert_eq!(
        ends(&all::<DisputeState>(), &rows!(DisputeMove), "OPEN"),
        ["WITHDRAWN", "SETTLED", "DECIDED"]
    );
    assert_eq!(ends(&all::<PurchaseState>(), &rows!(PurchaseMove), "PENDING"), ["FAILED"]);
    assert_eq!(ends(&all::<PaymentState>(), &rows!(PaymentMove), "PENDING"), ["PAID", "FAILED"]);
}
