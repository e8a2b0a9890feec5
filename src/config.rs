//! Settings: defaults, then a file, then the environment. Invalid values are refused at start.

pub mod assets;
mod bodies;
mod database_url;
mod files;
mod limits;
mod lists;
pub mod payments;
pub mod payouts;
mod sign_in;

use std::{net::SocketAddr, path::PathBuf};

pub use bodies::Bodies;
pub use database_url::{DatabaseUrl, SqliteFile};
pub use limits::Limits;
pub use sign_in::{Limit, Mail, SignIn};

use ipnet::IpNet;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    clock::{self, Instant},
    entity::enums::ClockKind,
    error::{Fault, Result},
};

/// Default limit for the time of a request, in milliseconds.
pub const REQUEST_TIMEOUT_MS: u64 = 10_000;

/// All settings. `connects config` prints them with the secrets masked.
#[derive(Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// `sqlite:FILE` or `postgres://..`; from `DATABASE_URL`.
    pub database_url: String,
    /// SYSTEM or SANDBOX; absent: the clock that the database was created with, SYSTEM for a new one.
    #[serde(deserialize_with = "in_any_case")]
    pub clock: Option<ClockKind>,
    /// The time at which a new sandbox starts.
    #[serde(deserialize_with = "business_instant")]
    pub sandbox_start: Instant,
    /// Wraps the keys of the database; at least 32 bytes; required in system time.
    #[serde(skip_serializing)]
    pub secret: Option<SecretString>,
    /// A file with the secret, instead of the secret itself.
    pub secret_file: Option<PathBuf>,
    /// The previous secret, while it is being changed: it opens keys, and wraps none.
    #[serde(skip_serializing)]
    pub secret_previous: Option<SecretString>,
    /// A file with the previous secret.
    pub secret_previous_file: Option<PathBuf>,
    /// Address and port to listen on.
    pub listen: String,
    /// Logs as `text` or as `json`.
    pub log_format: LogFormat,
    /// Log filter, in `tracing`'s syntax.
    pub log: String,
    /// Threads that serve HTTP.
    pub http_workers: usize,
    /// Connections to PostgreSQL, or readers of SQLite.
    pub pool_size: u32,
    /// SQLite's `synchronous`: `full` loses no commit on power loss, `normal` may.
    pub sqlite_synchronous: SqliteSynchronous,
    /// PostgreSQL ends a statement after this many milliseconds.
    pub statement_timeout_ms: u32,
    /// Whether a pooler such as PgBouncer is in front of PostgreSQL: then nothing is kept between transactions.
    pub database_pooler: bool,
    /// Milliseconds that a request waits for a connection to the database before it is asked to come again.
    pub acquire_timeout_ms: u64,
    /// Requests processed at once; more are refused.
    pub capacity: usize,
    /// A GraphQL request is aborted after this many milliseconds.
    pub request_timeout_ms: u64,
    /// Address and port of `/metrics`; `none` turns it off; absent: 127.0.0.1:9464, unless that is in use.
    pub metrics_listen: Option<String>,
    /// Serve `/graphiql`.
    pub graphiql: bool,
    /// Answer introspection, and suggest names in error messages.
    pub introspection: bool,
    /// Origins that browsers may call from; none by default, `/graphiql` needs none.
    #[serde(deserialize_with = "lists::origins")]
    pub cors_origins: Vec<String>,
    /// Size limits of a GraphQL request.
    pub limits: Limits,
    /// How many request bodies may be arriving at once, and how fast each must arrive.
    pub bodies: Bodies,
    /// Proxies whose `X-Forwarded-For` is trusted: networks such as `10.0.0.0/8`, or addresses. None by default:
    /// the caller is then the peer of the connection.
    #[serde(deserialize_with = "lists::networks")]
    pub trusted_proxies: Vec<IpNet>,
    /// Settings of signing in.
    pub sign_in: SignIn,
    /// Settings of mail.
    pub mail: Mail,
    /// Where people reach this server, such as `https://api.example.com`; absent: `mail.site`, or a `listen` that only this
    /// machine reaches. Affiliates' links and pictures stand in pages elsewhere under this address.
    pub public_url: Option<String>,
    /// Where pictures are kept.
    pub assets: assets::Assets,
    /// Settings of payments.
    pub payments: payments::Payments,
    /// Settings of payouts.
    pub payouts: payouts::Payouts,
    /// A settings file, from `CONNECTS_CONFIG`.
    pub config: Option<PathBuf>,
}

/// The format of logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One object per line, for machines.
    Json,
}

/// SQLite's `synchronous` pragma.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SqliteSynchronous {
    /// Every commit survives a power loss.
    Full,
    /// A power loss may undo the last commits.
    Normal,
}

