//! Logs of long-running processes, to stderr.

use std::{fmt::Display, io::IsTerminal};

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
    let filter = filter_of(&settings.log)?;
    let lines = fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let lines = match settings.log_format {
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
        LogFormat::Text => lines.with_target(false).boxed(),
    };
    let started = registry().with(lines.with_filter(filter)).try_init();
    started.map_err(|e| Fault::Setup(format!("logs cannot be written: {e}")).into())
}

/// What `text` lets through: levels, and levels of parts. It may have spaces and a comma at its end.
fn filter_of(text: &str) -> Result<Targets> {
    let unreadable = |why: &dyn Display| Fault::Setup(format!("settings: log (CONNECTS_LOG): {why}"));
    if text.contains('[') {
        return Err(unreadable(&"spans cannot be named; name a level, or `part=level`").into());
    }
    let parts: Vec<_> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    Ok(parts.join(",").parse().map_err(|e: ParseError| unreadable(&e))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn a_filter_is_read_with_spaces_and_an_empty_part() {
        let filter = filter_of("info, connects=debug,").unwrap();
        assert!(filter.would_enable("other", &Level::INFO) && !filter.would_enable("other", &Level::DEBUG));
        // One name is both of our crates.
        for ours in ["connects::http", "connects_core::db"] {
            assert!(filter.would_enable(ours, &Level::DEBUG), "{ours}");
        }
        for text in ["connects[span]=debug", "connects=loud"] {
            assert!(filter_of(text).is_err(), "{text}");
        }
    }
}
