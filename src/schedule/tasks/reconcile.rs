//! Proves the books (H-4), and compares payments with the provider's own list (B-3).

use chrono::TimeDelta;

use crate::{
    books::{self, Breach},
    clock::Instant,
    entity::enums::{ClockKind, PaymentProvider},
    error::{Fault, Result},
    payments::{self, rules::differences::Difference},
    schedule::{
        execution::Execution,
        run::Run,
        runner::Runner,
        store,
        task::{Counts, Outlook, Work},
    },
};

/// How long before the last success the provider's list is read from: what was too new to be judged then is judged now.
const OVERLAP: TimeDelta = TimeDelta::days(3);

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
        for breach in &breaches {
            tracing::error!(breach.invariant, breach.subject, breach.detail, "the ledger does not reconcile");
        }
        let differences = match run.execution {
            // A rehearsal asks nobody.
            Execution::Within(_) => Vec::new(),
            Execution::Real(runner) => compare(run, runner).await?,
        };
        for difference in &differences {
            tracing::error!(%difference, "the payment provider's list differs");
        }
        match complaint(&breaches, &differences) {
            None => Ok(Counts::from([("breaches", 0), ("differences", 0)])),
            Some(sentence) => Err(Fault::Broken(sentence).into()),
        }
    }
}

/// What was found, of both kinds: neither hides the other.
fn complaint(breaches: &[Breach], differences: &[Difference]) -> Option<String> {
    let breaches = breaches.first().map(|first| {
        let (count, invariant) = (breaches.len(), first.invariant);
        format!("{count} breaches, the first of {invariant}; run `connects verify`")
    });
    let differences = differences.first().map(|first| {
        let count = differences.len();
        format!("the payment provider's list differs in {count} places, the first: {first}")
    });
    let found: Vec<_> = breaches.into_iter().chain(differences).collect();
    (!found.is_empty()).then(|| found.join("; and "))
}

/// What differs from the payment provider's list, of all that moved since some days before the last success.
async fn compare(run: &Run<'_>, runner: &Runner) -> Result<Vec<Difference>> {
    let Ok(providers) = runner.providers() else {
        // A command without the secret still proves the books.
        tracing::warn!("payments were not compared with the provider's list: this process has no secret");
        return Ok(Vec::new());
    };
    let Some(provider) = providers.payments.as_deref() else { return Ok(Vec::new()) };
    let now = runner.db.now().await?;
    let last = store::find_last_success(runner.db.read(), run.task, now).await?;
    // A provider outside does not follow a sandbox's clock, so there all of its list is read.
    let is_elsewhere =
        runner.db.clock() == ClockKind::Sandbox && provider.provider() != PaymentProvider::Sandbox;
    let since = match last {
        Some(at) if !is_elsewhere => at - OVERLAP,
        _ => Instant::UNIX_EPOCH,
    };
    payments::reconcile(&runner.db, provider, since).await
}
