//! The command line: what others script against, and what it says when something is wrong.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
};

use connects::{app::App, config::Settings, db::Open, schedule::TASKS};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{
    World, at,
    commands::{Commands, Done},
    http_client,
};

fn new_database(folder: &TempDir) -> String {
    format!("sqlite:{}", folder.path().join("new.db").display())
}

#[test]
fn every_command_has_help_with_an_example() {
    let commands = Commands::with(&[]);
    let all: [&[&str]; 22] = [
        &["serve"],
        &["worker"],
        &["migrate"],
        &["schema"],
        &["task", "list"],
        &["task", "run"],
        &["clock", "show"],
        &["clock", "advance"],
        &["clock", "confirm"],
        &["import", "job-posts"],
        &["demo"],
        &["register"],
        &["token"],
        &["verify"],
        &["config"],
        &["keys", "list"],
        &["keys", "rewrap"],
        &["keys", "rotate"],
        &["backup"],
        &["health"],
        &["completions"],
        &["man"],
    ];
    for command in all {
        let done = commands.run(&[command, &["--help"]].concat());
        assert_eq!(done.code, 0);
        assert!(done.stdout.contains("Example:\n  "), "{command:?}");
    }
    let all = commands.run(&["--help"]);
    assert!(all.stdout.contains("Exit codes:") && all.stdout.contains("DATABASE_URL"));
    assert_eq!(commands.run(&["nonsense"]).code, 2);
}

#[test]
fn a_wrong_setting_is_named_at_start() {
    for (name, value, said) in [
        ("CONNECTS_POOL_SIZE", "many", "pool_size"),
        ("CONNECTS_NONSENSE", "1", "nonsense"),
        ("CONNECTS_CLOCK", "moon", "CONNECTS_CLOCK"),
        ("CONNECTS_SECRET", "short", "CONNECTS_SECRET"),
        ("DATABASE_URL", "mysql://db", "database_url"),
        ("CONNECTS_CORS_ORIGINS", "https://a.example, *", "`*`"),
        ("CONNECTS_TRUSTED_PROXIES", "10.0.0.0/8, proxy.example", "`proxy.example`"),
        ("CONNECTS_BODIES__AT_ONCE", "0", "bodies"),
    ] {
        let done = Commands::with(&[(name, value)]).run(&["config"]);
        assert_eq!(done.code, 1, "{name}");
        assert!(done.stderr.contains(said), "{name}: {}", done.stderr);
        assert_eq!(done.stderr.lines().count(), 1, "{}", done.stderr);
    }
    let shown =
        Commands::with(&[("CONNECTS_LIMITS__DEPTH", "12"), ("CONNECTS_CLOCK", "sandbox")]).run(&["config"]);
    assert!(
        shown.stdout.contains("depth = 12") && shown.stdout.contains("clock = \"SANDBOX\""),
        "{}",
        shown.stdout
    );
}

#[test]
fn one_half_of_a_limit_is_set_and_the_other_stays() {
    let digits = Commands::with(&[
        ("CONNECTS_PAYOUTS__PAYER__SORT_CODE", "012345"),
        ("CONNECTS_ASSETS__S3__ACCESS_KEY_ID", "00012345"),
        ("CONNECTS_GRAPHIQL", "false"),
    ]);
    let shown = digits.run(&["config"]).stdout;
    for line in ["sort_code = \"012345\"", "access_key_id = \"00012345\"", "graphiql = false"] {
        assert!(shown.contains(line), "{line} is not in {shown}");
    }
    let half = ("CONNECTS_SIGN_IN__MAILS_PER_ADDRESS__TIMES", "7");
    let shown = Commands::with(&[half]).run(&["config"]);
    assert!(
        shown.stdout.contains("[sign_in.mails_per_address]\ntimes = 7\nminutes = 60"),
        "{}",
        shown.stdout
    );
    assert_eq!(shown.code, 0, "{}", shown.stderr);
}

