//! Checks that fields with the same name in the answer can merge, also across fragments on different types, as the
//! specification's `FieldsInSetCanMerge` requires. The library compares only within one fragment's type.

use std::collections::HashSet;

use async_graphql::{
    Pos,
    parser::types::{
        BaseType, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet, Type,
    },
};
use async_graphql_value::indexmap::{IndexMap, IndexSet};

use super::{
    Refused, invalid, too_complex,
    types::{Types, base, on, root, within},
};

/// Checks the fields of `operation`, examining no more than `budget` of them.
///
/// # Errors
/// The first two fields that conflict, with their locations; a document that exceeds `budget`.
pub(super) fn check(
    types: &Types,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    budget: usize,
) -> Result<(), Refused> {
    let mut check = Check { types, document, budget };
    let all = [(&operation.selection_set.node, Some(root(operation.ty)))];
    check.shapes(&all)?;
    check.fields(&all)
}

/// A selection set and the type that it selects from; `None` if the schema does not have that type.
type Set<'a> = (&'a SelectionSet, Option<&'a str>);

/// A field and the type that it is selected from.
#[derive(Clone, Copy)]
struct Selected<'a> {
    field: &'a Field,
    parent: Option<&'a str>,
    pos: Pos,
}

struct Check<'a> {
    types: &'a Types,
    document: &'a ExecutableDocument,
    /// Fields that may still be examined.
    budget: usize,
}

