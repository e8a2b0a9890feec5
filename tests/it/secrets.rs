//! What lies about for others to read: files on the disk, and addresses with passwords in messages.

use std::{os::unix::fs::PermissionsExt, path::Path};

use tempfile::TempDir;

use crate::{
    command_line::{Commands, address_of},
    support::World,
};

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
    let told = commands.run(&["clock", "show"]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    assert!(
        told.stderr.contains("new.db is open to others") && told.stderr.contains("0640"),
        "{}",
        told.stderr
    );
}

/// Every session would end, and those who left could take the welcome gift again.
#[tokio::test]
async fn another_secret_than_the_databases_is_refused_and_changes_nothing() {
    let world = World::new().await;
    world.freelancer("ada").await;
    let commands = Commands::on(&world.app.settings);
    let before = commands.run(&["verify", "--digest", "--json"]).stdout;
    let token: [&str; 3] = ["token", "--email", "ada@test.example"];
    let own = commands.run(&token);
    assert_eq!(own.code, 0, "{}", own.stderr);
    for other in ["another secret of thirty-two bytes", &"0".repeat(32)] {
        let foreign = commands.clone().and("CONNECTS_SECRET", other);
        for command in [&token[..], &["register", "ben@test.example"], &["worker"], &["serve"], &["demo"]] {
            let refused = foreign.run(command);
            assert_eq!(
                (refused.code, refused.stderr.contains("not the secret")),
                (1, true),
                "{}",
                refused.stderr
            );
            assert!(refused.stderr.contains("set CONNECTS_SECRET to"), "{}", refused.stderr);
        }
    }
    assert_eq!(commands.run(&token).code, 0);
    assert_eq!(commands.run(&["verify", "--digest", "--json"]).stdout, before);
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
        let told = Commands::with(&[("DATABASE_URL", url), ("CONNECTS_ACQUIRE_TIMEOUT_MS", "500")])
            .run(&["migrate"]);
        assert_eq!((told.code, told.stderr.lines().count()), (1, 1), "{}", told.stderr);
        assert!(!told.stderr.contains("hunter2"), "{}", told.stderr);
    }
}

#[test]
fn a_settings_file_is_told_by_line_without_the_line() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("connects.toml");
    std::fs::write(&file, "pool_size = 4\ndatabase_url = \"postgres://app:hunter2@db/x\n").unwrap();
    let told = Commands::with(&[("CONNECTS_CONFIG", file.to_str().unwrap())]).run(&["config"]);
    assert!(told.stderr.contains("connects.toml is not TOML, line 2"), "{}", told.stderr);
    assert!(!told.stderr.contains("hunter2"), "{}", told.stderr);
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
