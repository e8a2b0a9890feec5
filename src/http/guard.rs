//! What a request may ask for, decided on the document before anything validates or runs it.
//!
//! A short document can mean an enormous one: fragments that spread fragments double at each level,
//! and every later stage expands them. So each fragment is measured once and remembered, and a
//! document that is too large in any direction is refused in time that its own length bounds.

mod tokens;

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Positioned, Request,
    parser::types::{
        ExecutableDocument, Field, FragmentDefinition, OperationDefinition, OperationType, Selection,
        SelectionSet,
    },
};
use async_graphql_value::Value;

use crate::config::Limits;

/// Cost of an introspection field, whatever it selects.
const INTROSPECTION_COST: usize = 500;

/// Introspection fields that list what has such fields again, and how deep they may nest: the standard
/// query takes one of them, tools a few.
const INTROSPECTION_LISTS: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];
const INTROSPECTION_DEPTH: usize = 3;

/// Introspection fields in a document: each computes the whole list it asks for anew.
const INTROSPECTIONS: usize = 5;

/// Brackets that may be open at once: the parser and the validator go down one level each, on the stack.
const NESTING: usize = 60;

/// Expanded fields of all operations and fragments together, in multiples of what one may have: the
/// validator looks at those that do not run, too.
const WHOLE_DOCUMENT: usize = 2;

/// Fields that compute more than they show, and what that costs.
const DEAR_FIELDS: [(&str, usize); 2] = [("availableAsOf", 50), ("expiryForecast", 100)];

/// Rows of a connection that does not say.
const DEFAULT_ROWS: usize = 20;

/// Cost of a connection beside its rows: mostly it takes a statement of its own.
const PAGE_COST: usize = 10;

/// Why a document is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// A code of Apollo's where there is one.
    pub code: &'static str,
    /// One sentence.
    pub message: String,
}

/// What is known of a document that may run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// Query or mutation.
    pub kind: OperationType,
    /// Names of the fields at the root.
    pub root_fields: HashSet<String>,
    /// Its cost.
    pub cost: usize,
}

/// Parses and measures the document of `request`.
///
/// # Errors
/// The first limit that it exceeds, or what is wrong with it; never an echo of it.
pub fn check(request: &mut Request, limits: &Limits) -> Result<Passed, Refused> {
    let lexed = tokens::lex(&request.query);
    if lexed.tokens > limits.tokens {
        return Err(too_complex(format!("The document has more than {} tokens; split it.", limits.tokens)));
    }
    if lexed.nesting > NESTING {
        return Err(too_complex(format!("The document nests more than {NESTING} brackets; flatten it.")));
    }
    let (name, variables) = (request.operation_name.clone(), request.variables.clone());
    let document = request.parsed_query().map_err(|error| unreadable(&error))?;
    let operation = operation(document, name.as_deref())?;
    let mut measure =
        Measure { document, operation, variables: &variables, limits, fragments: HashMap::new() };
    measure.whole()?;
    let size = measure.set(&operation.selection_set.node)?;
    let mut root_fields = HashSet::new();
    let count = root_names(document, &operation.selection_set.node, &mut root_fields, limits.selections);
    size.within(limits, operation.directives.len())?;
    if count > limits.root_fields {
        return Err(too_complex(format!(
            "The document has {count} root fields; {} are allowed.",
            limits.root_fields
        )));
    }
    if operation.ty == OperationType::Mutation && count > 1 {
        return Err(too_complex("A request takes one mutation field; send the others by themselves."));
    }
    Ok(Passed { kind: operation.ty, root_fields, cost: size.cost })
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
        message: "Say by `operationName` which of the document's operations is to run.".into(),
    };
    found.map(|(_, operation)| &operation.node).ok_or_else(missing)
}

/// How large a selection is once its fragments are expanded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Size {
    selections: usize,
    depth: usize,
    aliases: usize,
    directives: usize,
    /// Nested introspection lists.
    lists: usize,
    /// Introspection fields.
    introspections: usize,
    /// Whether it selects the rows of a connection.
    is_page: bool,
    cost: usize,
}

