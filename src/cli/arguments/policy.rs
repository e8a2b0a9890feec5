//! The arguments of `policy`.

use clap::{Subcommand, builder::PossibleValuesParser};

use crate::{clock::Instant, policy_versions::rules::PRESETS};

#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Print the version in force, as the document that `apply` takes.
    #[command(after_help = "Example:\n  connects policy show > policy.toml\n  \
                            connects policy show --preset plus-80 > policy.toml")]
    Show {
        /// The number of another version.
        number: Option<i64>,
        /// Print it with a published card of PLUS in place of its own.
        #[arg(long, value_name = "CARD", conflicts_with = "json",
              value_parser = PossibleValuesParser::new(PRESETS.map(|preset| preset.name)))]
        preset: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print what a document would change of the version in force, and which planned versions it would replace.
    #[command(after_help = "Example:\n  connects policy diff policy.toml")]
    Diff {
        /// The document, in TOML.
        file: std::path::PathBuf,
        /// When it would take effect; now if left out.
        #[arg(long, value_name = "INSTANT", value_parser = crate::clock::parse)]
        from: Option<Instant>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Write a document as the next version; running servers follow it.
    #[command(
        after_help = "In system time a version takes effect a minute after it was written at the earliest. Planned versions \
                      that were to take effect after it never will.\n\n\
                            Example:\n  connects policy apply policy.toml --from 2027-01-01T00:00:00Z"
    )]
    Apply {
        /// The document, in TOML.
        file: std::path::PathBuf,
        /// The number of the version that was changed; if another one is the last by now, nothing is written.
        #[arg(long, value_name = "VERSION")]
        expected: Option<i64>,
        /// When it takes effect; as soon as possible if left out.
        #[arg(long, value_name = "INSTANT", value_parser = crate::clock::parse)]
        from: Option<Instant>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}
