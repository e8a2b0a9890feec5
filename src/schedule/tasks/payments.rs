//! Asks the payment provider what became of payments whose outcome is not known (B-3).

use crate::{
    clock::Instant,
    contracts,
    db::Txn,
    error::Result,
    payments,
    schedule::execution::Execution,
    schedule::{
        run::Run,
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
        payments::store::find_next(&outlook.db).await
    }

    async fn run(&self, run: &Run<'_>) -> Result<Counts> {
        let mut counts = Counts::from([("asked", 0), ("known", 0)]);
        // A rehearsal asks nobody.
        let Execution::Real(runner) = run.execution else { return Ok(counts) };
        let Some(provider) = runner.providers()?.payments.as_deref() else { return Ok(counts) };
        let list = async |txn: &Txn| {
            payments::store::list_due(txn, provider.provider(), txn.due_by(), PAYMENTS_AT_ONCE).await
        };
        loop {
            let due = run.batch(list).await?;
            if due.is_empty() {
                return Ok(counts);
            }
            *counts.entry("asked").or_default() += due.len() as u64;
            for outcome in payments::collect(&runner.db, provider, &due).await? {
                let settle = async |txn: &Txn| contracts::settle(txn, &outcome).await;
                *counts.entry("known").or_default() += u64::from(run.settle(settle).await?);
            }
        }
    }
}
