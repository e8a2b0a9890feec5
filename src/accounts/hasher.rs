//! Hashing passwords with Argon2id: on separate threads, a few at once, with a bounded queue.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash,
};
use tokio::sync::Semaphore;

use super::rejection;
use crate::{
    config::SignIn,
    error::{Fault, Result},
    input,
};

/// Maximum bytes of a password. None longer was ever accepted: a policy allows at most some hundred characters.
const LONGEST: usize = 65_536;

/// Bytes of a salt.
const SALT_BYTES: usize = 16;

/// Hashes passwords. Cheap to clone; clones share one queue.
#[derive(Clone, Debug)]
pub struct Hasher {
    argon2: Argon2<'static>,
    /// The prefix of hashes made with the current parameters.
    prefix: String,
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
    hashed: Arc<AtomicU64>,
}

/// The outcome of checking a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is wrong, or there is none.
    Wrong,
    /// It is right, and its hash has the current parameters.
    Right,
    /// It is right; this is its hash with the current parameters.
    Upgraded(String),
}

impl Hasher {
    /// A hasher with the parameters and the queue of the settings.
    ///
    /// # Errors
    /// [`Fault::Setup`] for parameters that Argon2 does not accept.
    pub fn new(settings: &SignIn) -> Result<Self> {
        let (m, t, p) = (settings.argon2_memory_kib, settings.argon2_passes, settings.argon2_lanes);
        let params =
            Params::new(m, t, p, None).map_err(|e| Fault::Setup(format!("settings: argon2: {e}")))?;
        Ok(Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            prefix: format!("$argon2id$v=19$m={m},t={t},p={p}$"),
            turns: Arc::new(Semaphore::new(settings.hashes_at_once)),
            places: Arc::new(Semaphore::new(settings.hashes_at_once + settings.hashes_waiting)),
            hashed: Arc::new(AtomicU64::new(0)),
        })
    }

    /// The number of hashes computed so far.
    pub fn count(&self) -> u64 {
        self.hashed.load(Ordering::SeqCst)
    }

    /// The hash of the normalised `password`, with a fresh salt, as a PHC string. Never await it in a transaction.
    ///
    /// # Errors
    /// `BUSY` when the queue is full.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        self.run(move |hasher| hasher.hash_now(&input::password(&password))).await?
    }

    /// Checks `password` against a PHC string. Without one, because there is no such account, it costs the same. Never
    /// await it in a transaction.
    ///
    /// # Errors
    /// `BUSY` when the queue is full.
    pub async fn check(&self, password: &str, phc: Option<&str>) -> Result<Verdict> {
        // Nobody has a longer one, and normalising it would hold a permit for long.
        let (length, phc) = (password.len().min(LONGEST), phc.map(str::to_owned));
        let password = if length < password.len() { String::new() } else { password.to_owned() };
        self.run(move |hasher| hasher.check_now(&input::password(&password), phc.as_deref())).await?
    }

    /// Runs `work` on a separate thread when its turn comes. If the caller gives up, the permit is released only when
    /// the work is done.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce(&Self) -> T + Send + 'static) -> Result<T> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| rejection::too_many_hashes())?;
        let turn = self.turns.clone().acquire_owned().await.map_err(|e| Fault::Broken(e.to_string()))?;
        let hasher = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let _held = (place, turn);
            work(&hasher)
        });
        Ok(done.await.map_err(|e| Fault::Broken(format!("hashing: {e}")))?)
    }

    fn hash_now(&self, password: &str) -> Result<String> {
        self.hashed.fetch_add(1, Ordering::SeqCst);
        let hash: PasswordHash =
            self.argon2.hash_password_with_salt(password.as_bytes(), &salt()?).map_err(unhashable)?;
        Ok(hash.to_string())
    }

    fn check_now(&self, password: &str, phc: Option<&str>) -> Result<Verdict> {
        let Some(phc) = phc else {
            self.hash_now(password)?;
            return Ok(Verdict::Wrong);
        };
        self.hashed.fetch_add(1, Ordering::SeqCst);
        let hash = PasswordHash::new(phc).map_err(unhashable)?;
        if self.argon2.verify_password(password.as_bytes(), &hash).is_err() {
            return Ok(Verdict::Wrong);
        }
        if phc.starts_with(&self.prefix) {
            return Ok(Verdict::Right);
        }
        Ok(Verdict::Upgraded(self.hash_now(password)?))
    }
}

fn unhashable(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(format!("hashing: {error}"))
}

#[allow(clippy::disallowed_methods, reason = "a salt is random")]
fn salt() -> Result<[u8; SALT_BYTES]> {
    let mut salt = [0; SALT_BYTES];
    getrandom::fill(&mut salt).map_err(|e| Fault::Setup(format!("no randomness: {e}")))?;
    Ok(salt)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasher(memory: u32, waiting: usize) -> Hasher {
        let settings = SignIn {
            argon2_memory_kib: memory,
            argon2_passes: 1,
            hashes_at_once: 1,
            hashes_waiting: waiting,
            ..SignIn::default()
        };
        Hasher::new(&settings).unwrap()
    }

    #[tokio::test]
    async fn p_1_a_password_is_checked_and_its_hash_renewed_when_parameters_change() {
        let (old, new) = (hasher(64, 9), hasher(128, 9));
        let phc = old.hash("correct horse").await.unwrap();
        assert_ne!(phc, old.hash("correct horse").await.unwrap(), "salted");
        assert_eq!(old.check("correct horse", Some(&phc)).await.unwrap(), Verdict::Right);
        assert_eq!(old.check("wrong horse", Some(&phc)).await.unwrap(), Verdict::Wrong);
        let Verdict::Upgraded(phc) = new.check("correct horse", Some(&phc)).await.unwrap() else {
            panic!("not renewed");
        };
        assert_eq!(new.check("correct horse", Some(&phc)).await.unwrap(), Verdict::Right);
        assert_eq!(new.check("correct horse", None).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn p_1_the_queue_of_hashes_is_bounded() {
        let hasher = hasher(64, 1);
        let turn = hasher.turns.clone().acquire_owned().await.unwrap();
        let waiting =
            [hasher.clone(), hasher.clone()].map(|h| tokio::spawn(async move { h.hash("x").await }));
        while hasher.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let refused = hasher.hash("x").await;
        assert!(matches!(refused, Err(crate::error::Error::Rejected(no)) if no.code.is_retryable()));
        drop(turn);
        for waited in waiting {
            assert!(waited.await.unwrap().is_ok());
        }
    }
}
