//! What lies about for others to read: files on the disk, and addresses with passwords in messages.

use std::{
    io::{BufRead, BufReader, Read},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    World,
    commands::{Commands, address_of},
    door::{PASSWORD, REGISTER, SIGN_IN},
    http_client,
};

const ADA: &str = "ada@test.example";

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn whatever_the_umask_says_only_the_owner_reads_what_the_program_makes() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("new.db");
    let url = format!("sqlite:{}", file.display());
    let commands = Commands::with(&[("DATABASE_URL", &url), ("CONNECTS_CLOCK", "sandbox")]);
    let serve = ["serve", "--listen", "127.0.0.1:0", "--no-scheduler"];
    let mut server = commands.spawn_after("umask 000", &serve);
    address_of(&mut server);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        found.push(path.file_name().unwrap().to_string_lossy().into_owned());
    }
    found.sort();
    assert_eq!(found, ["new.db", "new.db-shm", "new.db-wal", "new.db.key"]);
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(commands.run(&["clock", "show"]).stderr, "");
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o640)).unwrap();
    let output = commands.run(&["clock", "show"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(
        output.stderr.contains("new.db is open to others") && output.stderr.contains("0640"),
        "{}",
        output.stderr
    );
}

#[test]
fn a_sandbox_that_lost_its_key_file_is_not_given_another_secret() {
    let folder = TempDir::new().unwrap();
    let (url, key) = (format!("sqlite:{}/new.db", folder.path().display()), folder.path().join("new.db.key"));
    let commands = Commands::with(&[("DATABASE_URL", &url), ("CONNECTS_CLOCK", "sandbox")]);
    let register = commands.run(&["register", "ada@test.example"]);
    assert_eq!(register.code, 0, "{}", register.stderr);
    let secret = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    let token = ["token", "--email", "ada@test.example"];
    let lost = commands.run(&token);
    assert_eq!((lost.code, lost.stderr.contains("key file")), (1, true), "{}", lost.stderr);
    assert!(!key.exists(), "no other one is made");
    std::fs::write(&key, secret).unwrap();
    assert_eq!(commands.run(&token).code, 0);
}

#[test]
fn no_part_of_a_password_is_printed() {
    let read = Commands::with(&[("DATABASE_URL", "postgres://app:p@hunter2@db/x?password=hunter2")])
        .run(&["config"]);
    assert!(read.stdout.contains("database_url = \"postgres://app@db:5432/x\""), "{}", read.stdout);
    assert!(!read.stdout.contains("hunter2"), "{}", read.stdout);
    for url in [
        "postgres:app:hunter2@db",
        "postgres://app:1#hunter2@db/x",
        "postgres://app@127.0.0.1:1/x?password=hunter2",
    ] {
        let output = Commands::with(&[("DATABASE_URL", url), ("CONNECTS_ACQUIRE_TIMEOUT_MS", "500")])
            .run(&["migrate"]);
        assert_eq!((output.code, output.stderr.lines().count()), (1, 1), "{}", output.stderr);
        assert!(!output.stderr.contains("hunter2"), "{}", output.stderr);
    }
}

#[test]
fn a_mistake_in_a_settings_file_is_named_by_line_without_the_line() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("connects.toml");
    std::fs::write(&file, "pool_size = 4\ndatabase_url = \"postgres://app:hunter2@db/x\n").unwrap();
    let output = Commands::with(&[("CONNECTS_CONFIG", file.to_str().unwrap())]).run(&["config"]);
    assert!(output.stderr.contains("connects.toml is not TOML, line 2"), "{}", output.stderr);
    assert!(!output.stderr.contains("hunter2"), "{}", output.stderr);
}

