//! What people write, at every door: one form of an address, a password, a name and a title, whatever keyboard or
//! program it came from.

use connects::entity::{enums::HistoryKind, job_post};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    SUBMIT, World, code,
    commands::Commands,
    door::{PASSWORD, REGISTER},
};

const COMPOSED: &str = "ma\u{f1}ana, caf\u{e9}";
const DECOMPOSED: &str = "man\u{303}ana, cafe\u{301}";

/// Addresses that mail cannot be sent to, though each looks a little like one.
const UNMAILABLE: [&str; 10] = [
    "foo..bar@test.example",
    "foo.@test.example",
    "a;b@test.example",
    "a@-b.example",
    "a@[127.0.0.1]",
    "a@127.0.0.1",
    "a\u{200B}@test.example",
    "\u{FEFF}a@test.example",
    "\"a\"@test.example",
    "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg@test.example",
];

async fn register(world: &World, email: &str, name: &str, password: &str) -> Value {
    let input = json!({ "email": email, "password": password, "name": name, "country": "GB", "freelancer": true,
                        "client": true });
    world.data(None, REGISTER, json!({ "input": input })).await["register"].clone()
}

/// Whether a mutation of the one who signed in went through.
async fn does(world: &World, access: &str, mutation: &str, input: &str, fields: Value) -> bool {
    let query =
        format!("mutation($input: {input}!) {{ {mutation}(input: $input) {{ userErrors {{ code }} }} }}");
    world.ask_with(access, &query, json!({ "input": fields })).await[mutation]["userErrors"] == json!([])
}

#[tokio::test]
async fn p_1_a_password_is_the_same_from_any_keyboard() {
    let world = World::new().await;
    let ada = "ada@test.example";
    assert_eq!(register(&world, ada, "Ada", COMPOSED).await["mailSent"], true);
    let (access, _) = world.sign_in(ada, DECOMPOSED).await;
    assert!(world.try_sign_in(ada, "manana, cafe").await["tokens"].is_null(), "an accent is not nothing");
    let change = json!({ "currentPassword": DECOMPOSED, "newPassword": format!("nuevo {DECOMPOSED}") });
    assert!(does(&world, &access, "changePassword", "ChangePasswordInput", change).await);
    world.sign_in(ada, &format!("nuevo {COMPOSED}")).await;
    world
        .data(
            None,
            "mutation { requestPasswordReset(input: { email: \"ADA@test.example\" }) { accepted } }",
            json!({}),
        )
        .await;
    let reset = json!({ "input": { "token": world.mailed_token(ada).await, "newPassword": COMPOSED } });
    let query = "mutation($input: ResetPasswordInput!) { resetPassword(input: $input) { changed } }";
    assert_eq!(world.data(None, query, reset).await["resetPassword"]["changed"], true);
    let (access, _) = world.sign_in(ada, DECOMPOSED).await;
    assert!(
        does(&world, &access, "closeAccount", "CloseAccountInput", json!({ "idempotencyKey": "k" })).await
    );
    world.advance("2026-01-20T00:00:00Z").await;
    assert!(
        does(&world, &access, "eraseAccount", "EraseAccountInput", json!({ "password": DECOMPOSED })).await
    );
}

#[tokio::test]
async fn p_1_an_address_has_one_form_at_every_door() {
    let world = World::new().await;
    let forms = [
        "Jos\u{e9}@b\u{fc}cher.example",
        "jose\u{301}@BU\u{308}CHER.example",
        "jos\u{e9}@xn--bcher-kva.example",
    ];
    for form in forms {
        assert_eq!(register(&world, form, "José", PASSWORD).await["mailSent"], true, "{form}");
        world.sign_in(form, PASSWORD).await;
    }
    assert_eq!(world.mails().await.len(), forms.len(), "each gets a mail that can be written");
    let accounts = world.accounts().await;
    assert_eq!(accounts.len(), 1);
    assert_eq!(accounts[0].email, forms[2]);
    let admin = world.admin().await;
    let commands = Commands::on(&world.app.settings);
    for form in forms {
        let query = "query($email: String!) { admin { account(email: $email) { email } } }";
        let seen = world.data(Some(&admin), query, json!({ "email": form })).await;
        assert_eq!(seen["admin"]["account"]["email"], forms[2], "{form}");
        let there = commands.run(&["register", form, "--freelancer", "--skip-existing"]);
        assert_eq!(
            (there.code, there.last_line()),
            (0, format!("exists {}", forms[2]).as_str()),
            "{}",
            there.stderr
        );
        assert_eq!(commands.run(&["token", "--email", form]).code, 0, "{form}");
    }
}

