//! Deletes keys that signed nothing that is still valid.

use crate::{
    clock::Instant,
    db::Txn,
    error::{Fault, Result},
    keyring, payouts,
    schedule::{
        execution::Execution,
        run::Run,
        task::{Counts, Outlook, Work},
    },
};

#[derive(Debug)]
pub struct RetireKeys;

#[async_trait::async_trait]
impl Work for RetireKeys {
    async fn due(&self, outlook: &Outlook<'_>) -> Result<Option<Instant>> {
        if payouts::store::is_sealed_with_retiring(&outlook.db).await? {
            return Ok(Some(Instant::UNIX_EPOCH));
        }
        keyring::next_retirement(&outlook.db).await
    }

    async fn run(&self, run: &Run<'_>) -> Result<Counts> {
        let sealed = seal_again(run).await?;
        let retired = run.batch(keyring::retire_due).await?;
        Ok(Counts::from([("retired", retired.0.len() as u64), ("sealed", sealed)]))
    }
}

/// Payout details are encrypted with the key in use, before another one is deleted. A rehearsal leaves them.
async fn seal_again(run: &Run<'_>) -> Result<u64> {
    let Execution::Real(runner) = run.execution else { return Ok(0) };
    if !payouts::store::is_sealed_with_retiring(runner.db.read()).await? {
        return Ok(0);
    }
    let (keys, mut sealed) = (&runner.providers()?.keys, 0);
    loop {
        match run.batch(async |txn: &Txn| payouts::seal_again(txn, keys).await).await? {
            0 => break,
            some => sealed += some,
        }
    }
    if payouts::store::is_sealed_with_retiring(runner.db.read()).await? {
        let sentence =
            "payout details are encrypted with a key that this process does not know yet; run the task again";
        return Err(Fault::Setup(sentence.into()).into());
    }
    Ok(sealed)
}
