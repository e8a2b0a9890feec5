//! `health`: whether a server is ready, for the health check of a container.

use std::{process::ExitCode, time::Duration};

use super::output::FAILED;
use crate::{
    config::Settings,
    error::{Fault, Result},
};

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(4);

/// Asks the server at `url` or, without one, at the settings' port of this machine.
pub async fn health(settings: &Settings, url: Option<String>) -> Result<ExitCode> {
    let url = url.unwrap_or_else(|| here(&settings.listen));
    let ready = format!("{}/readyz", url.trim_end_matches('/'));
    let asked = tokio::task::spawn_blocking(move || ask(&ready)).await;
    match asked.map_err(|e| Fault::Broken(e.to_string()))? {
        Ok(()) => {
            println!("ready");
            Ok(ExitCode::SUCCESS)
        }
        Err(why) => {
            println!("not ready: {why}");
            Ok(ExitCode::from(FAILED))
        }
    }
}

/// Asks once; returns why the server is not ready.
fn ask(url: &str) -> Result<(), String> {
    // A proxy of the environment is for the world outside, not for a server beside this process.
    let agent = ureq::Agent::config_builder().proxy(None).max_redirects(0);
    let agent = agent.timeout_global(Some(PATIENCE)).http_status_as_error(false).build();
    let mut answer = ureq::Agent::new_with_config(agent).get(url).call().map_err(|e| e.to_string())?;
    if answer.status() == 200 {
        return Ok(());
    }
    let body = answer.body_mut().with_config().limit(200).read_to_string().unwrap_or_default();
    // One line, whatever answered.
    let body = body.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    Err(format!("{} {}", answer.status(), body.collect::<Vec<_>>().join(" ")))
}

/// The address at which a server that listens on `listen` is reached from its own machine.
fn here(listen: &str) -> String {
    let (host, port) = listen.rsplit_once(':').unwrap_or((listen, "8080"));
    let host = match host {
        "0.0.0.0" | "" => "127.0.0.1",
        "[::]" => "[::1]",
        host => host,
    };
    format!("http://{host}:{port}")
}

#[cfg(test)]
mod tests {
    use super::here;

    #[test]
    fn a_server_that_listens_everywhere_is_asked_on_the_loopback() {
        for (listen, url) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("0.0.0.0:80", "http://127.0.0.1:80"),
            ("[::]:8080", "http://[::1]:8080"),
            ("10.1.2.3:8080", "http://10.1.2.3:8080"),
        ] {
            assert_eq!(here(listen), url);
        }
    }
}