#[test]
fn a_database_that_cannot_be_used_is_reported_in_one_sentence() {
    let folder = TempDir::new().unwrap();
    let missing = new_database(&folder);
    let read_only = folder.path().join("read-only.db");
    std::fs::write(&read_only, "").unwrap();
    let mut permissions = std::fs::metadata(&read_only).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&read_only, permissions).unwrap();
    let garbage = folder.path().join("garbage.db");
    std::fs::write(&garbage, "this is no database, though it is long enough to be looked at".repeat(50))
        .unwrap();
    let cases = [
        (missing, "verify", "there is no SQLite file"),
        (format!("sqlite:{}", read_only.display()), "migrate", "read-only"),
        (format!("sqlite:{}", garbage.display()), "migrate", "not a database"),
        (format!("sqlite:{}", folder.path().display()), "migrate", "is a folder"),
        ("postgres://nobody:hidden@127.0.0.1:1/none".to_owned(), "migrate", "cannot reach PostgreSQL"),
    ];
    for (url, command, said) in cases {
        let done = Commands::with(&[("DATABASE_URL", &url)]).run(&[command]);
        assert_eq!(done.code, 1, "{url}");
        assert!(done.stderr.contains(said), "{url}: {}", done.stderr);
        assert!(!done.stderr.contains("hidden"), "no password");
        assert_eq!(done.stderr.trim().lines().count(), 1, "{}", done.stderr);
    }
}

#[test]
fn a_database_keeps_the_time_it_was_born_in() {
    let folder = TempDir::new().unwrap();
    let url = new_database(&folder);
    let born = Commands::with(&[("DATABASE_URL", &url), ("CONNECTS_CLOCK", "system")]).run(&["migrate"]);
    assert_eq!(born.stdout, "the database is up to date, in system time\n");
    let other =
        Commands::with(&[("DATABASE_URL", &url), ("CONNECTS_CLOCK", "sandbox")]).run(&["clock", "show"]);
    assert_eq!(other.code, 1);
    assert!(other.stderr.contains("created in system time"), "{}", other.stderr);
    let unset = Commands::with(&[("DATABASE_URL", &url)]);
    assert!(unset.run(&["clock", "show"]).stdout.starts_with("system 2"));
    let moved = unset.run(&["clock", "advance", "2099-01-01T00:00:00Z"]);
    assert_eq!(moved.code, 3);
    assert!(moved.stderr.contains("system time"), "{}", moved.stderr);
    let demo = unset.run(&["serve", "--demo"]);
    assert_eq!(demo.code, 1, "a system database takes no demo, and needs a secret");
    let secret = "0123456789abcdef0123456789abcdef";
    let demo = Commands::with(&[("DATABASE_URL", &url), ("CONNECTS_SECRET", secret)]).run(&["demo"]);
    assert_eq!(demo.code, 1);
    assert!(demo.stderr.contains("real data"), "{}", demo.stderr);
    let unsigned = unset.run(&["token", "--email", "a@b.example"]);
    assert!(unsigned.stderr.contains("CONNECTS_SECRET"), "{}", unsigned.stderr);
}

#[test]
fn the_demo_is_planted_once_and_its_secret_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let commands = Commands::with(&[("DATABASE_URL", &new_database(&folder))]);
    let digest = || commands.run(&["verify", "--digest", "--json"]).stdout;
    let personas: Value = serde_json::from_str(commands.run(&["demo", "--json"]).last_line()).unwrap();
    assert_eq!(personas.as_array().unwrap().len(), 4);
    let first = digest();
    assert_eq!(commands.run(&["demo", "--json"]).code, 0);
    assert_eq!(digest(), first);
    assert!(first.starts_with("{\"breaches\":[],\"digest\":"), "{first}");
    let key = std::fs::metadata(folder.path().join("new.db.key")).unwrap().permissions().mode();
    assert_eq!(key & 0o777, 0o600);
}