#[test]
fn an_address_of_sqlite_is_read_with_its_parameters_or_refused_by_name() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("a.db");
    let run = |url: &str| Commands::with(&[("DATABASE_URL", url)]).run(&["migrate"]);
    let missing = run(&format!("sqlite://{}?mode=rw", file.display()));
    assert!(missing.stderr.contains("there is no SQLite file"), "{}", missing.stderr);
    let made = run(&format!("sqlite://{}?mode=rwc", file.display()));
    assert_eq!((made.code, file.exists()), (0, true), "{}", made.stderr);
    for (url, said) in [
        ("sqlite:", "names no file"),
        ("sqlite::memory:", "in memory"),
        ("sqlite:a.db?cache=shared", "`cache`"),
    ] {
        let refused = run(url);
        assert_eq!((refused.code, refused.stderr.lines().count()), (1, 1), "{}", refused.stderr);
        assert!(refused.stderr.contains(said), "{url}: {}", refused.stderr);
    }
}

#[tokio::test]
async fn p_1_no_secret_gets_into_the_logs_however_much_is_logged() {
    let world = World::new().await;
    let settings = &world.app.settings;
    let folder = settings.mail_folder().display().to_string();
    let commands = Commands::with(&[
        ("DATABASE_URL", &settings.database_url),
        ("CONNECTS_SECRET", secrecy::ExposeSecret::expose_secret(settings.secret.as_ref().unwrap())),
        ("CONNECTS_MAIL__FOLDER", &folder),
        ("CONNECTS_LOG", "trace"),
        ("CONNECTS_LOG_FORMAT", "json"),
    ]);
    let mut server = commands.spawn(&["serve", "--no-scheduler", "--listen", "127.0.0.1:0"]);
    let mut log = server.stderr.take().unwrap();
    let log = std::thread::spawn(move || {
        let mut text = String::new();
        log.read_to_string(&mut text).map(|_| text)
    });
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines().map_while(Result::ok);
    let line = lines.find(|line| line.starts_with("GraphQL on ")).expect("an address");
    let endpoint = line.trim_start_matches("GraphQL on ").to_owned();
    let ask = async |query: &str, input: Value| -> Value {
        let body = json!({ "query": query, "variables": { "input": input } });
        let answer = http_client().post(&endpoint).json(&body).send().await.unwrap();
        answer.json().await.unwrap()
    };
    let who =
        json!({ "email": ADA, "password": PASSWORD, "name": "Ada", "country": "GB", "freelancer": true });
    ask(REGISTER, who).await;
    ask(SIGN_IN, json!({ "email": ADA, "password": "canary-of-a-wrong-password" })).await;
    let tokens =
        ask(SIGN_IN, json!({ "email": ADA, "password": PASSWORD })).await["data"]["signIn"]["tokens"].clone();
    let (access, refresh) =
        (tokens["accessToken"].as_str().unwrap(), tokens["refreshToken"].as_str().unwrap());
    let inline =
        format!("mutation {{ signIn(input: {{ email: \"{ADA}\", password: \"{PASSWORD}\" ) {{ x }} }}");
    let echoed = ask(&inline, json!({})).await.to_string();
    let asked = http_client().post(&endpoint).bearer_auth(access);
    asked.json(&json!({ "query": "{ viewer { email } }" })).send().await.unwrap();
    let sent = commands.run(&["task", "run", "mail", "--json"]);
    assert_eq!(sent.code, 0, "{}", sent.stderr);
    let token = world.mailed_token(ADA).await;
    server.ask_to_stop();
    assert!(server.wait().unwrap().success());
    let logged = log.join().unwrap().unwrap() + &sent.stderr + &sent.stdout;
    assert!(logged.contains("\"request_id\""), "something is logged");
    for secret in [PASSWORD, "canary-of-a-wrong-password", access, refresh, &token, "$argon2id$v=19$m=19456"]
    {
        let lines: Vec<_> = logged.lines().filter(|line| line.contains(secret)).take(2).collect();
        assert!(lines.is_empty(), "{secret} in the logs: {lines:?}");
    }
    assert!(!echoed.contains(PASSWORD), "{echoed}");
}
