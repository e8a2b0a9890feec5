//! The parser of documents before they run: exactly the language's grammar.
//!
//! The library's own parser rejects surrogate pairs, keeps the last of two input fields with one name, and reads
//! `[01]` as two numbers ([adr/0007](../../../docs/adr/0007-own-parser-of-documents.md)).

use std::collections::{HashMap, hash_map::Entry};

use async_graphql::{
    Name, Pos, Positioned,
    parser::types::{
        BaseType, Directive, DocumentOperations, ExecutableDocument, Field, FragmentDefinition,
        FragmentSpread, InlineFragment, OperationDefinition, OperationType, Selection, SelectionSet, Type,
        TypeCondition, VariableDefinition,
    },
};
use async_graphql_value::{ConstValue, Number, Value, indexmap::IndexMap};

use super::{
    Refused, invalid, strings,
    tokens::{Kind, Token},
    unreadable,
};

type Parsed<T> = Result<T, Refused>;
type Arguments = Vec<(Positioned<Name>, Positioned<Value>)>;

/// The document of `tokens`, which end at `end`. The caller has limited how deep their brackets nest.
///
/// # Errors
/// The first syntax error, or two definitions with the same name.
pub(super) fn document(tokens: Vec<Token<'_>>, end: Pos) -> Parsed<ExecutableDocument> {
    let mut parser = Parser { tokens: tokens.into_iter().peekable(), end };
    let mut operations: Vec<(Option<Positioned<Name>>, Positioned<OperationDefinition>)> = Vec::new();
    let mut fragments = HashMap::new();
    loop {
        if parser.is_next("fragment") {
            let (name, fragment) = parser.fragment()?;
            match fragments.entry(name.node) {
                Entry::Vacant(entry) => entry.insert(fragment),
                Entry::Occupied(_) => {
                    return Err(invalid("Two fragments have the same name. Rename one.", &[name.pos]));
                }
            };
        } else {
            operations.push(parser.operation()?);
        }
        if parser.tokens.peek().is_none() {
            return Ok(ExecutableDocument { operations: named(operations)?, fragments });
        }
    }
}

/// The operations by name; one without a name must be the only one.
fn named(
    mut operations: Vec<(Option<Positioned<Name>>, Positioned<OperationDefinition>)>,
) -> Parsed<DocumentOperations> {
    if let [(None, _)] = operations.as_slice() {
        let (_, only) = operations.remove(0);
        return Ok(DocumentOperations::Single(only));
    }
    let mut by_name = HashMap::new();
    for (name, operation) in operations {
        let Some(name) = name else {
            let message =
                "An operation without a name must be the only one in its document. Give each a name.";
            return Err(invalid(message, &[operation.pos]));
        };
        if by_name.insert(name.node, operation).is_some() {
            return Err(invalid("Two operations have the same name. Rename one.", &[name.pos]));
        }
    }
    Ok(DocumentOperations::Multiple(by_name))
}

struct Parser<'a> {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token<'a>>>,
    end: Pos,
}

impl<'a> Parser<'a> {
    fn pos(&mut self) -> Pos {
        self.tokens.peek().map_or(self.end, |token| token.pos)
    }

    fn expected<T>(&mut self, what: &str) -> Parsed<T> {
        let pos = self.pos();
        Err(unreadable(pos, &format!("{what} is expected")))
    }

    /// Whether the next token is this name or punctuator.
    fn is_next(&mut self, text: &str) -> bool {
        self.tokens.peek().is_some_and(|token| token.text == text)
    }

    /// Takes the next token if it is this name or punctuator.
    fn took(&mut self, text: &str) -> bool {
        self.tokens.next_if(|token| token.text == text).is_some()
    }

    fn take(&mut self, text: &str) -> Parsed<()> {
        if self.took(text) { Ok(()) } else { self.expected(&format!("`{text}`")) }
    }

    fn name(&mut self) -> Parsed<Positioned<Name>> {
        match self.tokens.next_if(|token| token.kind == Kind::Name) {
            Some(token) => Ok(Positioned::new(Name::new(token.text), token.pos)),
            None => self.expected("a name"),
        }
    }

    /// Items up to `close`, at least one; the opening bracket was taken.
    fn until<T>(&mut self, close: &str, mut item: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut items = vec![item(self)?];
        while !self.took(close) {
            items.push(item(self)?);
        }
        Ok(items)
    }

    fn operation(&mut self) -> Parsed<(Option<Positioned<Name>>, Positioned<OperationDefinition>)> {
        let pos = self.pos();
        let ty = [OperationType::Query, OperationType::Mutation, OperationType::Subscription]
            .into_iter()
            .find(|ty| self.took(&ty.to_string()));
        if ty.is_none() && !self.is_next("{") {
            return self.expected("an operation or a fragment");
        }
        let is_named = self.tokens.peek().is_some_and(|token| token.kind == Kind::Name);
        let name = if is_named { Some(self.name()?) } else { None };
        let variable_definitions = if ty.is_some() && self.took("(") {
            self.until(")", Self::variable_definition)?
        } else {
            Vec::new()
        };
        let directives = self.directives(false)?;
        let selection_set = self.selection_set()?;
        let ty = ty.unwrap_or(OperationType::Query);
        let operation = OperationDefinition { ty, variable_definitions, directives, selection_set };
        Ok((name, Positioned::new(operation, pos)))
    }

    fn variable_definition(&mut self) -> Parsed<Positioned<VariableDefinition>> {
        let pos = self.pos();
        self.take("$")?;
        let name = self.name()?;
        self.take(":")?;
        let type_pos = self.pos();
        let var_type = Positioned::new(self.ty()?, type_pos);
        let default_value = if self.took("=") { Some(self.constant()?) } else { None };
        let directives = self.directives(true)?;
        Ok(Positioned::new(VariableDefinition { name, var_type, directives, default_value }, pos))
    }

