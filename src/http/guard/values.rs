//! Checks that values, and variables too, have the types of the places where they are used.
//!
//! The library accepts a string as an enum's word and anything as an input object, skips values that contain a
//! variable, and accepts a nullable variable where null is not allowed.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Pos, Positioned, Variables,
    parser::types::{
        BaseType, Directive, ExecutableDocument, Field, InputValueDefinition, OperationDefinition, Selection,
        SelectionSet, Type, TypeKind, VariableDefinition,
    },
};
use async_graphql_value::{ConstValue, Value};

use super::{
    Refused, invalid,
    types::{Types, base, input, on, root, within},
};

/// Checks all values of `operation` and of the fragments that it spreads.
///
/// # Errors
/// The first value that does not have the type of its place, with its location.
pub(super) fn check(
    types: &Types,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
) -> Result<(), Refused> {
    let definitions = &operation.variable_definitions;
    let variables =
        definitions.iter().map(|definition| (definition.node.name.node.as_str(), &definition.node));
    let variables = variables.collect();
    let mut check = Check { types, document, variables, seen: HashSet::new(), are_json: false };
    for definition in definitions {
        check.definition(definition)?;
        // The schema has none for this place, and the library does not check it.
        if let Some(directive) = definition.node.directives.first() {
            return Err(invalid(
                "The definition of a variable takes no directive. Leave it out.",
                &[directive.pos],
            ));
        }
    }
    check.directives(&operation.directives)?;
    check.set(&operation.selection_set.node, Some(root(operation.ty)))
}

/// Checks the values of `variables` that `operation` declares, and fills in defaults for those that are left out: the
/// library forgets defaults for `@skip` and `@include`, and notices a missing variable only where it is used.
///
/// # Errors
/// The first variable that is missing, or does not have its declared type.
pub(super) fn complete(
    types: &Types,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &mut Variables,
) -> Result<(), Refused> {
    let check = Check { types, document, variables: HashMap::new(), seen: HashSet::new(), are_json: true };
    for definition in &operation.variable_definitions {
        let (pos, definition) = (definition.pos, &definition.node);
        let name = &definition.name.node;
        // As much of the caller's word as fits a sentence.
        let shown: String = "$".chars().chain(name.chars()).take(MOST_SHOWN).collect();
        let place = Place { ty: &definition.var_type.node, has_default: false, name: &shown, pos };
        match (variables.get(name), &definition.default_value) {
            (Some(value), _) => check.value(&value.clone().into_value(), place)?,
            (None, Some(default)) => {
                variables.insert(name.clone(), default.node.clone());
            }
            (None, None) if place.ty.nullable => {}
            (None, None) => return place.refuse("a value, but none was sent"),
        }
    }
    Ok(())
}

/// Maximum characters of a variable's name that a message repeats.
const MOST_SHOWN: usize = 40;

struct Check<'a> {
    types: &'a Types,
    document: &'a ExecutableDocument,
    variables: HashMap<&'a str, &'a VariableDefinition>,
    /// Fragments that were checked.
    seen: HashSet<&'a str>,
    /// Whether values come from JSON, which has strings instead of enum words.
    are_json: bool,
}

/// A place for a value: its type, whether it has a default, its name.
#[derive(Clone, Copy)]
struct Place<'a> {
    ty: &'a Type,
    has_default: bool,
    name: &'a str,
    pos: Pos,
}

impl<'a> Place<'a> {
    fn of(input: &'a InputValueDefinition, pos: Pos) -> Self {
        let has_default = input.default_value.is_some();
        Self { ty: &input.ty.node, has_default, name: input.name.node.as_str(), pos }
    }

    fn refuse<T>(&self, what: &str) -> Result<T, Refused> {
        Err(invalid(&format!("`{}` takes {what}. Send that.", self.name), &[self.pos]))
    }
}

impl<'a> Check<'a> {
    fn definition(&self, definition: &'a Positioned<VariableDefinition>) -> Result<(), Refused> {
        let (pos, definition) = (definition.pos, &definition.node);
        let ty = &definition.var_type.node;
        if !self.types.is_input(base(ty)) {
            let message = "A variable has a type that is not an input type of the schema. Declare another.";
            return Err(invalid(message, &[definition.var_type.pos]));
        }
        let place = Place { ty, has_default: false, name: "A variable's default", pos };
        match &definition.default_value {
            Some(default) => {
                self.value(&default.node.clone().into_value(), Place { pos: default.pos, ..place })
            }
            None => Ok(()),
        }
    }

