//! What a key of the ring encrypts: the details of payout methods, each bound to its method (W-4).

use base64::{Engine, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use zeroize::Zeroizing;

use super::{Key, Keys, secret::random};
use crate::{
    entity::ids::{KeyId, PayoutMethodId},
    error::{Fault, Result},
};

/// The bytes of a nonce.
const NONCE: usize = 24;

/// Details that were encrypted, and with which key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The key.
    pub key: KeyId,
    /// The nonce and the ciphertext, in base64.
    pub text: String,
}

impl Keys {
    /// `details` of `method`, encrypted with the key in use, which says nothing when it is put beside another method.
    ///
    /// # Errors
    /// A fault when the system has no randomness.
    pub fn seal_details(&self, method: PayoutMethodId, details: &[u8]) -> Result<Sealed> {
        let key = self.signer(|ring| &ring.details)?;
        let nonce: [u8; NONCE] = *random()?;
        let payload = Payload { msg: details, aad: &context(method) };
        let sealed = cipher(&key)?.encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| Fault::Broken("details cannot be encrypted".into()))?;
        Ok(Sealed { key: key.id, text: STANDARD.encode([nonce.as_slice(), &sealed].concat()) })
    }

    /// The details of `method` as they were before [`Keys::seal_details`].
    ///
    /// # Errors
    /// [`Fault::Broken`] when anything about them is not as it was, or their key is not on the ring.
    pub fn open_details(&self, method: PayoutMethodId, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>> {
        let damaged = || Fault::Broken(format!("the details of payout method {method} cannot be decrypted"));
        let ring = self.ring();
        // Also one whose time is over: as long as it is here, what it encrypted can be encrypted with another.
        let key = ring.details.read().find(|key| key.id == sealed.key).ok_or_else(damaged)?;
        let all = STANDARD.decode(&sealed.text).map_err(|_| damaged())?;
        let (nonce, msg) = all.split_first_chunk::<NONCE>().ok_or_else(damaged)?;
        let payload = Payload { msg, aad: &context(method) };
        let opened = cipher(key)?.decrypt(&XNonce::from(*nonce), payload).map_err(|_| damaged())?;
        Ok(Zeroizing::new(opened))
    }

    /// The key that encrypts details now.
    pub fn details_key(&self) -> KeyId {
        self.ring().details.active.id
    }
}

fn context(method: PayoutMethodId) -> Vec<u8> {
    format!("connects payout details, version 1, {method}").into_bytes()
}

fn cipher(key: &Key) -> Result<XChaCha20Poly1305> {
    let cipher = XChaCha20Poly1305::new_from_slice(&key.bytes);
    Ok(cipher.map_err(|_| Fault::Broken(format!("the key {} has another length", key.id)))?)
}
