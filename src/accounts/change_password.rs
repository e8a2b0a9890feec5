//! Changing one's password, which takes the current one (P-1).

use super::{Gate, Origin, attempts, hasher::Verdict, rejection, rules, store};
use crate::{
    audit,
    audit::Record,
    db::{Database, Txn},
    entity::enums::{AttemptKind, AuditAction, MailKind, SessionEnd},
    error::Result,
    mails,
    viewer::Viewer,
};

/// A person's current password, and the one they want.
#[derive(Clone, Copy)]
pub struct ChangePassword<'a> {
    /// The current password.
    pub current: &'a str,
    /// The new password.
    pub new: &'a str,
}

/// Changes the password of `viewer` and ends their other sessions.
///
/// # Errors
/// `WEAK_PASSWORD`, `INVALID_CREDENTIALS`, `THROTTLED`, `BUSY`.
pub async fn change_password(
    db: &Database,
    gate: &Gate,
    origin: Origin,
    viewer: &Viewer,
    passwords: ChangePassword<'_>,
) -> Result<()> {
    let account = &viewer.0;
    let policy = &db.policy_at(db.now().await?).policy.passwords;
    let own = (account.email.as_str(), account.name.as_str());
    rules::may_be_password("newPassword", passwords.new, policy, own)?;
    let field = "currentPassword";
    let phc = prove_password(db, gate, origin, viewer, (field, passwords.current)).await?;
    let new = gate.hasher.hash(passwords.new).await?;
    let write = async |txn: &Txn| {
        if !store::replace_password(txn, account.id, &phc, &new).await? {
            return Err(rejection::invalid_credentials(field).into());
        }
        store::end_sessions(txn, account.id, origin.session, SessionEnd::Password).await?;
        store::void_tokens(txn, account.id).await?;
        attempts::forget_guesses(txn, gate, &account.email).await?;
        mails::write(txn, MailKind::PasswordChanged, account.id, None).await?;
        let changed = Record::new(AuditAction::PasswordChanged, Some(account.id)).to(account.id);
        audit::record(txn, changed).await
    };
    db.write(write).await
}

/// Confirms by the password that `viewer` sends the request; returns its PHC string.
///
/// # Errors
/// `INVALID_CREDENTIALS`, `THROTTLED`, `BUSY`.
pub async fn prove_password(
    db: &Database,
    gate: &Gate,
    origin: Origin,
    viewer: &Viewer,
    (field, password): (&str, &str),
) -> Result<String> {
    let network = origin.network();
    let tries = [(AttemptKind::Guess, viewer.0.email.as_str()), (AttemptKind::GuessFrom, &network)];
    attempts::try_one_more(db, gate, &tries).await?;
    let phc = store::find_password(db.read(), Some(viewer.id())).await?;
    let verdict = gate.hasher.check(password, phc.as_deref()).await?;
    let proven = phc.filter(|_| verdict != Verdict::Wrong);
    Ok(proven.ok_or_else(|| rejection::invalid_credentials(field))?)
}
