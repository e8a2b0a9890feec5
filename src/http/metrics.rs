//! Metrics for a monitoring system: requests and pools of this process and, from the database, tasks and the ledger,
//! so that any one replica reports them.

use std::{
    sync::atomic::AtomicI64,
    time::{Duration, Instant as Stopwatch},
};

use actix_web::{HttpRequest, HttpResponse, web};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};
use tokio::sync::Mutex;

use super::{Shared, log::id_of};
use crate::{
    clock::wall_now,
    connects::store::{Totals, totals},
    db::Database,
    entity::enums::TaskTime,
    error::Result,
    schedule::{self, TASKS},
};

/// How long the ledger's totals are repeated before they are summed again.
const TOTALS_LAST: Duration = Duration::from_secs(60);

/// Upper bounds of the buckets of request times, in seconds.
const BUCKETS: [f64; 9] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0];

/// A kind of request and its outcome.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    route: String,
    status: u16,
}

/// A route.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Route {
    route: String,
}

/// A scheduled task.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct TaskLabel {
    task: &'static str,
}

/// A pool of connections.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct PoolLabel {
    pool: &'static str,
}

/// The counters of this process.
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<Route, Histogram>,
    totals: Mutex<Option<(Stopwatch, Totals)>>,
}

impl Default for Metrics {
    fn default() -> Self {
        let (requests, mut registry) = (Family::default(), Registry::with_prefix("connects"));
        let seconds = Family::new_with_constructor((|| Histogram::new(BUCKETS)) as fn() -> Histogram);
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register("http_request_seconds", "Time until a request was answered", seconds.clone());
        Self { registry, requests, seconds, totals: Mutex::default() }
    }
}

impl Metrics {
    /// Counts a request to a route, with its status and duration.
    pub fn count(&self, route: String, status: u16, took: Duration) {
        self.seconds.get_or_create(&Route { route: route.clone() }).observe(took.as_secs_f64());
        self.requests.get_or_create(&Answered { route, status }).inc();
    }

    /// The ledger's totals, at most a minute old: summing them reads every wallet.
    async fn totals(&self, db: &Database) -> Result<Totals> {
        let mut kept = self.totals.lock().await;
        match &*kept {
            Some((at, totals)) if at.elapsed() < TOTALS_LAST => Ok(totals.clone()),
            _ => {
                let fresh = totals(db.read()).await?;
                *kept = Some((Stopwatch::now(), fresh.clone()));
                Ok(fresh)
            }
        }
    }
}

/// All metrics in the text format of OpenMetrics.
pub async fn get(shared: web::Data<Shared>, request: HttpRequest) -> HttpResponse {
    match rendered(&shared).await {
        Ok(text) => HttpResponse::Ok()
            .content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
            .body(text),
        Err(error) => {
            tracing::error!(request_id = id_of(&request), %error, "no metrics");
            HttpResponse::ServiceUnavailable().body("The database did not answer. Try again.\n")
        }
    }
}

async fn rendered(shared: &Shared) -> Result<String> {
    let (db, metrics) = (&shared.app.db, &shared.metrics);
    let mut now = Registry::with_prefix("connects");
    add_pools(&mut now, db);
    add_tasks(&mut now, db).await?;
    add_ledger(&mut now, &metrics.totals(db).await?);
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = encode(&mut text, &metrics.registry);
    let text = text.trim_end_matches("# EOF\n");
    let mut rest = String::new();
    let _ = encode(&mut rest, &now);
    Ok(format!("{text}{rest}"))
}

fn add_pools(registry: &mut Registry, db: &Database) {
    let (open, idle) = (Family::<PoolLabel, Gauge>::default(), Family::<PoolLabel, Gauge>::default());
    for (pool, (connections, unused)) in db.pools() {
        open.get_or_create(&PoolLabel { pool }).set(connections);
        idle.get_or_create(&PoolLabel { pool }).set(unused);
    }
    registry.register("pool_connections", "Open connections to the database", open);
    registry.register("pool_idle_connections", "Of them, idle", idle);
}

/// Lag is how long the oldest undone work has been due, by the clock that the task follows.
async fn add_tasks(registry: &mut Registry, db: &Database) -> Result<()> {
    let (lag, last) = (Family::<TaskLabel, Gauge>::default(), Family::<TaskLabel, Gauge>::default());
    let business = db.now().await?;
    let policy = &db.policy_at(business).policy;
    for task in TASKS {
        let label = TaskLabel { task: task.name };
        let now = if task.time == TaskTime::Wall { wall_now() } else { business };
        let due = task.next_due(db.read(), policy, now).await?;
        let rings = due.and_then(|due| schedule::occurrence::at_or_after(task, due));
        lag.get_or_create(&label).set(rings.map_or(0, |at| (now - at).num_seconds().max(0)));
        if let Some(at) = schedule::store::find_last_success(db.read(), task, business).await? {
            last.get_or_create(&label).set(at.timestamp());
        }
    }
    registry.register("task_lag_seconds", "Time since something fell due that is not done", lag);
    registry.register("task_last_success_timestamp_seconds", "Time of the last run that succeeded", last);
    Ok(())
}

fn add_ledger(registry: &mut Registry, totals: &Totals) {
    let figures = [
        ("wallets", "Wallets", totals.wallets),
        (
            "available_connects",
            "Connects that can be spent, expired ones not yet booked included",
            totals.available,
        ),
        ("held_connects", "Connects held", totals.held),
    ];
    for (name, help, value) in figures {
        let gauge = Gauge::<i64, AtomicI64>::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    }
}
