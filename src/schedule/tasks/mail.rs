//! Sends mails (P-1): the only task that calls a provider, and never within a transaction.

use crate::{
    clock::Instant,
    db::Txn,
    error::Result,
    mails::{self, Delivery, Due},
    schedule::execution::Execution,
    schedule::{
        run::Run,
        task::{Counts, Outlook, Work},
    },
};

#[derive(Debug)]
pub struct Mail;

#[async_trait::async_trait]
impl Work for Mail {
    async fn due(&self, outlook: &Outlook<'_>) -> Result<Option<Instant>> {
        mails::find_next_due(&outlook.db, outlook.now).await
    }

    async fn run(&self, run: &Run<'_>) -> Result<Counts> {
        let mut counts = Counts::from([("sent", 0), ("failed", 0), ("given up", 0)]);
        loop {
            if let Execution::Real(runner) = run.execution {
                // Or each mail that is due would use up an attempt.
                runner.providers()?.keys.must_sign_mail()?;
            }
            let due = run.batch(mails::claim_due).await?;
            if due.is_empty() {
                return Ok(counts);
            }
            let claimed = due.len() as u64;
            let (deliveries, most) = send(run, due).await?;
            let record = async |txn: &Txn| mails::record_deliveries(txn, &deliveries, most).await;
            let (sent, given_up) = run.settle(record).await?;
            *counts.entry("sent").or_default() += sent;
            *counts.entry("given up").or_default() += given_up;
            *counts.entry("failed").or_default() += claimed - sent;
        }
    }
}

/// Sends `due`, and returns the attempts after which a mail is given up; a rehearsal only counts the mails.
async fn send(run: &Run<'_>, due: Vec<Due>) -> Result<(Vec<Delivery>, i64)> {
    match run.execution {
        Execution::Within(_) => {
            let sent = |due: &Due| Delivery { id: due.mail.id, attempts: 1, error: None };
            Ok((due.iter().map(sent).collect(), i64::MAX))
        }
        Execution::Real(runner) => {
            let providers = runner.providers()?;
            Ok((mails::send_all(providers, due).await, providers.mail_attempts))
        }
    }
}
