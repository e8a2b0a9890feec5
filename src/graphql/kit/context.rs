//! What every resolver can reach: the database, the time of the request, who asks, the loaders.

use std::time::Duration;

use async_graphql::Context;
use serde::{Serialize, de::DeserializeOwned};

use super::{
    errors::top_level,
    loader::{Batch, Loaders},
};
use crate::{
    accounts::{Gate, Origin},
    clock::Instant,
    db::{Database, Txn},
    error::{Code, Error, Fault, Rejection, Result},
    idempotency::{self, Key},
    input,
    schedule::Runner,
    viewer::{Permission, Viewer},
};

/// The surroundings of one request.
pub struct Request {
    /// The database.
    pub db: Database,
    /// Business time, taken once.
    pub now: Instant,
    /// What signing in needs.
    pub gate: Gate,
    /// Who asks; absent for a visitor.
    pub viewer: Option<Viewer>,
    /// From where.
    pub origin: Origin,
    /// Names the request in answers and logs.
    pub id: String,
    /// Runs tasks.
    pub runner: Runner,
    /// How long the request may take.
    pub patience: Duration,
    /// Loaders of this request only.
    pub loaders: Loaders,
}

/// Who asks, and from where.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The signed-in person; absent for a visitor.
    pub viewer: Option<Viewer>,
    /// Address and session.
    pub origin: Origin,
}

impl Request {
    /// A request by `caller` at `now`.
    pub fn new(
        (db, gate): (&Database, &Gate),
        now: Instant,
        Caller { viewer, origin }: Caller,
        id: String,
        runner: Runner,
    ) -> Self {
        let (db, gate) = (db.for_request(), gate.clone());
        let loaders = Batch::loaders(&db, now, viewer.clone());
        let patience = Duration::from_millis(crate::config::REQUEST_TIMEOUT_MS);
        Self { db, gate, now, viewer, origin, id, runner, patience, loaders }
    }

    /// With another time limit than the default.
    #[must_use]
    pub fn within(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The signed-in person.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` for a visitor.
    pub fn person(&self) -> Result<&Viewer, Rejection> {
        let sentence = "Sign in first: send a bearer token in the Authorization header.";
        self.viewer.as_ref().ok_or_else(|| Rejection::new(Code::Unauthenticated, sentence))
    }
}

impl Request {
    /// The signed-in person, if one of his roles lets him do this; asked before a stored answer is given
    /// again, too.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` for a visitor, `NOT_ALLOWED` for everyone else.
    pub fn must(&self, permission: Permission) -> Result<&Viewer, Rejection> {
        let person = self.person()?;
        person.must(permission)?;
        Ok(person)
    }

    /// The idempotency key of a mutation, with the hash of its other arguments; none in a dry run.
    ///
    /// # Errors
    /// `INVALID_INPUT` for a malformed key.
    pub fn key(
        &self,
        mutation: &'static str,
        key: Option<&str>,
        dry_run: bool,
        arguments: &impl Serialize,
    ) -> Result<Option<Key>> {
        let Some(key) = key.filter(|_| !dry_run) else { return Ok(None) };
        let (account, key) = (self.person()?.id(), input::idempotency_key(key)?);
        Ok(Some(Key { account, mutation, key, arguments_hash: idempotency::hash_of(arguments)? }))
    }
}

impl Request {
    /// Writes once for the idempotency key of a mutation, or rehearses: what `work` answers, and whether
    /// that is the stored answer of an earlier call.
    ///
    /// # Errors
    /// What `work` returns; `INVALID_INPUT` for a malformed key; `IDEMPOTENCY_KEY_REUSED`.
    pub async fn write_once<T: Serialize + DeserializeOwned>(
        &self,
        mutation: &'static str,
        (key, dry_run): (Option<&str>, bool),
        arguments: &impl Serialize,
        work: impl AsyncFnOnce(&Txn) -> Result<T> + Clone,
    ) -> Result<(T, bool)> {
        let key = self.key(mutation, key, dry_run, arguments)?;
        let once = async |txn: &Txn| idempotency::once(txn, key.as_ref(), async || work(txn).await).await;
        self.db.write_or_rehearse(dry_run, once).await
    }
}

impl Request {
    /// An error that a loader shared with all who asked it, as a top-level one.
    pub fn shared(&self, error: &Error) -> async_graphql::Error {
        top_level(self, Fault::Broken(error.to_string()).into())
    }
}

/// The surroundings of the request that `ctx` belongs to.
pub fn request<'a>(ctx: &Context<'a>) -> &'a Request {
    ctx.data_unchecked::<Request>()
}