/// Shows nothing, because the address of a database may contain a password.
impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").finish_non_exhaustive()
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            database_url: "sqlite:connects.db".into(),
            clock: None,
            sandbox_start: Instant::from_timestamp(1_767_225_600, 0).unwrap_or_default(),
            secret: None,
            secret_file: None,
            secret_previous: None,
            secret_previous_file: None,
            listen: "127.0.0.1:8080".into(),
            log_format: LogFormat::Text,
            log: "info,sqlx=warn,sea_orm_migration=warn".into(),
            http_workers: std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
            pool_size: 8,
            sqlite_synchronous: SqliteSynchronous::Full,
            statement_timeout_ms: 60_000,
            database_pooler: false,
            acquire_timeout_ms: 5_000,
            capacity: 512,
            request_timeout_ms: REQUEST_TIMEOUT_MS,
            metrics_listen: None,
            graphiql: true,
            introspection: true,
            cors_origins: Vec::new(),
            limits: Limits::default(),
            bodies: Bodies::default(),
            trusted_proxies: Vec::new(),
            sign_in: SignIn::default(),
            mail: Mail::default(),
            public_url: None,
            assets: assets::Assets::default(),
            payments: payments::Payments::default(),
            payouts: payouts::Payouts::default(),
            config: None,
        }
    }
}

/// The settings file at `path`. An error names the number of a line but never shows its text, which may hold a
/// password.
fn file(path: &str) -> Result<config::File<config::FileSourceString, config::FileFormat>> {
    let unreadable = |e: std::io::Error| Fault::Setup(format!("settings: cannot read {path}: {e}"));
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    if let Err(error) = text.parse::<toml::Table>() {
        let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        let sentence = format!("settings: {path} is not TOML, line {line}: {}", error.message());
        return Err(Fault::Setup(sentence).into());
    }
    Ok(config::File::from_str(&text, config::FileFormat::Toml))
}

/// Whether `text` is the address of a server, perhaps with a path.
fn is_address(text: &str) -> bool {
    let url: Option<Url> = text.parse().ok();
    url.is_some_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
    })
}

/// Reads a clock kind in any case.
fn in_any_case<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<ClockKind>, D::Error> {
    let word: Option<String> = Option::deserialize(d)?;
    match word.map(|word| word.to_uppercase()).as_deref() {
        None => Ok(None),
        Some("SYSTEM") => Ok(Some(ClockKind::System)),
        Some("SANDBOX") => Ok(Some(ClockKind::Sandbox)),
        Some(_) => Err(serde::de::Error::custom("clock (CONNECTS_CLOCK) is `system` or `sandbox`")),
    }
}

/// An instant that business time may have.
fn business_instant<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Instant, D::Error> {
    let complaint =
        |no: &str| serde::de::Error::custom(format!("sandbox_start (CONNECTS_SANDBOX_START): {no}"));
    let at = clock::parse(&String::deserialize(d)?).map_err(complaint)?;
    if clock::may_stand_at(at) {
        Ok(at)
    } else {
        Err(complaint("a sandbox's time must lie between 1970 and 9997"))
    }
}

impl Settings {
    /// Reads defaults < the file named by `CONNECTS_CONFIG` < `CONNECTS_*` and `DATABASE_URL`.
    ///
    /// # Errors
    /// [`Fault::Setup`] when a key is unknown or a value cannot be read; the message names the key.
    pub fn load() -> Result<Self> {
        files::refuse_what_is_no_text()?;
        let unreadable = |e| Fault::Setup(format!("settings: {e}"));
        // The defaults are a source too, so that one half of a limit can be set while the other keeps its default.
        let defaults = config::Config::try_from(&Self::default()).map_err(unreadable)?;
        let mut sources = config::Config::builder().add_source(defaults);
        if let Some(path) = std::env::var("CONNECTS_CONFIG").ok().filter(|path| !path.is_empty()) {
            sources = sources.add_source(file(&path)?);
        }
        let environment = config::Environment::with_prefix("CONNECTS")
            .prefix_separator("_")
            .separator("__")
            // Values stay texts until a setting says what it is: an account number may begin with a zero.
            .ignore_empty(true);
        let sources = sources
            .add_source(environment)
            .set_override_option("database_url", files::variable("DATABASE_URL")?);
        let sources = sources.map_err(unreadable)?.build().map_err(unreadable)?;
        let settings: Self = sources.try_deserialize().map_err(unreadable)?;
        settings.checked()
    }

