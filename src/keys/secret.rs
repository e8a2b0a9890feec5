//! The secret, and how it wraps keys: an AEAD under a key that is derived from it.

use base64::{Engine, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{Key, hs256};
use crate::{
    entity::{
        enums::KeyPurpose,
        ids::KeyId,
        key::{self, Model},
    },
    error::{Fault, Result},
};

/// The bytes of a nonce.
const NONCE: usize = 24;

/// The bytes of a key.
const KEY: usize = 32;

/// A secret that wraps keys.
#[derive(Clone)]
pub struct Secret {
    text: SecretString,
    mark: String,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl Secret {
    /// From its text.
    pub fn new(text: SecretString) -> Self {
        let mark = hs256::keyed_hash(text.expose_secret().as_bytes(), "mark");
        Self { text, mark }
    }

    /// What a database stores to recognise its secret. Nothing else is derived from it.
    pub fn mark(&self) -> &str {
        &self.mark
    }

    /// `bytes` encrypted, and authenticated together with the id and the purpose of their key.
    ///
    /// # Errors
    /// A fault when the system has no randomness.
    pub fn wrap(&self, id: KeyId, purpose: KeyPurpose, bytes: &[u8]) -> Result<String> {
        let nonce: [u8; NONCE] = *random()?;
        let (msg, aad) = (bytes, &*context(id, purpose));
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), Payload { msg, aad });
        let sealed = sealed.map_err(|_| Fault::Broken("a key cannot be wrapped".into()))?;
        Ok(STANDARD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// The bytes of a key that [`Secret::wrap`] has wrapped; nothing if anything about it is not as it was.
    pub fn unwrap(&self, id: KeyId, purpose: KeyPurpose, wrapped: &str) -> Option<Zeroizing<Vec<u8>>> {
        let all = STANDARD.decode(wrapped).ok()?;
        let (nonce, msg) = all.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg, aad: &context(id, purpose) };
        self.cipher().decrypt(&XNonce::from(*nonce), payload).ok().map(Zeroizing::new)
    }

    /// The key for `purpose` that was derived from the secret before keys had a table.
    pub fn derived(&self, purpose: KeyPurpose) -> Zeroizing<Vec<u8>> {
        let name = match purpose {
            KeyPurpose::BearerTokens => "token",
            KeyPurpose::RefreshTokens => "refresh",
            KeyPurpose::MailedTokens => "mail",
            KeyPurpose::AttemptHashes => "subject",
            KeyPurpose::PeopleHashes => "person",
            KeyPurpose::ClickCookies => "click",
            KeyPurpose::PayoutDetails => "payout",
        };
        Zeroizing::new(hs256::keyed_hash(self.text.expose_secret().as_bytes(), name).into_bytes())
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        let mut key = Zeroizing::new([0; KEY]);
        let derived = Hkdf::<Sha256>::new(None, self.text.expose_secret().as_bytes())
            .expand(b"connects: wraps keys, version 1", key.as_mut_slice());
        // HKDF fails only for outputs of more than 255 blocks.
        debug_assert!(derived.is_ok());
        XChaCha20Poly1305::new((&*key).into())
    }
}

/// The secret of a process, and the previous one while it is being changed.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// The secret, which wraps.
    pub current: Secret,
    /// The previous one, which only unwraps.
    pub previous: Option<Secret>,
}

impl Secrets {
    /// The secret with this mark.
    pub fn marked(&self, mark: &str) -> Option<&Secret> {
        [Some(&self.current), self.previous.as_ref()].into_iter().flatten().find(|one| one.mark == mark)
    }

    /// The key in `row`; nothing for a retired one.
    ///
    /// # Errors
    /// [`Fault::Setup`] when it was wrapped under another secret, or is not what was wrapped.
    pub fn open(&self, row: &key::Model) -> Result<Option<Key>> {
        let Model { id, purpose, state, wrapped: Some(wrapped), wrapped_by, .. } = row else {
            return Ok(None);
        };
        let secret = self.marked(wrapped_by).ok_or_else(foreign)?;
        let bytes = secret.unwrap(*id, *purpose, wrapped).ok_or_else(|| damaged(row))?;
        Ok(Some(Key { id: *id, purpose: *purpose, state: *state, retires_at: row.retires_at, bytes }))
    }

    /// `row` under the current secret; nothing if it is already, or retired.
    ///
    /// # Errors
    /// As [`Secrets::open`].
    pub fn rewrap(&self, row: &key::Model) -> Result<Option<key::Model>> {
        let Some(key) = self.open(row)?.filter(|_| row.wrapped_by != self.current.mark) else {
            return Ok(None);
        };
        let wrapped = Some(self.current.wrap(key.id, key.purpose, &key.bytes)?);
        Ok(Some(Model { wrapped, wrapped_by: self.current.mark.clone(), ..row.clone() }))
    }
}

