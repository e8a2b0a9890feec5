//! A database for each test: a SQLite file in a folder of its own, or one on the server that `TEST_DATABASE_URL` names.

use connects::{
    config::Settings,
    db::{Database, Open},
    entity::enums::ClockKind,
};
use sea_orm::ConnectionTrait;
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// The PostgreSQL server to test on, if any.
pub fn postgres() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

/// Where the database called `name` is reached: on `server`, or through the pooler that
/// `TEST_DATABASE_POOLER` names, such as `postgres://app@127.0.0.1:6432`.
pub fn url_of(server: &str, name: &str) -> String {
    format!("{}/{name}", pooler().as_deref().unwrap_or(server))
}

fn pooler() -> Option<String> {
    std::env::var("TEST_DATABASE_POOLER").ok().filter(|url| !url.is_empty())
}

/// Settings of a new database in `clock` time.
pub async fn settings(folder: &TempDir, clock: ClockKind) -> Settings {
    let database_url = match postgres() {
        None => format!("sqlite:{}", folder.path().join("connects.db").display()),
        Some(server) => {
            let name = format!("test_{}", uuid::Uuid::now_v7().simple());
            run_on_server(&server, &format!("CREATE DATABASE {name}")).await;
            url_of(&server, &name)
        }
    };
    Settings { database_url, clock: Some(clock), ..small(folder) }
}

/// Settings that make a world cheap.
pub fn small(folder: &TempDir) -> Settings {
    let mut settings = Settings {
        secret: Some("a secret of thirty-two bytes, for tests".into()),
        pool_size: 4,
        http_workers: 1,
        acquire_timeout_ms: 60_000,
        database_pooler: pooler().is_some(),
        ..Settings::default()
    };
    settings.mail.folder = Some(folder.path().join("mail"));
    settings.assets.folder = Some(folder.path().join("assets"));
    settings.sign_in.argon2_memory_kib = 64;
    settings.sign_in.argon2_passes = 1;
    settings.sign_in.answer_floor_ms = 0;
    settings
}

/// Runs one statement on the server.
pub async fn run_on_server(server: &str, sql: &str) {
    let db = sea_orm::Database::connect(format!("{server}/postgres")).await.expect("the test server answers");
    db.execute_unprepared(sql).await.expect("a database for the test");
    db.close().await.expect("closed");
}

/// A migrated database in sandbox time that tests copy: migrating each one costs more than the tests.
pub async fn template() -> &'static String {
    static TEMPLATE: OnceCell<(String, TempDir)> = OnceCell::const_new();
    let made = TEMPLATE.get_or_init(|| async {
        let folder = TempDir::new().expect("a folder");
        let mut settings = settings(&folder, ClockKind::Sandbox).await;
        if let (Some(server), Some(pooler)) = (postgres(), pooler()) {
            // A pooler keeps connections open, and a database that somebody is connected to is no template.
            settings.database_url = settings.database_url.replace(&pooler, &server);
            settings.database_pooler = false;
        }
        let db = Database::open(&settings, Open::OrCreate(ClockKind::Sandbox)).await.expect("a template");
        db.close().await.expect("closed");
        (settings.database_url, folder)
    });
    &made.await.0
}
