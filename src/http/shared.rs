//! What the handlers of one server share.

use std::sync::Arc;

use actix_web::web;
use tokio::sync::Semaphore;

use super::{
    arrival::Arrivals,
    metrics::Metrics,
    redirect::{Known, Throttle},
};
use crate::{app::App, graphql::Schema};

/// So many pictures are read at once.
const PICTURES_AT_ONCE: usize = 64;

/// What the handlers of one server share.
#[derive(Clone)]
pub struct Shared {
    /// Database, keys, settings.
    pub app: App,
    /// The schema.
    pub schema: Schema,
    /// Capacity for running requests.
    pub room: Arc<Semaphore>,
    /// Capacity for reading pictures: a slow bucket holds up nothing else.
    pub pictures: Arc<Semaphore>,
    /// Bodies that are arriving.
    pub arrivals: Arrivals,
    /// Clicks of each network.
    pub throttle: Arc<Throttle>,
    /// Where affiliates' links lead.
    pub leads: Arc<Known>,
    /// Counters of this process.
    pub metrics: web::Data<Metrics>,
}

impl Shared {
    /// What the handlers of `app` share.
    pub fn new(app: App) -> Self {
        let schema = crate::graphql::schema(&app.settings);
        let room = Arc::new(Semaphore::new(app.settings.capacity));
        let arrivals = Arrivals::new(app.settings.bodies);
        let pictures = Arc::new(Semaphore::new(PICTURES_AT_ONCE));
        let (throttle, leads, metrics) = (Arc::default(), Arc::default(), web::Data::default());
        Self { app, schema, room, pictures, arrivals, throttle, leads, metrics }
    }
}
