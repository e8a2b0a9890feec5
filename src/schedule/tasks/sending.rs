//! Payouts that are on their way go out, and those whose outcome nobody knows are asked about (W-1).

use futures_util::{StreamExt, stream};

use crate::{
    db::Txn,
    error::Result,
    payouts,
    providers::{Paying, payouts::Sent},
    schedule::{execution::Execution, run::Run, runner::Runner},
};

/// Payouts that are claimed and settled at once.
const AT_ONCE: u64 = 100;

/// Those of them that the provider is asked about at a time.
const AT_A_TIME: usize = 8;

/// Asks the provider about every payout that is due once, or writes the files that are not complete; returns how many
/// payouts were asked about, and how many are over. A rehearsal asks nobody.
///
/// # Errors
/// What stops the run.
pub(super) async fn send_all(run: &Run<'_>) -> Result<(u64, u64)> {
    let Execution::Real(runner) = run.execution else { return Ok((0, 0)) };
    match &runner.providers()?.payouts {
        Some(Paying::Provider(provider)) => ask_all(run, runner, provider.as_ref()).await,
        Some(Paying::Files { folder, payer }) => {
            run.execution.must_go_on()?;
            payouts::write_files(&runner.db, &runner.providers()?.keys, folder, payer).await?;
            Ok((0, 0))
        }
        None => Ok((0, 0)),
    }
}

async fn ask_all(
    run: &Run<'_>,
    runner: &Runner,
    provider: &dyn crate::providers::payouts::Payouts,
) -> Result<(u64, u64)> {
    let (begun, keys) = (runner.db.now().await?, &runner.providers()?.keys);
    let (mut asked, mut known) = (0, 0);
    loop {
        let claim = async |txn: &Txn| payouts::claim(txn, begun.min(txn.due_by()), AT_ONCE).await;
        let due = run.batch(claim).await?;
        if due.is_empty() {
            return Ok((asked, known));
        }
        let answers = stream::iter(due).map(async |one| {
            let (id, asked) = (one.0.id, payouts::ask(provider, keys, one).await);
            // One whose details cannot be opened does not hold up the others.
            asked.unwrap_or_else(|error| {
                tracing::error!(payout = %id, %error, "a payout cannot be sent");
                payouts::Outcome { id, sent: Sent::Unknown }
            })
        });
        let outcomes: Vec<_> = answers.buffer_unordered(AT_A_TIME).collect().await;
        asked += outcomes.len() as u64;
        known += run.settle(async |txn: &Txn| payouts::settle(txn, &outcomes).await).await?;
    }
}
