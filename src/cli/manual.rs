//! `completions` and `man`: the command line as shells and readers want it.

use std::{fs, io, path::Path};

use clap::CommandFactory;
use clap_complete::Shell;

use super::arguments::Cli;
use crate::error::{Fault, Result};

/// Prints the completions for `shell`.
pub fn completions(shell: Shell) {
    clap_complete::generate(shell, &mut Cli::command(), "connects", &mut io::stdout());
}

/// Writes a manual page for each command into `folder`.
pub fn pages(folder: &Path) -> Result<()> {
    let failed = |e| Fault::Setup(format!("cannot write manual pages to {}: {e}", folder.display()));
    fs::create_dir_all(folder).map_err(failed)?;
    clap_mangen::generate_to(Cli::command(), folder).map_err(failed)?;
    Ok(())
}
