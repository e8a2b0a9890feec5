//! The address of the database, parsed once. What is shown of it is put together from the parsed parts; the text
//! itself, which may hold a password anywhere, is never shown.

use std::{fmt, path::PathBuf, str::FromStr};

use percent_encoding::percent_decode_str;
use sea_orm::sqlx::postgres::PgConnectOptions;
use url::{Url, form_urlencoded};

/// Known parameters of a PostgreSQL address; any other is refused, not ignored.
const POSTGRES_PARAMETERS: [&str; 17] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

/// A parsed address of a database. Displayed without any secret.
#[derive(Clone)]
pub enum DatabaseUrl {
    /// A file of SQLite.
    Sqlite(SqliteFile),
    /// A database of a PostgreSQL server.
    Postgres(Box<PgConnectOptions>),
}

/// A file of SQLite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqliteFile {
    /// Where it is.
    pub path: PathBuf,
    /// Whether it may be created when it is missing: not with `mode=rw`.
    pub may_be_made: bool,
}

impl FromStr for DatabaseUrl {
    type Err = String;

    /// Parses `sqlite:FILE` or `postgres://..`; an error's message repeats nothing that may be secret.
    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(rest) = text.strip_prefix("sqlite:") {
            return sqlite(rest).map(Self::Sqlite);
        }
        if text.starts_with("postgres:") || text.starts_with("postgresql:") {
            return postgres(text).map(|options| Self::Postgres(Box::new(options)));
        }
        Err("database_url must begin with sqlite: or postgres://".into())
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(file) => {
                let mode = if file.may_be_made { "" } else { "?mode=rw" };
                // As an address is written, with a `?` or `%` of the name encoded.
                let path = file.path.display().to_string().replace('%', "%25").replace('?', "%3F");
                write!(f, "sqlite:{path}{mode}")
            }
            Self::Postgres(options) => {
                let (user, port) = (options.get_username(), options.get_port());
                let host = options.get_socket().map_or_else(
                    || options.get_host().to_owned(),
                    |socket| socket.display().to_string().replace('/', "%2F"),
                );
                write!(f, "postgres://{user}@{host}:{port}/{}", options.get_database().unwrap_or(user))
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn sqlite(rest: &str) -> Result<SqliteFile, String> {
    let (name, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let name = name.strip_prefix("//").unwrap_or(name);
    let in_memory = "a database in memory cannot be used: the program reads and writes over several connections, \
    each of which would have a memory of its own; name a file, such as sqlite:connects.db";
    let path = percent_decode_str(name).decode_utf8().map_err(|_| "the SQLite file's name is not UTF-8")?;
    match &*path {
        "" => return Err("database_url names no file; write sqlite:FILE, such as sqlite:connects.db".into()),
        ":memory:" => return Err(in_memory.into()),
        path if path.starts_with("file:") => return Err("write sqlite:FILE, without file:".into()),
        path if path.contains('\0') => return Err("the SQLite file's name holds a null character".into()),
        _ => {}
    }
    let mut file = SqliteFile { path: PathBuf::from(&*path), may_be_made: true };
    for (parameter, value) in form_urlencoded::parse(parameters.as_bytes()) {
        match (&*parameter, &*value) {
            ("mode", "rwc") => file.may_be_made = true,
            ("mode", "rw") => file.may_be_made = false,
            ("mode", "memory") => return Err(in_memory.into()),
            ("mode", "ro") => {
                return Err("mode=ro cannot be used because every command may write; leave it out".into());
            }
            ("mode", _) => {
                return Err("mode is neither rw, for a file that exists, nor rwc; use one of them".into());
            }
            _ => {
                let message =
                    format!("the SQLite parameter `{parameter}` is not known; use only `mode`, as rw or rwc");
                return Err(message);
            }
        }
    }
    Ok(file)
}

fn postgres(text: &str) -> Result<PgConnectOptions, String> {
    let form = "database_url is not a PostgreSQL address; write postgres://USER:PASSWORD@HOST:PORT/NAME, and in a \
                password %40 for @, %3A for :, %2F for /, %3F for ?, %23 for #, %25 for %";
    let url = Url::parse(text).map_err(|_| form)?;
    // Each of these may be part of a password that was not encoded.
    let path = url.path().trim_start_matches('/');
    if !url.has_authority() || url.fragment().is_some() || path.contains(['/', '@', ':']) {
        return Err(form.into());
    }
    let known = |name: &str| POSTGRES_PARAMETERS.contains(&name) || name.starts_with("options[");
    if url.query_pairs().any(|(name, _)| !known(&name)) {
        let names = POSTGRES_PARAMETERS.join(", ");
        return Err(format!("database_url has a parameter that is not known; use only {names}"));
    }
    text.parse().map_err(|_| form.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        text.parse::<DatabaseUrl>().map_or_else(|no| no, |url| url.to_string())
    }

    #[test]
    fn no_part_of_a_password_is_shown_wherever_it_stands() {
        for url in [
            "postgres://app:hunter2@db/connects",
            "postgres://app:hunter2@hunter2@db/connects",
            "postgres://app:@hunter2@db/connects",
            "postgres://app@db/connects?password=hunter2",
            "postgres://app@db/connects?passwd=hunter2",
            "postgres://app@db/connects?hunter2",
            "postgres://app@db/connects?sslmode=hunter2",
            "postgres:app:hunter2@db",
            "postgres:app:hunter2@db/connects",
            "postgres:/app:hunter2@db/connects",
            "postgres://app:12#hunter2@db/connects",
            "postgres://app:12/hunter2@db/connects",
            "postgres://app:12?hunter2@db/connects",
            "postgres://app:hunter2:x@db:port/connects",
            "postgresql://app:%68unter2@db/connects",
            "postgres//app:hunter2@db/connects",
        ] {
            assert!(!shown(url).contains("unter2"), "{url}: {}", shown(url));
        }
        assert_eq!(shown("postgres://app:p%40ss@db/connects"), "postgres://app@db:5432/connects");
        assert_eq!(shown("postgres://app:p@ss@db:6000/connects"), "postgres://app@db:6000/connects");
    }

    #[test]
    fn a_file_is_named_as_sqlite_names_it() {
        let file = |text: &str| match text.parse() {
            Ok(DatabaseUrl::Sqlite(file)) => Ok((file.path.display().to_string(), file.may_be_made)),
            Ok(other) => Err(other.to_string()),
            Err(no) => Err(no),
        };
        let named = |path: &str, may_be_made: bool| Ok((path.to_owned(), may_be_made));
        assert_eq!(file("sqlite:a.db"), named("a.db", true));
        assert_eq!(file("sqlite://a.db?mode=rwc"), named("a.db", true));
        assert_eq!(file("sqlite:///var/a.db?mode=rw"), named("/var/a.db", false));
        assert_eq!(file("sqlite:a%20b%3F.db"), named("a b?.db", true));
        for (url, why) in [
            ("sqlite:", "names no file"),
            ("sqlite://", "names no file"),
            ("sqlite:?mode=rwc", "names no file"),
            ("sqlite::memory:", "in memory"),
            ("sqlite://:memory:", "in memory"),
            ("sqlite:a.db?mode=memory", "in memory"),
            ("sqlite:a.db?mode=ro", "may write"),
            ("sqlite:a.db?mode=x", "mode is"),
            ("sqlite:a.db?cache=shared", "`cache`"),
            ("sqlite:file:a.db", "without file:"),
            ("mysql://db", "must begin"),
        ] {
            assert!(file(url).is_err_and(|no| no.contains(why)), "{url}");
        }
    }

    #[test]
    fn what_is_shown_of_a_file_names_it_again() {
        for text in ["sqlite:a.db", "sqlite:/var/a%3F%25.db?mode=rw"] {
            assert_eq!(shown(text), text);
        }
    }
}
