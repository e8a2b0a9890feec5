//! The keys derived from the one secret of a database, and what is signed with them: bearer tokens
//! (JWTs that say whose request it is, by wall time), refresh tokens, mailed tokens, and keyed hashes.

mod hs256;
mod sealed;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    clock::Instant,
    entity::{
        account,
        enums::TokenPurpose,
        ids::{AccountId, OneTimeTokenId, SessionId},
    },
    error::{Fault, Result},
};

const ISSUER: &str = "connects";
const AUDIENCE: &str = "connects-api";

/// SHA-256 of `text`, in hex.
pub fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// Signs and checks tokens, and hashes people, with one secret that all processes of a database share.
#[derive(Clone)]
pub struct Keys {
    signing: EncodingKey,
    checking: DecodingKey,
    person: String,
    refresh: String,
    mail: String,
    subject: String,
    mark: String,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(***)")
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    iat: i64,
    exp: i64,
    /// The session, for a token from signing in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<SessionId>,
    /// The account's session version when the token was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ver: Option<i64>,
}

/// The contents of a valid bearer token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// The account it belongs to.
    pub account: AccountId,
    /// The session and the account's session version; absent for a token minted by command.
    pub session: Option<(SessionId, i64)>,
}

impl Keys {
    /// Keys derived from `secret`.
    pub fn new(secret: &str) -> Self {
        hs256::install();
        let derived = |name| hs256::keyed_hash(secret.as_bytes(), name);
        let token_key = derived("token");
        Self {
            signing: EncodingKey::from_secret(token_key.as_bytes()),
            checking: DecodingKey::from_secret(token_key.as_bytes()),
            person: derived("person"),
            refresh: derived("refresh"),
            mail: derived("mail"),
            subject: derived("subject"),
            mark: derived("mark"),
        }
    }

    /// What a database stores to recognise its secret. Nothing else is derived from it.
    pub fn mark(&self) -> &str {
        &self.mark
    }

    /// A token for `account`, valid from `now` until `expires_at` (wall time), that belongs to no session.
    ///
    /// # Errors
    /// Never in practice; when signing fails.
    pub fn mint(&self, account: AccountId, now: Instant, expires_at: Instant) -> Result<String> {
        self.sign(account, None, now, expires_at)
    }

    /// A token for a session of `account`, valid from `now` until `expires_at` (wall time).
    ///
    /// # Errors
    /// Never in practice; when signing fails.
    pub fn mint_for(
        &self,
        account: &account::Model,
        session: SessionId,
        now: Instant,
        expires_at: Instant,
    ) -> Result<String> {
        self.sign(account.id, Some((session, account.session_version)), now, expires_at)
    }

