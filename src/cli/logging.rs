//! Logs of long-running processes, to stderr.

use std::io::IsTerminal;

use tracing_subscriber::{
    Layer,
    filter::{ParseError, Targets},
    fmt,
    layer::SubscriberExt,
    registry,
    util::SubscriberInitExt,
};

use crate::{
    config::{LogFormat, Settings},
    error::{Fault, Result},
};

/// Starts logging as the settings say.
///
/// # Errors
/// [`Fault::Setup`] when the filter is invalid.
pub fn start(settings: &Settings) -> Result<()> {
    let unreadable = |e: ParseError| Fault::Setup(format!("settings: log (CONNECTS_LOG): {e}"));
    let filter: Targets = settings.log.parse().map_err(unreadable)?;
    let lines = fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let lines = match settings.log_format {
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
        LogFormat::Text => lines.with_target(false).boxed(),
    };
    let started = registry().with(lines.with_filter(filter)).try_init();
    started.map_err(|e| Fault::Setup(format!("logs cannot be written: {e}")).into())
}
