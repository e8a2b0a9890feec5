//! Connecting to PostgreSQL.

use std::time::Duration;

use sea_orm::{
    DatabaseConnection, SqlxPostgresConnector,
    sqlx::{
        self, ConnectOptions, Row,
        postgres::{PgConnectOptions, PgPool, PgPoolOptions},
    },
};

use super::{pooler, trust::Trust};
use crate::{
    config::{DatabaseUrl, Settings},
    error::{Fault, Result},
};

/// How long a server may take to say why it refuses a connection.
const REASON_LIMIT: Duration = Duration::from_secs(2);

/// The pool of the database that `settings` name.
pub(super) async fn pool(
    settings: &Settings,
    server: PgConnectOptions,
    trust: &Trust,
) -> Result<DatabaseConnection> {
    let options = options(settings, server);
    let pool = trust
        .guard(PgPoolOptions::new())
        .max_connections(settings.pool_size)
        .acquire_timeout(Duration::from_millis(settings.acquire_timeout_ms))
        .connect_with(options.clone());
    let pool = match pool.await {
        Ok(pool) => pool,
        Err(error) => return Err(unreachable(&options, error).await.into()),
    };
    check_encoding(&pool).await?;
    if !settings.database_pooler {
        check_limits(&pool, settings).await?;
    }
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}

fn options(settings: &Settings, server: PgConnectOptions) -> PgConnectOptions {
    let options = server.application_name("connects");
    if settings.database_pooler {
        // A pooler refuses session settings that it does not know, and keeps no statement for the next
        // transaction.
        options.extra_float_digits(None).statement_cache_capacity(0)
    } else {
        options.options(time_limits(settings)).statement_cache_capacity(256)
    }
}

/// PostgreSQL's settings for time limits and for compiling statements.
pub(super) fn time_limits(settings: &Settings) -> [(&'static str, String); 5] {
    [
        ("statement_timeout", format!("{}ms", settings.statement_timeout_ms)),
        ("lock_timeout", "10s".into()),
        ("idle_in_transaction_session_timeout", "30s".into()),
        ("client_connection_check_interval", "5s".into()),
        // Our statements are many and short; compiling one takes longer than running it.
        ("jit", "off".into()),
    ]
}

/// Why there is no connection. A pool reports only a time-out, so the server is asked once more.
async fn unreachable(options: &PgConnectOptions, error: sqlx::Error) -> Fault {
    let error = match error {
        sqlx::Error::PoolTimedOut => match tokio::time::timeout(REASON_LIMIT, options.connect()).await {
            Ok(Err(reason)) => reason,
            Ok(Ok(_)) | Err(_) => sqlx::Error::PoolTimedOut,
        },
        error => error,
    };
    let (url, error) = (DatabaseUrl::Postgres(Box::new(options.clone())), error.to_string());
    Fault::Setup(match pooler::met(&error) {
        Some(sentence) => sentence,
        None => format!(
            "cannot reach PostgreSQL at {url}: {error}; start it there, or correct DATABASE_URL if it is elsewhere"
        ),
    })
}

/// Checks that no pooler has silently dropped what the connection asked for at its start.
async fn check_limits(pool: &PgPool, settings: &Settings) -> Result<()> {
    let cannot = |e: sqlx::Error| Fault::Setup(format!("cannot ask PostgreSQL for its limits: {e}"));
    let asked = "SELECT setting FROM pg_settings WHERE name = 'statement_timeout'";
    let row = sqlx::raw_sql(asked).fetch_one(pool).await.map_err(cannot)?;
    let limit: String = row.try_get(0).map_err(cannot)?;
    if limit == settings.statement_timeout_ms.to_string() {
        return Ok(());
    }
    Err(Fault::Setup(pooler::sentence("it dropped the requested time limits")).into())
}

/// Checks that the database can hold any language: in LATIN1 it would fail at the first name that it cannot hold.
async fn check_encoding(pool: &PgPool) -> Result<()> {
    let cannot = |e: sqlx::Error| Fault::Setup(format!("cannot ask PostgreSQL for its encoding: {e}"));
    let row = sqlx::raw_sql("SHOW server_encoding").fetch_one(pool).await.map_err(cannot)?;
    let encoding: String = row.try_get(0).map_err(cannot)?;
    if encoding == "UTF8" {
        return Ok(());
    }
    Err(Fault::Setup(format!(
        "the database is encoded in {encoding} and cannot hold every text; create another one with \
         `CREATE DATABASE connects ENCODING 'UTF8' TEMPLATE template0`"
    ))
    .into())
}
