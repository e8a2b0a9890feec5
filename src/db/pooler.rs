//! For a pooler such as PgBouncer in front of PostgreSQL, which gives a server's connection to another client after
//! each transaction, so that session state does not survive into the next one.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use super::postgres::time_limits;
use crate::config::{DatabaseUrl, Settings};

/// What each transaction runs first behind a pooler; nothing elsewhere.
#[derive(Clone, Debug)]
pub(super) struct Opening(Option<Arc<str>>);

impl Opening {
    /// For the database of `settings`.
    pub fn of(settings: &Settings) -> Self {
        let is_postgres = matches!(settings.database(), Ok(DatabaseUrl::Postgres(_)));
        Self((is_postgres && settings.database_pooler).then(|| text(settings).into()))
    }

    /// Whether a pooler is in front of the database.
    pub fn is_needed(&self) -> bool {
        self.0.is_some()
    }

    /// Runs it.
    pub async fn say(&self, txn: &DatabaseTransaction) -> Result<(), DbErr> {
        if let Some(sql) = &self.0 {
            txn.execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

/// Drops prepared statements, because an earlier client may have left some under the names that the driver uses now;
/// and sets time limits for this transaction only.
fn text(settings: &Settings) -> String {
    let limits = time_limits(settings).map(|(name, value)| format!("; SET LOCAL {name} = '{value}'"));
    format!("DEALLOCATE ALL{}", limits.concat())
}

/// A message if the first answer of PostgreSQL reveals a pooler.
pub(super) fn met(error: &str) -> Option<String> {
    let is_one = error.contains("unsupported startup parameter")
        || error.contains("prepared statement \"sqlx_s_") && error.contains("exist");
    is_one.then(|| sentence(error))
}

/// What to do about a pooler that `why` reveals.
pub(super) fn sentence(why: &str) -> String {
    format!(
        "a connection pooler such as PgBouncer seems to be in front of PostgreSQL ({why}); set \
         CONNECTS_DATABASE_POOLER=true, or give DATABASE_URL the server's own address"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pooler_is_known_by_what_it_says() {
        assert!(met("FATAL: unsupported startup parameter: options").is_some());
        assert!(met("prepared statement \"sqlx_s_1\" already exists").is_some());
        assert!(met("prepared statement \"sqlx_s_4\" does not exist").is_some());
        assert!(met("password authentication failed for user \"app\"").is_none());
    }

    #[test]
    fn behind_a_pooler_each_transaction_sets_its_limits() {
        let settings = Settings {
            database_url: "postgres://app@pooler/connects".into(),
            database_pooler: true,
            ..Settings::default()
        };
        let text = text(&settings);
        assert!(text.starts_with("DEALLOCATE ALL; SET LOCAL statement_timeout = '60000ms'; "), "{text}");
        assert!(Opening::of(&settings).is_needed());
        assert!(!Opening::of(&Settings { database_pooler: false, ..settings }).is_needed());
    }
}