impl Size {
    /// Beside `other`.
    fn and(self, other: Self) -> Self {
        Self {
            selections: self.selections.saturating_add(other.selections),
            depth: self.depth.max(other.depth),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
            lists: self.lists.max(other.lists),
            introspections: self.introspections.saturating_add(other.introspections),
            is_page: self.is_page || other.is_page,
            cost: self.cost.saturating_add(other.cost),
        }
    }

    fn within(self, limits: &Limits, directives: usize) -> Result<(), Refused> {
        let bounds = [
            ("levels of fields", self.depth, limits.depth),
            ("fields once its fragments are expanded", self.selections, limits.selections),
            ("aliases", self.aliases, limits.aliases),
            ("nested introspection lists", self.lists, INTROSPECTION_DEPTH),
            ("introspection fields", self.introspections, INTROSPECTIONS),
            ("directives", self.directives.saturating_add(directives), limits.directives),
            ("points of cost", self.cost, limits.cost),
        ];
        match bounds.into_iter().find(|(_, size, limit)| size > limit) {
            Some((what, size, limit)) => Err(too_complex(format!(
                "The document has {size} {what}; {limit} are allowed. Ask for less, or in several requests."
            ))),
            None => Ok(()),
        }
    }
}

/// Measures selections, each fragment once.
struct Measure<'a> {
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: &'a async_graphql::Variables,
    limits: &'a Limits,
    /// `None` while a fragment is being measured: to meet it again then is a cycle.
    fragments: HashMap<&'a Name, Option<Size>>,
}

impl<'a> Measure<'a> {
    /// Every operation and every fragment, whether it runs or not: what validates the document expands
    /// them all.
    fn whole(&mut self) -> Result<(), Refused> {
        let document = self.document;
        let mut selections = 0usize;
        for name in document.fragments.keys() {
            selections = selections.saturating_add(self.fragment(name)?.selections);
        }
        for (_, operation) in document.operations.iter() {
            let size = self.set(&operation.node.selection_set.node)?;
            // What does not run costs nothing else.
            let size = Size { cost: 0, ..size };
            size.within(self.limits, operation.node.directives.len())?;
            selections = selections.saturating_add(size.selections);
        }
        let most = self.limits.selections.saturating_mul(WHOLE_DOCUMENT);
        if selections > most {
            let sentence =
                format!("All operations and fragments of the document have over {most} fields; send fewer.");
            return Err(too_complex(sentence));
        }
        Ok(())
    }

    fn set(&mut self, set: &'a SelectionSet) -> Result<Size, Refused> {
        let mut sum = Size::default();
        for item in &set.items {
            let directives = item.node.directives().len();
            let size = match &item.node {
                Selection::Field(field) => self.field(&field.node)?,
                Selection::InlineFragment(fragment) => self.set(&fragment.node.selection_set.node)?,
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node)?,
            };
            sum = sum.and(size).and(Size { directives, ..Size::default() });
        }
        Ok(sum)
    }

    fn field(&mut self, field: &'a Field) -> Result<Size, Refused> {
        let children = self.set(&field.selection_set.node)?;
        let introspects = field.name.node.starts_with("__") && !field.selection_set.node.items.is_empty();
        let own = Size {
            selections: 1,
            depth: children.depth.saturating_add(1),
            aliases: usize::from(field.alias.is_some()),
            lists: children.lists + usize::from(INTROSPECTION_LISTS.contains(&field.name.node.as_str())),
            introspections: usize::from(introspects),
            ..Size::default()
        };
        let cost = if introspects {
            // Aliases below it list the same again.
            INTROSPECTION_COST.saturating_mul(1 + children.aliases)
        } else {
            let is_object = usize::from(!field.selection_set.node.items.is_empty());
            let name = field.name.node.as_str();
            let dear = DEAR_FIELDS.iter().find(|(dear, _)| *dear == name).map_or(0, |(_, cost)| *cost);
            let own = is_object + dear + if children.is_page { PAGE_COST } else { 0 };
            self.rows(field, children.is_page).saturating_mul(children.cost).saturating_add(own)
        };
        let size = Size { depth: 0, cost: 0, ..children }.and(own);
        let is_page = matches!(field.name.node.as_str(), "edges" | "nodes");
        Ok(Size { cost, is_page, ..size })
    }

    /// How often a field's children count: a connection's page size, as many as there are ids, 1 for
    /// anything else.
    fn rows(&self, field: &Field, is_connection: bool) -> usize {
        let given = |name: &str| {
            let (_, value) = field.arguments.iter().find(|(argument, _)| argument.node.as_str() == name)?;
            match &value.node {
                Value::Number(number) => number.as_u64(),
                Value::List(values) => u64::try_from(values.len()).ok(),
                Value::Variable(variable) => self.number_of(variable),
                _ => None,
            }
        };
        let rows = given("last")
            .or_else(|| given("first"))
            .or_else(|| given("ids"))
            .and_then(|rows| usize::try_from(rows).ok());
        rows.unwrap_or(if is_connection { DEFAULT_ROWS } else { 1 }).max(1)
    }

    /// The number that a variable stands for, or the length of the list: given, or its default.
    fn number_of(&self, variable: &Name) -> Option<u64> {
        let defaults = self.operation.variable_definitions.iter();
        let default = || {
            let mut definitions = defaults.filter(|definition| definition.node.name.node == *variable);
            definitions.next()?.node.default_value.as_ref().map(|value| value.node.clone())
        };
        match self.variables.get(variable).cloned().or_else(default)? {
            async_graphql_value::ConstValue::Number(number) => number.as_u64(),
            async_graphql_value::ConstValue::List(values) => u64::try_from(values.len()).ok(),
            _ => None,
        }
    }

    fn fragment(&mut self, name: &'a Name) -> Result<Size, Refused> {
        match self.fragments.get(name) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => return Err(invalid("The document's fragments spread each other in a circle.")),
            None => {}
        }
        let Some(fragment) = self.document.fragments.get(name) else {
            return Err(invalid("The document spreads a fragment that it does not define."));
        };
        self.fragments.insert(name, None);
        let size = self.set(selections(fragment))?;
        // Remembered sizes stay small numbers: beyond the limit it does not matter how far.
        size.within(self.limits, 0)?;
        self.fragments.insert(name, Some(size));
        Ok(size)
    }
}

