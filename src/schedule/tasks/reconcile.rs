//! Proves the books (H-4).

use chrono::TimeDelta;

use crate::{
    books,
    clock::Instant,
    error::{Fault, Result},
    schedule::{execution::Execution, store},
    schedule::{
        run::Run,
        task::{Counts, Outlook, Work},
    },
};

#[derive(Debug)]
pub struct Reconcile;

#[async_trait::async_trait]
impl Work for Reconcile {
    /// Due at each of its times: the first after its last run, or the first of all.
    async fn due(&self, outlook: &Outlook<'_>) -> Result<Option<Instant>> {
        let last = store::find_last_success(&outlook.db, outlook.task, outlook.now).await?;
        Ok(Some(last.map_or(Instant::UNIX_EPOCH, |at| at + TimeDelta::microseconds(1))))
    }

    async fn run(&self, run: &Run<'_>) -> Result<Counts> {
        let breaches = match run.execution {
            Execution::Within(txn) => books::verify(txn).await?,
            Execution::Real(runner) => books::verify(&runner.db.snapshot().await?).await?,
        };
        let Some(first) = breaches.first() else { return Ok(Counts::from([("breaches", 0)])) };
        for breach in &breaches {
            tracing::error!(breach.invariant, breach.subject, breach.detail, "the ledger does not reconcile");
        }
        let (count, invariant) = (breaches.len(), first.invariant);
        let sentence = format!("{count} breaches, the first of {invariant}; run `connects verify`");
        Err(Fault::Broken(sentence).into())
    }
}
