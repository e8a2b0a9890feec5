//! The size of a document once its fragments are expanded, and its cost.

use std::collections::HashMap;

use async_graphql::{
    Name, Pos, Positioned, Variables,
    parser::types::{
        ExecutableDocument, Field, FragmentDefinition, OperationDefinition, Selection, SelectionSet,
    },
};
use async_graphql_value::{ConstValue, Value};

use super::{
    Refused, invalid, operations,
    short_lists::SHORT,
    too_complex,
    types::{Types, on, root, within},
};
use crate::config::Limits;

/// Cost of an introspection field, whatever it selects.
const INTROSPECTION_COST: usize = 500;

/// Introspection fields whose results have such fields again, and how deep they may nest: the standard query
/// nests one, tools a few.
const INTROSPECTION_LISTS: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];
const INTROSPECTION_DEPTH: usize = 3;

/// Maximum introspection fields in a document: each one computes its whole list again.
const INTROSPECTIONS: usize = 5;

/// Maximum expanded fields of all operations and fragments together, in multiples of what one may have: the
/// validator examines those that do not run, too.
const WHOLE_DOCUMENT: usize = 2;

/// Fields that compute more than they show, with their cost.
const EXPENSIVE_FIELDS: [(&str, usize); 2] = [("availableAsOf", 50), ("expiryForecast", 100)];

/// Page size of a connection that does not state one.
const DEFAULT_ROWS: usize = 20;

/// Maximum rows or ids that are counted: a field refuses more by itself, and says how many it takes.
const MOST_ROWS: usize = 100;

/// Cost of a connection besides its rows: it usually needs a statement of its own.
const PAGE_COST: usize = 10;

/// How large a selection is once its fragments are expanded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Size {
    selections: usize,
    depth: usize,
    aliases: usize,
    directives: usize,
    /// Nested introspection lists.
    lists: usize,
    /// Introspection fields.
    introspections: usize,
    /// Whether it selects a connection's rows.
    is_page: bool,
    pub cost: usize,
}

impl Size {
    /// Combined with `other`, beside it.
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

