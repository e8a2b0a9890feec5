//! Delivering mails: claim some in one transaction, send them outside of any, record the results in another. If the
//! process dies in between, they are sent again later; none is lost.

use super::{letters, rules, store, store::Due};
use crate::{db::Txn, entity::ids::MailId, error::Result, providers::Providers};

/// Mails of one transaction.
const MAILS_AT_ONCE: u64 = 50;

/// The result of sending a mail.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The mail.
    pub id: MailId,
    /// The number of attempts.
    pub attempts: i64,
    /// Why it was not sent.
    pub error: Option<String>,
}

/// Claims some of the mails that are due. If this process dies, they fall due again later.
///
/// # Errors
/// When the database refuses.
pub async fn claim_due(txn: &Txn) -> Result<Vec<Due>> {
    let now = txn.wall_now().await?;
    let mut due = store::list_due(txn, now, MAILS_AT_ONCE).await?;
    for Due { mail, .. } in &mut due {
        mail.attempts += 1;
        mail.next_attempt_at = Some(now + rules::back_off_of(mail.attempts));
        store::update_mail(txn, mail.clone()).await?;
    }
    Ok(due)
}

/// Sends claimed mails, one after the other.
pub async fn send_all(providers: &Providers, due: Vec<Due>) -> Vec<Delivery> {
    let mut deliveries = Vec::with_capacity(due.len());
    for due in due {
        let sent = match letters::letter_of(providers, &due) {
            Ok(letter) => providers.mail.send(&letter).await,
            Err(error) => Err(error),
        };
        let error = sent.err().map(|error| error.to_string());
        deliveries.push(Delivery { id: due.mail.id, attempts: due.mail.attempts, error });
    }
    deliveries
}

/// Records the results of sending; a mail that failed `most` times is given up, with an error in the log. Returns how
/// many were sent and how many were given up.
///
/// # Errors
/// When the database refuses.
pub async fn record_deliveries(txn: &Txn, deliveries: &[Delivery], most: i64) -> Result<(u64, u64)> {
    let (mut sent, mut given_up) = (0, 0);
    for delivery in deliveries {
        let Some(mut mail) = store::find_mail(txn, delivery.id).await? else { continue };
        mail.error = delivery.error.clone();
        if delivery.error.is_none() {
            (mail.sent_at, mail.next_attempt_at) = (Some(txn.wall_now().await?), None);
            sent += 1;
        } else if delivery.attempts >= most {
            (mail.failed_at, mail.next_attempt_at) = (Some(txn.wall_now().await?), None);
            given_up += 1;
            tracing::error!(mail = %mail.id, error = mail.error, "a mail was given up");
        }
        store::update_mail(txn, mail).await?;
    }
    Ok((sent, given_up))
}
