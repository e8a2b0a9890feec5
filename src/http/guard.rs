//! What a request may ask for, decided on the document before the library validates or runs it.
//!
//! A short document can expand to an enormous one: fragments that spread fragments double at each level, and every
//! later stage expands them. So each fragment is measured once and remembered, and a document that is too large in
//! any dimension is refused in time proportional to its own length. Where the library's parser and validation are
//! laxer than the specification, the guard is not.

#[cfg(test)]
mod examples;
mod measure;
mod merging;
mod parse;
mod short_lists;
mod strings;
mod tokens;
mod types;
mod values;

use std::collections::HashSet;

use async_graphql::{
    Pos, Request,
    parser::types::{ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet},
};

use self::{measure::Measure, types::TYPES};
use crate::config::Limits;

/// Maximum open brackets: the parser and the validator recurse once per level, on the stack.
const NESTING: usize = 60;

/// Fields that are compared for merging, in multiples of what an operation may have: each is examined twice, and
/// more often where fragments on interfaces overlap.
const COMPARED: usize = 10;

/// Why a document is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Apollo's code if there is one.
    pub code: &'static str,
    /// What is wrong, and what to do.
    pub message: String,
    /// The places in the document, if it has any.
    pub locations: Vec<Pos>,
}

/// What is known about a document that may run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// Whether it is a query or a mutation.
    pub kind: OperationType,
    /// Names of the fields at the root.
    pub root_fields: HashSet<String>,
    /// Its cost.
    pub cost: usize,
}

/// Parses, checks and measures the document of `request`, and leaves the parsed document in it.
///
/// # Errors
/// The first limit that it exceeds, or its first error; the message never repeats the document.
pub fn check(request: &mut Request, limits: &Limits) -> Result<Passed, Refused> {
    let (tokens, end) = tokens::lex(&request.query, limits.tokens)?;
    let document = parse::document(tokens, end)?;
    let passed = checked(&document, request, limits)?;
    let operation = operation(&document, request.operation_name.as_deref())?;
    values::complete(&TYPES, &document, operation, &mut request.variables)?;
    request.set_parsed_query(document);
    Ok(passed)
}

fn checked(document: &ExecutableDocument, request: &Request, limits: &Limits) -> Result<Passed, Refused> {
    let operation = operation(document, request.operation_name.as_deref())?;
    let mut measure = Measure::new(&TYPES, (document, operation), &request.variables, limits);
    measure.whole()?;
    let mut root_fields = HashSet::new();
    let count = root_names(document, &operation.selection_set.node, &mut root_fields, limits.selections);
    if count > limits.root_fields {
        return Err(too_complex(format!(
            "The document has {count} root fields; {} are allowed. Ask for less, or in several requests.",
            limits.root_fields
        )));
    }
    if operation.ty == OperationType::Mutation && count > 1 {
        return Err(too_complex("A request takes only one mutation field. Send the others separately."));
    }
    let cost = measure.cost()?;
    for operation in operations(document) {
        values::check(&TYPES, document, operation)?;
        merging::check(&TYPES, document, operation, limits.selections.saturating_mul(COMPARED))?;
    }
    Ok(Passed { kind: operation.ty, root_fields, cost })
}

/// The operations in the order of the document: the maps that hold them have a random order, and the first error
/// should be the same each time.
fn operations(document: &ExecutableDocument) -> Vec<&OperationDefinition> {
    let mut operations: Vec<_> = document.operations.iter().map(|(_, operation)| operation).collect();
    operations.sort_by_key(|operation| operation.pos);
    operations.into_iter().map(|operation| &operation.node).collect()
}

/// The operation that is to run.
fn operation<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a OperationDefinition, Refused> {
    let mut operations = document.operations.iter();
    let found = match name {
        Some(name) => operations.find(|(found, _)| found.is_some_and(|found| found.as_str() == name)),
        None => match (operations.next(), operations.next()) {
            (only, None) => only,
            _ => None,
        },
    };
    let missing = || Refused {
        code: "OPERATION_RESOLUTION_FAILURE",
        message: "It is unclear which operation of the document should run. Name it in `operationName`."
            .into(),
        locations: Vec::new(),
    };
    found.map(|(_, operation)| &operation.node).ok_or_else(missing)
}