    /// Checks all limits except cost.
    fn within(self, limits: &Limits, directives: usize) -> Result<(), Refused> {
        let bounds = [
            ("levels of fields", self.depth, limits.depth),
            ("fields once its fragments are expanded", self.selections, limits.selections),
            ("aliases", self.aliases, limits.aliases),
            ("nested introspection lists", self.lists, INTROSPECTION_DEPTH),
            ("introspection fields", self.introspections, INTROSPECTIONS),
            ("directives", self.directives.saturating_add(directives), limits.directives),
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
pub(super) struct Measure<'a> {
    types: &'a Types,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    limits: &'a Limits,
    /// `None` while a fragment is being measured: meeting it again then means a cycle.
    fragments: HashMap<&'a Name, Option<Size>>,
}

impl<'a> Measure<'a> {
    /// Measures `operation`, which is one of the document's.
    pub fn new(
        types: &'a Types,
        (document, operation): (&'a ExecutableDocument, &'a OperationDefinition),
        variables: &'a Variables,
        limits: &'a Limits,
    ) -> Self {
        Self { types, document, operation, variables, limits, fragments: HashMap::new() }
    }

    /// Measures every operation and every fragment, whether it runs or not, because validation expands them all.
    ///
    /// # Errors
    /// The first limit other than cost that is exceeded; fragments that spread each other in a circle or are missing.
    pub fn whole(&mut self) -> Result<(), Refused> {
        let document = self.document;
        let mut selections = 0usize;
        let mut fragments: Vec<_> = document.fragments.iter().collect();
        fragments.sort_by_key(|(_, fragment)| fragment.pos);
        for (name, fragment) in fragments {
            selections = selections.saturating_add(self.fragment(name, fragment.pos)?.selections);
        }
        for operation in operations(document) {
            let size = self.set(&operation.selection_set.node, Some(root(operation.ty)))?;
            size.within(self.limits, operation.directives.len())?;
            selections = selections.saturating_add(size.selections);
        }
        let most = self.limits.selections.saturating_mul(WHOLE_DOCUMENT);
        if selections > most {
            let sentence =
                format!("All operations and fragments of the document have over {most} fields. Send fewer.");
            return Err(too_complex(sentence));
        }
        Ok(())
    }

    /// The cost of the operation that runs.
    ///
    /// # Errors
    /// A refusal when it costs too much, which names the list that costs most.
    pub fn cost(&mut self) -> Result<usize, Refused> {
        let set = (&self.operation.selection_set.node, Some(root(self.operation.ty)));
        let (cost, most) = (self.set(set.0, set.1)?.cost, self.limits.cost);
        if cost <= most {
            return Ok(cost);
        }
        let dearest = match self.dearest(set, cost)? {
            Some((path, points)) => {
                format!("Ask for fewer rows in `{path}`, which costs {points} of them, or for less")
            }
            None => "Ask for less".to_owned(),
        };
        Err(too_complex(format!(
            "The document costs {cost} points, and {most} are allowed. {dearest}, or in several requests."
        )))
    }

    /// The innermost list that makes up more than half of `cost`, with its points.
    fn dearest(
        &mut self,
        set: (&'a SelectionSet, Option<&'a str>),
        cost: usize,
    ) -> Result<Option<(String, usize)>, Refused> {
        let (mut at, mut times, mut path) = (set, 1usize, Vec::new());
        let mut found = None;
        loop {
            let mut most: Option<(&'a Field, Option<&'a str>, usize)> = None;
            for (field, parent) in self.fields(at.0, at.1) {
                let points = self.field(field, parent)?.cost.saturating_mul(times);
                if points > cost / 2 && most.is_none_or(|(_, _, so_far)| points > so_far) {
                    most = Some((field, parent, points));
                }
            }
            let Some((field, parent, points)) = most else { return Ok(found) };
            let Some(below) = self.types.below(parent, &field.name.node).map(Name::as_str) else {
                return Ok(found);
            };
            path.push(field.name.node.as_str());
            let is_page = self.set(&field.selection_set.node, Some(below))?.is_page;
            let rows = self.rows(field, parent, is_page);
            if rows > 1 {
                found = Some((path.join("."), points));
            }
            (at, times) = ((&field.selection_set.node, Some(below)), times.saturating_mul(rows));
        }
    }

    /// The fields of a selection with their parents' types; its fragments were measured, so they are few.
    fn fields(&self, set: &'a SelectionSet, parent: Option<&'a str>) -> Vec<(&'a Field, Option<&'a str>)> {
        let mut fields = Vec::new();
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => fields.push((&field.node, parent)),
                Selection::InlineFragment(fragment) => {
                    let parent = within(&fragment.node, parent);
                    fields.extend(self.fields(&fragment.node.selection_set.node, parent));
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.node.fragment_name.node) {
                        fields.extend(self.fields(selections(fragment), Some(on(fragment))));
                    }
                }
            }
        }
        fields
    }

    fn set(&mut self, set: &'a SelectionSet, parent: Option<&'a str>) -> Result<Size, Refused> {
        let mut sum = Size::default();
        for item in &set.items {
            let directives = item.node.directives().len();
            let size = match &item.node {
                Selection::Field(field) => self.field(&field.node, parent)?,
                Selection::InlineFragment(fragment) => {
                    self.set(&fragment.node.selection_set.node, within(&fragment.node, parent))?
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name;
                    self.fragment(&name.node, name.pos)?
                }
            };
            sum = sum.and(size).and(Size { directives, ..Size::default() });
        }
        Ok(sum)
    }

    fn field(&mut self, field: &'a Field, parent: Option<&'a str>) -> Result<Size, Refused> {
        let name = field.name.node.as_str();
        let below = self.types.below(parent, name).map(Name::as_str);
        let children = self.set(&field.selection_set.node, below)?;
        let is_object = !field.selection_set.node.items.is_empty();
        let introspects = name.starts_with("__") && is_object;
        let own = Size {
            selections: 1,
            depth: children.depth.saturating_add(1),
            aliases: usize::from(field.alias.is_some()),
            lists: children.lists + usize::from(INTROSPECTION_LISTS.contains(&name)),
            introspections: usize::from(introspects),
            ..Size::default()
        };
        let cost = if introspects {
            // Aliases below it repeat the same list.
            INTROSPECTION_COST.saturating_mul(1 + children.aliases)
        } else {
            let extra =
                EXPENSIVE_FIELDS.iter().find(|(field, _)| *field == name).map_or(0, |(_, cost)| *cost);
            let rows = self.rows(field, parent, children.is_page);
            let rows = if children.is_page {
                rows.saturating_mul(children.cost).saturating_add(1 + PAGE_COST)
            } else {
                rows.saturating_mul(children.cost.saturating_add(usize::from(is_object)))
            };
            rows.saturating_add(extra)
        };
        let size = Size { depth: 0, cost: 0, ..children }.and(own);
        let is_page = matches!(name, "edges" | "nodes");
        Ok(Size { cost, is_page, ..size })
    }

    /// How often a field's children count: the page size of a connection, the number of ids, the rows of a short
    /// list, or 1 for anything else.
    fn rows(&self, field: &Field, parent: Option<&str>, is_connection: bool) -> usize {
        let given = |name: &str| {
            let number = match &field.get_argument(name)?.node {
                Value::Number(number) => number.as_u64(),
                Value::List(values) => u64::try_from(values.len()).ok(),
                Value::Variable(variable) => self.number_of(variable),
                _ => None,
            };
            number.and_then(|rows| usize::try_from(rows).ok())
        };
        let short =
            SHORT.iter().find(|(ty, name, _)| Some(*ty) == parent && *name == field.name.node.as_str());
        let short = short.map(|(_, _, rows)| *rows);
        let asked = given("last").or_else(|| given("first")).or_else(|| given("ids"));
        let asked = asked.or(is_connection.then_some(DEFAULT_ROWS)).or(short).unwrap_or(1);
        let bound = match short {
            Some(1) => 1,
            Some(rows) if asked <= DEFAULT_ROWS || !is_connection => rows,
            _ => MOST_ROWS,
        };
        asked.min(bound).max(1)
    }

    /// The number that a variable has, or the length of its list: as given, or its default.
    fn number_of(&self, variable: &Name) -> Option<u64> {
        let defaults = self.operation.variable_definitions.iter();
        let default = || {
            let mut definitions = defaults.filter(|definition| definition.node.name.node == *variable);
            definitions.next()?.node.default_value.as_ref().map(|value| value.node.clone())
        };
        match self.variables.get(variable).cloned().or_else(default)? {
            ConstValue::Number(number) => number.as_u64(),
            ConstValue::List(values) => u64::try_from(values.len()).ok(),
            _ => None,
        }
    }

    /// Measures the fragment that is named at `pos`.
    fn fragment(&mut self, name: &'a Name, pos: Pos) -> Result<Size, Refused> {
        match self.fragments.get(name) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => {
                return Err(invalid(
                    "The document's fragments form a cycle. Remove one of the spreads.",
                    &[pos],
                ));
            }
            None => {}
        }
        let Some(fragment) = self.document.fragments.get(name) else {
            return Err(invalid(
                "The document spreads a fragment that it does not define. Define it.",
                &[pos],
            ));
        };
        self.fragments.insert(name, None);
        let size = self.set(selections(fragment), Some(on(fragment)))?;
        // Remembered sizes stay small: beyond the limit it does not matter how far.
        size.within(self.limits, 0)?;
        self.fragments.insert(name, Some(size));
        Ok(size)
    }
}

