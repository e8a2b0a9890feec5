//! Every refusal names a field that its input has, and the one that is at fault.

use std::collections::BTreeSet;

use connects::{onboarding::Registration, viewer::Viewer};
use serde_json::{Value, json};

use crate::support::{Person, World, id};

const SCHEMA: &str = "{ __schema {
    mutationType { fields { name description args { name type { ...T } } } }
    types { name kind inputFields { name type { ...T } } enumValues { name } } } }
    fragment T on __Type { name kind ofType { name kind ofType { name kind ofType { name kind } } } }";

/// Fields that another one of the input takes the place of, or that go with others only.
const EITHER_OR: [(&str, &str); 12] = [
    ("JobPostContent", "budget"),
    ("JobPostContent", "hourlyMin"),
    ("JobPostContent", "hourlyMax"),
    ("SendOfferInput", "hourlyRate"),
    ("SendDirectOfferInput", "hourlyRate"),
    ("SendDirectOfferInput", "category"),
    ("CreatePromoCodesInput", "count"),
    ("CreatePromoCodesInput", "percent"),
    ("CreatePromoCodesInput", "amount"),
    ("CreatePromoCodesInput", "months"),
    ("CreatePromoCodesInput", "startsAt"),
    ("RegisterInput", "referralCode"),
];

/// What a program knows of the schema.
struct Schema(Value);

impl Schema {
    fn mutations(&self) -> &Vec<Value> {
        self.0["__schema"]["mutationType"]["fields"].as_array().unwrap()
    }

    fn named(&self, name: &str) -> &Value {
        self.0["__schema"]["types"].as_array().unwrap().iter().find(|kind| kind["name"] == name).unwrap()
    }

    /// The fields of an input: name, name of its type, whether it is a list.
    fn fields(&self, input: &str) -> Vec<(String, String, bool)> {
        let field = |field: &Value| {
            let (name, is_list) = unwrapped(&field["type"]);
            (field["name"].as_str().unwrap().to_owned(), name, is_list)
        };
        self.named(input)["inputFields"].as_array().unwrap().iter().map(field).collect()
    }

    /// All paths into an input, from `at` on, and the name of the type that stands there.
    fn paths(&self, at: &[String], input: &str) -> Vec<(Vec<String>, String)> {
        let mut paths = Vec::new();
        for (name, kind, is_list) in self.fields(input) {
            let path = [at, &[name]].concat();
            if self.named(&kind)["kind"] == "INPUT_OBJECT" && kind != "MoneyInput" {
                // Of a list, the first.
                let within =
                    if is_list { [path.as_slice(), &["0".to_owned()]].concat() } else { path.clone() };
                paths.extend(self.paths(&within, &kind));
            }
            paths.push((path, if is_list { format!("[{kind}]") } else { kind }));
        }
        paths
    }

    /// A value that the field could have.
    fn good(&self, world: &Ids, name: &str, kind: &str, is_list: bool) -> Value {
        if is_list && self.named(kind)["kind"] == "INPUT_OBJECT" {
            return json!([self.object(world, kind)]);
        }
        if is_list {
            return json!([]);
        }
        match kind {
            "String" => json!(match name {
                "email" => "new@test.example",
                "country" => "GB",
                "task" => "reconcile",
                "code" => "FAIR",
                "document" => return json!(crate::policy_versions::priced(200_000)),
                "password" | "newPassword" | "currentPassword" => "correct horse battery",
                _ => "Some words",
            }),
            "ID" if name == "jobPostId" => json!(world.post),
            "ID" if name == "proposalId" => json!(world.proposal),
            "ID" => json!(world.account),
            "Int" => json!(1),
            "Boolean" => json!(name == "dryRun" || name == "freelancer"),
            "Base64" => json!("AAAA"),
            "Decimal" => json!("10"),
            "Date" => json!("2026-12-31"),
            "DateTime" => json!("2026-01-02T00:00:00Z"),
            "MoneyInput" => json!({ "amount": "10.00" }),
            other if self.named(other)["kind"] == "ENUM" => {
                self.named(other)["enumValues"][0]["name"].clone()
            }
            input => self.object(world, input),
        }
    }

