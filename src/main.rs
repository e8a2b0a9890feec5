//! The command line; see [`connects::cli`].

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    connects::cli::main().await
}
