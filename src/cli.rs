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
mod people;
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

/// Runs the command line and returns its exit code.
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
        }
        Command::Demo { json } => {
            logging::start(&settings)?;
            let app = serve::open(settings, ClockKind::Sandbox).await?;
            let personas = demo::plant(&app).await?;
            if json { println!("{}", serde_json::json!(personas)) } else { serve::introduce(&personas) }
        }
        Command::Task(TaskCommand::List { json }) => task::list(&existing(settings).await?, json).await?,
        Command::Task(TaskCommand::Run { name, at, dry_run, json }) => {
            logging::start(&settings)?;
            return task::run(settings, &name, at, dry_run, json).await;
        }
        Command::Clock(ClockCommand::Show) => clock::show(&existing(settings).await?).await?,
        Command::Clock(ClockCommand::Confirm) => clock::confirm(&existing(settings).await?).await?,
        Command::Clock(ClockCommand::Advance { to, json }) => {
            logging::start(&settings)?;
            clock::advance(existing(settings).await?, to, json).await?;
        }
        Command::Import(ImportCommand::JobPosts { file, client }) => {
            let app = App::open(settings, new_system).await?;
            return import::job_posts(&app, &file, &client).await;
        }
        Command::Keys(command) => {
            keys::run(&App::open(settings, Open::Existing).await?, command).await?;
        }
        Command::Register(args) => people::register(&App::open(settings, new_system).await?, args).await?,
        Command::Token(args) => people::token(&App::open(settings, Open::Existing).await?, args).await?,
        Command::Verify { digest, json } => {
            return verify::verify(&existing(settings).await?, digest, json).await;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// An existing database, for commands that need no secret; a wrong one is refused all the same.
async fn existing(settings: Settings) -> Result<Database> {
    open_database(&settings, Open::Existing).await
}
