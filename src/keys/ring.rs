//! The keys of a database, as a process has them in memory.

use zeroize::Zeroizing;

use crate::{
    clock::{Instant, wall_now},
    entity::{
        enums::{KeyPurpose, KeyState},
        ids::KeyId,
        key,
    },
    error::{Fault, Result},
};

/// A key that can be used.
#[derive(Clone)]
pub struct Key {
    /// Identity.
    pub id: KeyId,
    /// What it signs or hashes.
    pub purpose: KeyPurpose,
    /// Whether it signs, or only checks.
    pub state: KeyState,
    /// When nothing that it signed is valid any more (wall time); absent while it signs.
    pub retires_at: Option<Instant>,
    /// The key itself.
    pub(super) bytes: Zeroizing<Vec<u8>>,
}

impl Key {
    /// This key as `row` has it by now; nothing if that is another key.
    pub fn again(&self, row: &key::Model) -> Option<Self> {
        let is_same = (self.id, self.purpose) == (row.id, row.purpose);
        is_same.then(|| Self { state: row.state, retires_at: row.retires_at, ..self.clone() })
    }

    /// Whether it may still check: a process that does not see it retire must not go on with it.
    fn is_usable(&self) -> bool {
        self.state != KeyState::Retired && self.retires_at.is_none_or(|at| wall_now() < at)
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({}, {}, {}, ***)", self.id, self.purpose, self.state)
    }
}

/// The keys of one purpose: one that signs, and those that only check.
#[derive(Clone, Debug)]
pub struct KeySet {
    /// The one that signs.
    pub active: Key,
    retiring: Vec<Key>,
}

impl KeySet {
    fn new(purpose: KeyPurpose, keys: &[Key]) -> Result<Self> {
        let (active, retiring): (Vec<_>, Vec<_>) = keys
            .iter()
            .filter(|key| key.purpose == purpose)
            .cloned()
            .partition(|key| key.state == KeyState::Active);
        let none =
            || Fault::Setup(format!("there is no key for {purpose}; restore the table keys from a backup"));
        Ok(Self { active: active.into_iter().next().ok_or_else(none)?, retiring })
    }

    /// Those that check by now, the one that signs first.
    pub fn all(&self) -> impl Iterator<Item = &Key> {
        self.read().filter(|key| key.is_usable())
    }

    /// Those that were read from the database.
    pub(super) fn read(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.active).chain(&self.retiring)
    }

    /// Those that a token may have been signed with: the one that it names or, for a token of before keys had ids, any.
    pub fn named(&self, id: Option<KeyId>) -> impl Iterator<Item = &Key> {
        self.all().filter(move |key| id.is_none_or(|id| key.id == id))
    }
}

/// All keys of a database.
#[derive(Clone, Debug)]
pub struct Ring {
    /// For bearer tokens.
    pub bearer: KeySet,
    /// For refresh tokens.
    pub refresh: KeySet,
    /// For mailed tokens.
    pub mailed: KeySet,
    /// For counting attempts.
    pub attempts: KeySet,
    /// For people who had the welcome gift.
    pub people: KeySet,
    /// For the cookies of clicks.
    pub clicks: KeySet,
    /// For the details of payout methods.
    pub details: KeySet,
}

impl Ring {
    /// From all keys that can be used.
    ///
    /// # Errors
    /// [`Fault::Setup`] when a purpose has no active key.
    pub fn new(keys: &[Key]) -> Result<Self> {
        Ok(Self {
            bearer: KeySet::new(KeyPurpose::BearerTokens, keys)?,
            refresh: KeySet::new(KeyPurpose::RefreshTokens, keys)?,
            mailed: KeySet::new(KeyPurpose::MailedTokens, keys)?,
            attempts: KeySet::new(KeyPurpose::AttemptHashes, keys)?,
            people: KeySet::new(KeyPurpose::PeopleHashes, keys)?,
            clicks: KeySet::new(KeyPurpose::ClickCookies, keys)?,
            details: KeySet::new(KeyPurpose::PayoutDetails, keys)?,
        })
    }

    /// The same keys as `rows` have them by now, without any that are new: for a process that cannot open those.
    pub fn followed(&self, rows: &[key::Model]) -> Self {
        let again = |key: &Key| rows.iter().find_map(|row| key.again(row)).unwrap_or_else(|| key.clone());
        let followed = |set: &KeySet| KeySet {
            active: again(&set.active),
            retiring: set.retiring.iter().map(again).collect(),
        };
        Self {
            bearer: followed(&self.bearer),
            refresh: followed(&self.refresh),
            mailed: followed(&self.mailed),
            attempts: followed(&self.attempts),
            people: followed(&self.people),
            clicks: followed(&self.clicks),
            details: followed(&self.details),
        }
    }

    /// Whether a key is retired that nothing has taken the place of here.
    pub fn lacks_a_signer(&self) -> bool {
        [&self.bearer, &self.refresh, &self.mailed, &self.clicks, &self.details]
            .iter()
            .any(|set| set.active.state == KeyState::Retired)
    }

    /// The key with this id.
    pub fn find(&self, id: KeyId) -> Option<&Key> {
        let hashing = [&self.attempts, &self.people];
        let sets = [&self.bearer, &self.refresh, &self.mailed, &self.clicks, &self.details];
        sets.into_iter().chain(hashing).flat_map(KeySet::read).find(|key| key.id == id)
    }
}
