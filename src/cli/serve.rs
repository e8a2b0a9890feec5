//! `serve` and `worker`: processes that run until they are asked to stop.

use std::net::TcpListener;

use super::{arguments::ServeArgs, logging};
use crate::{
    app::{App, patiently, stop_on_signals},
    config::Settings,
    db::Open,
    demo::{self, Persona},
    entity::enums::ClockKind,
    error::Result,
    http,
};

/// Serves HTTP and, unless asked not to, runs the scheduler beside it.
pub async fn serve(mut settings: Settings, args: ServeArgs) -> Result<()> {
    logging::start(&settings)?;
    if let Some(listen) = args.listen {
        settings.listen = listen;
    }
    let kind = if args.demo { ClockKind::Sandbox } else { ClockKind::System };
    let app = App { stop: stop_on_signals()?, ..open(settings, kind).await? };
    let listeners = http::Listeners::bind(&app.settings)?;
    if args.demo {
        introduce(&demo::plant(&app).await?);
    }
    let address =
        listeners.api.local_addr().map_or_else(|_| app.settings.listen.clone(), |at| at.to_string());
    println!("\nGraphQL on http://{address}/graphql");
    if app.settings.graphiql {
        println!("GraphiQL on http://{address}/graphiql");
    }
    if let Some(Ok(address)) = listeners.metrics.as_ref().map(TcpListener::local_addr) {
        println!("Metrics on http://{address}/metrics");
    }
    println!("Mail is written to {}", app.settings.mail_folder().display());
    app.watch_keys();
    let scheduler = (!args.no_scheduler).then(|| spawn_scheduler(app.clone()));
    let served = http::serve(app.clone(), listeners).await;
    app.stop.cancel();
    if let Some(scheduler) = scheduler {
        let _ = scheduler.await;
    }
    app.db.close().await?;
    served
}

/// Runs the scheduler until the process is asked to stop.
pub async fn worker(settings: Settings) -> Result<()> {
    logging::start(&settings)?;
    let app = App { stop: stop_on_signals()?, ..open(settings, ClockKind::System).await? };
    tracing::info!(clock = app.db.clock().as_str(), "the scheduler runs");
    app.watch_keys();
    app.run_scheduler().await?;
    app.db.close().await
}

/// Opens the database, or creates it; another process may be doing the same.
pub async fn open(settings: Settings, kind: ClockKind) -> Result<App> {
    patiently(async || App::open(settings.clone(), Open::OrCreate(kind)).await).await
}

fn spawn_scheduler(app: App) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        if let Err(error) = app.run_scheduler().await {
            tracing::error!(%error, "the scheduler ended");
            app.stop.cancel();
        }
    })
}

/// Prints the demo's people with their tokens.
pub fn introduce(personas: &[Persona]) {
    println!("A small marketplace in sandbox time. Its people, with tokens to paste as bearer tokens:\n");
    for persona in personas {
        println!("{} <{}>: {}\n{}\n", persona.name, persona.email, persona.role, persona.token);
    }
}