    fn object(&self, world: &Ids, input: &str) -> Value {
        let fields = self.fields(input).into_iter();
        let is_either = |name: &str| EITHER_OR.contains(&(input, name));
        let fields = fields.filter(|(name, ..)| !is_either(name));
        fields.map(|(name, kind, is_list)| (name.clone(), self.good(world, &name, &kind, is_list))).collect()
    }
}

/// Objects that an id can name.
struct Ids {
    post: String,
    proposal: Value,
    account: String,
}

fn unwrapped(kind: &Value) -> (String, bool) {
    let (mut kind, mut is_list) = (kind, false);
    while kind["ofType"].is_object() {
        is_list |= kind["kind"] == "LIST";
        kind = &kind["ofType"];
    }
    (kind["name"].as_str().unwrap().to_owned(), is_list)
}

/// Values that no field of the type takes.
fn bad(kind: &str) -> Vec<Value> {
    match kind {
        "String" => vec![json!("x".repeat(30_000)), json!("a\u{7}b")],
        "[String]" => vec![json!(["a\u{7}b"])],
        "[ID]" => vec![json!(["nonsense"])],
        "ID" => vec![json!("nonsense")],
        "Int" => vec![json!(i32::MAX), json!(i32::MIN)],
        "MoneyInput" => vec![json!({ "amount": "much" }), json!({ "amount": "1", "currencyCode": "EUR" })],
        _ => Vec::new(),
    }
}

/// `input` with another value at `path`, which begins with the argument's name.
fn with(input: &Value, path: &[String], value: Value) -> Value {
    let mut input = input.clone();
    *path[1..].iter().fold(&mut input, |at, name| match name.parse::<usize>() {
        Ok(place) => &mut at[place],
        Err(_) => &mut at[name.as_str()],
    }) = value;
    input
}

/// A person who may do everything.
async fn everybody(world: &World) -> Person {
    let who = Registration {
        email: "all@test.example".into(),
        name: "All".into(),
        country: "GB".into(),
        freelancer: true,
        client: true,
        admin: true,
        verified: true,
    };
    let registered = world.try_register(&who).await.unwrap();
    Person { viewer: Viewer(registered.account, Vec::new()), wallet: registered.wallet }
}

#[tokio::test]
async fn p_1_what_is_for_admins_is_refused_to_everyone_else() {
    let world = World::new().await;
    let (admin, person) = (world.admin().await, world.client("Clara").await);
    let post = id("JobPost", world.post(&person, "Poster", 40).await.id);
    let ids = Ids { proposal: json!(post), post, account: id("Account", admin.viewer.id()) };
    let schema = Schema(world.data(None, SCHEMA, json!({})).await);
    let for_admins = |mutation: &&Value| {
        mutation["description"].as_str().unwrap().replace('\n', " ").contains("For admins")
    };
    let mutations: Vec<_> = schema.mutations().iter().filter(for_admins).collect();
    for mutation in &mutations {
        let name = mutation["name"].as_str().unwrap();
        let (input, _) = unwrapped(&mutation["args"][0]["type"]);
        let query =
            format!("mutation($input: {input}!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}");
        let good = json!({ "input": schema.object(&ids, &input) });
        let answer = world.data(Some(&person), &query, good).await;
        assert_eq!(answer[name]["userErrors"], json!([{ "code": "NOT_ALLOWED" }]), "{name}");
    }
    assert_eq!(mutations.len(), 32);
}

