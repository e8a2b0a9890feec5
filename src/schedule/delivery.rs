//! Sending mails: the only task that talks to an outsider, and never within a transaction.

use super::{batches::Batches, tasks::Counts};
use crate::{
    error::Result,
    mails::{self, Delivery},
};

/// Sends all mails that are due; a dry run counts them.
pub(super) async fn deliver(batches: &mut Batches<'_>) -> Result<Counts> {
    let mut counts = Counts::from([("sent", 0), ("failed", 0), ("given up", 0)]);
    loop {
        let due = batches.next(async |txn| mails::claim_due(txn).await).await?;
        if due.is_empty() {
            return Ok(counts);
        }
        let claimed = due.len() as u64;
        let (deliveries, most) = match batches {
            Batches::Within { .. } => {
                let sent = |due: &mails::Due| Delivery { id: due.mail.id, attempts: 1, error: None };
                (due.iter().map(sent).collect(), i64::MAX)
            }
            Batches::Real { db, .. } => {
                let outsiders = db.outsiders()?;
                (mails::send_all(outsiders, due).await, outsiders.mail_attempts)
            }
        };
        let settle = batches.next(async |txn| mails::settle(txn, &deliveries, most).await).await?;
        *counts.entry("sent").or_default() += settle.0;
        *counts.entry("given up").or_default() += settle.1;
        *counts.entry("failed").or_default() += claimed - settle.0;
    }
}