/// Collects the names of the fields at the root, through fragments; returns how many there are, at
/// most `budget`.
fn root_names(
    document: &ExecutableDocument,
    set: &SelectionSet,
    names: &mut HashSet<String>,
    budget: usize,
) -> usize {
    let mut count = 0;
    for item in &set.items {
        if count >= budget {
            break;
        }
        count += match &item.node {
            Selection::Field(field) => {
                names.insert(field.node.name.node.to_string());
                1
            }
            Selection::InlineFragment(fragment) => {
                root_names(document, &fragment.node.selection_set.node, names, budget - count)
            }
            Selection::FragmentSpread(spread) => {
                match document.fragments.get(&spread.node.fragment_name.node) {
                    Some(fragment) => {
                        root_names(document, &fragment.node.selection_set.node, names, budget - count)
                    }
                    None => 0,
                }
            }
        };
    }
    count
}

/// A refusal of a document that violates the grammar.
fn unreadable(pos: Pos, why: &str) -> Refused {
    Refused {
        code: "GRAPHQL_PARSE_FAILED",
        message: format!(
            "The document cannot be read as GraphQL at line {}, column {}: {why}.",
            pos.line, pos.column
        ),
        locations: vec![pos],
    }
}

fn invalid(message: &str, locations: &[Pos]) -> Refused {
    Refused { code: "GRAPHQL_VALIDATION_FAILED", message: message.into(), locations: locations.to_vec() }
}

