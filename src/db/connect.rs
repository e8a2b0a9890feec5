//! Connecting: pools, pragmas, time-outs, and tables.

use std::{path::Path, time::Duration};

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, SqliteTransactionMode, SqlxPostgresConnector,
    SqlxSqliteConnector, TransactionOptions, TransactionTrait,
    sqlx::{
        postgres::{PgConnectOptions, PgPoolOptions},
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous as Sync},
    },
};

use super::trust::Trust;
use crate::{
    config::{DatabaseUrl, Settings, SqliteFile, SqliteSynchronous},
    entity::enums::ClockKind,
    error::{Fault, Result},
    private,
};

/// Held while a process migrates PostgreSQL, so that two that start together take turns.
const MIGRATION_LOCK: i64 = 0x0C0E_C75D;

/// What to do about a database that is not there yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// It must be there, with its tables.
    Existing,
    /// Make what is missing; a new one lives in this time unless the settings say otherwise.
    OrCreate(ClockKind),
}

/// The connections of a database.
#[derive(Debug)]
pub struct Pools {
    /// For reading.
    pub read: DatabaseConnection,
    /// For writing; on PostgreSQL the same pool.
    pub write: DatabaseConnection,
    /// Which of both are used again.
    pub(super) trust: Trust,
}

/// The reading and the writing connections.
pub(super) async fn pools(settings: &Settings, open: Open) -> Result<Pools> {
    let trust = Trust::default();
    let (read, write) = match settings.database()? {
        DatabaseUrl::Sqlite(file) => sqlite(settings, &file, open, &trust).await?,
        DatabaseUrl::Postgres(server) => postgres(settings, *server, &trust).await?,
    };
    Ok(Pools { read, write, trust })
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
        .busy_timeout(Duration::from_secs(5))
        .foreign_keys(true)
        .statement_cache_capacity(256);
    let unusable = |e| setup(format!("cannot open the SQLite file {}: {e}", path.display()));
    let patience = Duration::from_millis(settings.acquire_timeout_ms);
    let pool = trust.guard(SqlitePoolOptions::new().acquire_timeout(patience));
    let writer = pool.clone().max_connections(1).idle_timeout(None).max_lifetime(None);
    let write = writer.connect_with(options.clone()).await.map_err(unusable)?;
    let readers = pool.max_connections(settings.pool_size);
    let reading = options.pragma("query_only", "1");
    let read = readers.connect_with(reading).await.map_err(unusable)?;
    let beside = ["-wal", "-shm"].map(|end| format!("{}{end}", path.display()));
    private::warn_if_open_to_others([path.as_path()].into_iter().chain(beside.iter().map(Path::new)));
    let connection = SqlxSqliteConnector::from_sqlx_sqlite_pool;
    Ok((connection(read), connection(write)))
}

/// Says plainly what is wrong with a file before SQLite says it obscurely, and makes it, for its owner only,
/// if it is not there. SQLite gives its `-wal` and `-shm` the rights of the file.
fn check_file(path: &Path, may_be_made: bool) -> Result<()> {
    match std::fs::metadata(path) {
        Ok(file) if file.is_dir() => {
            Err(setup(format!("{} is a folder, not a SQLite file", path.display())).into())
        }
        Ok(file) if file.permissions().readonly() => {
            Err(setup(format!("the SQLite file {} is read-only; make it writable", path.display())).into())
        }
        Ok(_) => Ok(()),
        Err(_) if !may_be_made => Err(setup(format!(
            "there is no SQLite file {}; run `connects migrate` or `connects serve --demo` first, \
             or set DATABASE_URL",
            path.display()
        ))
        .into()),
        Err(_) => match private::create_file(path) {
            Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => {
                Err(setup(format!("cannot make the SQLite file {}: {e}", path.display())).into())
            }
            _ => Ok(()),
        },
    }
}

async fn postgres(
    settings: &Settings,
    server: PgConnectOptions,
    trust: &Trust,
) -> Result<(DatabaseConnection, DatabaseConnection)> {
    let shown = DatabaseUrl::Postgres(Box::new(server.clone()));
    let options = server
        .application_name("connects")
        .options([
            ("statement_timeout", format!("{}ms", settings.statement_timeout_ms)),
            ("lock_timeout", "10s".into()),
            ("idle_in_transaction_session_timeout", "30s".into()),
            ("client_connection_check_interval", "5s".into()),
            // Our statements are many and short; compiling one takes longer than running it.
            ("jit", "off".into()),
        ])
        .statement_cache_capacity(256);
    let pool = trust
        .guard(PgPoolOptions::new())
        .max_connections(settings.pool_size)
        .acquire_timeout(Duration::from_millis(settings.acquire_timeout_ms))
        .connect_with(options)
        .await
        .map_err(|e| setup(format!("cannot reach PostgreSQL at {shown}: {e}")))?;
    let connection = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
    Ok((connection.clone(), connection))
}

/// Makes or checks the tables. Two processes that start together take turns: on SQLite by the
/// IMMEDIATE transaction, on PostgreSQL by an advisory lock.
pub(super) async fn prepare_tables(write: &DatabaseConnection, open: Open) -> Result<()> {
    if open == Open::Existing {
        return check_tables(write).await;
    }
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let txn = write.begin_with_options(options).await?;
    if txn.get_database_backend() == DbBackend::Postgres {
        txn.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
    }
    Migrator::up(&txn, None).await.map_err(unmigrated)?;
    Ok(txn.commit().await?)
}

async fn check_tables(db: &DatabaseConnection) -> Result<()> {
    let pending = Migrator::get_pending_migrations(db).await.map_err(unmigrated)?;
    if pending.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = pending.iter().map(|m| m.name().to_owned()).collect();
    let names = names.join(", ");
    Err(setup(format!("the database lacks migrations ({names}); run `connects migrate`")).into())
}

#[allow(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
fn unmigrated(error: DbErr) -> Fault {
    setup(format!("cannot migrate the database: {error}"))
}

fn setup(sentence: String) -> Fault {
    Fault::Setup(sentence)
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
