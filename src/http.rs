//! HTTP: the GraphQL endpoint, the playground, exports, health. A request becomes a viewer and a time.

mod affiliate_csv;
mod answer;
mod arrival;
mod asker;
mod body;
mod cash_csv;
mod cookie;
mod creative;
mod graphql;
pub mod guard;
mod health;
mod history_csv;
mod hops;
mod join;
mod log;
mod metrics;
mod paper;
mod personal_data;
mod playground;
mod receipt;
mod redirect;
mod room;
mod shared;
mod statement;
mod stripe_webhook;

use std::{net::TcpListener, time::Duration};

use actix_cors::Cors;
use actix_web::{App as Routes, HttpServer, dev::Server, middleware::from_fn, web};

pub use self::shared::Shared;
use crate::{
    app::App,
    config::Settings,
    error::{Fault, Result},
};

/// How long a stopping server waits for running requests, in seconds.
const DRAIN_SECONDS: u64 = 30;

/// The default address of the metrics.
const METRICS_LISTEN: &str = "127.0.0.1:9464";

/// Headers that browsers may send: our own, and those that clients and tracing libraries add by themselves.
const CORS_HEADERS: [&str; 12] = [
    "authorization",
    "content-type",
    "accept",
    "apollographql-client-name",
    "apollographql-client-version",
    "apollo-require-preflight",
    "traceparent",
    "tracestate",
    "baggage",
    "sentry-trace",
    "x-requested-with",
    "x-request-id",
];

/// The routes.
pub fn routes(shared: Shared) -> impl FnOnce(&mut web::ServiceConfig) + Clone {
    move |config: &mut web::ServiceConfig| {
        let graphiql = shared.app.settings.graphiql;
        config
            .app_data(shared.metrics.clone())
            .app_data(web::Data::new(shared))
            .service(
                web::resource("/graphql")
                    .route(web::post().to(graphql::post))
                    .route(web::get().to(graphql::get))
                    .default_service(web::to(graphql::method_not_allowed)),
            )
            .configure(files)
            .service(web::resource("/webhooks/stripe").route(web::post().to(stripe_webhook::post)))
            .service(
                web::resource("/join/{code}").wrap(from_fn(room::or_refuse)).route(web::get().to(join::get)),
            )
            .service(
                web::resource("/r/{code}")
                    .wrap(from_fn(room::or_refuse))
                    .route(web::get().to(redirect::get))
                    .route(web::head().to(redirect::head)),
            )
            .service(
                web::resource("/creatives/{id}")
                    .route(web::get().to(creative::get))
                    .route(web::head().to(creative::get)),
            )
            .route("/livez", web::get().to(health::livez))
            .route("/readyz", web::get().to(health::readyz));
        if graphiql {
            config
                .route("/graphiql", web::get().to(playground::index))
                .route("/graphiql/", web::get().to(playground::index))
                .route("/graphiql/{file:.*}", web::get().to(playground::file))
                .route("/", web::get().to(playground::welcome));
        }
    }
}

/// What a person takes along: histories, reports, statements, receipts.
fn files(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/wallets/{id}/history.csv")
                .wrap(from_fn(room::or_refuse))
                .route(web::get().to(history_csv::get)),
        )
        .service(
            web::resource("/cash-accounts/{id}/history.csv")
                .wrap(from_fn(room::or_refuse))
                .route(web::get().to(cash_csv::get)),
        )
        .service(
            web::resource("/affiliates/{id}/report.csv")
                .wrap(from_fn(room::or_refuse))
                .route(web::get().to(affiliate_csv::get)),
        )
        .service(
            web::resource("/payouts/{id}/statement.csv")
                .wrap(from_fn(room::or_refuse))
                .route(web::get().to(statement::csv)),
        )
        .service(
            web::resource("/payouts/{id}/statement.html")
                .wrap(from_fn(room::or_refuse))
                .route(web::get().to(statement::page)),
        )
        .service(
            web::resource("/purchases/{id}/receipt.html")
                .wrap(from_fn(room::or_refuse))
                .route(web::get().to(receipt::page)),
        )
        .service(
            web::resource("/purchases/{id}/receipt.json")
                .wrap(from_fn(room::or_refuse))
                .route(web::get().to(receipt::json)),
        )
        .service(
            web::resource("/viewer/personal-data.ndjson")
                .wrap(from_fn(room::or_refuse))
                .route(web::get().to(personal_data::get)),
        );
}

