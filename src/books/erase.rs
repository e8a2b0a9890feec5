//! A person whose account is closed has their data erased: a pseudonym takes its place, and what others have
//! of it, the ledger above all, still balances (P-6).

use chrono::TimeDelta;

use crate::{
    accounts::{self, Gate, Origin, rejection, rules::standing::suspensions},
    affiliates,
    audit::{self, Record},
    cash, catalog, commissions, contracts,
    db::{Database, Txn, forget_words},
    entity::enums::AuditAction,
    error::Result,
    idempotency, job_posts, mails, notifications, payments, payouts, profiles, proposals, purchases,
    referral_rewards, rooms, tickets,
    viewer::Viewer,
};

/// How a person wants to be erased.
#[derive(Clone, Copy, Debug)]
pub struct Erasing<'a> {
    /// Proves that the request is theirs.
    pub password: &'a str,
    /// Whether they give up commissions and rewards that are not paid.
    pub give_up_commissions: bool,
    /// Whether nothing changes but that the password counts as a guess.
    pub dry_run: bool,
}

/// Replaces the personal data of `person` for good, and returns the name that takes its place.
///
/// # Errors
/// `INVALID_CREDENTIALS`, `THROTTLED`, `BUSY`; `ACCOUNT_NOT_CLOSED`; `TOO_EARLY`; `MONEY_LEFT`; `ACCOUNT_SUSPENDED`.
pub async fn erase(
    db: &Database,
    gate: &Gate,
    origin: Origin,
    person: &Viewer,
    Erasing { password, give_up_commissions, dry_run }: Erasing<'_>,
) -> Result<String> {
    let phc = accounts::prove_password(db, gate, origin, person, ("password", password)).await?;
    db.write_or_rehearse(dry_run, async |txn| {
        // The password may have been changed while this one was checked.
        if !accounts::store::replace_password(txn, person.id(), &phc, &phc).await? {
            return Err(rejection::invalid_credentials("password").into());
        }
        replace(txn, person, give_up_commissions).await
    })
    .await
}

/// Password, account and posts are locked in the order in which every use case locks them; rows that others only
/// insert come last, so that none is added afterwards.
async fn replace(txn: &Txn, person: &Viewer, give_up_commissions: bool) -> Result<String> {
    let id = person.id();
    accounts::store::lock_account(txn, id).await?;
    must_be_closed(txn, person).await?;
    if give_up_commissions {
        commissions::give_up(txn, id).await?;
    }
    referral_rewards::give_up(txn, id, give_up_commissions).await?;
    must_be_settled(txn, person).await?;
    job_posts::erase_of(txn, id).await?;
    forget_words(txn).await?;
    proposals::erase_of(txn, id).await?;
    let name = accounts::erase_of(txn, id).await?;
    rooms::erase_of(txn, id).await?;
    tickets::erase_of(txn, id).await?;
    catalog::erase_of(txn, id).await?;
    affiliates::erase_of(txn, id).await?;
    profiles::erase_of(txn, id).await?;
    payouts::erase_of(txn, id).await?;
    contracts::erase_of(txn, id).await?;
    purchases::erase_of(txn, id).await?;
    payments::erase_of(txn, id).await?;
    mails::erase_of(txn, id).await?;
    // Only after the mails that refer to them.
    accounts::store::delete_tokens(txn, id).await?;
    notifications::erase_of(txn, id, job_posts::store::posts_of(id)).await?;
    idempotency::store::delete_of(txn, id).await?;
    audit::record(txn, Record::new(AuditAction::AccountErased, Some(id)).to(id)).await?;
    Ok(name)
}

/// Nobody can reach the money of a person whose data is gone, and nobody owes anything to a pseudonym.
async fn must_be_settled(txn: &Txn, person: &Viewer) -> Result<()> {
    let (cash, owed) = cash::store::find_worth(txn, person.id()).await?;
    let on_its_way = payments::store::is_under_way(txn, person.id()).await?
        || payouts::store::is_under_way(txn, person.id()).await?
        || referral_rewards::store::is_reserved_for(txn, person.id()).await?;
    if (cash, owed) != (0, 0) || on_its_way {
        return Err(rejection::money_left(cash, -owed).into());
    }
    Ok(())
}

/// The account must have been closed for some days, so that its owner notices if someone else closed it. The data of
/// a suspended person is kept until the suspension ends, because the case is judged by it.
async fn must_be_closed(txn: &Txn, person: &Viewer) -> Result<()> {
    let now = accounts::store::list_restrictions(txn, &[person.id()], txn.now()).await?;
    if let Some(suspended) = suspensions(&now).first() {
        return Err(rejection::restricted(suspended.kind, suspended.from_at).into());
    }
    let closed = now.first().ok_or_else(rejection::not_closed)?;
    let from = closed.from_at + TimeDelta::days(txn.policy().leaving.erase_after_days);
    if txn.now() < from { Err(rejection::too_early(from).into()) } else { Ok(()) }
}
