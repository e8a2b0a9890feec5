//! Bearer tokens: JWTs that say whose request it is, by wall time.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::hs256;
use crate::{
    clock::Instant,
    entity::ids::AccountId,
    error::{Fault, Result},
};

const ISSUER: &str = "connects";
const AUDIENCE: &str = "connects-api";

/// Signs and checks tokens, and hashes people, with one secret that all processes of a database share.
#[derive(Clone)]
pub struct Keys {
    signing: EncodingKey,
    checking: DecodingKey,
    person: String,
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
}

impl Keys {
    /// Keys derived from `secret`.
    pub fn new(secret: &str) -> Self {
        hs256::install();
        let token_key = hs256::keyed_hash(secret.as_bytes(), "token");
        Self {
            signing: EncodingKey::from_secret(token_key.as_bytes()),
            checking: DecodingKey::from_secret(token_key.as_bytes()),
            person: hs256::keyed_hash(secret.as_bytes(), "person"),
        }
    }

    /// A token for `account`, valid from `now` until `expires_at` (wall time).
    ///
    /// # Errors
    /// Never in practice; when signing fails.
    pub fn mint(&self, account: AccountId, now: Instant, expires_at: Instant) -> Result<String> {
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: account.to_string(),
            iat: now.timestamp(),
            exp: expires_at.timestamp(),
        };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.signing);
        token.map_err(|e| Fault::Broken(format!("cannot sign a token: {e}")).into())
    }

    /// Whose token it is; `None` when it is forged, expired, or not for us.
    pub fn check(&self, token: &str) -> Option<AccountId> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.leeway = 0;
        let claims = jsonwebtoken::decode::<Claims>(token, &self.checking, &validation).ok()?.claims;
        claims.sub.parse().ok()
    }

    /// The keyed hash of a person, kept after his account closes.
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
}