    fn set(&mut self, set: &'a SelectionSet, parent: Option<&'a str>) -> Result<(), Refused> {
        for item in &set.items {
            self.directives(item.node.directives())?;
            match &item.node {
                Selection::Field(field) => self.field(&field.node, parent)?,
                Selection::InlineFragment(fragment) => {
                    self.set(&fragment.node.selection_set.node, within(&fragment.node, parent))?;
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if let (Some(fragment), true) =
                        (self.document.fragments.get(name), self.seen.insert(name))
                    {
                        self.directives(&fragment.node.directives)?;
                        self.set(&fragment.node.selection_set.node, Some(on(fragment)))?;
                    }
                }
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &'a Field, parent: Option<&'a str>) -> Result<(), Refused> {
        let types = self.types;
        let definition = parent.and_then(|parent| types.field(parent, &field.name.node));
        for (name, value) in &field.arguments {
            if let Some(argument) = definition.and_then(|definition| input(&definition.arguments, &name.node))
            {
                self.value(&value.node, Place::of(argument, value.pos))?;
            }
        }
        self.set(&field.selection_set.node, definition.map(|definition| base(&definition.ty.node).as_str()))
    }

    /// `@skip` and `@include` have one argument, and a document can have no other directive.
    fn directives(&self, directives: &[Positioned<Directive>]) -> Result<(), Refused> {
        let Some(ty) = Type::new("Boolean!") else { return Ok(()) };
        let arguments = directives.iter().flat_map(|directive| &directive.node.arguments);
        for (name, value) in arguments.filter(|(name, _)| name.node.as_str() == "if") {
            let place = Place { ty: &ty, has_default: false, name: &name.node, pos: value.pos };
            self.value(&value.node, place)?;
        }
        Ok(())
    }

    fn value(&self, value: &Value, place: Place<'_>) -> Result<(), Refused> {
        match (value, &place.ty.base) {
            (Value::Variable(name), _) => match self.variables.get(name.as_str()) {
                Some(definition) if !may_stand(definition, place) => {
                    let message = format!(
                        "`{}` is of type {}, and its variable has another type. Declare that type.",
                        place.name, place.ty
                    );
                    Err(invalid(&message, &[place.pos]))
                }
                // The library reports variables that are not defined.
                _ => Ok(()),
            },
            (Value::Null, _) if place.ty.nullable => Ok(()),
            (Value::Null, _) => place.refuse("a value other than null"),
            (Value::List(items), BaseType::List(ty)) => {
                items.iter().try_for_each(|item| self.value(item, Place { ty, has_default: false, ..place }))
            }
            (_, BaseType::List(ty)) => self.value(value, Place { ty, has_default: false, ..place }),
            (_, BaseType::Named(name)) => self.named(value, name, place),
        }
    }

    /// A value that is neither a variable nor null, outside a list.
    fn named(&self, value: &Value, name: &str, place: Place<'_>) -> Result<(), Refused> {
        match (self.types.get(name), value) {
            (Some(TypeKind::Enum(definition)), Value::Enum(word))
                if definition.values.iter().any(|known| known.node.value.node == *word) =>
            {
                Ok(())
            }
            (Some(TypeKind::Enum(definition)), Value::String(word))
                if self.are_json && definition.values.iter().any(|known| known.node.value.node == *word) =>
            {
                Ok(())
            }
            (Some(TypeKind::Enum(_)), _) if self.are_json => place.refuse(&format!("a word of {name}")),
            (Some(TypeKind::Enum(_)), _) => {
                place.refuse(&format!("a word of {name}, without quotation marks"))
            }
            (Some(TypeKind::InputObject(definition)), Value::Object(given)) => {
                let required = definition.fields.iter().map(|field| &field.node).find(|field| {
                    !field.ty.node.nullable
                        && field.default_value.is_none()
                        && !given.contains_key(&field.name.node)
                });
                if let Some(required) = required {
                    return place.refuse(&format!("an object of {name}, which has `{}`", required.name.node));
                }
                given.iter().try_for_each(|(name, value)| match input(&definition.fields, name) {
                    Some(field) => self.value(value, Place::of(field, place.pos)),
                    None => place.refuse("an object without fields that its type does not have"),
                })
            }
            (Some(TypeKind::InputObject(_)), _) => place.refuse(&format!("an object of {name}")),
            _ if is_scalar(name, value) => Ok(()),
            _ => place.refuse(&format!("a value of {name}")),
        }
    }
}

/// Whether a value may be given for a scalar; our own scalars parse strings themselves.
fn is_scalar(name: &str, value: &Value) -> bool {
    match (name, value) {
        ("Int", Value::Number(number)) => number.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        ("Float", Value::Number(_))
        | ("Boolean", Value::Boolean(_))
        | ("String" | "ID", Value::String(_)) => true,
        ("ID", Value::Number(number)) => number.is_i64() || number.is_u64(),
        ("Int" | "Float" | "Boolean" | "String" | "ID", _) => false,
        (_, value) => !matches!(value, Value::Enum(_)),
    }
}

/// The specification's `IsVariableUsageAllowed`.
fn may_stand(variable: &VariableDefinition, place: Place<'_>) -> bool {
    let ty = &variable.var_type.node;
    let has_value = variable.default_value.as_ref().is_some_and(|default| default.node != ConstValue::Null);
    if !place.ty.nullable && ty.nullable {
        return (has_value || place.has_default) && same_base(&ty.base, &place.ty.base);
    }
    are_compatible(ty, place.ty)
}

/// Whether every value of `from` is also one of `to`.
fn are_compatible(from: &Type, to: &Type) -> bool {
    (to.nullable || !from.nullable) && same_base(&from.base, &to.base)
}

fn same_base(from: &BaseType, to: &BaseType) -> bool {
    match (from, to) {
        (BaseType::Named(from), BaseType::Named(to)) => from == to,
        (BaseType::List(from), BaseType::List(to)) => are_compatible(from, to),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
