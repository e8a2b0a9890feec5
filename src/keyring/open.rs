//! Opening the key ring, and making it for a database that has none.

use sea_orm::ConnectionTrait;

use super::store;
use crate::{
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
const PURPOSES: [KeyPurpose; 5] = [
    KeyPurpose::BearerTokens,
    KeyPurpose::RefreshTokens,
    KeyPurpose::MailedTokens,
    KeyPurpose::AttemptHashes,
    KeyPurpose::PeopleHashes,
];

/// The keys of `db`. Those that it has not yet are made: random ones in a new database, and those that were derived
/// from the secret before keys had a table in an older one, so that everything signed and hashed with them stays valid.
///
/// # Errors
/// [`Fault::Setup`](crate::error::Fault::Setup) when a key cannot be opened with `secrets`; nothing is written then.
pub async fn open(db: &Database, secrets: Secrets) -> Result<Keys> {
    let mut keys = usable(db.read(), &secrets).await?;
    let is_missing = |purpose: &KeyPurpose| {
        !keys.iter().any(|key| key.purpose == *purpose && key.state == KeyState::Active)
    };
    let missing: Vec<_> = PURPOSES.into_iter().filter(is_missing).collect();
    if !missing.is_empty() {
        db.write(async |txn| make(txn, &secrets, &missing).await).await?;
        keys = usable(db.read(), &secrets).await?;
    }
    Ok(Keys::new(secrets, Ring::new(&keys)?))
}

/// Whether `db` has keys, and so a secret.
///
/// # Errors
/// When the database cannot be reached.
pub async fn has_keys(db: &impl ConnectionTrait) -> Result<bool> {
    Ok(!store::list_usable(db).await?.is_empty())
}

/// Refuses secrets that do not open every key of `db`; one without keys has nothing to refuse.
///
/// # Errors
/// As [`open`].
pub async fn check(db: &impl ConnectionTrait, secrets: &Secrets) -> Result<()> {
    usable(db, secrets).await.map(drop)
}

/// The keys that can be used.
pub(super) async fn usable(db: &impl ConnectionTrait, secrets: &Secrets) -> Result<Vec<Key>> {
    let rows = store::list_usable(db).await?;
    rows.iter().filter_map(|row| secrets.open(row).transpose()).collect()
}

/// Makes a key for each of `missing`, unless another process was first.
async fn make(txn: &Txn, secrets: &Secrets, missing: &[KeyPurpose]) -> Result<()> {
    let derived_from = match db::secret_mark(txn).await? {
        Some(mark) => Some(secrets.marked(&mark).ok_or_else(foreign)?),
        None => None,
    };
    for &purpose in missing {
        let bytes = match derived_from {
            Some(secret) => secret.derived(purpose),
            None => keys::fresh()?,
        };
        let row = wrapped(txn, secrets, purpose, &bytes).await?;
        store::insert_key(txn, row).await?;
    }
    Ok(())
}

/// The row of a new active key.
pub(super) async fn wrapped(
    txn: &Txn,
    secrets: &Secrets,
    purpose: KeyPurpose,
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
        used_until: None,
        retires_at: None,
    })
}
