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

/// A database and a folder of a test's own. Both go when the test ends, but for the template: a database for each test
/// fills a disk.
pub struct Place {
    folder: TempDir,
    pub database_url: String,
    on_server: Option<(String, String)>,
}

impl Place {
    /// With a copy of `template`, or with an empty database.
    pub async fn new(template: Option<&str>) -> Self {
        let folder = TempDir::new().expect("a folder");
        let Some(server) = postgres() else {
            let path = folder.path().join("connects.db");
            if let Some(template) = template {
                std::fs::copy(template.trim_start_matches("sqlite:"), &path).expect("a copy");
            }
            return Self { folder, database_url: format!("sqlite:{}", path.display()), on_server: None };
        };
        let name = format!("test_{}", uuid::Uuid::now_v7().simple());
        let from = template.and_then(|url| url.rsplit('/').next()).unwrap_or("template1");
        run_on_server(&server, &format!("CREATE DATABASE {name} TEMPLATE {from}")).await;
        Self { folder, database_url: url_of(&server, &name), on_server: Some((server, name)) }
    }

    /// Settings of this database in `clock` time.
    pub fn settings(&self, clock: ClockKind) -> Settings {
        Settings { database_url: self.database_url.clone(), clock: Some(clock), ..small(&self.folder) }
    }

    pub fn small(&self) -> Settings {
        small(&self.folder)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((server, name)) = self.on_server.take() else { return };
        // The test's own runtime may be the thread that drops this, and cannot wait for itself.
        let _ = std::thread::spawn(move || drop_database(&server, &name)).join();
    }
}

/// Drops it and ends every connection to it. A test that failed has said so already, so an error is left alone.
fn drop_database(server: &str, name: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let Ok(db) = sea_orm::Database::connect(format!("{server}/postgres")).await else { return };
        let _ = db.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        let _ = db.close().await;
    });
}

/// Settings that make a world cheap.
fn small(folder: &TempDir) -> Settings {
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
    static TEMPLATE: OnceCell<Place> = OnceCell::const_new();
    let made = TEMPLATE.get_or_init(|| async {
        let mut place = Place::new(None).await;
        let mut settings = place.settings(ClockKind::Sandbox);
        if let (Some(server), Some(pooler)) = (postgres(), pooler()) {
            // A pooler keeps connections open, and a database that somebody is connected to is no template.
            settings.database_url = settings.database_url.replace(&pooler, &server);
            settings.database_pooler = false;
        }
        let db = Database::open(&settings, Open::OrCreate(ClockKind::Sandbox)).await.expect("a template");
        db.close().await.expect("closed");
        place.database_url = settings.database_url;
        place
    });
    &made.await.database_url
}
