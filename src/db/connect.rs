//! Connecting: pools, pragmas, time-outs, and tables.

use std::{
    collections::HashSet,
    path::Path,
    time::{Duration, Instant},
};

use migration::{Migrator, MigratorTrait, SchemaManager};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode,
    SqlxSqliteConnector, TransactionOptions, TransactionTrait,
    sqlx::{
        self, Executor,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous as Sync},
    },
};
use tokio::time::sleep;

use super::{
    failure,
    pace::LOCK_INTERVAL,
    pooler::{self, Opening},
    postgres,
    trust::Trust,
    txn::to_the_end,
};
use crate::{
    config::{DatabaseUrl, Settings, SqliteFile, SqliteSynchronous},
    entity::enums::ClockKind,
    error::{Error, Fault, Result},
    private,
};

/// The advisory lock that a process holds while it migrates PostgreSQL, so that two that start together take turns.
const MIGRATION_LOCK: i64 = 0x0C0E_C75D;

/// How long a write waits for another process on SQLite.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);

/// What to do about a database that does not exist yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// It must exist, with its tables.
    Existing,
    /// Create what is missing; a new database uses this clock unless the settings say otherwise.
    OrCreate(ClockKind),
}

/// The connections of a database.
#[derive(Debug)]
pub struct Pools {
    /// For reading.
    pub read: DatabaseConnection,
    /// For writing; on PostgreSQL the same pool.
    pub write: DatabaseConnection,
    /// Which of these connections are reused.
    pub(super) trust: Trust,
    /// What each transaction runs first.
    pub(super) opening: Opening,
}

/// The reading and the writing connections.
pub(super) async fn pools(settings: &Settings, open: Open) -> Result<Pools> {
    let trust = Trust::default();
    let (read, write) = match settings.database()? {
        DatabaseUrl::Sqlite(file) => sqlite(settings, &file, open, &trust).await?,
        DatabaseUrl::Postgres(server) => {
            let pool = postgres::pool(settings, *server, &trust).await?;
            (pool.clone(), pool)
        }
    };
    Ok(Pools { read, write, trust, opening: Opening::of(settings) })
}

impl Pools {
    /// Looks at the database before it is migrated, if it has been made at all: `look` is told whether there is a table
    /// of this name.
    ///
    /// # Errors
    /// What `look` returns; when the database cannot be reached.
    pub async fn peek(
        &self,
        table: &str,
        look: impl AsyncFnOnce(&DatabaseTransaction, bool) -> Result<()>,
    ) -> Result<()> {
        let txn = begin(&self.read, &self.opening, Open::Existing.transaction()).await?;
        let (has_any, has_table) = {
            let schema = SchemaManager::new(&txn);
            (schema.has_table("instance").await?, schema.has_table(table).await?)
        };
        let seen = if has_any { look(&txn, has_table).await } else { Ok(()) };
        txn.rollback().await?;
        seen
    }
}

async fn sqlite(
    settings: &Settings,
    file: &SqliteFile,
    open: Open,
    trust: &Trust,
) -> Result<(DatabaseConnection, DatabaseConnection)> {
    let path = &file.path;
    let may_be_made = file.may_be_made && open != Open::Existing;
    check_file(path, may_be_made)?;
    let synchronous = match settings.sqlite_synchronous {
        SqliteSynchronous::Full => Sync::Full,
        SqliteSynchronous::Normal => Sync::Normal,
    };
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(may_be_made)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .busy_timeout(LOCK_TIMEOUT)
        .foreign_keys(true)
        .statement_cache_capacity(256);
    // Several processes that make one file at a time are in each other's way, which passes.
    let unusable = |e: sqlx::Error| match failure::is_in_use(&e) {
        true => Fault::Locked,
        false => Fault::Setup(format!("cannot open the SQLite file {}: {e}", path.display())),
    };
    let patience = Duration::from_millis(settings.acquire_timeout_ms);
    let pool = trust.guard(SqlitePoolOptions::new().acquire_timeout(patience));
    let writer = pool.clone().max_connections(1).idle_timeout(None).max_lifetime(None);
    // What a large statement may have to undo goes into memory and not into a file; the writer keeps 8 MiB of the database
    // at hand, and copies the log back every 4,000 pages.
    let writing = options.clone().pragma("temp_store", "MEMORY");
    let writing = writing.pragma("cache_size", "-8192").pragma("wal_autocheckpoint", "4000");
    // Another process may leave the writer free only briefly: `begin_soon` asks more often than SQLite does.
    let writer = writer.after_connect(|connection, _| {
        Box::pin(async move { connection.execute("PRAGMA busy_timeout = 0").await.map(|_| ()) })
    });
    let write = writer.connect_with(writing).await.map_err(unusable)?;
    let readers = pool.max_connections(settings.pool_size);
    let reading = options.pragma("query_only", "1");
    let read = readers.connect_with(reading).await.map_err(unusable)?;
    let beside = ["-wal", "-shm"].map(|end| format!("{}{end}", path.display()));
    private::warn_if_open_to_others([path.as_path()].into_iter().chain(beside.iter().map(Path::new)));
    let connection = SqlxSqliteConnector::from_sqlx_sqlite_pool;
    Ok((connection(read), connection(write)))
}

