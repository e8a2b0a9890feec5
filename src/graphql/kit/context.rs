//! What every resolver can reach: the database, the time of the request, the viewer, the loaders.

use std::{hash::Hash, sync::Arc, time::Duration};

use async_graphql::{Context, dataloader::Loader};
use futures_util::{FutureExt, future::BoxFuture};

use super::{
    errors::top_level,
    loader::{Batch, Loaders},
};
use crate::{
    accounts::{Gate, Origin},
    affiliates::Visit,
    clock::Instant,
    db::{Database, Queue},
    entity::{enums::PayoutProvider, ids::PaymentMethodId, wallet},
    error::{Code, Error, Fault, Rejection, Result},
    payments::{self, By, Charging},
    payouts,
    proposals::Submit,
    providers::{assets::Assets, payments::Payments},
    schedule::Runner,
    viewer::Viewer,
};

/// The surroundings of one request.
pub struct Request {
    /// The database.
    pub db: Database,
    /// Proposals that are submitted, for all requests.
    pub submissions: Queue<Submit>,
    /// Business time, taken once.
    pub now: Instant,
    /// The keys and limits that sessions need.
    pub gate: Gate,
    /// The signed-in person; absent for a visitor.
    pub viewer: Option<Viewer>,
    /// The person's wallet as it was when the request began; absent if it may have changed, or there is none.
    pub wallet: Option<wallet::Model>,
    /// The source address and the session of the request.
    pub origin: Origin,
    /// What the cookie of the browser says of the click that brought its visitor.
    pub visit: Option<Visit>,
    /// The code of the freelancer's link by which the browser came.
    pub referral: Option<String>,
    /// The id of the request in answers and logs.
    pub id: String,
    /// The runner of tasks.
    pub runner: Runner,
    /// Who collects payments, if anybody does.
    payments: Option<Arc<dyn Payments>>,
    /// Who pays people, if anybody does.
    pays_by: Option<PayoutProvider>,
    /// The time limit of the request.
    pub patience: Duration,
    /// The loaders, for this request only.
    loaders: Loaders,
}

/// The person who makes a request, and where it comes from.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The signed-in person; absent for a visitor.
    pub viewer: Option<Viewer>,
    /// The person's wallet, for a request that changes nothing.
    pub wallet: Option<wallet::Model>,
    /// The source address and the session.
    pub origin: Origin,
    /// What the cookie of the browser says of the click that brought its visitor.
    pub visit: Option<Visit>,
    /// The code of the freelancer's link by which the browser came.
    pub referral: Option<String>,
}

impl Request {
    /// The surroundings of a request by `caller` at `now`.
    pub fn new(
        (db, gate, submissions): (&Database, &Gate, &Queue<Submit>),
        now: Instant,
        Caller { viewer, wallet, origin, visit, referral }: Caller,
        id: String,
        runner: Runner,
    ) -> Self {
        let (db, gate, submissions) = (db.for_request(), gate.clone(), submissions.clone());
        let loaders = Batch::loaders(&db, now, viewer.clone());
        let patience = Duration::from_millis(crate::config::REQUEST_TIMEOUT_MS);
        let payments = runner.providers().ok().and_then(|providers| providers.payments.clone());
        let pays_by =
            runner.providers().ok().and_then(|providers| Some(providers.payouts.as_ref()?.provider()));
        Self {
            db,
            gate,
            submissions,
            now,
            viewer,
            wallet,
            origin,
            visit,
            referral,
            id,
            runner,
            payments,
            pays_by,
            patience,
            loaders,
        }
    }

    /// The same with another time limit than the default.
    #[must_use]
    pub fn within(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Who collects payments.
    ///
    /// # Errors
    /// `PAYMENTS_NOT_CONFIGURED`.
    pub fn payments(&self) -> Result<&dyn Payments, Rejection> {
        self.payments.as_deref().ok_or_else(payments::rejection::not_configured)
    }

    /// What keeps pictures.
    ///
    /// # Errors
    /// A fault in a command that has no providers.
    pub fn assets(&self) -> Result<&Assets> {
        Ok(&self.runner.providers()?.assets)
    }

    /// Where people reach this server; empty if nobody has said it.
    pub fn address(&self) -> &str {
        self.runner.providers().map_or("", |providers| &providers.address)
    }

    /// Who pays people.
    ///
    /// # Errors
    /// `PAYOUTS_NOT_CONFIGURED`.
    pub fn pays_by(&self) -> Result<PayoutProvider, Rejection> {
        self.pays_by.ok_or_else(payouts::rejection::not_configured)
    }

    /// How the person pays: with `method`, if anybody collects payments, or from their cash account.
    ///
    /// # Errors
    /// `PAYMENTS_NOT_CONFIGURED`; `INVALID_INPUT` for both or neither.
    pub fn paying_by(&self, method: Option<PaymentMethodId>, from_cash: bool) -> Result<By, Rejection> {
        match (method, from_cash) {
            (None, true) => Ok(By::Cash),
            (Some(method), false) => {
                let provider = self.payments()?.provider();
                let failures = self.gate.payments.failures_per_account;
                Ok(By::Method(Charging { method, provider, failures }))
            }
            _ => Err(payments::rejection::one_way_to_pay()),
        }
    }

    /// The signed-in person.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` for a visitor.
    pub fn person(&self) -> Result<&Viewer, Rejection> {
        let sentence = "You are not signed in. Send a valid bearer token in the Authorization header.";
        self.viewer.as_ref().ok_or_else(|| Rejection::new(Code::Unauthenticated, sentence))
    }
}

impl Request {
    /// What a loader reads for `key`. One statement reads everything that is requested before the request first
    /// waits.
    ///
    /// # Errors
    /// A fault of the database.
    pub fn load<K>(&self, key: K) -> BoxFuture<'_, async_graphql::Result<Option<<Batch as Loader<K>>::Value>>>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Batch: Loader<K, Error = Arc<Error>>,
    {
        // Everyone who asked for the same key shares the error.
        let shared = |error: Arc<Error>| top_level(self, Fault::Broken(error.to_string()).into());
        async move { self.loaders.load_one(key).await.map_err(shared) }.boxed()
    }

    /// The same as an object, for a field that is null if there is none.
    pub async fn show<K, N>(
        &self,
        key: K,
        object: impl FnOnce(<Batch as Loader<K>>::Value) -> N,
    ) -> Option<async_graphql::Result<N>>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Batch: Loader<K, Error = Arc<Error>>,
    {
        self.load(key).await.map(|found| found.map(object)).transpose()
    }
}

/// The surroundings of the request that `ctx` belongs to.
pub fn request<'a>(ctx: &Context<'a>) -> &'a Request {
    ctx.data_unchecked::<Request>()
}
