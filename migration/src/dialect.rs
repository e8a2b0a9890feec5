//! The words in which SQLite and PostgreSQL differ.
//!
//! | word | SQLite | PostgreSQL |
//! |---|---|---|
//! | `{uuid}` | BLOB, 16 bytes | uuid |
//! | `{instant}` | TEXT, RFC 3339 in UTC, so that text order is time order | timestamptz |
//! | `{int}` | INTEGER | bigint |
//! | `{bool}` | INTEGER | boolean |
//! | `{text}` | TEXT | text |
//! | `{key}` | TEXT | text COLLATE "C", the same order as SQLite's |
//! | `{json}` | TEXT | jsonb |
//! | `{table}` | STRICT | |
//! | `{keyed}` | STRICT, WITHOUT ROWID: stored in key order | |
//! | `{hot}` | like `{keyed}` | room on each page, so that updates stay in place |
//! | `{now}` | the time, as an instant | the time |

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// Runs `sql`, statement by statement, in the dialect of the database at hand.
pub async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let words = words(manager.get_database_backend());
    for statement in sql.split(";\n\n") {
        let translated =
            words.iter().fold(statement.to_owned(), |sql, (word, meaning)| sql.replace(word, meaning));
        if !translated.trim().is_empty() {
            db.execute_unprepared(&translated).await?;
        }
    }
    Ok(())
}

/// A constraint that a table no longer has as it was.
pub struct Redefined<'a> {
    /// The table.
    pub table: &'a str,
    /// What its definition says on SQLite.
    pub from: &'a str,
    /// What it says from now on.
    pub to: &'a str,
    /// The statement that does the same on PostgreSQL.
    pub postgres: &'a str,
}

/// Loosens a constraint. SQLite has no statement for that; its manual says to rewrite the definition in place, as long as
/// what is stored stays valid.
pub async fn redefine(manager: &SchemaManager<'_>, what: &Redefined<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    if manager.get_database_backend() == DbBackend::Postgres {
        return db.execute_unprepared(what.postgres).await.map(drop);
    }
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let (table, from, to) = (quoted(what.table), quoted(what.from), quoted(what.to));
    db.execute_unprepared("PRAGMA writable_schema = ON").await?;
    let rewritten = format!(
        "UPDATE sqlite_schema SET sql = replace(sql, {from}, {to}) \
         WHERE type = 'table' AND name = {table} AND instr(sql, {from}) > 0"
    );
    let changed = db.execute_unprepared(&rewritten).await?.rows_affected();
    db.execute_unprepared("PRAGMA writable_schema = RESET").await?;
    if changed == 1 {
        Ok(())
    } else {
        Err(DbErr::Custom(format!("{} does not say: {}", what.table, what.from)))
    }
}

/// A check of a table: what it says on SQLite, what it says from now on, and a pattern that finds it on PostgreSQL, which
/// has named it by counting.
pub type Check = [&'static str; 3];

/// Puts a looser check of `table` in the place of one that it has.
pub async fn loosen(
    manager: &SchemaManager<'_>,
    table: &str,
    [from, to, pattern]: Check,
) -> Result<(), DbErr> {
    let postgres = format!(
        "DO $$ DECLARE named text; BEGIN SELECT conname INTO STRICT named FROM pg_constraint \
         WHERE conrelid = '{table}'::regclass AND contype = 'c' \
         AND pg_get_constraintdef(oid) LIKE '{pattern}'; \
         EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I', named); \
         ALTER TABLE {table} ADD {to}; END $$"
    );
    redefine(manager, &Redefined { table, from, to, postgres: &postgres }).await
}

/// Makes `table` append-only: the database refuses to change or delete its rows.
pub async fn append_only(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    refuse(manager, table, "UPDATE", "update").await?;
    refuse_removal(manager, table).await
}

/// Makes the database refuse to delete rows of `table`, and (PostgreSQL) to truncate it.
pub async fn refuse_removal(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    refuse(manager, table, "DELETE", "delete").await?;
    if manager.get_database_backend() == DbBackend::Postgres {
        let sql = format!(
            "CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table} \
             FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        );
        manager.get_connection().execute_unprepared(&sql).await?;
    }
    Ok(())
}

/// Makes the database refuse `event` (such as `UPDATE OF quantity`) on `table`.
pub async fn refuse(manager: &SchemaManager<'_>, table: &str, event: &str, name: &str) -> Result<(), DbErr> {
    let action = match manager.get_database_backend() {
        DbBackend::Postgres => "FOR EACH ROW EXECUTE FUNCTION refuse_change()".to_owned(),
        _ => format!("BEGIN SELECT RAISE(ABORT, '{table} is history and cannot be changed'); END"),
    };
    let sql = format!("CREATE TRIGGER {table}_refuse_{name} BEFORE {event} ON {table} {action}");
    manager.get_connection().execute_unprepared(&sql).await?;
    Ok(())
}

/// Takes back what [`refuse`] did to `table` under this `name`.
pub async fn allow(manager: &SchemaManager<'_>, table: &str, name: &str) -> Result<(), DbErr> {
    let on = match manager.get_database_backend() {
        DbBackend::Postgres => format!(" ON {table}"),
        _ => String::new(),
    };
    let sql = format!("DROP TRIGGER {table}_refuse_{name}{on}");
    manager.get_connection().execute_unprepared(&sql).await.map(drop)
}

/// PostgreSQL's trigger function behind [`refuse`]; SQLite writes it into each trigger.
pub async fn create_refusal(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        let sql = "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ \
                   BEGIN RAISE EXCEPTION '% is history and cannot be changed', TG_TABLE_NAME; END $$";
        manager.get_connection().execute_unprepared(sql).await?;
    }
    Ok(())
}

fn words(backend: DbBackend) -> [(&'static str, &'static str); 11] {
    match backend {
        DbBackend::Postgres => [
            ("{uuid}", "uuid"),
            ("{instant}", "timestamptz"),
            ("{int}", "bigint"),
            ("{bool}", "boolean"),
            ("{text}", "text"),
            ("{key}", "text COLLATE \"C\""),
            ("{json}", "jsonb"),
            ("{table}", ""),
            ("{keyed}", ""),
            ("{hot}", "WITH (fillfactor = 80)"),
            ("{now}", "now()"),
        ],
        _ => [
            ("{uuid}", "BLOB"),
            ("{instant}", "TEXT"),
            ("{int}", "INTEGER"),
            ("{bool}", "INTEGER"),
            ("{text}", "TEXT"),
            ("{key}", "TEXT"),
            ("{json}", "TEXT"),
            ("{table}", "STRICT"),
            ("{keyed}", "STRICT, WITHOUT ROWID"),
            ("{hot}", "STRICT, WITHOUT ROWID"),
            ("{now}", "strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now')"),
        ],
    }
}
