//! The arguments of the command line, and its help.

mod payouts;
mod policy;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

pub use self::{
    payouts::{AnswerForm, PayoutsCommand},
    policy::PolicyCommand,
};
use crate::{clock::Instant, entity::enums::KeyPurpose};

/// A freelance marketplace's token economy behind GraphQL.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, after_help = AFTER_HELP)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

const AFTER_HELP: &str = "\
Environment:
  DATABASE_URL      sqlite:FILE or postgres://..; default sqlite:connects.db in the working folder
  CONNECTS_CLOCK    system or sandbox, for a new database; an existing one keeps its own
  CONNECTS_SECRET   wraps the keys of the database; at least 32 bytes; required in system time
  CONNECTS_CONFIG   a settings file; `connects config` prints all settings

Exit codes:
  0  well   1  something failed   2  wrong usage   3  refused by a rule   4  the ledger has a breach

Example:
  connects serve --demo";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve GraphQL and run the scheduler.
    #[command(after_help = "Example:\n  connects serve --demo --listen 127.0.0.1:8080")]
    Serve(ServeArgs),
    /// Run the scheduler without HTTP.
    #[command(after_help = "Example:\n  DATABASE_URL=postgres://app@db/connects connects worker")]
    Worker,
    /// Create or upgrade the database's tables.
    #[command(after_help = "Example:\n  DATABASE_URL=postgres://app@db/connects connects migrate")]
    Migrate,
    /// Print the GraphQL schema in SDL.
    #[command(after_help = "Example:\n  connects schema > schema.graphql")]
    Schema,
    /// List the scheduled tasks, or run one.
    #[command(subcommand, after_help = "Example:\n  connects task run monthly-grants --dry-run --json")]
    Task(TaskCommand),
    /// Show the clock, or advance a sandbox's.
    #[command(subcommand, after_help = "Example:\n  connects clock advance 2026-02-21T00:00:00Z")]
    Clock(ClockCommand),
    /// Import data from a file.
    #[command(
        subcommand,
        after_help = "Example:\n  connects import job-posts posts.csv --client acme@example.com"
    )]
    Import(ImportCommand),
    /// List the keys of the database, change its secret, or rotate a key.
    #[command(subcommand, after_help = "Example:\n  connects keys rotate bearer-tokens --dry-run")]
    Keys(KeysCommand),
    /// Show what would be paid out, or take in what a bank or PayPal answered.
    #[command(subcommand, after_help = "Example:\n  connects payouts plan --json")]
    Payouts(PayoutsCommand),
    /// Show the policy, compare a document with it, or write a new version.
    #[command(subcommand, after_help = "Example:\n  connects policy show > policy.toml")]
    Policy(PolicyCommand),
    /// Fill a sandbox with a small marketplace and print its people with tokens to paste.
    #[command(after_help = "Example:\n  connects demo --json")]
    Demo {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Register people, one by one; after an interruption, run it again with --skip-existing.
    #[command(after_help = "Example:\n  connects register --freelancer ada@example.com --country GB")]
    Register(RegisterArgs),
    /// Mint bearer tokens for registered people, one per line.
    #[command(after_help = "Example:\n  connects token --email ada@demo.example --days 7")]
    Token(TokenArgs),
    /// Verify the ledger; exits with 4 when an invariant is broken.
    #[command(after_help = "Example:\n  connects verify --digest --json")]
    Verify {
        /// Also print the ledger's digest in business terms.
        #[arg(long)]
        digest: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Write a copy of a SQLite database, while others use it; it is verified before it gets its name.
    #[command(after_help = "Exits with 4 when the copy has a breach; then there is no backup.\n\n\
                            Example:\n  connects backup /backups/connects-2026-02-21.db")]
    Backup(BackupArgs),
    /// Ask a server whether it is ready; exits with 1 when it is not.
    #[command(after_help = "Example:\n  connects health --url http://127.0.0.1:8080")]
    Health {
        /// Where the server is; by default on this machine, at the port of the settings.
        #[arg(long)]
        url: Option<String>,
    },
    /// Print the completions of a shell.
    #[command(after_help = "Example:\n  connects completions bash > /etc/bash_completion.d/connects")]
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Write a manual page for each command.
    #[command(after_help = "Example:\n  connects man /usr/local/share/man/man1")]
    Man {
        /// The folder, which is made if it is not there.
        folder: std::path::PathBuf,
    },
    /// Print the settings, with secrets masked.
    #[command(after_help = "Example:\n  CONNECTS_LIMITS__DEPTH=12 connects config")]
    Config,
}

#[derive(Args, Debug)]
pub struct ServeArgs {
    /// First fill a new database with a small marketplace in sandbox time.
    #[arg(long)]
    pub demo: bool,
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// Leave scheduled work to a `worker`.
    #[arg(long)]
    pub no_scheduler: bool,
}

#[derive(Args, Debug)]
pub struct BackupArgs {
    /// The file, which must not be there.
    pub file: std::path::PathBuf,
    /// Do not verify the copy.
    #[arg(long)]
    pub no_verify: bool,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum TaskCommand {
    /// List the tasks, when they run and when they last ran.
    #[command(after_help = "Example:\n  connects task list --json")]
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Run a task now: it does all that is due.
    #[command(
        after_help = "Exits with 1 when it failed or was asked to stop: run it again; with 3 when it runs elsewhere.\n\n\
                      Example:\n  connects task run expire-connects --at 2026-03-01T00:00:00Z --json"
    )]
    Run {
        /// Its name, from `connects task list`.
        name: String,
        /// Do only what was due by this instant.
        #[arg(long, value_name = "INSTANT", value_parser = crate::clock::parse)]
        at: Option<Instant>,
        /// Report what the run would do, without changing anything.
        #[arg(long)]
        dry_run: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum ClockCommand {
    /// Show which clock the database uses and its current time.
    #[command(after_help = "Example:\n  connects clock show")]
    Show,
    /// Confirm that the machine's clock is right, in system time; tasks that were paused for it go on.
    #[command(
        after_help = "Tasks pause when the clock is days beyond the last sign of life: after a leap, a long outage,\n\
                            or on an old copy of a database.\n\n\
                            Example:\n  connects clock confirm"
    )]
    Confirm,
    /// Advance a sandbox's clock; all tasks run in due order on the way.
    #[command(
        after_help = "Exits with 1 when it was asked to stop: what ran remains, run it again to continue; with 3 when\n\
                            the time is refused or another advance is under way.\n\n\
                            Example:\n  connects clock advance 2026-02-21T00:00:00Z --json"
    )]
    Advance {
        /// Where to, such as 2026-02-21T00:00:00Z.
        #[arg(value_parser = crate::clock::parse)]
        to: Instant,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// Import job posts from a CSV file; importing it again for the same client skips what was imported before.
    #[command(
        after_help = "Columns: title,type,hourly_min,hourly_max,budget,experience_level,category,skills\n\
                      Exits with 3 when rows were rejected, or were imported before and their posts are over; each is\n\
                      reported on stderr as `line N: field: reason`, N being the line on which the row begins.\n\n\
                      Example:\n  connects import job-posts posts.csv"
    )]
    JobPosts {
        /// The file.
        file: std::path::PathBuf,
        /// E-mail address of the client who owns the posts; registered if there is no such client.
        #[arg(long, default_value = "import@connects.example")]
        client: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// List the keys: what for, since when, until when; never the keys themselves.
    #[command(after_help = "Example:\n  connects keys list --json")]
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Wrap all keys under CONNECTS_SECRET; those under CONNECTS_SECRET_PREVIOUS change, and it is of no use afterwards.
    #[command(
        after_help = "Example:\n  CONNECTS_SECRET_FILE=new CONNECTS_SECRET_PREVIOUS_FILE=old connects keys rewrap"
    )]
    Rewrap {
        /// Report what would change, without changing anything.
        #[arg(long)]
        dry_run: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make a new key; the previous one stays valid for what it has signed, until that expires.
    #[command(after_help = "Example:\n  connects keys rotate bearer-tokens --json")]
    Rotate {
        /// bearer-tokens, refresh-tokens, mailed-tokens, click-cookies or payout-details.
        #[arg(value_parser = super::keys::rotating)]
        purpose: KeyPurpose,
        /// Report what would change, without changing anything.
        #[arg(long)]
        dry_run: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Delete the keys before now, not when their time comes: tokens that they signed are refused, though not expired.
    #[command(after_help = "Rotate the key first; the one in use is never deleted.\n\n\
                            Example:\n  connects keys retire bearer-tokens --json")]
    Retire {
        /// bearer-tokens, refresh-tokens, mailed-tokens, click-cookies or payout-details.
        #[arg(value_parser = super::keys::rotating)]
        purpose: KeyPurpose,
        /// Report what would change, without changing anything.
        #[arg(long)]
        dry_run: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args, Debug)]
pub struct RegisterArgs {
    /// E-mail addresses.
    #[arg(required = true)]
    pub emails: Vec<String>,
    /// Add a freelancer profile, and so a wallet.
    #[arg(long)]
    pub freelancer: bool,
    /// Add a client profile, which may post jobs.
    #[arg(long)]
    pub client: bool,
    /// Grant the role of an admin.
    #[arg(long)]
    pub admin: bool,
    /// ISO 3166-1 alpha-2 country.
    #[arg(long, default_value = "US")]
    pub country: String,
    /// Name; defaults to the part before the @.
    #[arg(long)]
    pub name: Option<String>,
    /// Skip addresses that are already registered.
    #[arg(long)]
    pub skip_existing: bool,
}

#[derive(Args, Debug)]
pub struct TokenArgs {
    /// E-mail address; repeat the option for several tokens.
    #[arg(long = "email", required = true)]
    pub emails: Vec<String>,
    /// Days for which the token is valid.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=365))]
    pub days: u16,
}
