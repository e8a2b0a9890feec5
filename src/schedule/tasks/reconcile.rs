//! Proves the books (H-4), and compares payments with the provider's own list (B-3).

use chrono::TimeDelta;

use crate::{
    books::{self, Breach},
    clock::Instant,
    entity::enums::{ClockKind, PaymentProvider},
    error::{Fault, Result},
    payments::{self, rules::differences::Difference},
    providers::payments::Payments,
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

/// For how long a difference is named, unless it is gone before.
const NAMED_FOR: TimeDelta = TimeDelta::days(30);

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
        let compared = match run.execution {
            // A rehearsal asks nobody, and answers as a run that finds nothing.
            Execution::Within(_) => Compared { differences: Some(Vec::new()), unasked: None },
            Execution::Real(runner) => compare(run, runner).await?,
        };
        for difference in compared.differences.iter().flatten() {
            tracing::error!(%difference, "the payment provider's list differs");
        }
        match complaint(&breaches, &compared) {
            None => Ok(compared.counts()),
            Some(sentence) => Err(Fault::Broken(sentence).into()),
        }
    }
}

/// What the comparison with the payment provider's list came to.
#[derive(Debug)]
struct Compared {
    /// What differs; absent if nobody was asked.
    differences: Option<Vec<Difference>>,
    /// A provider with payments of ours that this process cannot ask.
    unasked: Option<PaymentProvider>,
}

impl Compared {
    /// Nothing was found; without an answer, nothing is said of differences.
    fn counts(&self) -> Counts {
        let differences = self.differences.as_ref().map(|_| ("differences", 0));
        [("breaches", 0)].into_iter().chain(differences).collect()
    }
}

/// What was found, of all kinds: none hides another.
fn complaint(breaches: &[Breach], compared: &Compared) -> Option<String> {
    let breaches = breaches.first().map(|first| {
        let (count, invariant) = (breaches.len(), first.invariant);
        format!("{count} breaches, the first of {invariant}; run `connects verify`")
    });
    let differences = compared.differences.as_deref().unwrap_or_default();
    let differing = differences.first().map(|first| {
        let count = differences.len();
        format!("the payment provider's list differs in {count} places, the first: {first}")
    });
    let unasked = compared.unasked.map(|provider| {
        format!(
            "payments of {provider} were not compared, because this process cannot ask it; start it with CONNECTS_SECRET \
             and the settings payments.* of the server"
        )
    });
    let found: Vec<_> = breaches.into_iter().chain(differing).chain(unasked).collect();
    (!found.is_empty()).then(|| found.join("; and "))
}

/// What differs from the payment provider's list, of all that moved since some days before the last success.
async fn compare(run: &Run<'_>, runner: &Runner) -> Result<Compared> {
    let now = runner.db.now().await?;
    // A command without the secret has no provider, and still proves the books.
    let provider = runner.providers().ok().and_then(|providers| providers.payments.as_deref());
    let asked = provider.map(Payments::provider);
    let unasked = payments::store::find_unasked(runner.db.read(), asked, now - OVERLAP).await?;
    let Some(provider) = provider else { return Ok(Compared { differences: None, unasked }) };
    let last = store::find_last_success(runner.db.read(), run.task, now).await?;
    // A provider outside does not follow a sandbox's clock, so there all of its list is read.
    let is_elsewhere =
        runner.db.clock() == ClockKind::Sandbox && provider.provider() != PaymentProvider::Sandbox;
    let since = match last {
        Some(at) if !is_elsewhere => (at - OVERLAP).max(now - NAMED_FOR),
        _ => Instant::UNIX_EPOCH,
    };
    let differences = Some(payments::reconcile(&runner.db, provider, since).await?);
    Ok(Compared { differences, unasked })
}
