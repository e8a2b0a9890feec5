//! Setting a new password by mail (P-1).

use super::{Gate, Origin, attempts, one_time, rejection, rules, store};
use crate::{
    audit,
    audit::Record,
    db::{Database, Txn},
    entity::{
        account,
        enums::{AttemptKind, AuditAction, MailKind, SessionEnd, TokenPurpose},
    },
    error::Result,
    input, keyring, mails,
};

/// Mails a token that sets a new password, if there is such an account. The answer is the same when there is none.
///
/// # Errors
/// `INVALID_INPUT`, `THROTTLED`.
pub async fn request_reset(db: &Database, gate: &Gate, origin: Origin, email: &str) -> Result<()> {
    let (email, network) = (input::email("email", email)?, origin.network());
    gate.no_sooner(async {
        let tries = [(AttemptKind::Mail, email.as_str()), (AttemptKind::MailFrom, network.as_str())];
        attempts::try_one_more(db, gate, &tries).await?;
        let write = async |txn: &Txn| match store::find_by_email(txn, &email).await? {
            Some(account) => one_time::mail_token(txn, gate, account.id, TokenPurpose::ResetPassword).await,
            None => Ok(()),
        };
        db.write(write).await
    })
    .await
}

/// Sets a new password with a mailed token, and ends all sessions.
///
/// # Errors
/// `INVALID_TOKEN`, `WEAK_PASSWORD`, `BUSY`.
pub async fn reset_password(db: &Database, gate: &Gate, token: &str, new: &str) -> Result<()> {
    let account = account_of(db, gate, token).await?;
    let policy = &db.policy_at(db.now().await?).policy.passwords;
    rules::may_be_password("newPassword", new, policy, (&account.email, &account.name))?;
    let phc = gate.hasher.hash(new).await?;
    let write = async |txn: &Txn| {
        let id = one_time::use_token(txn, gate, token, TokenPurpose::ResetPassword).await?;
        store::set_password(txn, id, &phc).await?;
        store::raise_session_version(txn, id).await?;
        store::end_sessions(txn, id, None, SessionEnd::Password).await?;
        store::void_tokens(txn, id).await?;
        attempts::forget_guesses(txn, gate, &account.email).await?;
        mails::write(txn, MailKind::PasswordChanged, id, None).await?;
        audit::record(txn, Record::new(AuditAction::PasswordReset, Some(id)).to(id)).await
    };
    db.write(write).await
}

/// The account of the token, read before the password is hashed, so that an invalid token costs no hash.
async fn account_of(db: &Database, gate: &Gate, token: &str) -> Result<account::Model> {
    let purpose = TokenPurpose::ResetPassword;
    keyring::catch_up(db.read(), &gate.keys, token).await?;
    let id = gate.keys.open_mailed_token(token, purpose).ok_or_else(rejection::invalid_token)?;
    let row = store::find_live_token(db.read(), id, purpose, db.wall_now().await?).await?;
    let row = row.ok_or_else(rejection::invalid_token)?;
    Ok(store::find_account(db.read(), row.account_id).await?.ok_or_else(rejection::invalid_token)?)
}