    fn sign(
        &self,
        account: AccountId,
        session: Option<(SessionId, i64)>,
        now: Instant,
        expires_at: Instant,
    ) -> Result<String> {
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: account.to_string(),
            iat: now.timestamp(),
            exp: expires_at.timestamp(),
            sid: session.map(|(id, _)| id),
            ver: session.map(|(_, version)| version),
        };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.signing);
        token.map_err(|e| Fault::Broken(format!("cannot sign a token: {e}")).into())
    }

    /// The contents of a bearer token; `None` when it is forged, expired, or not for us.
    pub fn read(&self, token: &str) -> Option<Bearer> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.validate_nbf = true;
        validation.leeway = 0;
        let claims = jsonwebtoken::decode::<Claims>(token, &self.checking, &validation).ok()?.claims;
        let session = match (claims.sid, claims.ver) {
            (None, None) => None,
            (Some(id), Some(version)) => Some((id, version)),
            _ => return None,
        };
        Some(Bearer { account: claims.sub.parse().ok()?, session })
    }

    /// The account of a bearer token; `None` when it is forged, expired, or not for us.
    pub fn check(&self, token: &str) -> Option<AccountId> {
        self.read(token).map(|bearer| bearer.account)
    }

    /// The refresh token of a generation of a session. It is derived from both and stored nowhere, so that a client
    /// that lost it can get the same one again.
    pub fn refresh_token(&self, session: SessionId, generation: i64) -> String {
        sealed::seal(&self.refresh, session.0, &generation.to_string())
    }

    /// The session and generation of a refresh token; `None` when it is forged.
    pub fn open_refresh_token(&self, token: &str) -> Option<(SessionId, i64)> {
        let (id, generation) = sealed::open(&self.refresh, token)?;
        Some((SessionId(id), generation.parse().ok()?))
    }

    /// The text that is mailed for a one-time token.
    pub fn mailed_token(&self, id: OneTimeTokenId, purpose: TokenPurpose) -> String {
        sealed::seal(&self.mail, id.0, purpose.as_str())
    }

    /// The id of a mailed token; `None` when it is forged or for another purpose.
    pub fn open_mailed_token(&self, token: &str, purpose: TokenPurpose) -> Option<OneTimeTokenId> {
        let (id, for_what) = sealed::open(&self.mail, token)?;
        (for_what == purpose.as_str()).then_some(OneTimeTokenId(id))
    }

    /// The keyed hash under which attempts are counted, so that no typed address is stored.
    pub fn subject_hash(&self, subject: &str) -> String {
        hs256::keyed_hash(self.subject.as_bytes(), subject)
    }

    /// The keyed hash of a person, kept after their account closes.
    pub fn person_hash(&self, person: &str) -> String {
        hs256::keyed_hash(self.person.as_bytes(), person)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::wall_now;
    use chrono::TimeDelta;

    const SECRET: &str = "a secret of at least thirty-two bytes";

    fn minted(keys: &Keys, life: TimeDelta) -> (AccountId, String) {
        let (account, now) = (AccountId::new(), wall_now());
        (account, keys.mint(account, now, now + life).unwrap())
    }

    #[test]
    fn a_token_names_its_account() {
        let keys = Keys::new(SECRET);
        let (account, token) = minted(&keys, TimeDelta::hours(1));
        assert_eq!(keys.check(&token), Some(account));
    }

    #[test]
    fn expired_forged_and_foreign_tokens_name_nobody() {
        let keys = Keys::new(SECRET);
        let (_, expired) = minted(&keys, TimeDelta::seconds(-1));
        assert_eq!(keys.check(&expired), None);
        let (_, foreign) = minted(&Keys::new("another secret of thirty-two bytes.."), TimeDelta::hours(1));
        assert_eq!(keys.check(&foreign), None);
        let (_, token) = minted(&keys, TimeDelta::hours(1));
        let (rest, _) = token.rsplit_once('.').unwrap();
        assert_eq!(keys.check(&format!("{rest}.")), None);
        let payload = token.split('.').nth(1).unwrap();
        // {"alg":"none","typ":"JWT"}
        let none = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{payload}.");
        assert_eq!(keys.check(&none), None);
        assert_eq!(keys.check("nonsense"), None);
    }

    #[test]
    fn a_mailed_token_serves_its_purpose_only_and_a_refresh_token_its_generation() {
        let (keys, id, session) = (Keys::new(SECRET), OneTimeTokenId::new(), SessionId::new());
        let mailed = keys.mailed_token(id, TokenPurpose::VerifyEmail);
        assert_eq!(keys.open_mailed_token(&mailed, TokenPurpose::VerifyEmail), Some(id));
        assert_eq!(keys.open_mailed_token(&mailed, TokenPurpose::ResetPassword), None);
        let token = keys.refresh_token(session, 7);
        assert_eq!(keys.open_refresh_token(&token), Some((session, 7)));
        assert_eq!(keys.open_refresh_token(&token.replacen(".7.", ".8.", 1)), None);
        assert_eq!(keys.open_refresh_token(&mailed), None);
    }
}
