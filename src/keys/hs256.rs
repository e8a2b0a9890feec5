//! HMAC with SHA-256, for signing tokens and for keyed hashes of people.
//!
//! `jsonwebtoken`'s own providers depend on RSA and elliptic curves; this one signs with HS256 and refuses every
//! other algorithm, so that a token cannot choose a weaker one.

use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{Error, ErrorKind},
};
use sha2::Sha256;
use signature::{Error as SignatureError, Signer, Verifier};
use zeroize::Zeroizing;

/// Installs the provider; doing it again changes nothing.
pub fn install() {
    static PROVIDER: CryptoProvider = CryptoProvider {
        signer_factory: |algorithm, key| Ok(Box::new(Hs256::for_signing(*algorithm, key)?)),
        verifier_factory: |algorithm, key| Ok(Box::new(Hs256::for_verifying(*algorithm, key)?)),
        key_utils: KeyUtils::new_unimplemented(),
    };
    let _ = PROVIDER.install_default();
}

/// The keyed hash of `message`, in hex.
pub fn keyed_hash(secret: &[u8], message: &str) -> String {
    hex::encode(mac(secret, message.as_bytes()).finalize().into_bytes())
}

/// The signature of `message`.
pub fn sign(secret: &[u8], message: &str) -> Vec<u8> {
    mac(secret, message.as_bytes()).finalize().into_bytes().to_vec()
}

/// Whether `signature` belongs to `message`, checked in constant time.
pub fn is_signed(secret: &[u8], message: &str, signature: &[u8]) -> bool {
    mac(secret, message.as_bytes()).verify_slice(signature).is_ok()
}

struct Hs256(Zeroizing<Vec<u8>>);

impl Hs256 {
    fn for_signing(algorithm: Algorithm, key: &EncodingKey) -> Result<Self, Error> {
        only_hs256(algorithm)?;
        Ok(Self(key.as_bytes().to_vec().into()))
    }

    fn for_verifying(algorithm: Algorithm, key: &DecodingKey) -> Result<Self, Error> {
        only_hs256(algorithm)?;
        Ok(Self(key.try_get_as_bytes()?.to_vec().into()))
    }
}

fn only_hs256(algorithm: Algorithm) -> Result<(), Error> {
    if algorithm == Algorithm::HS256 { Ok(()) } else { Err(ErrorKind::InvalidAlgorithm.into()) }
}

fn mac(secret: &[u8], message: &[u8]) -> Hmac<Sha256> {
    // HMAC takes keys of any length, so this cannot fail.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap_or_else(|_| Hmac::new(&Default::default()));
    mac.update(message);
    mac
}

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Ok(mac(&self.0, message).finalize().into_bytes().to_vec())
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        mac(&self.0, message).verify_slice(signature).map_err(SignatureError::from_source)
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}