#[tokio::test]
async fn a_null_character_finds_nothing_and_breaks_nothing() {
    let world = World::new().await;
    let admin = world.admin().await;
    let query = "query($text: String!) { admin { account(email: $text) { email } taskRuns(task: $text) { nodes { id } } }
        jobPosts(filter: { text: $text }) { nodes { id } } }";
    for text in ["\0", "ada\0@test.example"] {
        let seen = world.data(Some(&admin), query, json!({ "text": text })).await;
        assert_eq!(seen["admin"], json!({ "account": null, "taskRuns": { "nodes": [] } }));
        assert_eq!(seen["jobPosts"]["nodes"], json!([]));
    }
}

#[tokio::test]
async fn r_1_the_gift_comes_once_however_the_address_is_written() {
    let world = World::new().await;
    let commands = Commands::on(&world.app.settings);
    let gifts = async |address: &str| {
        assert_eq!(commands.run(&["register", address, "--freelancer"]).code, 0, "{address}");
        let gifts = connects::entity::entry::Entity::find().all(world.db().read()).await.unwrap();
        gifts.into_iter().filter(|entry| entry.kind == HistoryKind::Signup).count()
    };
    assert_eq!(gifts("a@b\u{fc}cher.example").await, 1);
    assert_eq!(gifts("a+2@xn--bcher-kva.example").await, 1);
    assert_eq!(gifts("jos\u{e9}@test.example").await, 2);
    assert_eq!(gifts("jose\u{301}+2@test.example").await, 2);
    assert_eq!(gifts("+a@test.example").await, 3);
    assert_eq!(gifts("+b@test.example").await, 4, "before the tag there is nothing that they share");
    world.verify().await;
}

#[tokio::test]
async fn p_1_an_address_that_mail_cannot_be_sent_to_is_refused_at_every_door() {
    let world = World::new().await;
    let commands = Commands::on(&world.app.settings);
    for address in UNMAILABLE {
        let refused = register(&world, address, "Ada", PASSWORD).await;
        assert_eq!((code(&refused), &refused["mailSent"]), ("INVALID_INPUT", &json!(false)), "{address}");
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", "email"]));
        for (mutation, input) in [
            ("requestPasswordReset", "RequestPasswordResetInput"),
            ("requestEmailVerification", "RequestEmailVerificationInput"),
        ] {
            let query = format!(
                "mutation($input: {input}!) {{ {mutation}(input: $input) {{ accepted userErrors {{ code field }} }} }}"
            );
            let answer =
                world.data(None, &query, json!({ "input": { "email": address } })).await[mutation].clone();
            let no = json!([{ "code": "INVALID_INPUT", "field": ["input", "email"] }]);
            assert_eq!(answer, json!({ "accepted": false, "userErrors": no }), "{address}");
        }
        assert_eq!(code(&world.try_sign_in(address, PASSWORD).await), "INVALID_CREDENTIALS", "{address}");
        assert_ne!(commands.run(&["register", address, "--client"]).code, 0, "{address}");
    }
    assert!(world.accounts().await.is_empty());
}

