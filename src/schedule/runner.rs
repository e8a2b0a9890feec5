//! What runs tasks in this process, and with what.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::{
    db::Database,
    error::{Fault, Result},
    providers::Providers,
};

/// Runs tasks in this process, with everything they may need.
#[derive(Clone, Debug)]
pub struct Runner {
    pub(super) db: Database,
    pub(super) stop: CancellationToken,
    providers: Option<Arc<Providers>>,
}

impl Runner {
    /// A runner for `db` whose runs finish their batch and stop when `stop` is set. It has the providers unless the
    /// process has no secret.
    pub fn new(db: Database, providers: Option<Arc<Providers>>, stop: CancellationToken) -> Self {
        Self { db, stop, providers }
    }

    /// The providers that this process can reach.
    ///
    /// # Errors
    /// [`Fault::Setup`] when the process has no secret.
    pub fn providers(&self) -> Result<&Providers> {
        let sentence =
            "this process has no secret and can neither send mail nor collect payments; set CONNECTS_SECRET";
        Ok(self.providers.as_deref().ok_or_else(|| Fault::Setup(sentence.into()))?)
    }
}
