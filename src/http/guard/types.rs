//! The schema's types, as the guard needs them: parsed once from the schema's own text.

use std::{collections::HashMap, sync::LazyLock};

use async_graphql::{
    Name, Positioned,
    parser::{
        parse_schema,
        types::{
            BaseType, FieldDefinition, FragmentDefinition, InlineFragment, InputValueDefinition,
            OperationType, Type, TypeKind, TypeSystemDefinition,
        },
    },
};

/// The types of this program's schema, without those of introspection.
pub(super) static TYPES: LazyLock<Types> = LazyLock::new(|| Types::of(&crate::graphql::sdl()));

/// Types by name.
pub(super) struct Types(HashMap<Name, TypeKind>);

impl Types {
    /// The types of a schema's text.
    pub fn of(sdl: &str) -> Self {
        // The schema itself prints the text; a test parses it.
        let definitions = parse_schema(sdl).map(|document| document.definitions).unwrap_or_default();
        let types = definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some((definition.node.name.node, definition.node.kind)),
            _ => None,
        });
        Self(types.collect())
    }

    /// The type of this name.
    pub fn get(&self, name: &str) -> Option<&TypeKind> {
        self.0.get(name)
    }

    /// Whether a type is an object, not an interface or a union.
    pub fn is_object(&self, name: &str) -> bool {
        matches!(self.get(name), Some(TypeKind::Object(_)))
    }

    /// Whether a type has no fields.
    pub fn is_leaf(&self, name: &str) -> bool {
        matches!(self.get(name), Some(TypeKind::Scalar | TypeKind::Enum(_))) || BUILT_IN.contains(&name)
    }

    /// Whether a type is an input type: a scalar, an enum or an input object.
    pub fn is_input(&self, name: &str) -> bool {
        self.is_leaf(name) || matches!(self.get(name), Some(TypeKind::InputObject(_)))
    }

    /// A field of an object or an interface.
    pub fn field(&self, parent: &str, name: &str) -> Option<&FieldDefinition> {
        find(self.fields(parent), |field| &field.name.node, name)
    }

    /// The fields of an object or an interface; empty for anything else.
    pub fn fields(&self, parent: &str) -> &[Positioned<FieldDefinition>] {
        match self.get(parent) {
            Some(TypeKind::Object(object)) => &object.fields,
            Some(TypeKind::Interface(interface)) => &interface.fields,
            _ => &[],
        }
    }

    /// The type that a field returns; `None` for a field that the schema does not have.
    pub fn below(&self, parent: Option<&str>, name: &str) -> Option<&Name> {
        Some(base(&self.field(parent?, name)?.ty.node))
    }

    /// Names of all types.
    #[cfg(test)]
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        self.0.keys()
    }
}

/// The type that an operation selects from.
pub(super) fn root(ty: OperationType) -> &'static str {
    match ty {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    }
}

/// The type that a fragment selects from.
pub(super) fn on(fragment: &Positioned<FragmentDefinition>) -> &str {
    &fragment.node.type_condition.node.on.node
}

/// The type that an inline fragment selects from: its own, or that of the selection around it.
pub(super) fn within<'a>(fragment: &'a InlineFragment, parent: Option<&'a str>) -> Option<&'a str> {
    fragment.type_condition.as_ref().map(|condition| condition.node.on.node.as_str()).or(parent)
}

/// Scalars that every schema has.
const BUILT_IN: [&str; 5] = ["Int", "Float", "String", "Boolean", "ID"];

/// The named type inside lists.
pub(super) fn base(ty: &Type) -> &Name {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => base(inner),
    }
}

/// The argument or input field of this name.
pub(super) fn input<'a>(
    inputs: &'a [Positioned<InputValueDefinition>],
    name: &str,
) -> Option<&'a InputValueDefinition> {
    find(inputs, |input| &input.name.node, name)
}

fn find<'a, T>(items: &'a [Positioned<T>], name_of: impl Fn(&T) -> &Name, name: &str) -> Option<&'a T> {
    items.iter().map(|item| &item.node).find(|item| name_of(item).as_str() == name)
}