fn too_complex(message: impl Into<String>) -> Refused {
    Refused { code: "QUERY_TOO_COMPLEX", message: message.into(), locations: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    fn verdict(query: &str) -> Result<Passed, &'static str> {
        check(&mut Request::new(query), &Limits::default()).map_err(|refused| refused.code)
    }

    #[test]
    fn plain_documents_pass_with_their_cost() {
        let passed = verdict("{ viewer { proposals(first: 10) { nodes { id coverLetter } } } }").unwrap();
        assert_eq!(passed.kind, OperationType::Query);
        // viewer 1, proposals 1 + 10 + 10 x (nodes 1).
        assert_eq!(passed.cost, 22);
        assert!(passed.root_fields.contains("viewer"));
    }

    #[test]
    fn doubling_fragments_are_refused_at_once() {
        let mut query = String::from("{ ...F0 }");
        for level in 0..30 {
            let next = level + 1;
            write!(query, " fragment F{level} on Query {{ ...F{next} ...F{next} }}").unwrap();
        }
        query.push_str(" fragment F30 on Query { clock { now } }");
        assert_eq!(verdict(&query), Err("QUERY_TOO_COMPLEX"));
        let mut fan = String::from("{ ...F0 }");
        for level in 0..6 {
            let spreads = format!("...F{} ", level + 1).repeat(20);
            write!(fan, " fragment F{level} on Query {{ {spreads} }}").unwrap();
        }
        fan.push_str(" fragment F6 on Query { clock { now } }");
        assert_eq!(verdict(&fan), Err("QUERY_TOO_COMPLEX"));
    }

    #[test]
    fn cycles_missing_fragments_and_misplaced_directives_are_refused() {
        let cycle = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }";
        assert_eq!(verdict(cycle), Err("GRAPHQL_VALIDATION_FAILED"));
        assert_eq!(verdict("{ ...Gone }"), Err("GRAPHQL_VALIDATION_FAILED"));
        let misplaced = "query($n: Int @skip(if: true)) { jobPosts(first: $n) { nodes { id } } }";
        assert_eq!(verdict(misplaced), Err("GRAPHQL_VALIDATION_FAILED"));
    }

    #[test]
    fn the_first_mistake_of_a_document_is_refused_where_it_stands_each_time() {
        let refused = |text: &str| {
            let mut request = Request::new(text).operation_name("A");
            let refused = check(&mut request, &Limits::default()).unwrap_err();
            assert_eq!(refused.code, "GRAPHQL_VALIDATION_FAILED", "{text}");
            refused.locations.iter().map(|at| (at.line, at.column)).collect::<Vec<_>>()
        };
        for (text, place) in [
            ("query A { ...Gone }", (1, 14)),
            (
                "query A { clock { now } }\nfragment F on Query { ...G }\nfragment G on Query { ...F }",
                (3, 26),
            ),
            (
                "query A { clock { now } }\nfragment F on Query { ...X }\nfragment G on Query { ...Y }",
                (2, 26),
            ),
            (
                "query A { node(id: 1.5) { id } }\nquery B { node(id: 2.5) { id } }\nquery C { node(id: {}) { id } }",
                (1, 20),
            ),
        ] {
            for _ in 0..20 {
                assert_eq!(refused(text), [place], "{text}");
            }
        }
    }

    #[test]
    fn too_deep_too_wide_too_many_and_too_dear_are_refused() {
        let deep = format!("{}now{}", "{ clock ".repeat(16), " }".repeat(16));
        assert_eq!(verdict(&deep), Err("QUERY_TOO_COMPLEX"));
        let fields = |count: usize| {
            (0..count).fold(String::from("{"), |query, i| format!("{query} a{i}: clock {{ now }}")) + " }"
        };
        assert!(verdict(&fields(20)).is_ok());
        assert_eq!(verdict(&fields(31)), Err("QUERY_TOO_COMPLEX"));
        let directives = format!("{{ clock {} {{ now }} }}", "@include(if: true) ".repeat(51));
        assert_eq!(verdict(&directives), Err("QUERY_TOO_COMPLEX"));
        let dear = "{ viewer { jobPosts(first: 100) { nodes { proposals(first: 100) { nodes { id } } } } } }";
        assert_eq!(verdict(dear), Err("QUERY_TOO_COMPLEX"));
        assert_eq!(verdict(&"{".repeat(100_000)), Err("QUERY_TOO_COMPLEX"));
    }

    #[test]
    fn a_request_takes_one_mutation_field() {
        let field = |n: u32| format!("m{n}: pauseTask(input: {{task: \"reconcile\"}}) {{ replayed }}");
        assert!(verdict(&format!("mutation {{ {} }}", field(1))).is_ok());
        assert_eq!(verdict(&format!("mutation {{ {} {} }}", field(1), field(2))), Err("QUERY_TOO_COMPLEX"));
        let spread = format!("mutation {{ ...M ...M }} fragment M on Mutation {{ {} }}", field(1));
        assert_eq!(verdict(&spread), Err("QUERY_TOO_COMPLEX"));
    }

    #[test]
    fn page_sizes_count_wherever_they_stand() {
        let cost = |query: &str| verdict(query).map(|passed| passed.cost);
        assert_eq!(cost("query($n: Int = 100) { jobPosts(first: $n) { nodes { id } } }"), Ok(111));
        assert_eq!(cost("{ jobPosts { ...P } } fragment P on JobPostConnection { nodes { id } }"), Ok(31));
        assert_eq!(cost("{ jobPosts { ... { nodes { id } } } }"), Ok(31));
    }

    #[test]
    fn short_lists_count_as_short_unless_more_is_asked_for() {
        let cost = |query: &str| verdict(query).map(|passed| passed.cost);
        assert_eq!(cost("{ viewer { wallets { nodes { id } } } }"), Ok(13));
        assert_eq!(cost("{ viewer { wallets(first: 100) { nodes { id } } } }"), Ok(13));
        assert_eq!(cost("{ viewer { wallet { lots { nodes { id } } } } }"), Ok(33));
        assert_eq!(cost("{ viewer { wallet { lots(first: 100) { nodes { id } } } } }"), Ok(113));
        assert_eq!(
            cost("{ viewer { wallet { history(first: 1) { nodes { movements { nodes { id } } } } } } }"),
            Ok(30)
        );
        assert_eq!(cost("{ viewer { wallet { lots(first: 3) { nodes { id } } } } }"), Ok(16));
        assert_eq!(cost("{ admin { tasks { id } } }"), Ok(14));
        let in_fragments = "{ viewer { ...V } } fragment V on Viewer { ... on Viewer { wallets { ...W } } }
                            fragment W on WalletConnection { edges { node { id } } }";
        assert_eq!(cost(in_fragments), Ok(14));
    }

    #[test]
    fn a_refusal_names_the_list_that_costs_most() {
        let said = |query: &str| check(&mut Request::new(query), &Limits::default()).unwrap_err().message;
        let inbox = "{ viewer { name a: jobPosts(first: 100) { nodes { ...P } } } }
                     fragment P on JobPost { title b: proposals(first: 100) { nodes { id } } }";
        assert_eq!(
            said(inbox),
            "The document costs 11212 points, and 10000 are allowed. Ask for fewer rows in \
             `viewer.jobPosts.nodes.proposals`, which costs 11100 of them, or for less, or in several requests."
        );
        let times = |count: usize| -> String {
            (0..count).map(|n| format!("a{n}: wallet {{ expiryForecast {{ available }} }} ")).collect()
        };
        let wide =
            format!("{{ nodes(ids: [{}]) {{ ... on Account {{ {} }} }} }}", "\"a\" ".repeat(50), times(3));
        assert!(said(&wide).contains("`nodes`, which costs 15350 of them"), "{}", said(&wide));
        let even =
            format!("{{ nodes(ids: [{0}]) {{ id }} b: nodes(ids: [{0}]) {{ id }} }}", "\"a\" ".repeat(100));
        let limits = Limits { cost: 100, ..Limits::default() };
        let refused = check(&mut Request::new(even), &limits).unwrap_err();
        assert!(
            refused.message.contains("allowed. Ask for less, or in several requests."),
            "{}",
            refused.message
        );
    }

    #[test]
    fn ids_count_like_rows() {
        let cost = |query: &str| verdict(query).map(|passed| passed.cost);
        let one = "{ node(id: \"a\") { ... on Wallet { history { nodes { id } } } } }";
        let three = "{ nodes(ids: [\"a\", \"b\", \"c\"]) { ... on Wallet { history { nodes { id } } } } }";
        assert_eq!((cost(one), cost(three)), (Ok(32), Ok(96)));
        let mut many = Request::new(
            "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Wallet { availableAsOf(at: \"\") } } }",
        )
        .variables(async_graphql::Variables::from_json(serde_json::json!({ "ids": vec!["a"; 100] })));
        assert_eq!(check(&mut many, &Limits::default()).map(|passed| passed.cost), Ok(5_100));
    }

    #[test]
    fn what_does_not_run_is_measured_too() {
        let bomb = |levels: usize| {
            let fragments: String = (0..levels)
                .map(|n| format!("fragment F{n} on Query {{ ...F{0} ...F{0} }} ", n + 1))
                .collect();
            let last = format!("fragment F{levels} on Query {{ clock {{ now }} }}");
            format!("query A {{ clock {{ now }} }} query B {{ ...F0 }} {fragments}{last}")
        };
        let named =
            |document: String| check(&mut Request::new(document).operation_name("A"), &Limits::default());
        assert!(named(bomb(3)).is_ok());
        assert_eq!(named(bomb(30)).unwrap_err().code, "QUERY_TOO_COMPLEX");
        let unused = bomb(30).replace("query B { ...F0 }", "");
        assert_eq!(named(unused).unwrap_err().code, "QUERY_TOO_COMPLEX");
        let deep = format!("{{ nodes(ids: {}{}) {{ id }} }}", "[".repeat(200), "]".repeat(200));
        assert_eq!(verdict(&deep), Err("QUERY_TOO_COMPLEX"));
    }

    #[test]
    fn introspection_in_circles_is_refused() {
        let nested = |times: usize| {
            format!(
                "{{ __schema {{ types {{ {}name{} }} }} }}",
                "fields { type { ".repeat(times),
                " } }".repeat(times)
            )
        };
        assert!(verdict(&nested(3)).is_ok());
        let often = |times: usize| {
            let field = |n| format!("a{n}: __schema {{ queryType {{ name }} }} ");
            format!("{{ {} }}", (0..times).map(field).collect::<String>())
        };
        assert!(verdict(&often(5)).is_ok());
        assert_eq!(verdict(&often(6)), Err("QUERY_TOO_COMPLEX"));
        assert_eq!(verdict(&nested(4)), Err("QUERY_TOO_COMPLEX"));
    }

    #[test]
    fn which_operation_runs_must_be_clear() {
        assert_eq!(
            verdict("query A { clock { now } } query B { clock { now } }"),
            Err("OPERATION_RESOLUTION_FAILURE")
        );
        let mut named =
            Request::new("query A { clock { now } } query B { clock { now } }").operation_name("B");
        assert!(check(&mut named, &Limits::default()).is_ok());
    }
}
