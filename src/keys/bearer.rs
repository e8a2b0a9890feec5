//! Bearer tokens: JWTs that say whose request it is, by wall time, and name the key that signed them.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::{Key, KeySet};
use crate::{
    clock::Instant,
    entity::ids::{AccountId, SessionId},
    error::{Fault, Result},
};

pub(super) const ISSUER: &str = "connects";
pub(super) const AUDIENCE: &str = "connects-api";

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bearer {
    /// The account it belongs to.
    pub account: AccountId,
    /// The session and the account's session version; absent for a token minted by command.
    pub session: Option<(SessionId, i64)>,
}

impl Key {
    /// A token for `account`, valid from `now` until `expires_at` (wall time), that belongs to no session.
    ///
    /// # Errors
    /// Never in practice; when signing fails.
    pub fn mint(&self, account: AccountId, now: Instant, expires_at: Instant) -> Result<String> {
        sign(self, account, None, (now, expires_at))
    }
}

/// A token for `account`, valid during `period`, of a session with its account's session version.
pub(super) fn sign(
    key: &Key,
    account: AccountId,
    session: Option<(SessionId, i64)>,
    period: (Instant, Instant),
) -> Result<String> {
    let claims = Claims {
        iss: ISSUER.into(),
        aud: AUDIENCE.into(),
        sub: account.to_string(),
        iat: period.0.timestamp(),
        exp: period.1.timestamp(),
        sid: session.map(|(id, _)| id),
        ver: session.map(|(_, version)| version),
    };
    let header = Header { kid: Some(key.id.to_string()), ..Header::new(Algorithm::HS256) };
    let token = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&key.bytes));
    token.map_err(|e| Fault::Broken(format!("cannot sign a token: {e}")).into())
}

/// The contents of a token; `None` when it is forged, expired, or not for us.
pub(super) fn read(keys: &KeySet, token: &str) -> Option<Bearer> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.validate_nbf = true;
    validation.leeway = 0;
    let named = jsonwebtoken::decode_header(token).ok()?.kid.map(|id| id.parse()).transpose().ok()?;
    let claims = keys.named(named).find_map(|key| {
        let checking = DecodingKey::from_secret(&key.bytes);
        Some(jsonwebtoken::decode::<Claims>(token, &checking, &validation).ok()?.claims)
    })?;
    let session = match (claims.sid, claims.ver) {
        (None, None) => None,
        (Some(id), Some(version)) => Some((id, version)),
        _ => return None,
    };
    Some(Bearer { account: claims.sub.parse().ok()?, session })
}
