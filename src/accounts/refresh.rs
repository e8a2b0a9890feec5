//! Refreshing a session: each refresh token is used once and yields the next one (P-1).
//!
//! The tokens of a session are numbered. Only the current one rotates; for some seconds its predecessor yields the
//! same successor again, because its owner may not have received the answer. Any other reused token is in two
//! hands, so the session ends.

use chrono::TimeDelta;

use super::{Gate, SignedIn, rejection, rules, sign_in, store};
use crate::{
    audit,
    audit::Record,
    db::{Database, Txn},
    entity::{
        enums::{AuditAction, SessionEnd},
        ids::SessionId,
    },
    error::{Error, Fault, Result},
    keyring,
    keys::sha256,
};

/// The next tokens of the session that `token` belongs to.
///
/// # Errors
/// `SESSION_ENDED`, also when this call ends the session because its token was used before.
pub async fn refresh(db: &Database, gate: &Gate, token: &str) -> Result<SignedIn> {
    keyring::catch_up(db.read(), &gate.keys, token).await?;
    let (id, generation) = gate.keys.open_refresh_token(token).ok_or_else(rejection::session_ended)?;
    // The end of the session must be committed, so it is not a refusal within the transaction.
    let used = Used { id, generation, hash: sha256(token.trim()) };
    let once = async |txn: &Txn| rotate(txn, gate, &used).await;
    let rotated = match db.write(once).await {
        Err(Error::Fault(Fault::Conflict)) => {
            keyring::reload(db.read(), &gate.keys).await?;
            db.write(once).await?
        }
        done => done?,
    };
    Ok(rotated.ok_or_else(rejection::session_ended)?)
}

/// A refresh token that was presented.
struct Used {
    id: SessionId,
    generation: i64,
    hash: String,
}

async fn rotate(txn: &Txn, gate: &Gate, used: &Used) -> Result<Option<SignedIn>> {
    let (now, &Used { id, generation, .. }) = (txn.wall_now().await?, used);
    let new = sha256(&gate.keys.refresh_token(id, generation + 1)?);
    let rotated = store::rotate_session(txn, id, generation, (&used.hash, &new), now).await?;
    let Some(session) = store::find_session(txn, id).await? else { return Ok(None) };
    let Some(account) = store::find_account(txn, session.account_id).await? else { return Ok(None) };
    if !rules::is_live(&session, account.session_version, now) {
        return Ok(None);
    }
    let window = TimeDelta::seconds(gate.settings.refresh_retry_seconds.into());
    if rotated || rules::may_repeat(&session, generation, now, window) {
        return sign_in::tokens_of(gate, &account, &session, now).map(Some);
    }
    store::end_session(txn, id, SessionEnd::Reuse, now).await?;
    let reused = Record::new(AuditAction::RefreshTokenReused, None).to(account.id).on(id.to_string());
    audit::record(txn, reused).await?;
    Ok(None)
}
