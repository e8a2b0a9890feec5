//! The schema of the specification's own validation examples, and the result of a check of a document on it.

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition};

use super::{Refused, parse, tokens, types::Types};

const SCHEMA: &str = "
  type Query {
    dog: Dog findDog(searchBy: FindDogInput): Dog human: Human pet: Pet booleanList(booleanListArg: [Boolean!]): Boolean
    catOrDog: CatOrDog arguments: Arguments
  }
  enum DogCommand { SIT DOWN HEEL }
  enum CatCommand { JUMP }
  interface Pet { name: String! owner: Human }
  type Human { name: String! pets: [Pet!] }
  type Dog implements Pet {
    name: String! nickname: String barkVolume: Int doesKnowCommand(dogCommand: DogCommand!): Boolean!
    isHouseTrained(atOtherHomes: Boolean): Boolean! owner: Human extra: [Extra]
  }
  type Cat implements Pet {
    name: String! nickname: String doesKnowCommand(catCommand: CatCommand!): Boolean! meowVolume: Int owner: Human
    extra: Extra
  }
  type Extra { string: String name: Int }
  union CatOrDog = Cat | Dog
  input FindDogInput { name: String owner: String }
  input ComplexInput { name: String!, owner: String, size: Int = 1, tags: [String!] }
  type Arguments {
    intArgField(intArg: Int): Int floatArgField(floatArg: Float): Float booleanArgField(booleanArg: Boolean): Boolean
    stringArgField(stringArg: String): String idArgField(idArg: ID): ID
    nonNullBooleanArgField(nonNullBooleanArg: Boolean!): Boolean!
    optionalNonNullBooleanArgField(optionalBooleanArg: Boolean! = false): Boolean!
    booleanListArgField(booleanListArg: [Boolean]!): [Boolean]
    nonNullBooleanListField(nonNullBooleanListArg: [Boolean!]): [Boolean]
    complexArgField(complexArg: ComplexInput): String commands(commands: [DogCommand!]): Int
  }";

/// The results of `check` for each operation of a document; panics when the document cannot be parsed.
pub(super) fn said(
    text: &str,
    check: impl Fn(&Types, &ExecutableDocument, &OperationDefinition) -> Result<(), Refused>,
) -> Result<(), Refused> {
    let (tokens, end) = tokens::lex(text, 10_000).unwrap();
    let document = parse::document(tokens, end).unwrap();
    let types = Types::of(SCHEMA);
    document.operations.iter().try_for_each(|(_, operation)| check(&types, &document, &operation.node))
}