fn selections(fragment: &Positioned<FragmentDefinition>) -> &SelectionSet {
    &fragment.node.selection_set.node
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
                    Some(fragment) => root_names(document, selections(fragment), names, budget - count),
                    None => 0,
                }
            }
        };
    }
    count
}

fn unreadable(error: &async_graphql::ServerError) -> Refused {
    let place = error
        .locations
        .first()
        .map_or(String::new(), |at| format!(" at line {}, column {}", at.line, at.column));
    Refused {
        code: "GRAPHQL_PARSE_FAILED",
        message: format!("The document cannot be read as GraphQL{place}."),
    }
}

fn invalid(message: &str) -> Refused {
    Refused { code: "GRAPHQL_VALIDATION_FAILED", message: message.into() }
}

fn too_complex(message: impl Into<String>) -> Refused {
    Refused { code: "QUERY_TOO_COMPLEX", message: message.into() }
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
        let passed = verdict("{ viewer { wallets(first: 10) { nodes { id available } } } }").unwrap();
        assert_eq!(passed.kind, OperationType::Query);
        // viewer 1, wallets 1 + 10 x (nodes 1).
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
    fn cycles_and_missing_fragments_are_refused() {
        let cycle = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }";
        assert_eq!(verdict(cycle), Err("GRAPHQL_VALIDATION_FAILED"));
        assert_eq!(verdict("{ ...Gone }"), Err("GRAPHQL_VALIDATION_FAILED"));
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
        let dear = "{ viewer { wallets(first: 100) { nodes { history(first: 100) { nodes { id movements { nodes \
                    { id lot { id } } } } } } } } }";
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
    fn ids_count_like_rows() {
        let cost = |query: &str| verdict(query).map(|passed| passed.cost);
        let one = "{ node(id: \"a\") { ... on Wallet { history { nodes { id } } } } }";
        let three = "{ nodes(ids: [\"a\", \"b\", \"c\"]) { ... on Wallet { history { nodes { id } } } } }";
        assert_eq!((cost(one), cost(three)), (Ok(32), Ok(94)));
        let mut many = Request::new(
            "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Wallet { availableAsOf(at: \"\") } } }",
        )
        .variables(async_graphql::Variables::from_json(serde_json::json!({ "ids": vec!["a"; 100] })));
        assert_eq!(check(&mut many, &Limits::default()).map(|passed| passed.cost), Ok(5_001));
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