fn selections(fragment: &Positioned<FragmentDefinition>) -> &SelectionSet {
    &fragment.node.selection_set.node
}

#[cfg(test)]
mod tests {
    use super::{
        super::types::{TYPES, base},
        *,
    };
    use async_graphql::parser::types::BaseType;

    /// A list that is neither in the table nor a connection's is counted as one row, however long it is.
    #[test]
    fn every_list_of_objects_is_a_page_or_short() {
        let mut lists = Vec::new();
        for parent in TYPES.names().filter(|name| !name.ends_with("Connection")) {
            for field in TYPES.fields(parent).iter().map(|field| &field.node) {
                let is_list = matches!(field.ty.node.base, BaseType::List(_));
                let is_page = base(&field.ty.node).ends_with("Connection");
                // A refusal has a reason or two, and `nodes` has as many objects as it is given ids.
                let is_known = matches!(field.name.node.as_str(), "userErrors" | "nodes");
                let is_short = SHORT.iter().any(|(ty, name, _)| ty == parent && field.name.node == *name);
                assert!(!is_short || is_list || is_page, "{parent}.{} is no list", field.name.node);
                if is_short || is_list && !is_known && !TYPES.is_leaf(base(&field.ty.node)) {
                    lists.push((parent.to_string(), field.name.node.to_string(), is_short));
                }
            }
        }
        assert_eq!(lists.iter().filter(|(_, _, is_short)| *is_short).count(), SHORT.len(), "{lists:?}");
        assert!(lists.iter().all(|(_, _, is_short)| *is_short), "{lists:?}");
    }
}