    fn ty(&mut self) -> Parsed<Type> {
        let base = if self.took("[") {
            let inner = self.ty()?;
            self.take("]")?;
            BaseType::List(Box::new(inner))
        } else {
            BaseType::Named(self.name()?.node)
        };
        Ok(Type { base, nullable: !self.took("!") })
    }

    fn fragment(&mut self) -> Parsed<(Positioned<Name>, Positioned<FragmentDefinition>)> {
        let pos = self.pos();
        self.take("fragment")?;
        if self.is_next("on") {
            return self.expected("a name other than `on`");
        }
        let name = self.name()?;
        if !self.is_next("on") {
            return self.expected("`on` and a type");
        }
        let Some(type_condition) = self.type_condition()? else { return self.expected("`on` and a type") };
        let directives = self.directives(false)?;
        let selection_set = self.selection_set()?;
        Ok((name, Positioned::new(FragmentDefinition { type_condition, directives, selection_set }, pos)))
    }

    fn type_condition(&mut self) -> Parsed<Option<Positioned<TypeCondition>>> {
        let pos = self.pos();
        if !self.took("on") {
            return Ok(None);
        }
        Ok(Some(Positioned::new(TypeCondition { on: self.name()? }, pos)))
    }

    fn selection_set(&mut self) -> Parsed<Positioned<SelectionSet>> {
        let pos = self.pos();
        self.take("{")?;
        Ok(Positioned::new(SelectionSet { items: self.until("}", Self::selection)? }, pos))
    }

    fn selection(&mut self) -> Parsed<Positioned<Selection>> {
        let pos = self.pos();
        let selection = if self.took("...") { self.spread(pos)? } else { Selection::Field(self.field(pos)?) };
        Ok(Positioned::new(selection, pos))
    }

    fn field(&mut self, pos: Pos) -> Parsed<Positioned<Field>> {
        let first = self.name()?;
        let (alias, name) = if self.took(":") { (Some(first), self.name()?) } else { (None, first) };
        let arguments = self.arguments(false)?;
        let directives = self.directives(false)?;
        let selection_set = if self.is_next("{") { self.selection_set()? } else { Positioned::default() };
        Ok(Positioned::new(Field { alias, name, arguments, directives, selection_set }, pos))
    }

    /// The selection after `...`: a fragment's name, or an inline fragment.
    fn spread(&mut self, pos: Pos) -> Parsed<Selection> {
        let is_name = self.tokens.peek().is_some_and(|token| token.kind == Kind::Name && token.text != "on");
        if is_name {
            let spread = FragmentSpread { fragment_name: self.name()?, directives: self.directives(false)? };
            return Ok(Selection::FragmentSpread(Positioned::new(spread, pos)));
        }
        let type_condition = self.type_condition()?;
        let directives = self.directives(false)?;
        let selection_set = self.selection_set()?;
        let fragment = InlineFragment { type_condition, directives, selection_set };
        Ok(Selection::InlineFragment(Positioned::new(fragment, pos)))
    }

    fn directives(&mut self, constant: bool) -> Parsed<Vec<Positioned<Directive>>> {
        let mut directives = Vec::new();
        while self.is_next("@") {
            let pos = self.pos();
            self.take("@")?;
            let directive = Directive { name: self.name()?, arguments: self.arguments(constant)? };
            directives.push(Positioned::new(directive, pos));
        }
        Ok(directives)
    }

    fn arguments(&mut self, constant: bool) -> Parsed<Arguments> {
        let argument = |parser: &mut Self| {
            let name = parser.name()?;
            parser.take(":")?;
            let pos = parser.pos();
            Ok((name, Positioned::new(parser.value(constant)?, pos)))
        };
        if self.took("(") { self.until(")", argument) } else { Ok(Vec::new()) }
    }

    fn constant(&mut self) -> Parsed<Positioned<ConstValue>> {
        let pos = self.pos();
        match self.value(true)?.into_const() {
            Some(value) => Ok(Positioned::new(value, pos)),
            None => self.expected("a value"),
        }
    }

    fn value(&mut self, constant: bool) -> Parsed<Value> {
        let pos = self.pos();
        if self.took("[") {
            let mut items = Vec::new();
            while !self.took("]") {
                items.push(self.value(constant)?);
            }
            return Ok(Value::List(items));
        }
        if self.took("{") {
            return self.object(constant);
        }
        if !constant && self.took("$") {
            return Ok(Value::Variable(self.name()?.node));
        }
        let Some(token) = self.tokens.next_if(|token| token.kind != Kind::Punctuator) else {
            return self.expected("a value");
        };
        leaf(token).ok_or_else(|| unreadable(pos, "this value cannot be read"))
    }

    /// An object, whose opening bracket was taken.
    fn object(&mut self, constant: bool) -> Parsed<Value> {
        let mut fields = IndexMap::new();
        while !self.took("}") {
            let name = self.name()?;
            self.take(":")?;
            if fields.insert(name.node, self.value(constant)?).is_some() {
                return Err(invalid("An input object has a field twice. Leave one out.", &[name.pos]));
            }
        }
        Ok(Value::Object(fields))
    }
}

fn leaf(token: Token<'_>) -> Option<Value> {
    Some(match (token.kind, token.text) {
        (Kind::String, text) => Value::String(strings::value(text)?),
        (Kind::Int | Kind::Float, text) => Value::Number(text.parse::<Number>().ok()?),
        (_, "true") => Value::Boolean(true),
        (_, "false") => Value::Boolean(false),
        (_, "null") => Value::Null,
        (_, word) => Value::Enum(Name::new(word)),
    })
}

#[cfg(test)]
mod tests;
