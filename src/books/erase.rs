//! A person whose account is closed has their data erased: a pseudonym takes its place, and what others have
//! of it, the ledger above all, still balances (P-6).

use chrono::TimeDelta;

use crate::{
    accounts::{self, Gate, Origin, rejection, rules::standing::suspensions},
    audit::{self, Record},
    db::{Database, Txn, forget_words},
    entity::enums::AuditAction,
    error::Result,
    idempotency, job_posts, mails, notifications, proposals,
    viewer::Viewer,
};

/// Replaces the personal data of `person` for good, and returns the name that takes its place. The password proves
/// that it is they who ask.
///
/// # Errors
/// `INVALID_CREDENTIALS`, `THROTTLED`, `BUSY`; `ACCOUNT_NOT_CLOSED`; `TOO_EARLY`; `ACCOUNT_SUSPENDED`.
pub async fn erase(
    db: &Database,
    gate: &Gate,
    origin: Origin,
    person: &Viewer,
    (password, dry_run): (&str, bool),
) -> Result<String> {
    let phc = accounts::prove_password(db, gate, origin, person, ("password", password)).await?;
    db.write_or_rehearse(dry_run, async |txn| {
        // A password that was changed while this one was checked is another one.
        if !accounts::store::replace_password(txn, person.id(), &phc, &phc).await? {
            return Err(rejection::invalid_credentials("password").into());
        }
        replace(txn, person).await
    })
    .await
}

/// Password, account and posts are locked in the order in which everyone locks them; what others only
/// insert comes last, so that nothing comes in behind it.
async fn replace(txn: &Txn, person: &Viewer) -> Result<String> {
    let id = person.id();
    accounts::store::lock_account(txn, id).await?;
    must_be_closed(txn, person).await?;
    job_posts::erase_of(txn, id).await?;
    forget_words(txn).await?;
    proposals::erase_of(txn, id).await?;
    let name = accounts::erase_of(txn, id).await?;
    mails::erase_of(txn, id).await?;
    // No sooner than the mails that name them.
    accounts::store::delete_tokens(txn, id).await?;
    notifications::erase_of(txn, id, job_posts::store::posts_of(id)).await?;
    idempotency::store::delete_of(txn, id).await?;
    audit::record(txn, Record::new(AuditAction::AccountErased, Some(id)).to(id)).await?;
    Ok(name)
}

/// For some days at least, so that the owner hears of it if somebody else closed it. The data of anyone who is
/// suspended is kept until that is over: it is what they are judged by.
async fn must_be_closed(txn: &Txn, person: &Viewer) -> Result<()> {
    let now = accounts::store::list_restrictions(txn, &[person.id()], txn.now()).await?;
    if let Some(suspended) = suspensions(&now).first() {
        return Err(rejection::restricted(suspended.kind, suspended.from_at).into());
    }
    let closed = now.first().ok_or_else(rejection::not_closed)?;
    let from = closed.from_at + TimeDelta::days(txn.policy().leaving.erase_after_days);
    if txn.now() < from { Err(rejection::too_early(from).into()) } else { Ok(()) }
}
