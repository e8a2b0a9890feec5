//! Asks the payment provider what became of payments whose outcome is not known (B-3).

use chrono::TimeDelta;
use sea_orm::Iterable;

use crate::{
    clock::Instant,
    contracts,
    db::Txn,
    entity::{enums::PaymentProvider, ids::PaymentId, payment},
    error::{Error, Fault, Result},
    payments::{self, rules, store},
    providers,
    schedule::{
        execution::Execution,
        run::Run,
        runner::Runner,
        task::{Counts, Outlook, Work},
    },
};

/// Payments of one question.
const PAYMENTS_AT_ONCE: u64 = 50;

#[derive(Debug)]
pub struct Payments;

#[async_trait::async_trait]
impl Work for Payments {
    async fn due(&self, outlook: &Outlook<'_>) -> Result<Option<Instant>> {
        store::find_next(&outlook.db).await
    }

    async fn run(&self, run: &Run<'_>) -> Result<Counts> {
        match run.execution {
            Execution::Real(runner) => ask(run, runner).await,
            Execution::Within(_) => rehearse(run).await,
        }
    }
}

/// Asks for each payment that is due once, and settles it. One that cannot be settled is left to the next run, which this
/// one tells by its failure.
async fn ask(run: &Run<'_>, runner: &Runner) -> Result<Counts> {
    let mut counts = Counts::from([("asked", 0), ("known", 0)]);
    let (provider, begun) = (runner.providers()?.payments.as_deref(), runner.db.now().await?);
    let ours = provider.map(providers::payments::Payments::provider);
    let mut broken = 0;
    while let Some(provider) = provider {
        let claim = async |txn: &Txn| {
            let again = |payment: &payment::Model| rules::asked_again_at(payment, txn.now());
            store::claim_due(txn, provider.provider(), begun.min(txn.due_by()), PAYMENTS_AT_ONCE, again).await
        };
        let due = run.batch(claim).await?;
        if due.is_empty() {
            break;
        }
        for payment in due {
            *counts.entry("asked").or_default() += 1;
            match settle(run, runner, provider, payment).await {
                Ok(known) => *counts.entry("known").or_default() += u64::from(known),
                Err(Error::Fault(Fault::Database(_) | Fault::Broken(_)) | Error::Rejected(_)) => broken += 1,
                Err(error) => return Err(error),
            }
        }
    }
    let elsewhere = store::count_due_elsewhere(runner.db.read(), ours, begun).await?;
    if broken + elsewhere > 0 {
        let sentence = format!(
            "{broken} payments could not be settled, and {elsewhere} wait for a provider that is not configured"
        );
        return Err(Fault::Setup(sentence).into());
    }
    Ok(counts)
}

async fn settle(
    run: &Run<'_>,
    runner: &Runner,
    provider: &dyn providers::payments::Payments,
    payment: PaymentId,
) -> Result<bool> {
    let mut known = false;
    for outcome in payments::collect(&runner.db, provider, &[payment]).await? {
        let settled = run.settle(async |txn: &Txn| contracts::settle(txn, &outcome).await).await;
        known =
            settled.inspect_err(|error| tracing::error!(%payment, %error, "a payment cannot be settled"))?;
    }
    Ok(known)
}

/// A rehearsal asks nobody, and does not come back to the same payments.
async fn rehearse(run: &Run<'_>) -> Result<Counts> {
    let mut asked = 0;
    for provider in PaymentProvider::iter() {
        let claim = async |txn: &Txn| {
            let later = txn.now() + TimeDelta::days(36_500);
            store::claim_due(txn, provider, txn.due_by(), u64::from(u32::MAX), |_| later).await
        };
        asked += run.batch(claim).await?.len() as u64;
    }
    Ok(Counts::from([("asked", asked), ("known", 0)]))
}