#[tokio::test]
async fn q_4_tasks_run_as_commands_with_json_and_exit_codes() {
    let world = World::new().await;
    world.freelancer("ada").await;
    world.sleep_until("2026-02-10T00:00:00Z").await;
    let commands = Commands::on(&world.app.settings);
    let counts =
        |done: &Done| serde_json::from_str::<Value>(done.last_line()).unwrap()["counts"]["issued"].clone();
    let dry = commands.run(&["task", "run", "monthly-grants", "--dry-run", "--json"]);
    assert_eq!((dry.code, counts(&dry)), (0, 1.into()));
    let early = commands.run(&["task", "run", "monthly-grants", "--at", "2026-01-20T00:00:00Z", "--json"]);
    assert_eq!(counts(&early), 0, "nothing was due by then");
    let real = commands.run(&["task", "run", "monthly-grants", "--json"]);
    assert_eq!(counts(&real), 1);
    assert_eq!(commands.run(&["task", "run", "nope"]).code, 3);
    assert_eq!(commands.run(&["task", "list", "--json"]).stdout.lines().count(), TASKS.len());
    world.sql("UPDATE wallets SET available = available + 1").await.unwrap();
    assert_eq!(commands.run(&["verify"]).code, 4);
    let failed = commands.run(&["task", "run", "reconcile", "--json"]);
    let summary: Value = serde_json::from_str(failed.last_line()).unwrap();
    assert_eq!((failed.code, &summary["outcome"]), (1, &"FAILED".into()));
    assert!(summary["error"].as_str().unwrap().contains("breaches"));
}

#[tokio::test]
async fn q_4_a_command_that_is_asked_to_stop_ends_its_batch_and_gives_its_leases_back() {
    let world = World::new().await;
    world.freelancer("ada").await;
    let commands = Commands::on(&world.app.settings);
    // Years of nightly reconciliations: it is stopped on the way.
    let mut advance = commands.spawn(&["clock", "advance", "2036-01-01T00:00:00Z"]);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while world.db().now().await.unwrap() < at("2026-01-03T00:00:00Z") && std::time::Instant::now() < deadline
    {
        tokio::task::yield_now().await;
    }
    advance.ask_to_stop();
    assert_eq!(advance.wait().unwrap().code(), Some(1));
    let stood = world.db().now().await.unwrap();
    assert!(stood > at("2026-01-01T00:00:00Z") && stood < at("2036-01-01T00:00:00Z"));
    let on = (stood + chrono::TimeDelta::days(2)).to_rfc3339();
    let done = commands.run(&["clock", "advance", &on]);
    assert_eq!(done.code, 0, "no lease is in the way: {}", done.stderr);
}

#[tokio::test]
async fn people_are_registered_and_get_tokens() {
    let world = World::new().await;
    let commands = Commands::on(&world.app.settings);
    let done = commands.run(&["register", "--freelancer", "Ada@Test.example", "bea@test.example"]);
    assert_eq!(done.stdout, "registered ada@test.example\nregistered bea@test.example\n");
    assert_eq!(commands.run(&["register", "ada@test.example"]).code, 3);
    let skipped = commands.run(&["register", "--skip-existing", "ada@test.example"]);
    assert_eq!(skipped.stdout, "exists ada@test.example\n");
    let tokens = commands.run(&["token", "--email", "ada@test.example", "--email", "bea@test.example"]);
    assert_eq!(tokens.stdout.lines().filter(|token| world.app.keys.check(token).is_some()).count(), 2);
    assert_eq!(commands.run(&["token", "--email", "nobody@test.example"]).code, 3);
}

#[test]
fn a_port_in_use_is_reported_and_sigterm_ends_the_server_gracefully() {
    let folder = TempDir::new().unwrap();
    let url = new_database(&folder);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let commands = Commands::with(&[("DATABASE_URL", &url), ("CONNECTS_CLOCK", "sandbox")]);
    let refused = commands.run(&["serve", "--listen", &address]);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("is in use"), "{}", refused.stderr);
    let mut server = commands.spawn(&["serve", "--listen", "127.0.0.1:0"]);
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let line =
        lines.find_map(|line| line.ok().filter(|line| line.starts_with("GraphQL on "))).expect("an address");
    let endpoint = line.trim_start_matches("GraphQL on ").trim_end_matches("/graphql");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let status = runtime
        .block_on(async { http_client().get(format!("{endpoint}/readyz")).send().await.unwrap().status() });
    assert_eq!(status, 200);
    server.ask_to_stop();
    assert!(server.wait().unwrap().success());
}

#[tokio::test]
async fn a_database_that_another_version_has_migrated_further_is_refused_by_every_command() {
    let world = World::new().await;
    world.sql("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 1)").await.unwrap();
    let commands = Commands::on(&world.app.settings);
    for words in
        [["migrate"].as_slice(), &["verify"], &["clock", "show"], &["serve", "--listen", "127.0.0.1:0"]]
    {
        let done = commands.run(words);
        assert_eq!(done.code, 1, "{words:?}");
        assert!(
            done.stderr.contains("this program does not know") && done.stderr.contains("m9999_later"),
            "{}",
            done.stderr
        );
    }
}

