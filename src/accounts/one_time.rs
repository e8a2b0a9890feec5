//! One-time tokens: created and mailed in the transaction that needs them, and used once.

use chrono::TimeDelta;

use super::{Gate, rejection, store};
use crate::{
    db::Txn,
    entity::{
        enums::{MailKind, TokenPurpose},
        ids::{AccountId, OneTimeTokenId},
        one_time_token,
    },
    error::Result,
    mails,
};

/// Creates a token for `account` and writes the mail that carries it.
///
/// # Errors
/// When the database refuses.
pub async fn mail_token(txn: &Txn, gate: &Gate, account: AccountId, purpose: TokenPurpose) -> Result<()> {
    let (life, kind) = match purpose {
        TokenPurpose::VerifyEmail => {
            (TimeDelta::hours(gate.settings.verify_hours.into()), MailKind::VerifyEmail)
        }
        TokenPurpose::ResetPassword => {
            (TimeDelta::minutes(gate.settings.reset_minutes.into()), MailKind::ResetPassword)
        }
    };
    let now = txn.wall_now().await?;
    let token = one_time_token::Model {
        id: OneTimeTokenId::new(),
        account_id: account,
        purpose,
        created_at: now,
        expires_at: now + life,
        used_at: None,
    };
    let id = token.id;
    store::insert_token(txn, token).await?;
    mails::write(txn, kind, account, Some(id)).await
}

/// Uses a mailed token, which works once; returns its account. The keys must have caught up with it.
///
/// # Errors
/// `INVALID_TOKEN`.
pub async fn use_token(txn: &Txn, gate: &Gate, token: &str, purpose: TokenPurpose) -> Result<AccountId> {
    let id = gate.keys.open_mailed_token(token, purpose).ok_or_else(rejection::invalid_token)?;
    let now = txn.wall_now().await?;
    let row = store::find_live_token(txn, id, purpose, now).await?;
    let row = row.ok_or_else(rejection::invalid_token)?;
    if !store::use_token(txn, id, now).await? {
        return Err(rejection::invalid_token().into());
    }
    Ok(row.account_id)
}