/// Reports what is wrong with a file more clearly than SQLite would, and creates it, for its owner only, if it is
/// missing. SQLite gives its `-wal` and `-shm` files the same permissions.
fn check_file(path: &Path, may_be_made: bool) -> Result<()> {
    match std::fs::metadata(path) {
        Ok(file) if file.is_dir() => {
            Err(Fault::Setup(format!("{} is a folder, not a SQLite file", path.display())).into())
        }
        Ok(file) if file.permissions().readonly() => {
            Err(Fault::Setup(format!("the SQLite file {} is read-only; make it writable", path.display()))
                .into())
        }
        Ok(_) => Ok(()),
        Err(_) if !may_be_made => Err(Fault::Setup(format!(
            "there is no SQLite file {}; run `connects migrate` or `connects serve --demo` first, \
             or set DATABASE_URL",
            path.display()
        ))
        .into()),
        Err(_) => match private::create_file(path) {
            Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => {
                Err(Fault::Setup(format!("cannot create the SQLite file {}: {e}", path.display())).into())
            }
            _ => Ok(()),
        },
    }
}

/// Creates or checks the tables. Two processes that start together take turns: on SQLite by the
/// IMMEDIATE transaction, on PostgreSQL by an advisory lock.
pub(super) async fn prepare_tables(pools: &Pools, open: Open) -> Result<()> {
    let txn = begin(&pools.write, &pools.opening, open.transaction()).await.map_err(unmigrated)?;
    if open == Open::Existing {
        must_know_all(&txn).await?;
        return check_tables(&txn).await;
    }
    if txn.get_database_backend() == DbBackend::Postgres {
        txn.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
    }
    must_know_all(&txn).await?;
    Migrator::up(&txn, None).await.map_err(unmigrated)?;
    txn.commit().await.map_err(unmigrated)
}

/// Refuses a database with migrations that this program does not know: it would not keep what they rely on.
async fn must_know_all(db: &DatabaseTransaction) -> Result<()> {
    let applied = Migrator::get_migration_models(db).await.map_err(unmigrated)?;
    let known: HashSet<_> =
        Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    let unknown: Vec<_> =
        applied.into_iter().map(|row| row.version).filter(|name| !known.contains(name)).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(Fault::Setup(format!(
        "the database has migrations that this program does not know ({}); run the version that made them, or restore a backup from before them",
        unknown.join(", ")
    ))
    .into())
}

async fn check_tables(db: &DatabaseTransaction) -> Result<()> {
    let pending = Migrator::get_pending_migrations(db).await.map_err(unmigrated)?;
    if pending.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = pending.iter().map(|m| m.name().to_owned()).collect();
    let names = names.join(", ");
    Err(Fault::Setup(format!("the database lacks migrations ({names}); run `connects migrate`")).into())
}

/// A temporary failure stays a fault that a starting process retries; anything else becomes a message.
fn unmigrated(error: DbErr) -> Error {
    match pooler::met(&error.to_string()) {
        Some(sentence) => Fault::Setup(sentence).into(),
        None if failure::passing(&error).is_some() => error.into(),
        None => Fault::Setup(format!("cannot migrate the database: {error}")).into(),
    }
}

impl Open {
    /// How a transaction begins that creates what is missing, or only checks.
    pub(super) fn transaction(self) -> TransactionOptions {
        if self == Self::Existing { TransactionOptions::default() } else { for_writing() }
    }
}

/// How writing transactions begin: on SQLite with the lock that they need.
pub(super) fn for_writing() -> TransactionOptions {
    TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    }
}

/// Begins a transaction, and finishes doing so even if the caller gives up.
pub(super) async fn begin(
    pool: &DatabaseConnection,
    opening: &Opening,
    options: TransactionOptions,
) -> Result<DatabaseTransaction, DbErr> {
    begin_with(pool, opening, options, None).await
}

/// Begins a transaction that reads one snapshot throughout.
pub(super) async fn begin_reading(
    pool: &DatabaseConnection,
    opening: &Opening,
) -> Result<DatabaseTransaction, DbErr> {
    // Not as an option: the driver prepares it under a name, which a pooler's connection may know already.
    let one_state = match pool.get_database_backend() {
        DbBackend::Postgres => Some("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"),
        _ => None,
    };
    begin_with(pool, opening, TransactionOptions::default(), one_state).await
}

async fn begin_with(
    pool: &DatabaseConnection,
    opening: &Opening,
    options: TransactionOptions,
    first: Option<&'static str>,
) -> Result<DatabaseTransaction, DbErr> {
    let (pool, opening) = (pool.clone(), opening.clone());
    let begun = to_the_end(async move {
        let txn = begin_soon(&pool, options).await?;
        if let Some(sql) = first {
            txn.execute_unprepared(sql).await?;
        }
        opening.say(&txn).await?;
        Ok(txn)
    });
    begun.await.map_err(|e| DbErr::Custom(e.to_string()))?
}

/// Begins a transaction; on SQLite, while another process has the only writer, asks again and again.
pub(super) async fn begin_soon(
    pool: &DatabaseConnection,
    options: TransactionOptions,
) -> Result<DatabaseTransaction, DbErr> {
    let begun = Instant::now();
    loop {
        match pool.begin_with_options(options).await {
            Err(error) if failure::is_locked(&error) && begun.elapsed() < LOCK_TIMEOUT => {
                sleep(LOCK_INTERVAL).await;
            }
            done => return done,
        }
    }
}

/// Open connections of a pool, and how many of them are idle.
pub(super) fn in_use(pool: &DatabaseConnection) -> (i64, i64) {
    let (open, idle) = match pool.get_database_backend() {
        DbBackend::Postgres => {
            let pool = pool.get_postgres_connection_pool();
            (pool.size(), pool.num_idle())
        }
        _ => {
            let pool = pool.get_sqlite_connection_pool();
            (pool.size(), pool.num_idle())
        }
    };
    (open.into(), i64::try_from(idle).unwrap_or(i64::MAX))
}
