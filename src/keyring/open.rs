//! Opening the key ring, and making it for a database that has none.

use chrono::TimeDelta;
use sea_orm::ConnectionTrait;

use super::{lives, store};
use crate::{
    config::SignIn,
    db::{self, Database, Txn},
    entity::{
        enums::{KeyPurpose, KeyState},
        ids::KeyId,
        key,
    },
    error::Result,
    keys::{self, Key, Keys, Ring, Secrets, foreign},
};

/// What a database has keys for.
const PURPOSES: [KeyPurpose; 7] = [
    KeyPurpose::BearerTokens,
    KeyPurpose::RefreshTokens,
    KeyPurpose::MailedTokens,
    KeyPurpose::AttemptHashes,
    KeyPurpose::PeopleHashes,
    KeyPurpose::ClickCookies,
    KeyPurpose::PayoutDetails,
];

/// What older databases that have keys have none for. A key for anything else that is missing was lost.
const LATER: [KeyPurpose; 2] = [KeyPurpose::ClickCookies, KeyPurpose::PayoutDetails];

/// The longest life of a token that a command mints.
const LONGEST_MINTED: TimeDelta = TimeDelta::days(365);

/// The keys of `db`. A database that never had any gets them: a new one random ones, an older one those that were
/// derived from the secret before keys had a table, so that everything signed and hashed with them stays valid. Tokens
/// will live as `settings` say.
///
/// # Errors
/// [`Fault::Setup`](crate::error::Fault::Setup) when a key is missing or cannot be opened with `secrets`; nothing is
/// written then.
pub async fn open(db: &Database, secrets: Secrets, settings: &SignIn) -> Result<Keys> {
    if usable(db.read(), &secrets).await?.is_empty() {
        db.write(async |txn| make(txn, &secrets, settings).await).await?;
    }
    if !lacking(db.read()).await?.is_empty() {
        db.write(async |txn| add_lacking(txn, &secrets, settings).await).await?;
    }
    lives::note(db, settings).await?;
    let ring = Ring::new(&usable(db.read(), &secrets).await?)?;
    Ok(Keys::new(secrets, ring))
}

/// Whether `db` has keys, and so a secret.
///
/// # Errors
/// When the database cannot be reached.
pub async fn has_keys(db: &impl ConnectionTrait) -> Result<bool> {
    Ok(!store::list_usable(db).await?.is_empty())
}

/// Refuses secrets that do not open every key of `db` or, in a database without the table `keys`, are not the one
/// from which they were derived. A new database has nothing to refuse.
///
/// # Errors
/// As [`open`].
pub async fn check(db: &impl ConnectionTrait, secrets: &Secrets, has_table: bool) -> Result<()> {
    if has_table && !usable(db, secrets).await?.is_empty() {
        return Ok(());
    }
    match db::secret_mark(db).await? {
        Some(mark) if secrets.marked(&mark).is_none() => Err(foreign().into()),
        _ => Ok(()),
    }
}

/// The keys that can be used.
pub(super) async fn usable(db: &impl ConnectionTrait, secrets: &Secrets) -> Result<Vec<Key>> {
    let rows = store::list_usable(db).await?;
    rows.iter().filter_map(|row| secrets.open(row).transpose()).collect()
}

/// What this database has never had a key for, because it is older.
async fn lacking(db: &impl ConnectionTrait) -> Result<Vec<KeyPurpose>> {
    let rows = store::list_all(db).await?;
    Ok(LATER.into_iter().filter(|purpose| rows.iter().all(|row| row.purpose != *purpose)).collect())
}

/// Makes the keys that it lacks, unless another process was first.
async fn add_lacking(txn: &Txn, secrets: &Secrets, settings: &SignIn) -> Result<()> {
    txn.lock_instance().await?;
    for purpose in lacking(txn).await? {
        let life = lives::longest_life(settings, purpose).map(|life| life.num_seconds());
        let row = wrapped(txn, secrets, (purpose, life), &keys::fresh()?).await?;
        store::insert_key(txn, row).await?;
    }
    Ok(())
}

/// Makes all keys, unless another process was first or they were lost.
async fn make(txn: &Txn, secrets: &Secrets, settings: &SignIn) -> Result<()> {
    let derived_from = match db::secret_mark(txn).await? {
        Some(mark) => Some(secrets.marked(&mark).ok_or_else(foreign)?),
        None => None,
    };
    if !txn.claim_keys().await? {
        return Ok(());
    }
    for purpose in PURPOSES {
        let bytes = match derived_from {
            Some(secret) => secret.derived(purpose),
            None => keys::fresh()?,
        };
        let life = lives::longest_life(settings, purpose).map(|life| life.num_seconds());
        let mut row = wrapped(txn, secrets, (purpose, life), &bytes).await?;
        // Before keys had a table, nobody noted how long the tokens lived that a command minted.
        let is_derived = derived_from.is_some() && purpose == KeyPurpose::BearerTokens;
        row.used_until = is_derived.then(|| row.made_at + LONGEST_MINTED);
        store::insert_key(txn, row).await?;
    }
    Ok(())
}

/// The row of a new active key, whose tokens live so many seconds at most.
pub(super) async fn wrapped(
    txn: &Txn,
    secrets: &Secrets,
    (purpose, life_seconds): (KeyPurpose, Option<i64>),
    bytes: &[u8],
) -> Result<key::Model> {
    let id = KeyId::new();
    Ok(key::Model {
        id,
        purpose,
        state: KeyState::Active,
        wrapped: Some(secrets.current.wrap(id, purpose, bytes)?),
        wrapped_by: secrets.current.mark().to_owned(),
        made_at: txn.wall_now().await?,
        life_seconds,
        used_until: None,
        retires_at: None,
    })
}
