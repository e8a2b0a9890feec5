use super::{super::examples::said, *};

fn verdict(text: &str) -> Result<(), String> {
    said(text, check).map_err(|refused| {
        assert_eq!((refused.code, refused.locations.len()), ("GRAPHQL_VALIDATION_FAILED", 1), "{text}");
        refused.message
    })
}

#[test]
fn values_of_the_type_of_their_place_pass() {
    for text in [
        "{ arguments { booleanArgField(booleanArg: true) floatArgField(floatArg: 123) } }",
        "{ arguments { intArgField(intArg: null) idArgField(idArg: 5) b: idArgField(idArg: \"5\") } }",
        "{ arguments { booleanListArgField(booleanListArg: [true, null]) c: booleanListArgField(booleanListArg: true) } }",
        "{ findDog(searchBy: { name: \"Fido\" }) { name } findDog(searchBy: {}) { name } }",
        "{ dog { doesKnowCommand(dogCommand: SIT) } arguments { commands(commands: HEEL) } }",
        "query($search: ComplexInput = { name: \"Fido\" }) { arguments { complexArgField(complexArg: $search) } }",
        "{ arguments { complexArgField(complexArg: { name: \"\", tags: \"a\", size: 3 }) } }",
        "{ dog @include(if: true) { name @skip(if: false) } }",
    ] {
        assert_eq!(verdict(text), Ok(()), "{text}");
    }
}

#[test]
fn values_of_another_type_are_refused() {
    for text in [
        "{ arguments { intArgField(intArg: \"123\") } }",
        "{ arguments { intArgField(intArg: 3.0) } }",
        "{ arguments { intArgField(intArg: 2147483648) } }",
        "{ arguments { booleanArgField(booleanArg: 1) } }",
        "{ arguments { stringArgField(stringArg: BAR) } }",
        "{ arguments { idArgField(idArg: 1.5) } }",
        "{ arguments { nonNullBooleanArgField(nonNullBooleanArg: null) } }",
        "{ arguments { nonNullBooleanListField(nonNullBooleanListArg: [true, null]) } }",
        "{ arguments { intArgField(intArg: [1]) } }",
        "{ findDog(searchBy: { name: 123 }) { name } }",
        "{ findDog(searchBy: { favoriteCookieFlavor: \"Bacon\" }) { name } }",
        "{ findDog(searchBy: \"Fido\") { name } }",
        "{ arguments { complexArgField(complexArg: { owner: \"Fido\" }) } }",
        "{ dog { doesKnowCommand(dogCommand: \"SIT\") } }",
        "{ dog { doesKnowCommand(dogCommand: JUMP) } }",
        "{ arguments { commands(commands: [SIT, \"DOWN\"]) } }",
        "query($search: ComplexInput = { name: 123 }) { arguments { complexArgField(complexArg: $search) } }",
        "query($a: Int, $n: String = 1) { arguments { intArgField(intArg: $a) stringArgField(stringArg: $n) } }",
        // The library does not check a value that contains a variable.
        "query($n: String!) { arguments { complexArgField(complexArg: { name: $n, size: \"1\" }) } }",
        "{ dog { ...D } } fragment D on Dog { ... { doesKnowCommand(dogCommand: \"SIT\") } }",
        "{ dog @include(if: 1) { name } }",
    ] {
        assert!(verdict(text).is_err(), "{text}");
    }
    let word = verdict("{ dog { doesKnowCommand(dogCommand: \"SIT\") } }").unwrap_err();
    assert_eq!(word, "`dogCommand` takes a word of DogCommand, without quotation marks. Send that.");
}

