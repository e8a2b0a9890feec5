//! The schema: as printed, and described to the last argument.

use async_graphql::parser::types::TypeKind;
use async_graphql::parser::{parse_schema, types::TypeSystemDefinition};

/// Mutations of signing in: a rehearsed guess would be a guess.
const WITHOUT_DRY_RUN: [&str; 11] = [
    "SetPayoutMethod",
    "Register",
    "VerifyEmail",
    "RequestEmailVerification",
    "SignIn",
    "RefreshSession",
    "SignOut",
    "SignOutEverywhere",
    "ChangePassword",
    "RequestPasswordReset",
    "ResetPassword",
];

#[test]
fn schema_graphql_is_what_the_code_says() {
    let kept = include_str!("../../schema.graphql");
    let printed = connects::graphql::sdl();
    assert!(kept == printed, "run `cargo run -- schema > schema.graphql` and look at the difference");
}

#[test]
fn everything_is_described() {
    let document = parse_schema(connects::graphql::sdl()).expect("a schema");
    let mut bare = Vec::new();
    for definition in &document.definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let (name, definition) = (&definition.node.name.node, &definition.node);
        if definition.description.is_none() {
            bare.push(name.to_string());
        }
        let fields = match &definition.kind {
            TypeKind::Object(object) => &object.fields,
            TypeKind::Interface(interface) => &interface.fields,
            TypeKind::InputObject(input) => {
                let fields = input.fields.iter().filter(|field| field.node.description.is_none());
                bare.extend(fields.map(|field| format!("{name}.{}", field.node.name.node)));
                continue;
            }
            TypeKind::Enum(values) => {
                let values = values.values.iter().filter(|value| value.node.description.is_none());
                bare.extend(values.map(|value| format!("{name}.{}", value.node.value.node)));
                continue;
            }
            _ => continue,
        };
        for field in fields {
            let place = format!("{name}.{}", field.node.name.node);
            let arguments =
                field.node.arguments.iter().filter(|argument| argument.node.description.is_none());
            bare.extend(arguments.map(|argument| format!("{place}({})", argument.node.name.node)));
            if field.node.description.is_none() {
                bare.push(place);
            }
        }
    }
    assert!(bare.is_empty(), "not described: {bare:#?}");
}

#[test]
fn every_mutation_takes_one_input_and_answers_with_its_own_payload() {
    let document = parse_schema(connects::graphql::sdl()).expect("a schema");
    let mut seen = 0;
    for definition in &document.definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let TypeKind::Object(object) = &definition.node.kind else { continue };
        if definition.node.name.node != "Mutation" {
            continue;
        }
        for field in &object.fields {
            let name = field.node.name.node.to_string();
            let stem = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
            assert_eq!(field.node.ty.node.to_string(), format!("{stem}Payload!"));
            let arguments: Vec<_> = field.node.arguments.iter().map(|a| a.node.ty.node.to_string()).collect();
            assert_eq!(arguments, [format!("{stem}Input!")]);
            seen += 1;
        }
    }
    assert!(seen > 0);
    let sdl = connects::graphql::sdl();
    let without = WITHOUT_DRY_RUN.len();
    assert!(WITHOUT_DRY_RUN.iter().all(|name| sdl.contains(&format!("\ninput {name}Input "))));
    let rehearsed = sdl.matches("  dryRun: Boolean! = false").count();
    assert_eq!(rehearsed, seen - without, "every other mutation has a dry run");
}