    fn checked(mut self) -> Result<Self> {
        let complaint = |text: &str| Err(Fault::Setup(format!("settings: {text}")).into());
        self.database()?;
        self.secret = files::secret(self.secret, self.secret_file.as_deref(), "CONNECTS_SECRET")?;
        let previous = (self.secret_previous, self.secret_previous_file.as_deref());
        self.secret_previous = files::secret(previous.0, previous.1, "CONNECTS_SECRET_PREVIOUS")?;
        if self.secret_previous.is_some() && self.secret.is_none() {
            return complaint(
                "CONNECTS_SECRET_PREVIOUS is set without CONNECTS_SECRET; set the new secret too",
            );
        }
        if self.pool_size == 0 || self.http_workers == 0 {
            return complaint("pool_size and http_workers must be at least 1");
        }
        if self.public_url.as_deref().is_some_and(|url| !is_address(url)) {
            return complaint(
                "public_url is no address; write it like https://api.example.com, without a query",
            );
        }
        let complaints =
            [self.sign_in.complaint(), self.bodies.complaint(), self.payments.limits.complaint()];
        if let Some(text) = complaints.into_iter().flatten().next() {
            return complaint(text);
        }
        Ok(self)
    }

    /// The address of the platform's site, without a slash at its end; empty if the site is this server's own.
    pub fn site(&self) -> &str {
        self.mail.site.as_deref().unwrap_or_default().trim_end_matches('/')
    }

    /// Where people reach this server, without a slash at its end: what `public_url` or `mail.site` says, or where it
    /// listens if only this machine reaches it there; otherwise empty.
    pub fn address(&self) -> String {
        let said = self.public_url.as_deref().or(self.mail.site.as_deref());
        let here = || {
            let listen: SocketAddr = self.listen.parse().ok()?;
            listen.ip().is_loopback().then(|| format!("http://{listen}"))
        };
        said.map(|url| url.trim_end_matches('/').to_owned()).or_else(here).unwrap_or_default()
    }

    /// The folder that mails are written to.
    pub fn mail_folder(&self) -> PathBuf {
        self.mail.folder.clone().unwrap_or_else(|| self.beside("mail"))
    }

    /// The folder that pictures are kept in, unless a bucket keeps them.
    pub fn assets_folder(&self) -> PathBuf {
        self.assets.folder.clone().unwrap_or_else(|| self.beside("assets"))
    }

    /// The folder `name` beside the SQLite file, or in the working folder.
    fn beside(&self, name: &str) -> PathBuf {
        match self.database_url.parse() {
            Ok(DatabaseUrl::Sqlite(file)) => file.path.with_file_name(name),
            _ => PathBuf::from(name),
        }
    }

    /// The database, read from `database_url`.
    ///
    /// # Errors
    /// [`Fault::Setup`] with a message that repeats no part of the address that may be secret.
    pub fn database(&self) -> Result<DatabaseUrl> {
        Ok(self.database_url.parse().map_err(|no| Fault::Setup(format!("settings: {no} (DATABASE_URL)")))?)
    }

    /// The settings as TOML, with secrets masked.
    ///
    /// # Errors
    /// A fault when TOML cannot hold a value, which does not happen.
    pub fn shown(&self) -> Result<String> {
        let mut masked = self.clone();
        masked.database_url = self.database()?.to_string();
        let text = toml::to_string_pretty(&masked).map_err(|e| Fault::Setup(e.to_string()))?;
        let masked = |secret: &Option<_>| if secret.is_some() { "\"***\"" } else { "none" };
        let (secret, previous) = (masked(&self.secret), masked(&self.secret_previous));
        Ok(format!("# secret = {secret}\n# secret_previous = {previous}\n{text}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_reach_the_server_where_it_is_said() {
        let said = |public: Option<&str>, site: Option<&str>, listen: &str| {
            let mut settings = Settings { listen: listen.into(), ..Settings::default() };
            settings.public_url = public.map(Into::into);
            settings.mail.site = site.map(Into::into);
            settings.address()
        };
        assert_eq!(said(Some("https://a.example/"), Some("https://b.example"), ""), "https://a.example");
        assert_eq!(said(None, Some("https://b.example/"), "0.0.0.0:80"), "https://b.example");
        assert_eq!(said(None, None, "127.0.0.1:8080"), "http://127.0.0.1:8080");
        assert_eq!(said(None, None, "0.0.0.0:8080"), "");
    }

    #[test]
    fn the_address_of_the_server_is_one() {
        for right in ["https://api.example.com", "http://localhost:8080/", "https://example.com/api"] {
            assert!(is_address(right), "{right}");
        }
        for wrong in
            ["", "api.example.com", "javascript:alert(1)", "https://me@x.example", "https://x.example/?a#b"]
        {
            assert!(!is_address(wrong), "{wrong}");
        }
    }

    #[test]
    fn the_secret_is_never_shown() {
        let secret = "0123456789abcdef0123456789abcdef";
        let shown = Settings { secret: Some(secret.into()), ..Settings::default() }.shown().unwrap();
        assert!(!shown.contains(secret));
        let database_url = "postgres://app:hunter2@db/x".to_owned();
        assert!(!format!("{:?}", Settings { database_url, ..Settings::default() }).contains("hunter2"));
    }
}