#[test]
fn variables_stand_where_their_type_may() {
    let arguments =
        |variables: &str, field: &str| format!("query({variables}) {{ arguments {{ {field} }} }}");
    for (variables, field) in [
        ("$a: Int", "intArgField(intArg: $a)"),
        ("$a: Int!", "intArgField(intArg: $a)"),
        ("$a: [Boolean!]!", "nonNullBooleanListField(nonNullBooleanListArg: $a)"),
        ("$a: [Boolean!]!", "booleanListArgField(booleanListArg: $a)"),
        ("$a: Boolean", "optionalNonNullBooleanArgField(optionalBooleanArg: $a)"),
        ("$a: Boolean = true", "nonNullBooleanArgField(nonNullBooleanArg: $a)"),
        ("$a: String!", "complexArgField(complexArg: { name: $a })"),
        ("$a: Boolean", "booleanListArgField(booleanListArg: [$a])"),
        ("$a: Boolean!", "a: __typename @skip(if: $a)"),
        ("$a: Boolean = true", "a: __typename @include(if: $a)"),
    ] {
        assert_eq!(verdict(&arguments(variables, field)), Ok(()), "{variables} {field}");
    }
    for (variables, field) in [
        ("$a: Int", "booleanArgField(booleanArg: $a)"),
        ("$a: [Boolean]", "booleanArgField(booleanArg: $a)"),
        ("$a: Boolean", "nonNullBooleanArgField(nonNullBooleanArg: $a)"),
        ("$a: Boolean = null", "nonNullBooleanArgField(nonNullBooleanArg: $a)"),
        ("$a: [Boolean]", "booleanListArgField(booleanListArg: $a)"),
        ("$a: [Boolean]!", "nonNullBooleanListField(nonNullBooleanListArg: $a)"),
        ("$a: String", "complexArgField(complexArg: { name: $a })"),
        ("$a: Boolean", "nonNullBooleanListField(nonNullBooleanListArg: [$a])"),
        ("$a: Boolean", "a: __typename @skip(if: $a)"),
        ("$a: String!", "a: __typename @include(if: $a)"),
        ("$a: Boolean", "...F"),
    ] {
        let fragment = " fragment F on Arguments { a: __typename ... @skip(if: $a) { b: __typename } }";
        let text = arguments(variables, field) + if field == "...F" { fragment } else { "" };
        assert!(verdict(&text).is_err(), "{text}");
    }
}

#[test]
fn variables_are_of_types_for_input() {
    for ty in ["Int", "[[ID!]!]", "ComplexInput", "DogCommand!"] {
        assert_eq!(verdict(&format!("query($a: {ty}) {{ dog {{ name }} }}")), Ok(()), "{ty}");
    }
    for ty in ["Nope", "[Nope]", "Dog", "[Pet!]!", "CatOrDog"] {
        for default in ["", " = 1", " = [1]"] {
            assert!(
                verdict(&format!("query($a: {ty}{default}) {{ dog {{ name }} }}")).is_err(),
                "{ty}{default}"
            );
        }
    }
}

#[test]
fn variables_are_there_and_of_their_type() {
    let completed = |definitions: &str, sent: &str| {
        let given = Variables::from_json(serde_json::from_str(sent).unwrap());
        let left = std::cell::RefCell::new(given);
        let text = format!("query({definitions}) {{ dog {{ name }} }}");
        said(&text, |types, document, operation| complete(types, document, operation, &mut left.borrow_mut()))
            .map(|()| serde_json::to_string(&*left.borrow()).unwrap())
            .map_err(|refused| refused.message)
    };
    for (definitions, sent, left) in [
        ("$a: Boolean = true", "{}", r#"{"a":true}"#),
        ("$a: Boolean = true", r#"{"a":null}"#, r#"{"a":null}"#),
        ("$a: Boolean = true", r#"{"a":false}"#, r#"{"a":false}"#),
        ("$a: Int", r#"{"b":1}"#, r#"{"b":1}"#),
        ("$a: [DogCommand!]!", r#"{"a":"SIT"}"#, r#"{"a":"SIT"}"#),
        ("$a: ComplexInput", r#"{"a":{"name":"x","tags":["y"]}}"#, r#"{"a":{"name":"x","tags":["y"]}}"#),
    ] {
        assert_eq!(completed(definitions, sent).as_deref(), Ok(left), "{definitions} {sent}");
    }
    for (definitions, sent) in [
        ("$a: Boolean!", "{}"),
        ("$a: Boolean!", r#"{"a":null}"#),
        ("$a: Boolean! = true", r#"{"a":null}"#),
        ("$a: Boolean", r#"{"a":"true"}"#),
        ("$a: Int", r#"{"a":2147483648}"#),
        ("$a: [ID!]", r#"{"a":["x",null]}"#),
        ("$a: DogCommand", r#"{"a":"JUMP"}"#),
        ("$a: ComplexInput", r#"{"a":5}"#),
        ("$a: ComplexInput", r#"{"a":{"owner":"x"}}"#),
        ("$a: ComplexInput", r#"{"a":{"name":"x","more":1}}"#),
    ] {
        assert!(completed(definitions, sent).is_err(), "{definitions} {sent}");
    }
    let long = completed(&format!("${}: Int!", "n".repeat(1_000)), "{}").unwrap_err();
    assert!(long.contains("`$nnn") && long.len() < 100, "{long}");
}
