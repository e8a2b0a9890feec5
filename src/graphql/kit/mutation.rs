//! How a mutation is answered: permission, idempotency key, dry run, and the fields that all inputs and
//! payloads share.

use async_graphql::{Context, InputObject, SimpleObject};
use futures_util::{FutureExt, future::BoxFuture};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    context::{Request, request},
    errors::{UserError, top_level},
};
use crate::{
    db::Txn,
    error::{Code, Error, Rejection, Result},
    idempotency::{self, Key},
    input,
    viewer::{Permission, Viewer},
};

/// The result of a mutation's resolver.
pub type Answer<T> = async_graphql::Result<T>;

/// The fields of an input whose mutation can be repeated safely and rehearsed. They are not part of the hash.
#[derive(Debug, InputObject)]
pub struct Retry {
    /// The idempotency key, 1 to 255 characters. It makes a retry safe: requests with the same key take effect
    /// once.
    idempotency_key: Option<String>,
    /// Whether this is a dry run, which answers as the real request would but changes nothing.
    #[graphql(default)]
    dry_run: bool,
}

/// As [`Retry`], but with a required key, for mutations that move Connects or money.
#[derive(Debug, InputObject)]
pub struct RequiredKey {
    /// The idempotency key, 1 to 255 characters. It makes a retry safe: requests with the same key take effect
    /// once.
    idempotency_key: String,
    /// Whether this is a dry run, which answers as the real request would but changes nothing.
    #[graphql(default)]
    dry_run: bool,
}

impl RequiredKey {
    /// Whether this is a dry run.
    pub fn is_dry_run(&self) -> bool {
        self.dry_run
    }
}

/// The fields that the payloads of mutations share.
#[derive(Debug, SimpleObject)]
pub struct Outcome {
    /// Whether this is the remembered result of an earlier request with the same idempotency key.
    pub replayed: bool,
    /// The reasons for a refusal; empty on success.
    pub user_errors: Vec<UserError>,
}

/// The key of one attempt at a mutation, and whether it is a dry run.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    key: Option<&'a str>,
    /// Whether this is a dry run, which changes nothing.
    pub dry_run: bool,
}

impl<'a> From<&'a Retry> for Attempt<'a> {
    fn from(retry: &'a Retry) -> Self {
        Self { key: retry.idempotency_key.as_deref(), dry_run: retry.dry_run }
    }
}

impl<'a> From<&'a RequiredKey> for Attempt<'a> {
    fn from(retry: &'a RequiredKey) -> Self {
        Self { key: Some(&retry.idempotency_key), dry_run: retry.dry_run }
    }
}

impl Attempt<'_> {
    /// The idempotency key of the mutation that `ctx` resolves, with the hash of its `input`; none in a dry run.
    ///
    /// # Errors
    /// `INVALID_INPUT` for a malformed key.
    pub fn key(self, ctx: &Context<'_>, input: &impl Serialize) -> Result<Option<Key>> {
        let Some(key) = self.key else { return Ok(None) };
        let key = input::idempotency_key(key)?;
        if self.dry_run {
            return Ok(None);
        }
        let (account, mutation) = (request(ctx).person()?.id(), ctx.field().name().to_owned());
        Ok(Some(Key { account, mutation, key, arguments_hash: idempotency::hash_of(input)? }))
    }
}

/// The people who may use a mutation.
#[derive(Clone, Copy, Debug)]
pub enum Who {
    /// Anyone who is signed in.
    SignedIn,
    /// Anyone whose roles grant this permission.
    Need(Permission),
}

pub use Who::{Need, SignedIn};

impl Who {
    /// The viewer, if they are one of these people.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` for a visitor, `NOT_ALLOWED` without the permission.
    pub fn admit(self, request: &Request) -> Result<&Viewer, Rejection> {
        let viewer = request.person()?;
        if let Need(permission) = self {
            viewer.must(permission)?;
        }
        Ok(viewer)
    }
}

/// Does `work` as the viewer, if they are one of `who`: once for the idempotency key, or as a dry run. Returns
/// what `work` returns, or `None` if the request was refused. A remembered result too is only for `who`.
///
/// Resolvers box this future: the compiler proves that each resolver may change threads, and the proof ends at the box
/// instead of going through the whole use case again for each place that needs it.
///
/// # Errors
/// Top-level ones: faults, and refusals of visitors.
pub async fn mutate<'a, T: Serialize + DeserializeOwned>(
    ctx: &Context<'_>,
    input: &impl Serialize,
    retry: impl Into<Attempt<'a>>,
    who: Who,
    work: impl AsyncFnOnce(&Txn, &Viewer) -> Result<T> + Clone,
) -> Answer<(Option<T>, Outcome)> {
    let (request, attempt) = (request(ctx), retry.into());
    let done = async {
        let viewer = who.admit(request)?;
        let key = attempt.key(ctx, input)?;
        let once =
            async |txn: &Txn| idempotency::once(txn, key.as_ref(), async || work(txn, viewer).await).await;
        request.db.write_or_rehearse(attempt.dry_run, once).await
    };
    let (done, user_errors) = split(ctx, done.await)?;
    let (done, replayed) = done.map_or((None, false), |(done, replayed)| (Some(done), replayed));
    Ok((done, Outcome { replayed, user_errors }))
}

/// Does `work`. Returns what it returns, for a payload, or the reasons for its refusal; the field at fault is then one
/// of `input`. For mutations whose keys are no business of [`mutate`].
///
/// # Errors
/// Top-level ones: faults, and refusals of visitors.
pub fn answer<'a, T>(
    ctx: &'a Context<'_>,
    work: impl Future<Output = Result<T>> + Send + 'a,
) -> BoxFuture<'a, Answer<(Option<T>, Vec<UserError>)>> {
    async move { split(ctx, work.await) }.boxed()
}

fn split<T>(ctx: &Context<'_>, done: Result<T>) -> Answer<(Option<T>, Vec<UserError>)> {
    match done {
        Ok(done) => Ok((Some(done), Vec::new())),
        Err(Error::Rejected(no)) if no.code != Code::Unauthenticated => {
            Ok((None, vec![no.within("input").into()]))
        }
        Err(error) => Err(top_level(request(ctx), error)),
    }
}
