//! The command line; see [`connects::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    connects::cli::main()
}
