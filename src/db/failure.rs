//! What a failure of the database means: a bug of ours, a conflict, or a database that is unavailable.

use sea_orm::{DbErr, RuntimeErr, sqlx};

use crate::error::{Error, Fault};

const OVERDUE: &str = "the rehearsal is over";

/// What a read gets that comes when the rehearsal of its request has been rolled back.
pub(super) fn overdue() -> DbErr {
    DbErr::Custom(OVERDUE.to_owned())
}

/// A failure that says nothing against the statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passing {
    /// No connection, or SQLite's writer, was available in time. Retrying at once makes it worse.
    Busy,
    /// Another transaction did not let go of a row in time.
    Locked,
    /// This transaction lost a conflict with another one; it may be retried at once.
    Conflict,
    /// The database, or the connection to it, is unavailable: broken, cancelled by an operator, read-only, full.
    Away,
    /// The statement exceeded its time limit, and would again.
    Late,
}

/// The kind of temporary failure that `error` is; `None` if a retry would fail again.
pub(super) fn passing(error: &DbErr) -> Option<Passing> {
    let (DbErr::Conn(RuntimeErr::SqlxError(inner))
    | DbErr::Exec(RuntimeErr::SqlxError(inner))
    | DbErr::Query(RuntimeErr::SqlxError(inner))) = error
    else {
        return matches!(error, DbErr::ConnectionAcquire(_)).then_some(Passing::Busy);
    };
    match &**inner {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => Some(Passing::Busy),
        // Our own limit has the code of an operator's cancellation.
        sqlx::Error::Database(no) if no.message().contains("statement timeout") => Some(Passing::Late),
        sqlx::Error::Database(no) => of_code(no.code().as_deref().unwrap_or_default()),
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::BeginFailed
        | sqlx::Error::WorkerCrashed => Some(Passing::Away),
        _ => None,
    }
}

/// Whether another process has SQLite's writer.
pub(super) fn is_locked(error: &DbErr) -> bool {
    passing(error) == Some(Passing::Busy) && !matches!(error, DbErr::ConnectionAcquire(_))
}

/// Whether another process has the file that was to be opened.
pub(super) fn is_in_use(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| of_code(&code) == Some(Passing::Busy))
}

/// Decides by PostgreSQL's SQLSTATE, five characters, mostly by its class; or by SQLite's result code, a number whose
/// lowest byte is the class.
fn of_code(code: &str) -> Option<Passing> {
    if code.len() == 5 {
        return of_sqlstate(code);
    }
    match code.parse::<u32>().ok()? & 0xff {
        // BUSY, LOCKED.
        5 | 6 => Some(Passing::Busy),
        // NOMEM, READONLY, INTERRUPT, IOERR, FULL, CANTOPEN, PROTOCOL.
        7 | 8 | 9 | 10 | 13 | 14 | 15 => Some(Passing::Away),
        _ => None,
    }
}

fn of_sqlstate(code: &str) -> Option<Passing> {
    match code {
        // Lock not available.
        "55P03" => Some(Passing::Locked),
        // Serialization failure, deadlock.
        "40001" | "40P01" => Some(Passing::Conflict),
        // Cancelled; read-only transaction; idle or transaction time-out.
        "57014" | "25006" | "25P03" | "25P04" => Some(Passing::Away),
        _ => match &code[..2] {
            // Connection; resources; operator intervention; the system beneath.
            "08" | "53" | "57" | "58" => Some(Passing::Away),
            _ => None,
        },
    }
}

/// Whether the connection was cut, as those beside it may have been.
pub(super) fn is_cut(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner))) = error
    else {
        return false;
    };
    match &**inner {
        sqlx::Error::Database(no) => {
            let code = no.code().unwrap_or_default().into_owned();
            code.len() == 5 && (code.starts_with("57P0") || code.starts_with("08"))
        }
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::BeginFailed | sqlx::Error::WorkerCrashed => {
            true
        }
        _ => false,
    }
}

/// Whether a COMMIT that failed with this error may have succeeded all the same: there was no answer, or the disk
/// failed after everything was written.
pub(super) fn is_unknown(error: &DbErr) -> bool {
    passing(error) == Some(Passing::Away)
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        if matches!(&error, DbErr::Custom(text) if text == OVERDUE) {
            return Self::Fault(Fault::TimedOut("the dry run"));
        }
        let Some(passing) = passing(&error) else { return Self::Fault(error.into()) };
        tracing::warn!(%error, "the database did not do its work");
        Self::Fault(match passing {
            Passing::Busy => Fault::Busy("the database is busy".into()),
            Passing::Locked => Fault::Locked,
            Passing::Conflict => Fault::Conflict,
            Passing::Away => Fault::Away,
            Passing::Late => Fault::TimedOut("a statement of the database"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_taken_by_its_class() {
        let away = ["57P01", "57P03", "57014", "08006", "53300", "53100", "25006", "58030", "25P03"];
        // SQLite: FULL, IOERR_WRITE, IOERR_FSYNC, READONLY_DBMOVED, CANTOPEN.
        for code in away.into_iter().chain(["13", "778", "1034", "1032", "14"]) {
            assert_eq!(of_code(code), Some(Passing::Away), "{code}");
        }
        // SQLite: BUSY, BUSY_SNAPSHOT, BUSY_RECOVERY, LOCKED_SHAREDCACHE.
        assert_eq!(of_code("55P03"), Some(Passing::Locked));
        for code in ["5", "517", "261", "262"] {
            assert_eq!(of_code(code), Some(Passing::Busy), "{code}");
        }
        for code in ["40001", "40P01"] {
            assert_eq!(of_code(code), Some(Passing::Conflict), "{code}");
        }
        // Unique violation, syntax error, no such table, CONSTRAINT_UNIQUE, ERROR.
        for code in ["23505", "42601", "42P01", "2067", "1", ""] {
            assert_eq!(of_code(code), None, "{code}");
        }
    }
}
