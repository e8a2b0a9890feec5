//! The composition root: settings -> database, keys, scheduler, schema; and a graceful end.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio_util::sync::CancellationToken;

use crate::{
    accounts::{self, Activity, Gate},
    affiliates::Click,
    config::{DatabaseUrl, Settings, payments::Provider},
    db::{self, Database, Open, Queue},
    entity::enums::ClockKind,
    error::{Fault, Result},
    keyring,
    keys::{Keys, Secret, Secrets, foreign},
    private,
    proposals::Submit,
    providers::{
        Paying, Providers,
        assets::Assets,
        mail::FileMail,
        payments::{Payments, Sandbox, Stripe},
        payouts,
    },
    schedule::{Alarm, Runner, Scheduler},
};

/// How long a starting process waits for another one that is creating the database or the demo.
const PATIENCE: Duration = Duration::from_secs(120);

/// The pause between two attempts.
const PAUSE: Duration = Duration::from_millis(200);

/// Everything that a command needs.
#[derive(Clone, Debug)]
pub struct App {
    /// The settings.
    pub settings: Settings,
    /// The database.
    pub db: Database,
    /// Signs and checks tokens, and hashes people.
    pub keys: Keys,
    /// What this process can reach beside its database.
    pub providers: Arc<Providers>,
    /// What signing in needs.
    pub gate: Gate,
    /// Proposals that are submitted at about the same time.
    pub submissions: Queue<Submit>,
    /// Clicks on affiliates' links that come at about the same time.
    pub clicks: Queue<Click>,
    /// Notes who was seen.
    pub activity: Activity,
    /// Set when the process is asked to stop.
    pub stop: CancellationToken,
}

impl App {
    /// Opens the database and finds the secret.
    ///
    /// # Errors
    /// [`Fault::Setup`] with a message for the operator.
    pub async fn open(settings: Settings, open: Open) -> Result<Self> {
        let db = open_database(&settings, open).await?;
        Self::on(settings, db).await
    }

    /// Like [`App::open`], on a database that is already open.
    ///
    /// # Errors
    /// [`Fault::Setup`] when there is no secret and none can be created, or it is not that of the database.
    pub async fn on(settings: Settings, db: Database) -> Result<Self> {
        let keys = keyring::open(&db, secrets(&settings, &db).await?, &settings.sign_in).await?;
        accounts::trace_all(&db, &keys).await?;
        let gate = Gate::new(&settings.sign_in, settings.payments.limits, keys.clone())?;
        let providers = Arc::new(providers(&settings, &db, keys.clone())?);
        if let Some(Paying::Files { folder, .. }) = &providers.payouts {
            crate::payouts::publish(&db, folder).await?;
        }
        let (submissions, clicks) = (Queue::new(&db), Queue::new(&db));
        let stop = CancellationToken::new();
        Ok(Self {
            settings,
            db,
            keys,
            providers,
            gate,
            submissions,
            clicks,
            activity: Activity::default(),
            stop,
        })
    }

    /// Runs tasks, and stops when the process is asked to.
    pub fn runner(&self) -> Runner {
        Runner::new(self.db.clone(), Some(self.providers.clone()), self.stop.clone())
    }

    /// Follows changes of the keys by other processes, until this one stops.
    pub fn watch_keys(&self) -> tokio::task::JoinHandle<()> {
        tokio::spawn(keyring::watch(self.db.clone(), self.keys.clone(), self.stop.clone()))
    }

    /// Runs the scheduler until the process is asked to stop; a running task ends its batch first.
    ///
    /// # Errors
    /// A fault when the alarm clock cannot be set.
    pub async fn run_scheduler(&self) -> Result<()> {
        let scheduler = Scheduler::new(self.runner());
        let alarm = Alarm::set(&scheduler, self.db.clock()).await?;
        scheduler.serve().await;
        alarm.stop().await;
        Ok(())
    }
}

/// Retries while the database is busy, for as long as another process may take to create it.
///
/// # Errors
/// What the last attempt of `work` returns.
pub async fn patiently<T>(work: impl AsyncFn() -> Result<T>) -> Result<T> {
    let until = tokio::time::Instant::now() + PATIENCE;
    loop {
        match work().await {
            Err(error) if error.is_busy() && tokio::time::Instant::now() < until => {
                tracing::info!(%error, "waiting for another process");
                tokio::time::sleep(PAUSE).await;
            }
            done => return done,
        }
    }
}

/// What this process can reach beside its database.
fn providers(settings: &Settings, db: &Database, keys: Keys) -> Result<Providers> {
    let mail = FileMail::new(settings.mail_folder(), &settings.mail.from)?;
    private::warn_if_open_to_others([settings.mail_folder().as_path()]);
    let (site, mail_attempts) = (settings.mail.site.clone(), settings.mail.attempts.into());
    let payments = payments(settings, db)?;
    let payouts = paying(settings, db)?;
    let (assets, address) = (assets(settings)?, settings.address());
    Ok(Providers { mail: Arc::new(mail), payments, payouts, assets, keys, site, address, mail_attempts })
}

/// What keeps pictures.
///
/// # Errors
/// [`Fault::Setup`] when the settings of the bucket are not complete.
fn assets(settings: &Settings) -> Result<Assets> {
    match &settings.assets.s3.bucket {
        Some(bucket) => Assets::bucket(bucket, &settings.assets.s3),
        None => Ok(Assets::Folder(settings.assets_folder())),
    }
}