impl<'a> Check<'a> {
    /// Checks that fields of one name have answers of the same shape, whatever object they turn out to belong to.
    fn shapes(&mut self, sets: &[Set<'a>]) -> Result<(), Refused> {
        for (_, group) in self.collect(sets)? {
            let types: Vec<_> = group.iter().map(|selected| self.type_of(selected)).collect();
            for (selected, ty) in group.iter().zip(&types) {
                if let (Some(first), Some(ty)) = (&types[0], ty)
                    && !self.same_shape(first, ty)
                {
                    return Err(conflict(group[0], *selected, "have answers of different types"));
                }
            }
            self.shapes(&self.below(&group))?;
        }
        Ok(())
    }

    /// Checks that fields of one name that one object may have are the same field with the same arguments.
    fn fields(&mut self, sets: &[Set<'a>]) -> Result<(), Refused> {
        for (_, group) in self.collect(sets)? {
            let is_abstract =
                |selected: &&Selected| selected.parent.is_some_and(|parent| !self.types.is_object(parent));
            let objects: IndexSet<_> = group
                .iter()
                .filter(|selected| !is_abstract(selected))
                .map(|selected| selected.parent)
                .collect();
            let of_object = |parent: &Option<&str>| {
                group
                    .iter()
                    .filter(|selected| is_abstract(selected) || selected.parent == *parent)
                    .copied()
                    .collect()
            };
            let groups: Vec<Vec<_>> = if objects.is_empty() {
                vec![group.clone()]
            } else {
                objects.iter().map(of_object).collect()
            };
            for group in groups {
                for selected in &group {
                    let (first, other) = (group[0].field, selected.field);
                    if first.name != other.name || !same_arguments(first, other) {
                        return Err(conflict(
                            group[0],
                            *selected,
                            "are not the same field with the same arguments",
                        ));
                    }
                }
                self.fields(&self.below(&group))?;
            }
        }
        Ok(())
    }

    /// The fields of several selection sets by their names in the answer.
    fn collect(&mut self, sets: &[Set<'a>]) -> Result<IndexMap<&'a str, Vec<Selected<'a>>>, Refused> {
        let (mut seen, mut fields) = (HashSet::new(), IndexMap::new());
        for set in sets {
            self.collect_set(*set, &mut seen, &mut fields)?;
        }
        Ok(fields)
    }

    fn collect_set(
        &mut self,
        (set, parent): Set<'a>,
        seen: &mut HashSet<&'a str>,
        fields: &mut IndexMap<&'a str, Vec<Selected<'a>>>,
    ) -> Result<(), Refused> {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => {
                    self.budget = self.budget.checked_sub(1).ok_or_else(|| {
                        too_complex("Too many fields of the document would merge. Ask for less, or in several requests.")
                    })?;
                    let selected = Selected { field: &field.node, parent, pos: field.pos };
                    fields.entry(field.node.response_key().node.as_str()).or_default().push(selected);
                }
                Selection::InlineFragment(fragment) => {
                    let set = (&fragment.node.selection_set.node, within(&fragment.node, parent));
                    self.collect_set(set, seen, fields)?;
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if let (Some(fragment), true) = (self.document.fragments.get(name), seen.insert(name)) {
                        let set = (&fragment.node.selection_set.node, Some(on(fragment)));
                        self.collect_set(set, seen, fields)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The combined selections of several fields.
    fn below(&self, group: &[Selected<'a>]) -> Vec<Set<'a>> {
        let below = |selected: &Selected<'a>| {
            let ty = self.definition(selected).map(|ty| base(ty).as_str());
            (&selected.field.selection_set.node, ty)
        };
        group
            .iter()
            .filter(|selected| !selected.field.selection_set.node.items.is_empty())
            .map(below)
            .collect()
    }

    fn definition(&self, selected: &Selected<'a>) -> Option<&'a Type> {
        Some(&self.types.field(selected.parent?, &selected.field.name.node)?.ty.node)
    }

    fn type_of(&self, selected: &Selected<'a>) -> Option<Type> {
        match selected.field.name.node.as_str() {
            "__typename" => Type::new("String!"),
            _ => self.definition(selected).cloned(),
        }
    }

    fn same_shape(&self, one: &Type, other: &Type) -> bool {
        one.nullable == other.nullable
            && match (&one.base, &other.base) {
                (BaseType::List(one), BaseType::List(other)) => self.same_shape(one, other),
                (BaseType::Named(one), BaseType::Named(other)) => {
                    let have_fields = !self.types.is_leaf(one) && !self.types.is_leaf(other);
                    have_fields || one == other
                }
                _ => false,
            }
    }
}

fn same_arguments(one: &Field, other: &Field) -> bool {
    one.arguments.len() == other.arguments.len()
        && one
            .arguments
            .iter()
            .all(|(name, value)| other.get_argument(&name.node).is_some_and(|found| found == value))
}

fn conflict(one: Selected<'_>, other: Selected<'_>, why: &str) -> Refused {
    let message =
        format!("Two fields have the same name in the answer and {why}. Give one of them an alias.");
    invalid(&message, &[one.pos, other.pos])
}

#[cfg(test)]
mod tests {
    use super::{super::examples::said, *};

    fn verdict(fields: &str) -> Result<(), (&'static str, usize)> {
        let text = format!("query($dogCommand: DogCommand!) {{ {fields} }}");
        let checked = said(&text, |types, document, operation| check(types, document, operation, 1_000));
        checked.map_err(|refused| (refused.code, refused.locations.len()))
    }

    #[test]
    fn one_field_may_be_selected_often() {
        for fields in [
            "dog { name name }",
            "dog { otherName: name otherName: name }",
            "dog { doesKnowCommand(dogCommand: SIT) doesKnowCommand(dogCommand: SIT) }",
            "dog { doesKnowCommand(dogCommand: $dogCommand) doesKnowCommand(dogCommand: $dogCommand) }",
            "pet { ... on Dog { volume: barkVolume } ... on Cat { volume: meowVolume } }",
            "pet { ... on Dog { doesKnowCommand(dogCommand: SIT) } ... on Cat { doesKnowCommand(catCommand: JUMP) } }",
            "findDog(searchBy: { name: \"a\", owner: \"b\" }) { name } findDog(searchBy: { owner: \"b\", name: \"a\" }) { name }",
            "pet { ... on Dog { owner { x: name } } ... on Cat { owner { x: __typename } } }",
            "pet { name ... on Dog { name } ... { name @skip(if: true) } }",
        ] {
            assert_eq!(verdict(fields), Ok(()), "{fields}");
        }
    }

    #[test]
    fn two_fields_of_one_name_are_refused_wherever_they_stand() {
        for fields in [
            "dog { name: nickname name }",
            "dog { doesKnowCommand(dogCommand: SIT) doesKnowCommand(dogCommand: HEEL) }",
            "dog { doesKnowCommand(dogCommand: SIT) doesKnowCommand(dogCommand: $dogCommand) }",
            "dog { doesKnowCommand(dogCommand: SIT) doesKnowCommand }",
            "pet { ... on Dog { someValue: nickname } ... on Cat { someValue: meowVolume } }",
            "pet { ... on Dog { someValue: name } ... on Cat { someValue: nickname } }",
            "pet { ... on Dog { extra { string } } ... on Cat { extra { string } } }",
            "pet { ... on Dog { x: owner { name } } ... on Cat { x: nickname } }",
            // Deeper, and in two branches of which each is well by itself.
            "dog { owner { x: name } } dog { owner { x: __typename } }",
            "pet { owner { x: name } ... on Dog { owner { x: pets { name } } } }",
            "pet { x: name ... on Dog { x: __typename } ... on Cat { x: name } }",
            "catOrDog { ... on Dog { x: __typename } ... on Cat { x: meowVolume } }",
            "__type(name: \"Dog\") { x: name x: kind }",
        ] {
            assert_eq!(verdict(fields), Err(("GRAPHQL_VALIDATION_FAILED", 2)), "{fields}");
        }
        let spread =
            "{ pet { ...D ...C } } fragment D on Dog { v: nickname } fragment C on Cat { v: meowVolume }";
        assert!(said(spread, |types, document, operation| check(types, document, operation, 1_000)).is_err());
    }

    #[test]
    fn comparing_ends_with_its_budget() {
        let fields = "dog { owner { name } } ".repeat(400);
        assert_eq!(verdict(&fields), Err(("QUERY_TOO_COMPLEX", 0)));
    }
}
