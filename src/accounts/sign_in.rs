//! Signing in with a password (P-1).

use chrono::TimeDelta;

use super::{Gate, Origin, attempts, hasher::Verdict, rejection, rules, store};
use crate::{
    clock::Instant,
    db::{Database, Txn},
    entity::{
        account,
        enums::{AttemptKind, Role},
        ids::SessionId,
        session,
    },
    error::{Fault, Result},
    keys,
};

/// A signed-in person, with their tokens.
#[derive(Clone)]
pub struct SignedIn {
    /// The person.
    pub account: account::Model,
    /// A bearer token.
    pub access_token: String,
    /// The end of its validity.
    pub access_expires_at: Instant,
    /// The token that gets the next pair of tokens.
    pub refresh_token: String,
    /// The end of the session.
    pub session_expires_at: Instant,
}

/// Signs a person in; returns their tokens, and their roles other than admin. An unknown address costs the same work
/// as a wrong password, and neither is answered before the floor, because a hash with older parameters takes a
/// different time to check.
///
/// # Errors
/// `INVALID_CREDENTIALS`, `THROTTLED`, `BUSY`.
pub async fn sign_in(
    db: &Database,
    gate: &Gate,
    origin: Origin,
    credentials: (&str, &str),
) -> Result<(SignedIn, Vec<Role>)> {
    gate.refuse_no_sooner(try_to_sign_in(db, gate, origin, credentials)).await
}

async fn try_to_sign_in(
    db: &Database,
    gate: &Gate,
    origin: Origin,
    (email, password): (&str, &str),
) -> Result<(SignedIn, Vec<Role>)> {
    let (email, network) = (rules::typed_email(email), origin.network());
    let tries = [(AttemptKind::Guess, email.as_str()), (AttemptKind::GuessFrom, network.as_str())];
    attempts::try_one_more(db, gate, &tries).await?;
    let refused = || rejection::invalid_credentials("password");
    let account = store::find_by_email(db.read(), &email).await?;
    let phc = store::find_password(db.read(), account.as_ref().map(|account| account.id)).await?;
    let verdict = gate.hasher.check(password, phc.as_deref()).await?;
    let (Some(account), Some(phc)) = (account, phc) else { return Err(refused().into()) };
    let renewed = match verdict {
        Verdict::Wrong => return Err(refused().into()),
        Verdict::Right => phc.clone(),
        Verdict::Upgraded(renewed) => renewed,
    };
    db.write(async |txn| {
        // The password may have been changed while this one was checked.
        if !store::replace_password(txn, account.id, &phc, &renewed).await? {
            return Err(refused().into());
        }
        attempts::forget_guesses(txn, gate, &email).await?;
        let roles = store::list_roles(txn, &[account.id]).await?.into_iter().map(|row| row.role).collect();
        Ok((begin_session(txn, gate, &account).await?, roles))
    })
    .await
}

/// Begins a session of `account` and creates its first tokens.
async fn begin_session(txn: &Txn, gate: &Gate, account: &account::Model) -> Result<SignedIn> {
    let (id, now) = (SessionId::new(), txn.wall_now().await?);
    let session = session::Model {
        id,
        account_id: account.id,
        version: account.session_version,
        generation: 0,
        token_hash: keys::sha256(&gate.keys.refresh_token(id, 0)?),
        rotated_at: now,
        created_at: now,
        expires_at: now + TimeDelta::days(gate.settings.session_days.into()),
        ended_at: None,
        ended_by: None,
    };
    store::insert_session(txn, session.clone()).await?;
    tokens_of(gate, account, &session, now)
}

/// The tokens of the current generation of `session`.
///
/// # Errors
/// [`Fault::Conflict`] when another process made the refresh token with a key that this one has not read yet.
pub(super) fn tokens_of(
    gate: &Gate,
    account: &account::Model,
    session: &session::Model,
    now: Instant,
) -> Result<SignedIn> {
    let life = TimeDelta::minutes(gate.settings.access_minutes.into());
    let refresh_token = gate.keys.refresh_token_with(session.id, session.generation, &session.token_hash);
    let access_expires_at = session.expires_at.min(now + life);
    Ok(SignedIn {
        access_token: gate.keys.mint_for(account, session.id, now, access_expires_at)?,
        access_expires_at,
        refresh_token: refresh_token.ok_or(Fault::Conflict)?,
        session_expires_at: session.expires_at,
        account: account.clone(),
    })
}
