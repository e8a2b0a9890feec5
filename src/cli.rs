//! The command line. Results go to stdout, everything else to stderr. Exit codes: 0 success, 1 failure, 2 wrong
//! usage, 3 refused by a rule, 4 the ledger breaks an invariant.

mod arguments;
mod backup;
mod clock;
mod health;
mod import;
mod keys;
mod logging;
mod manual;
mod output;
mod payouts;
mod people;
mod policy;
mod serve;
mod task;
mod verify;

use std::process::ExitCode;

use clap::Parser;

use self::{
    arguments::{Cli, ClockCommand, Command, ImportCommand, TaskCommand},
    output::{FAILED, REFUSED},
};
use crate::{
    app::{App, open_database},
    config::Settings,
    db::{Database, Open},
    demo,
    entity::enums::ClockKind,
    error::{Error, Result},
};

/// Runs the command line on a runtime of its own and returns its exit code.
///
/// # Panics
/// When called within a runtime.
// The runtime starts here and not in the binary: a future is compiled where it is awaited, so the binary would compile
// all of them again.
#[tokio::main]
pub async fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.command).await {
        Ok(code) => code,
        Err(Error::Rejected(rejection)) => {
            eprintln!("{rejection}");
            ExitCode::from(REFUSED)
        }
        Err(Error::Fault(fault)) => {
            eprintln!("{fault}");
            ExitCode::from(FAILED)
        }
    }
}

async fn run(command: Command) -> Result<ExitCode> {
    let settings = Settings::load()?;
    let new_system = Open::OrCreate(ClockKind::System);
    match command {
        Command::Completions { shell } => manual::completions(shell),
        Command::Man { folder } => manual::pages(&folder)?,
        Command::Health { url } => return health::health(&settings, url).await,
        Command::Backup(args) => return backup::backup(settings, args).await,
        Command::Schema => print!("{}", crate::graphql::sdl()),
        Command::Config => print!("{}", settings.shown()?),
        Command::Serve(args) => serve::serve(settings, args).await?,
        Command::Worker => serve::worker(settings).await?,
        Command::Migrate => {
            let db = open_database(&settings, new_system).await?;
            println!("the database is up to date, in {} time", db.clock().as_str().to_lowercase());
            db.close().await?;
        }
        Command::Demo { json } => {
            logging::start(&settings)?;
            let app = serve::open(settings, ClockKind::Sandbox).await?;
            let personas = demo::plant(&app).await?;
            app.db.close().await?;
            if json { println!("{}", serde_json::json!(personas)) } else { serve::introduce(&personas) }
        }
        Command::Task(TaskCommand::List { json }) => {
            on_database(settings, async |db| task::list(db, json).await).await?;
        }
        Command::Task(TaskCommand::Run { name, at, dry_run, json }) => {
            logging::start(&settings)?;
            return task::run(settings, &name, at, dry_run, json).await;
        }
        Command::Clock(ClockCommand::Show) => on_database(settings, clock::show).await?,
        Command::Clock(ClockCommand::Confirm) => on_database(settings, clock::confirm).await?,
        Command::Clock(ClockCommand::Advance { to, json }) => {
            logging::start(&settings)?;
            on_database(settings.clone(), async |db| clock::advance(settings, db, to, json).await).await?;
        }
        Command::Import(ImportCommand::JobPosts { file, client }) => {
            let import = async |app: &_| import::job_posts(app, &file, &client).await;
            return on_app(settings, new_system, import).await;
        }
        Command::Keys(command) => {
            on_app(settings, Open::Existing, async |app| keys::run(app, command).await).await?;
        }
        Command::Payouts(command) => {
            on_app(settings, Open::Existing, async |app| payouts::run(app, command).await).await?;
        }
        Command::Policy(command) => {
            on_app(settings, Open::Existing, async |app| policy::run(app, command).await).await?;
        }
        Command::Register(args) => {
            on_app(settings, new_system, async |app| people::register(app, args).await).await?;
        }
        Command::Token(args) => {
            on_app(settings, Open::Existing, async |app| people::token(app, args).await).await?;
        }
        Command::Verify { digest, json } => {
            return on_database(settings, async |db| verify::verify(db, digest, json).await).await;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Does `work` on an existing database, for commands that need no secret; a wrong one is refused all the same.
async fn on_database<T>(settings: Settings, work: impl AsyncFnOnce(&Database) -> Result<T>) -> Result<T> {
    let db = open_database(&settings, Open::Existing).await?;
    let done = work(&db).await;
    // SQLite then has everything in one file.
    db.close().await?;
    done
}

/// Does `work` with a database and its keys.
async fn on_app<T>(settings: Settings, open: Open, work: impl AsyncFnOnce(&App) -> Result<T>) -> Result<T> {
    let app = App::open(settings, open).await?;
    let done = work(&app).await;
    app.db.close().await?;
    done
}
