//! Logs of long-running processes, to stderr.

use std::io::IsTerminal;

use tracing_subscriber::{EnvFilter, fmt};

use crate::{
    config::{LogFormat, Settings},
    error::{Fault, Result},
};

/// Starts logging as the settings say.
///
/// # Errors
/// [`Fault::Setup`] when the filter is invalid.
pub fn start(settings: &Settings) -> Result<()> {
    let unreadable = |e| Fault::Setup(format!("settings: log (CONNECTS_LOG): {e}"));
    let filter = EnvFilter::try_new(&settings.log).map_err(unreadable)?;
    let colours = std::io::stderr().is_terminal();
    let logs = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    let started = match settings.log_format {
        LogFormat::Json => logs.json().flatten_event(true).try_init(),
        LogFormat::Text => logs.with_target(false).try_init(),
    };
    started.map_err(|e| Fault::Setup(format!("logs cannot be written: {e}")).into())
}
