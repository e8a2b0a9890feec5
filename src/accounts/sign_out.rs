//! Signing out: one session, or all sessions of a person.

use super::{Gate, Origin, rejection, store};
use crate::{
    audit,
    audit::Record,
    db::{Database, Txn},
    entity::{
        account,
        enums::{AuditAction, SessionEnd},
        ids::AccountId,
    },
    error::Result,
    input, keyring,
    viewer::{Permission, Viewer},
};

/// Ends the session of a refresh token or, without one, that of the request; a second call changes nothing.
///
/// # Errors
/// `SESSION_ENDED`; `INVALID_INPUT` when neither names a session.
pub async fn sign_out(db: &Database, gate: &Gate, origin: Origin, refresh_token: Option<&str>) -> Result<()> {
    keyring::catch_up(db.read(), &gate.keys, refresh_token.unwrap_or_default()).await?;
    let session = match refresh_token {
        Some(token) => Some(gate.keys.open_refresh_token(token).ok_or_else(rejection::session_ended)?.0),
        None => origin.session,
    };
    let sentence = "This names no session. Send the access token or the refresh token of the one to end.";
    let session = session.ok_or_else(|| input::invalid("refreshToken", sentence))?;
    db.write(async |txn| store::end_session(txn, session, SessionEnd::SignOut, txn.wall_now().await?).await)
        .await
}

/// Ends the sessions of a person who closes their account, except the one that sends the request.
///
/// # Errors
/// When the database refuses.
pub async fn end_other_sessions(txn: &Txn, account: AccountId, origin: Origin) -> Result<()> {
    store::end_sessions(txn, account, origin.session, SessionEnd::Closed).await
}

/// Ends all sessions of `account`, and refuses their access tokens at once.
///
/// # Errors
/// `NOT_ALLOWED`, `NOT_FOUND`.
pub async fn sign_out_everywhere(txn: &Txn, actor: &Viewer, account: AccountId) -> Result<account::Model> {
    if account != actor.id() {
        actor.must(Permission::EndSessions)?;
    }
    let row = store::find_account(txn, account).await?;
    let row = row.ok_or_else(|| rejection::no_such_account("accountId"))?;
    store::raise_session_version(txn, account).await?;
    store::end_sessions(txn, account, None, SessionEnd::SignOutEverywhere).await?;
    let done = Record::new(AuditAction::SignedOutEverywhere, Some(actor.id())).to(account);
    audit::record(txn, done).await?;
    Ok(row)
}