#[tokio::test]
async fn j_1_texts_are_stored_composed_and_something_of_them_can_be_seen() {
    let world = World::new().await;
    let family = "👨‍👩‍👧‍👦 Jose\u{301}";
    register(&world, "ada@test.example", family, PASSWORD).await;
    assert_eq!(world.accounts().await[0].name, "👨‍👩‍👧‍👦 Jos\u{e9}");
    for name in ["\u{200B}", "\u{3164}", "\u{2800}", "Ada\nByron", "Ada \u{202E}Byron", "\u{301}"] {
        let refused = register(&world, "bea@test.example", name, PASSWORD).await;
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", "name"]), "{name:?}");
    }
    let (clara, ada) = (world.client("clara").await, world.freelancer("ada2").await);
    let create = "mutation($input: CreateJobPostInput!) { createJobPost(input: $input) {
        jobPost { title description } userErrors { code field } } }";
    let write = async |title: &str, description: &str| {
        let content = json!({ "title": title, "description": description, "category": "DESIGN", "payment": "FIXED",
                              "budget": { "amount": "5.00" } });
        let input = json!({ "input": { "content": content, "publish": true } });
        world.data(Some(&clara), create, input).await["createJobPost"].clone()
    };
    let made = write("Cafe\u{301}", "Two\r\nlines \u{202B}עברית\u{202C}").await;
    assert_eq!(
        made["jobPost"],
        json!({ "title": "Caf\u{e9}", "description": "Two\nlines \u{202B}עברית\u{202C}" })
    );
    for (title, description) in [
        ("\u{3164}", "d"),
        ("t", "\u{2800}"),
        ("t\u{2066}", "d"),
        ("t\nt", "d"),
        (format!("t{}", "\u{33D}".repeat(1_000)).as_str(), "d"),
    ] {
        assert_eq!(code(&write(title, description).await), "INVALID_INPUT", "{title:?}, {description:?}");
    }
    let post = job_post::Entity::find().one(world.db().read()).await.unwrap().unwrap();
    let letter = |letter: &str| {
        let mut input = crate::support::proposal(&post, post.connects_price, "k");
        input["coverLetter"] = json!(letter);
        json!({ "input": input })
    };
    let refused = world.data(Some(&ada), SUBMIT, letter("\u{200B}\u{2060}")).await["submitProposal"].clone();
    assert_eq!(code(&refused), "INVALID_INPUT");
    let sent = world.data(Some(&ada), SUBMIT, letter("Hi\u{200B}")).await["submitProposal"].clone();
    assert_eq!(sent["userErrors"], json!([]));
}

#[tokio::test]
async fn j_1_an_import_reads_texts_and_addresses_as_the_api_does() {
    let (world, folder) = (World::new().await, TempDir::new().unwrap());
    let path = folder.path().join("posts.csv");
    let header = "title,type,hourly_min,hourly_max,budget,experience_level,category,skills";
    let row = |title: &str| format!("\"{title}\",FIXED,,,50,,Design & Creative,Cafe\u{301}");
    let rows = [
        header.to_owned(),
        row("Caf\u{e9}"),
        row("Cafe\u{301}"),
        row("\u{2800}"),
        row("t\u{202E}"),
        row("two\nlines"),
    ];
    std::fs::write(&path, rows.join("\n")).unwrap();
    let commands = Commands::on(&world.app.settings);
    for client in ["c@b\u{fc}cher.example", "c@xn--bcher-kva.example"] {
        let done = commands.run(&["import", "job-posts", path.to_str().unwrap(), "--client", client]);
        assert_eq!(done.code, 3, "{}", done.stderr);
        assert!(done.last_line().ends_with("rejected 3"), "{}", done.stdout);
    }
    let posts = job_post::Entity::find().all(world.db().read()).await.unwrap();
    assert_eq!((posts.len(), world.accounts().await.len()), (1, 1));
    assert_eq!(
        (posts[0].title.as_str(), posts[0].skills.0.as_slice()),
        ("Caf\u{e9}", ["Caf\u{e9}".to_owned()].as_slice())
    );
}