#[tokio::test]
async fn m_4_a_worker_started_after_an_outage_catches_up_in_system_time() {
    let place = crate::support::Place::new(None).await;
    let settings = place.settings(connects::entity::enums::ClockKind::System);
    let commands = Commands::on(&settings);
    assert_eq!(commands.run(&["migrate"]).code, 0);
    assert_eq!(commands.run(&["register", "--freelancer", "ada@test.example"]).code, 0);
    // As if the last hundred days had passed without a process.
    let db = connects::db::Database::open(&settings, connects::db::Open::Existing).await.unwrap();
    let started = connects::clock::wall_now() - chrono::TimeDelta::days(100);
    let anchor = connects::memberships::rules::anchor_day_of(
        started.date_naive(),
        connects::policy::ShortMonths::FirstOfMonth,
    );
    let next = connects::memberships::rules::next_start(started.date_naive(), anchor);
    let next = connects::clock::midnight(next);
    db.write(async |txn| {
        let sql = connects::db::Sql::new(
            "UPDATE memberships SET cycle_started_at = :started, next_grant_at = :next, anchor_day = :day",
        );
        txn.run(sql.bind("started", started).bind("next", next).bind("day", anchor)).await
    })
    .await
    .unwrap();
    // Two workers at once: each cycle is issued once all the same.
    let mut workers = [commands.spawn(&["worker"]), commands.spawn(&["worker"])];
    for worker in &mut workers {
        // From then on it ends what it is about when asked to stop; its log is read to the end.
        let mut lines = BufReader::new(worker.stderr.take().expect("a log")).lines().map_while(Result::ok);
        assert!(lines.any(|line| line.contains("the scheduler runs")), "a worker did not start");
        std::thread::spawn(move || lines.for_each(drop));
    }
    let issued = async || {
        use sea_orm::{ConnectionTrait, Statement};
        let sql = "SELECT COUNT(*) AS n FROM entries WHERE kind = 'MONTHLY_FREE'";
        let row =
            db.read().query_one_raw(Statement::from_string(db.read().get_database_backend(), sql)).await;
        row.unwrap().unwrap().try_get::<i64>("", "n").unwrap()
    };
    let mut expected = 1;
    let mut day = next;
    while day <= connects::clock::wall_now() {
        expected += 1;
        day = connects::clock::midnight(connects::memberships::rules::next_start(day.date_naive(), anchor));
    }
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while issued().await < expected && std::time::Instant::now() < deadline {
        tokio::task::yield_now().await;
    }
    for worker in &mut workers {
        worker.ask_to_stop();
        assert!(worker.wait().unwrap().success());
    }
    assert_eq!(issued().await, expected);
    assert!(connects::books::verify(db.read()).await.unwrap().is_empty());
}

#[test]
fn a_damaged_secret_is_refused() {
    let folder = TempDir::new().unwrap();
    let url = new_database(&folder);
    let commands = Commands::with(&[("DATABASE_URL", &url), ("CONNECTS_CLOCK", "sandbox")]);
    assert_eq!(commands.run(&["register", "ada@test.example"]).code, 0);
    std::fs::write(folder.path().join("new.db.key"), "").unwrap();
    let damaged = commands.run(&["token", "--email", "ada@test.example"]);
    assert_eq!(damaged.code, 1);
    assert!(damaged.stderr.contains("damaged"), "{}", damaged.stderr);
}

#[tokio::test]
async fn a_secret_of_digits_is_taken_as_it_is() {
    let folder = TempDir::new().unwrap();
    let digits = "1234567890123456789012345678901234567890";
    let url = new_database(&folder);
    let commands = Commands::with(&[("DATABASE_URL", &url), ("CONNECTS_CLOCK", "sandbox")]);
    let commands = commands.and("CONNECTS_SECRET", digits);
    assert_eq!(commands.run(&["register", "ada@test.example"]).code, 0);
    let minted = commands.run(&["token", "--email", "ada@test.example"]);
    let settings = Settings { database_url: url, secret: Some(digits.into()), ..Settings::default() };
    let app = App::open(settings, Open::Existing).await.unwrap();
    assert!(app.keys.check(minted.last_line()).is_some());
}
