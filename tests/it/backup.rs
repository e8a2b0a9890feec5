//! Backups of a SQLite database that others use, and how one is restored; the health of a server.

use std::{
    io::{Read, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    World,
    commands::{Commands, address_of},
    postgres,
};

/// The names in `folder`.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn digest_of(commands: &Commands) -> Value {
    let verified = commands.run(&["verify", "--digest", "--json"]);
    assert_eq!(verified.code, 0, "{}", verified.stderr);
    serde_json::from_str::<Value>(&verified.stdout).unwrap()["digest"].clone()
}

#[tokio::test]
async fn a_backup_is_one_state_of_a_database_in_use_and_is_restored_by_its_name() {
    if postgres().is_some() {
        return;
    }
    let (world, folder) = (World::new().await, TempDir::new().unwrap());
    let clara = world.client("clara").await;
    let commands = Commands::on(&world.app.settings);
    let file = folder.path().join("it's.db");
    let (name, before) = (file.to_str().unwrap(), digest_of(&commands));
    let write = async {
        for n in 0..40 {
            world.post(&clara, &format!("Post {n}"), 40).await;
            world.freelancer(&format!("f{n}")).await;
        }
    };
    let backup = tokio::task::spawn_blocking({
        let (commands, name) = (commands.clone(), name.to_owned());
        move || commands.run(&["backup", &name, "--json"])
    });
    let (done, ()) = tokio::join!(backup, write);
    let done = done.unwrap();
    assert_eq!(done.code, 0, "{}", done.stderr);
    let made: Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(made["bytes"], json!(std::fs::metadata(&file).unwrap().len()));
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(names(folder.path()), ["it's.db"], "nothing beside it");
    // Restored: the same database under another name, whose keys the same secret opens.
    let restored = commands.clone().and("DATABASE_URL", &format!("sqlite:{name}"));
    assert_eq!(digest_of(&restored), made["digest"]);
    assert_eq!(restored.run(&["token", "--email", "clara@test.example"]).code, 0);
    assert_ne!(digest_of(&commands), before, "the others went on");
    let again = commands.run(&["backup", name]);
    assert_eq!((again.code, again.stderr.lines().count()), (1, 1), "{}", again.stderr);
    assert!(again.stderr.contains("is there already"), "{}", again.stderr);
    assert_eq!(digest_of(&restored), made["digest"], "it was not replaced");
}

#[tokio::test]
async fn a_copy_with_a_breach_is_no_backup_unless_asked_for() {
    if postgres().is_some() {
        return;
    }
    let (world, folder) = (World::new().await, TempDir::new().unwrap());
    world.freelancer("ada").await;
    world.sql("UPDATE wallets SET available = available + 1").await.unwrap();
    let commands = Commands::on(&world.app.settings);
    let file = folder.path().join("backup.db");
    let refused = commands.run(&["backup", file.to_str().unwrap()]);
    assert_eq!((refused.code, names(folder.path())), (4, Vec::new()), "{}", refused.stderr);
    let kept = commands.run(&["backup", file.to_str().unwrap(), "--no-verify"]);
    assert_eq!((kept.code, names(folder.path())), (0, vec!["backup.db".to_owned()]), "{}", kept.stderr);
    let nowhere = commands.run(&["backup", "no/such/folder/backup.db"]);
    assert_eq!((nowhere.code, nowhere.stderr.lines().count()), (1, 1), "{}", nowhere.stderr);
}

#[tokio::test]
async fn a_backup_that_is_asked_to_stop_leaves_nothing() {
    if postgres().is_some() {
        return;
    }
    let (world, folder) = (World::new().await, TempDir::new().unwrap());
    // Enough to copy that it is still at it when its draft is seen.
    world.sql("CREATE TABLE ballast (weight BLOB)").await.unwrap();
    let fill = "INSERT INTO ballast WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) \
                SELECT randomblob(1000000) FROM n";
    world.sql(fill).await.unwrap();
    let file = folder.path().join("backup.db");
    let mut backup = Commands::on(&world.app.settings).spawn(&["backup", file.to_str().unwrap()]);
    while names(folder.path()).is_empty() && backup.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    assert!(names(folder.path())[0].starts_with("backup.db."), "its draft");
    backup.ask_to_stop();
    assert_eq!(backup.wait().unwrap().code(), Some(1));
    assert_eq!(names(folder.path()), Vec::<String>::new());
}

