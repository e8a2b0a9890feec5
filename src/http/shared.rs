//! What the handlers of one server share.

use std::sync::Arc;

use actix_web::web;
use tokio::sync::Semaphore;

use super::{arrival::Arrivals, metrics::Metrics, redirect::Throttle};
use crate::{app::App, graphql::Schema};

/// What the handlers of one server share.
#[derive(Clone)]
pub struct Shared {
    /// Database, keys, settings.
    pub app: App,
    /// The schema.
    pub schema: Schema,
    /// Capacity for running requests.
    pub room: Arc<Semaphore>,
    /// Bodies that are arriving.
    pub arrivals: Arrivals,
    /// Clicks of each network.
    pub throttle: Arc<Throttle>,
    /// Counters of this process.
    pub metrics: web::Data<Metrics>,
}

impl Shared {
    /// What the handlers of `app` share.
    pub fn new(app: App) -> Self {
        let schema = crate::graphql::schema(&app.settings);
        let room = Arc::new(Semaphore::new(app.settings.capacity));
        let arrivals = Arrivals::new(app.settings.bodies);
        Self { app, schema, room, arrivals, throttle: Arc::default(), metrics: web::Data::default() }
    }
}