/// The origins that browsers may call from.
fn cors(settings: &Settings) -> Cors {
    let cors = Cors::default()
        .allowed_methods(["GET", "POST"])
        .allowed_headers(CORS_HEADERS)
        .expose_headers(["x-request-id", "retry-after"])
        // The cookie of a click says by whose link a browser came, and nothing else.
        .supports_credentials()
        .max_age(3_600);
    settings.cors_origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}

/// The sockets of a server.
pub struct Listeners {
    /// For all callers.
    pub api: TcpListener,
    /// For operators.
    pub metrics: Option<TcpListener>,
}

impl Listeners {
    /// Listens on the addresses of the settings. If no address is set for metrics and the default one is in use by
    /// another server of this machine, there are no metrics, and the log says so.
    ///
    /// # Errors
    /// [`Fault::Setup`] when a port is in use or an address is invalid.
    pub fn bind(settings: &Settings) -> Result<Self> {
        let api = listen(&settings.listen, "listen")?;
        let metrics = match settings.metrics_listen.as_deref().map(str::trim) {
            Some("" | "none") => None,
            Some(address) => Some(listen(address, "metrics_listen")?),
            None => match TcpListener::bind(METRICS_LISTEN) {
                Ok(listener) => Some(listener),
                Err(error) => {
                    tracing::warn!(%error, "no metrics: cannot listen on {METRICS_LISTEN}; set metrics_listen");
                    None
                }
            },
        };
        Ok(Self { api, metrics })
    }
}

fn listen(address: &str, setting: &str) -> Result<TcpListener> {
    let unusable = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::AddrInUse => {
            format!("{address} is in use by another process; stop it or choose another with {setting}")
        }
        _ => format!("cannot listen on {address} ({setting}): {e}"),
    };
    Ok(TcpListener::bind(address).map_err(|e| Fault::Setup(unusable(e)))?)
}

/// Serves until [`App::stop`] is set, then lets running requests finish.
///
/// # Errors
/// When a server cannot run.
pub async fn serve(app: App, listeners: Listeners) -> Result<()> {
    let shared = Shared::new(app.clone());
    let operators = listeners.metrics.map(|listener| for_operators(&shared, listener)).transpose()?;
    let settings = app.settings.clone();
    let server = HttpServer::new(move || {
        Routes::new()
            .wrap(cors(&shared.app.settings))
            .wrap(from_fn(log::each_request))
            .configure(routes(shared.clone()))
    })
    .workers(settings.http_workers)
    .client_request_timeout(Duration::from_secs(10))
    .shutdown_timeout(DRAIN_SECONDS)
    .disable_signals()
    .listen(listeners.api)
    .map_err(unservable)?
    .run();
    let handles = operators.iter().chain([&server]).map(Server::handle).collect::<Vec<_>>();
    let stop = app.stop.clone();
    tokio::spawn(async move {
        stop.cancelled().await;
        futures_util::future::join_all(handles.iter().map(|handle| handle.stop(true))).await;
    });
    let operators = async { if let Some(server) = operators { server.await } else { Ok(()) } };
    tokio::try_join!(server, operators).map_err(|e| Fault::Setup(format!("the server ended: {e}")))?;
    Ok(())
}

/// The operators' server, on an address of its own.
fn for_operators(shared: &Shared, listener: TcpListener) -> Result<Server> {
    let shared = shared.clone();
    let server = HttpServer::new(move || {
        Routes::new()
            .wrap(from_fn(log::each_request))
            .app_data(shared.metrics.clone())
            .app_data(web::Data::new(shared.clone()))
            .route("/metrics", web::get().to(metrics::get))
    });
    let server = server.workers(1).client_request_timeout(Duration::from_secs(10)).disable_signals();
    Ok(server.listen(listener).map_err(unservable)?.run())
}

#[allow(clippy::needless_pass_by_value, reason = "map_err passes it by value")]
fn unservable(error: std::io::Error) -> Fault {
    Fault::Setup(format!("cannot serve: {error}"))
}