/// A new key.
///
/// # Errors
/// A fault when the system has no randomness.
pub fn fresh() -> Result<Zeroizing<Vec<u8>>> {
    let bytes: Zeroizing<[u8; KEY]> = random()?;
    Ok(Zeroizing::new(bytes.to_vec()))
}

/// So many bytes that nobody can guess.
///
/// # Errors
/// A fault when the system has no randomness.
#[allow(clippy::disallowed_methods)]
pub fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|e| Fault::Setup(format!("no randomness: {e}")))?;
    Ok(bytes)
}

fn context(id: KeyId, purpose: KeyPurpose) -> Vec<u8> {
    format!("connects key, version 1, {id}, {purpose}").into_bytes()
}

/// Under another secret no token would be valid, and the hashes that limit the welcome gift to one per person
/// would match nobody.
pub fn foreign() -> Fault {
    Fault::Setup(
        "this is not the secret of this database; set CONNECTS_SECRET to its secret or, while it is being changed, \
         CONNECTS_SECRET_PREVIOUS to the previous one; for a sandbox that created its own, unset it and put its key \
         file back"
            .into(),
    )
}

fn damaged(row: &Model) -> Fault {
    let (id, purpose) = (row.id, row.purpose);
    Fault::Setup(format!("the key {id} ({purpose}) is damaged; restore the table keys from a backup"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::wall_now, entity::enums::KeyState};

    fn secret(text: &str) -> Secret {
        Secret::new(text.into())
    }

    fn row(secret: &Secret) -> Model {
        let (id, purpose) = (KeyId::new(), KeyPurpose::BearerTokens);
        Model {
            id,
            purpose,
            state: KeyState::Active,
            wrapped: Some(secret.wrap(id, purpose, b"a key").unwrap()),
            wrapped_by: secret.mark().to_owned(),
            made_at: wall_now(),
            life_seconds: Some(900),
            used_until: None,
            retires_at: None,
        }
    }

    #[test]
    fn a_key_is_opened_by_the_secret_that_wrapped_it_and_by_no_other() {
        let (old, new, other) = (secret("old"), secret("new"), secret("other"));
        let wrapped = row(&old);
        let opened = |current: &Secret, previous: Option<&Secret>| {
            Secrets { current: current.clone(), previous: previous.cloned() }.open(&wrapped)
        };
        for secrets in [(&old, None), (&new, Some(&old)), (&old, Some(&new))] {
            let key = opened(secrets.0, secrets.1).unwrap().unwrap();
            assert_eq!((key.id, key.bytes.as_slice()), (wrapped.id, b"a key".as_slice()));
        }
        let refused = opened(&new, Some(&other)).unwrap_err().to_string();
        assert!(refused.contains("not the secret of this database"), "{refused}");
        assert!(opened(&new, None).is_err());
    }

    #[test]
    fn a_wrapped_key_that_was_changed_swapped_or_cut_is_refused() {
        let secret = secret("a secret");
        let secrets = Secrets { current: secret.clone(), previous: None };
        let (whole, other) = (row(&secret), row(&secret));
        let text = whole.wrapped.clone().unwrap();
        let mut flipped = STANDARD.decode(&text).unwrap();
        flipped[NONCE] ^= 1;
        let changes = [
            Model { wrapped: other.wrapped.clone(), ..whole.clone() },
            Model { id: KeyId::new(), ..whole.clone() },
            Model { purpose: KeyPurpose::PeopleHashes, ..whole.clone() },
            Model { wrapped: Some(text[..text.len() - 4].to_owned()), ..whole.clone() },
            Model { wrapped: Some(text[..8].to_owned()), ..whole.clone() },
            Model { wrapped: Some(String::new()), ..whole.clone() },
            Model { wrapped: Some(STANDARD.encode(flipped)), ..whole.clone() },
            Model { wrapped: Some("not base64".to_owned()), ..whole.clone() },
        ];
        for changed in changes {
            let refused = secrets.open(&changed).unwrap_err().to_string();
            assert!(refused.contains("is damaged; restore the table keys"), "{refused}");
        }
        assert!(secrets.open(&whole).unwrap().is_some());
        assert!(secrets.open(&Model { wrapped: None, ..whole }).unwrap().is_none(), "it is retired");
    }

    #[test]
    fn nothing_secret_is_shown() {
        let secret = secret("a very secret text");
        let row = row(&secret);
        let secrets = Secrets { current: secret.clone(), previous: Some(secret) };
        let key = secrets.open(&row).unwrap().unwrap();
        let shown = format!("{secrets:?} {key:?}");
        assert!(!shown.contains("very") && !shown.contains("97, 32, 107"), "{shown}");
    }
}