#[tokio::test]
async fn a_bad_value_is_refused_at_its_own_path() {
    let world = World::new().await;
    let person = everybody(&world).await;
    let post = world.post(&person, "Poster", 40).await;
    let other = world.client("clara").await;
    let other = world.post(&other, "Flyer", 40).await;
    let proposal = world.propose(&person, &other, 2, "k").await["proposal"]["id"].clone();
    let ids = Ids { post: id("JobPost", post.id), proposal, account: id("Account", person.viewer.id()) };
    let schema = Schema(world.data(None, SCHEMA, json!({})).await);
    let mut named = BTreeSet::new();
    for mutation in schema.mutations() {
        let (name, argument) = (mutation["name"].as_str().unwrap(), &mutation["args"][0]);
        let (input, _) = unwrapped(&argument["type"]);
        let at = [argument["name"].as_str().unwrap().to_owned()];
        let (good, paths) = (schema.object(&ids, &input), schema.paths(&at, &input));
        let query = format!(
            "mutation($input: {input}!) {{ {name}(input: $input) {{ userErrors {{ code field }} }} }}"
        );
        let changes = paths.iter().flat_map(|(path, kind)| bad(kind).into_iter().map(move |bad| (path, bad)));
        for (path, bad) in changes {
            let answer = world.ask(Some(&person), &query, json!({ "input": with(&good, path, bad) })).await;
            for error in answer["data"][name]["userErrors"].as_array().into_iter().flatten() {
                let Some(field) = error["field"].as_array() else { continue };
                let field: Vec<_> = field.iter().map(|step| step.as_str().unwrap().to_owned()).collect();
                assert!(
                    field == at || paths.iter().any(|(path, _)| *path == field),
                    "{name} has no {field:?}"
                );
                if error["code"] == "INVALID_INPUT" {
                    assert_eq!(&field, path, "{name}: {error}");
                    named.insert(format!("{name} {}", field.join(".")));
                }
            }
        }
    }
    for known in [
        "createJobPost input.content.title",
        "updateJobPost input.content.title",
        "updateJobPost input.content.budget",
        "createJobPost input.content.weeklyHours",
        "createJobPost input.content.skills",
        "editProposal input.coverLetter",
        "submitProposal input.amount",
        "register input.name",
        "suspendAccount input.reason",
        "sendOffer input.milestones.0.title",
        "sendOffer input.milestones.0.amount",
    ] {
        assert!(named.contains(known), "{known} is not among {named:#?}");
    }
}

/// What comes before the name of a field where the code refuses one.
const NAMED: [&str; 8] = [
    ".at(\"",
    "text(\"",
    "line(\"",
    "number(\"",
    "email(\"",
    "invalid(\"",
    "may_be_password(\"",
    "no_such_account(\"",
];

/// What is refused by name elsewhere: columns of an import, an argument of a query, an option of a command.
const NO_FIELDS: [&str; 7] = ["row", "title", "skills", "category", "hourly_max", "plannedSpend", "at"];

#[tokio::test]
async fn every_path_that_the_code_names_is_one_of_some_input() {
    let world = World::new().await;
    let schema = Schema(world.data(None, SCHEMA, json!({})).await);
    let mut known = BTreeSet::new();
    for mutation in schema.mutations() {
        let (input, _) = unwrapped(&mutation["args"][0]["type"]);
        known.extend(schema.paths(&[], &input).into_iter().map(|(path, _)| path.join(".")));
    }
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for (file, text) in crate::tidy::files("src") {
        if ["src/cli", "src/http", "src/input"].iter().any(|room| file.starts_with(room)) {
            continue;
        }
        for start in NAMED {
            for (at, _) in text.match_indices(start) {
                let word = text[at + start.len()..].split('"').next().unwrap_or_default();
                seen += 1;
                if !known.contains(word) && !NO_FIELDS.contains(&word) {
                    wrong.push(format!("{file}: {word}"));
                }
            }
        }
    }
    assert!(wrong.is_empty() && seen > 50, "{seen}: {wrong:#?}");
}
