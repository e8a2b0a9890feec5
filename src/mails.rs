//! Mails: written as rows in the transaction of their fact, delivered by a task at least once, with a stable
//! Message-ID.
//!
//! A mail that carries a token refers to it; the token's text is computed from the keys at delivery, so that the row
//! holds no secret. A mail that cannot be sent is retried at growing intervals, and finally given up and kept, with
//! the reason.

mod deliver;
mod letters;
pub mod rules;
pub mod store;

pub use deliver::{Delivery, claim_due, record_deliveries, send_all};
pub use store::{Due, SECTIONS, erase_of, find_next_due};

use crate::{
    db::Txn,
    entity::{
        enums::MailKind,
        ids::{AccountId, MailId, OneTimeTokenId},
        mail,
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
    let now = txn.wall_now().await?;
    let row = mail::Model {
        id: MailId::new(),
        kind,
        account_id,
        token_id,
        created_at: now,
        attempts: 0,
        next_attempt_at: Some(now),
        sent_at: None,
        failed_at: None,
        error: None,
    };
    store::insert_mail(txn, row).await
}
