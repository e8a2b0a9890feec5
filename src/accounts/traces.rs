//! What people are seen with. Two accounts that share one of these are of one person, or belong together (F-4, F-8, F-9).

use std::collections::BTreeSet;

use sea_orm::ConnectionTrait;

use super::{rules, store};
use crate::{
    clock::Instant,
    db::{Database, Txn},
    entity::{account, enums::TraceKind, ids::AccountId},
    error::Result,
    keys::Keys,
};

/// Notes the person and the organisation behind the address of `account` (F-4).
///
/// # Errors
/// When the database refuses.
pub async fn note_person(txn: &Txn, keys: &Keys, account: &account::Model) -> Result<()> {
    note_trace(txn, keys, account.id, (TraceKind::Person, &rules::person_of(&account.email))).await?;
    let public = &txn.policy().affiliate.public_mail_domains;
    match rules::organisation_of(&account.email, public) {
        Some(domain) => note_trace(txn, keys, account.id, (TraceKind::Organisation, domain)).await,
        None => Ok(()),
    }
}

/// Notes that `account` was seen with something, of which a keyed hash is kept.
///
/// # Errors
/// When the database refuses.
pub async fn note_trace(
    txn: &Txn,
    keys: &Keys,
    account: AccountId,
    (kind, what): (TraceKind, &str),
) -> Result<()> {
    // The same text is another thing in another kind.
    let hash = keys.person_hash(&format!("{kind}/{what}"));
    store::insert_trace(txn, account, kind, hash).await
}

/// What `account` shares with any other account.
///
/// # Errors
/// When the database cannot be reached.
pub async fn shared_by(txn: &Txn, account: AccountId) -> Result<BTreeSet<TraceKind>> {
    store::list_shared(txn, account).await
}

/// Whether two people were seen with the same thing.
///
/// # Errors
/// When the database cannot be reached.
pub async fn are_related(txn: &Txn, one: AccountId, other: AccountId) -> Result<bool> {
    store::share_anything(txn, one, other).await
}

/// Two people who were seen with the same thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bond {
    /// One of them.
    pub of: AccountId,
    /// The other.
    pub with: AccountId,
    /// With what.
    pub kind: TraceKind,
    /// Since when both were.
    pub since: Instant,
}

/// Everyone who was seen with what one of `accounts` was seen with. What more than `common_above` people were seen with
/// connects nobody.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_bonds(
    db: &impl ConnectionTrait,
    accounts: &[AccountId],
    common_above: u64,
) -> Result<Vec<Bond>> {
    store::list_bonds(db, accounts, common_above).await
}

/// Accounts of one batch.
const AT_ONCE: u64 = 500;

/// Notes the people behind the accounts that were there before traces, once for a database. It may be killed and run again,
/// and by many processes at once.
///
/// # Errors
/// When the database refuses.
pub async fn trace_all(db: &Database, keys: &Keys) -> Result<()> {
    if store::is_traced(db.read()).await? {
        return Ok(());
    }
    let mut last = None;
    loop {
        let some = store::list_accounts_after(db.read(), last, AT_ONCE).await?;
        let Some(end) = some.last() else { break };
        last = Some(end.id);
        let note = async |txn: &Txn| {
            for account in some.iter().filter(|account| account.erased_at.is_none()) {
                note_person(txn, keys, account).await?;
            }
            Ok(())
        };
        db.write(note).await?;
    }
    db.write(async |txn| store::note_traced(txn).await).await
}