#[test]
fn a_command_that_has_ended_leaves_a_sqlite_database_in_one_file() {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite:{}", folder.path().join("connects.db").display());
    let commands = Commands::with(&[("DATABASE_URL", &url), ("CONNECTS_CLOCK", "sandbox")]);
    let all: [&[&str]; 12] = [
        &["migrate"],
        &["register", "--freelancer", "ada@test.example"],
        &["register", "--freelancer", "ada@test.example"],
        &["token", "--email", "ada@test.example"],
        &["token", "--email", "nobody@test.example"],
        &["task", "list"],
        &["task", "run", "mail"],
        &["task", "run", "monthly-grants", "--dry-run"],
        &["clock", "advance", "2026-03-01T00:00:00Z"],
        &["keys", "rotate", "bearer-tokens"],
        &["verify", "--digest"],
        &["demo"],
    ];
    for command in all {
        let done = commands.run(command);
        assert!(matches!(done.code, 0 | 3), "{command:?}: {}", done.stderr);
        let beside: Vec<_> = names(folder.path())
            .into_iter()
            .filter(|name| name.contains("-wal") || name.contains("-shm"))
            .collect();
        assert_eq!(beside, Vec::<String>::new(), "{command:?}");
    }
    assert!(names(folder.path()).contains(&"connects.db".to_owned()));
}

#[tokio::test]
async fn on_postgresql_a_backup_names_the_command_that_makes_one() {
    let Some(_) = postgres() else { return };
    let (world, folder) = (World::new().await, TempDir::new().unwrap());
    let file = folder.path().join("backup.db");
    let refused = Commands::on(&world.app.settings).run(&["backup", file.to_str().unwrap()]);
    assert_eq!((refused.code, names(folder.path())), (1, Vec::new()));
    assert!(refused.stderr.contains("run pg_dump -Fc"), "{}", refused.stderr);
}

#[tokio::test]
async fn a_health_check_says_in_one_line_whether_a_server_is_ready() {
    let world = World::new().await;
    let commands = Commands::on(&world.app.settings);
    let mut server = commands.spawn(&["serve", "--listen", "127.0.0.1:0", "--no-scheduler"]);
    let url = format!("{}/", address_of(&mut server));
    let asked = |url: &str| {
        let done = commands.run(&["health", "--url", url]);
        (done.code, done.stdout)
    };
    assert_eq!(asked(&url), (0, "ready\n".to_owned()));
    let (code, said) = asked(&format!("{url}nowhere"));
    assert_eq!(code, 1);
    assert!(said.starts_with("not ready: 404"), "{said}");
    server.kill().unwrap();
    server.wait().unwrap();
    let (code, said) = asked(&url);
    assert_eq!((code, said.lines().count()), (1, 1));
    assert!(said.starts_with("not ready: "), "{said}");
    // Something else that answers there, at length.
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", other.local_addr().unwrap());
    let answering = std::thread::spawn(move || {
        let (mut connection, _) = other.accept().unwrap();
        let _ = connection.read(&mut [0; 1_024]);
        let body = "<h1>\u{1b}[31mBad\r\n  gateway\n</h1>";
        write!(connection, "HTTP/1.1 502 Bad Gateway\r\ncontent-length: {}\r\n\r\n{body}", body.len())
            .unwrap();
    });
    assert_eq!(asked(&url), (1, "not ready: 502 Bad Gateway <h1> [31mBad gateway </h1>\n".to_owned()));
    answering.join().unwrap();
}

#[test]
fn shells_and_readers_get_their_files() {
    let (commands, folder) = (Commands::with(&[]), TempDir::new().unwrap());
    for shell in ["bash", "zsh", "fish"] {
        let completions = commands.run(&["completions", shell]);
        assert!(
            completions.stdout.contains("expire-connects") || completions.stdout.contains("rewrap"),
            "{shell}"
        );
    }
    let man = folder.path().join("man1");
    assert_eq!(commands.run(&["man", man.to_str().unwrap()]).code, 0);
    assert!(names(&man).contains(&"connects-keys-rotate.1".to_owned()), "{:?}", names(&man));
}