/// Who collects payments. In system time the built-in provider must be asked for by name: it lets anybody fund anything.
///
/// # Errors
/// [`Fault::Setup`] when the settings of Stripe are not complete.
fn payments(settings: &Settings, db: &Database) -> Result<Option<Arc<dyn Payments>>> {
    let is_sandbox = db.clock() == ClockKind::Sandbox;
    Ok(match settings.payments.provider {
        Provider::Auto if !is_sandbox => None,
        Provider::None => None,
        Provider::Auto | Provider::Sandbox => Some(Arc::new(Sandbox::new(db.clone()))),
        Provider::Stripe => {
            let (base, secret, timeout) = settings.payments.stripe.account()?;
            Some(Arc::new(Stripe::new(base, secret, timeout)?))
        }
    })
}

/// Who pays people: the built-in provider in a sandbox, or files where a folder is set.
///
/// # Errors
/// [`Fault::Setup`] when files are to be written and banks are not told who pays.
fn paying(settings: &Settings, db: &Database) -> Result<Option<Paying>> {
    let is_sandbox = db.clock() == ClockKind::Sandbox;
    let payer = settings.payouts.payer.clone();
    Ok(match &settings.payouts.folder {
        Some(folder) => {
            payer.check()?;
            Some(Paying::Files { folder: folder.clone(), payer })
        }
        None if is_sandbox => Some(Paying::Provider(Arc::new(payouts::Sandbox::new(db.clone())))),
        None => None,
    })
}

/// A token that is cancelled on SIGTERM or SIGINT.
///
/// # Errors
/// [`Fault::Setup`] when the process cannot listen for signals.
pub fn stop_on_signals() -> Result<CancellationToken> {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).map_err(|e| Fault::Setup(format!("cannot listen for signals: {e}")));
    let (mut term, mut int) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    let stop = CancellationToken::new();
    let asked = stop.clone();
    tokio::spawn(async move {
        tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
        tracing::info!("asked to stop; finishing what is under way");
        asked.cancel();
    });
    Ok(stop)
}

/// Opens the database that `settings` name. If they have a secret, it must be that of the database, which is migrated
/// only then.
///
/// # Errors
/// [`Fault::Setup`] with a message for the operator.
pub async fn open_database(settings: &Settings, open: Open) -> Result<Database> {
    let pools = Database::connections(settings, open).await?;
    if let Some(secrets) = configured(settings) {
        let check = async |db: &_, has_keys| keyring::check(db, &secrets, has_keys).await;
        pools.peek("keys", check).await?;
    }
    Database::on(pools, settings, open).await
}

/// The secrets that the settings give.
fn configured(settings: &Settings) -> Option<Secrets> {
    let current = Secret::new(settings.secret.clone()?);
    Some(Secrets { current, previous: settings.secret_previous.clone().map(Secret::new) })
}

/// The secret that all processes of a database share: the configured one, with the previous one while it is being
/// changed, or, in a sandbox, one that is created once and kept beside the SQLite file or in the PostgreSQL database.
async fn secrets(settings: &Settings, db: &Database) -> Result<Secrets> {
    match configured(settings) {
        Some(secrets) => Ok(secrets),
        None => Ok(Secrets { current: Secret::new(own_secret(settings, db).await?.into()), previous: None }),
    }
}

async fn own_secret(settings: &Settings, db: &Database) -> Result<String> {
    if db.clock() == ClockKind::System {
        let sentence = "CONNECTS_SECRET is not set; give every process of this database the same secret of at \
                        least 32 bytes, for example from `openssl rand -hex 32`";
        return Err(Fault::Setup(sentence.into()).into());
    }
    if let DatabaseUrl::Sqlite(file) = settings.database()? {
        let key = key_beside(&file.path);
        // Keys are made only after the file, so a file that is missing by now was lost.
        if keyring::has_keys(db.read()).await? && !key.exists() {
            return Err(foreign().into());
        }
        return secret_in(&key);
    }
    let fresh = fresh_secret()?;
    let kept = db.write(async |txn| db::sandbox_secret(txn, fresh.clone()).await).await?;
    kept.ok_or_else(|| foreign().into())
}

/// The file beside `database` that holds a sandbox's secret.
fn key_beside(database: &Path) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push(".key");
    PathBuf::from(path)
}

/// The secret in the file `path`, which is made if it is missing. Two processes that start at once agree on it.
fn secret_in(path: &Path) -> Result<String> {
    let unusable = |e| Fault::Setup(format!("cannot keep the sandbox's secret in {}: {e}", path.display()));
    if !path.exists() {
        // When another process was first, its secret is used.
        private::create_whole(path, fresh_secret()?.as_bytes()).map_err(unusable)?;
    }
    let secret = std::fs::read_to_string(path).map_err(unusable)?;
    private::warn_if_open_to_others([path]);
    if secret.len() < 32 {
        let sentence = format!(
            "the sandbox's secret in {} is damaged; put it back from a copy, or remove both it and the database to start over",
            path.display()
        );
        return Err(Fault::Setup(sentence).into());
    }
    Ok(secret)
}

#[allow(clippy::disallowed_methods)]
fn fresh_secret() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|e| Fault::Setup(format!("no randomness: {e}")))?;
    Ok(hex::encode(bytes))
}
