//! Mails: written as rows in the transaction of their fact, delivered by a task at least once, with a stable
//! Message-ID.
//!
//! A mail that carries a token refers to it; the token's text is computed from the keys at delivery, so that the row
//! holds no secret. A mail that cannot be sent is retried at growing intervals, and finally given up and kept, with
//! the reason.

mod deliver;
mod letters;
mod prefer;
pub mod rules;
pub mod store;

pub use deliver::{Delivery, claim_due, record_deliveries, send_all};
pub use letters::PATH;
pub use prefer::set_wanted;
pub use store::{Due, SECTIONS, erase_of, find_next_due};

use crate::{
    clock::Instant,
    db::Txn,
    entity::{
        enums::MailKind,
        ids::{AccountId, MailId, OneTimeTokenId},
        mail,
        values::MailFacts,
    },
    error::Result,
};

/// Writes a mail of `kind` to `account`, in the transaction of its fact.
///
/// # Errors
/// When the database refuses.
pub async fn write(
    txn: &Txn,
    kind: MailKind,
    account_id: AccountId,
    token_id: Option<OneTimeTokenId>,
) -> Result<()> {
    let row = mail::Model { token_id, ..blank(kind, account_id, txn.wall_now().await?) };
    store::insert_mails(txn, vec![row]).await
}

/// Writes mails of `kind`, each to an account and with facts, in the transaction of their fact.
///
/// # Errors
/// When the database refuses.
pub async fn write_all(txn: &Txn, kind: MailKind, letters: Vec<(AccountId, MailFacts)>) -> Result<()> {
    let now = txn.wall_now().await?;
    let row = |(account, facts)| mail::Model { facts: Some(facts), ..blank(kind, account, now) };
    store::insert_mails(txn, letters.into_iter().map(row).collect()).await
}

fn blank(kind: MailKind, account_id: AccountId, now: Instant) -> mail::Model {
    mail::Model {
        id: MailId::new(),
        kind,
        account_id,
        token_id: None,
        facts: None,
        created_at: now,
        attempts: 0,
        next_attempt_at: Some(now),
        sent_at: None,
        failed_at: None,
        error: None,
    }
}
