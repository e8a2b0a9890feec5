//! Keys, and what is signed with them: bearer tokens (JWTs that say whose request it is, by wall time), refresh tokens,
//! mailed tokens, and keyed hashes. The keys themselves are in the database, wrapped under the secret; here they are in
//! memory.

mod bearer;
mod click;
mod details;
mod hs256;
mod ring;
mod sealed;
mod secret;

use std::{sync::Arc, time::Duration};

use sha2::{Digest, Sha256};
use tokio::sync::{Mutex, MutexGuard, watch};

pub use self::{
    bearer::Bearer,
    click::CLICK_COOKIE_LIFE,
    details::Sealed,
    ring::{Key, KeySet, Ring},
    secret::{Secret, Secrets, foreign, fresh, random},
};
use crate::{
    clock::Instant,
    entity::{
        account,
        enums::{KeyState, TokenPurpose},
        ids::{AccountId, KeyId, OneTimeTokenId, SessionId},
        key,
    },
    error::{Fault, Result},
};

/// SHA-256 of `text`, in hex.
pub fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// The keys of a database, which sign and check tokens and hash people. Clones share one ring, which is replaced when
/// keys change.
#[derive(Clone)]
pub struct Keys(Arc<Shared>);

struct Shared {
    secrets: Secrets,
    ring: watch::Sender<Arc<Ring>>,
    readings: Mutex<Readings>,
    unreadable_since: watch::Sender<Option<tokio::time::Instant>>,
}

/// How long the keys may be unreadable before a process is no longer ready. A change of the secret restarts one process
/// after the other meanwhile.
const PATIENCE: Duration = Duration::from_secs(300);

/// When the ring was last read again.
#[derive(Clone, Copy, Debug, Default)]
pub struct Readings {
    /// When a reading for a token began, whether or not it succeeded.
    pub tried_at: Option<tokio::time::Instant>,
    /// When the last reading began that got an answer, whether or not all keys could be opened.
    pub began_at: Option<tokio::time::Instant>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(***)")
    }
}

impl Keys {
    /// The keys of `ring`, and the secrets that open it.
    pub fn new(secrets: Secrets, ring: Ring) -> Self {
        hs256::install();
        let (ring, unreadable_since) = (watch::Sender::new(Arc::new(ring)), watch::Sender::new(None));
        Self(Arc::new(Shared { secrets, ring, readings: Mutex::default(), unreadable_since }))
    }

    /// The secrets that open the ring.
    pub fn secrets(&self) -> &Secrets {
        &self.0.secrets
    }

    /// The keys as they are now.
    pub fn ring(&self) -> Arc<Ring> {
        self.0.ring.borrow().clone()
    }

    /// Puts `ring` in the place of the previous one, for all clones.
    pub fn replace(&self, ring: Ring) {
        self.0.ring.send_replace(Arc::new(ring));
        self.0.unreadable_since.send_replace(None);
    }

    /// Lets the keys retire that have retired by `rows`, where those that are new cannot be opened.
    pub fn follow(&self, rows: &[key::Model]) {
        self.0.ring.send_modify(|ring| *ring = Arc::new(ring.followed(rows)));
    }

    /// Notes that the database has a key since `at` that the secrets do not open.
    pub fn lack_one_since(&self, at: tokio::time::Instant) {
        self.0.unreadable_since.send_if_modified(|since| since.replace(since.unwrap_or(at)).is_none());
    }

    /// Whether the secrets do not open the key that signs by now: tokens that others signed with it are refused here,
    /// and nothing can be signed here. It counts after some minutes, or when the previous key is retired.
    pub fn are_behind(&self) -> bool {
        let unreadable_since = *self.0.unreadable_since.borrow();
        unreadable_since.is_some_and(|since| since.elapsed() >= PATIENCE || self.ring().lacks_a_signer())
    }

    /// The key that signs. While another process rotates it, the previous one goes on for a while.
    ///
    /// # Errors
    /// [`Fault::Setup`] when the keys are behind: what the previous key signs could end too early, or be refused already.
    fn signer(&self, set: fn(&Ring) -> &KeySet) -> Result<Key> {
        let active = set(&self.ring()).active.clone();
        if active.state != KeyState::Active && self.are_behind() {
            let sentence = "this process cannot sign tokens, because its secret does not open the key that signs by now; \
                            restart it with the current secret";
            return Err(Fault::Setup(sentence.into()).into());
        }
        Ok(active)
    }

    /// Checks that tokens in mails can be signed.
    ///
    /// # Errors
    /// [`Fault::Setup`] when the keys are behind.
    pub fn must_sign_mail(&self) -> Result<()> {
        self.signer(|ring| &ring.mailed).map(|_| ())
    }

    /// Whether `token` names a key that is not on the ring: another process may have just made it.
    pub fn lack_that_of(&self, token: &str) -> bool {
        let named = jsonwebtoken::decode_header(token.trim()).ok().and_then(|header| header.kid);
        let named = named.and_then(|id| id.parse().ok()).or_else(|| sealed::key_in(token));
        named.is_some_and(|id: KeyId| self.ring().find(id).is_none())
    }

    /// The last readings of the ring; anyone who holds this may read it again.
    pub async fn readings(&self) -> MutexGuard<'_, Readings> {
        self.0.readings.lock().await
    }

    /// A token for `account`, valid from `now` until `expires_at` (wall time), that belongs to no session.
    ///
    /// # Errors
    /// [`Fault::Setup`] when the keys are behind.
    pub fn mint(&self, account: AccountId, now: Instant, expires_at: Instant) -> Result<String> {
        self.signer(|ring| &ring.bearer)?.mint(account, now, expires_at)
    }

    /// A token for a session of `account`, valid from `now` until `expires_at` (wall time).
    ///
    /// # Errors
    /// [`Fault::Setup`] when the keys are behind.
    pub fn mint_for(
        &self,
        account: &account::Model,
        session: SessionId,
        now: Instant,
        expires_at: Instant,
    ) -> Result<String> {
        let session = Some((session, account.session_version));
        bearer::sign(&self.signer(|ring| &ring.bearer)?, account.id, session, (now, expires_at))
    }

    /// The contents of a bearer token; `None` when it is forged, expired, or not for us.
    pub fn read(&self, token: &str) -> Option<Bearer> {
        bearer::read(&self.ring().bearer, token)
    }

    /// The account of a bearer token; `None` when it is forged, expired, or not for us.
    pub fn check(&self, token: &str) -> Option<AccountId> {
        self.read(token).map(|bearer| bearer.account)
    }

    /// The refresh token of a generation of a session. It is derived from both and stored nowhere, so that a client
    /// that lost it can get the same one again.
    ///
    /// # Errors
    /// [`Fault::Setup`] when the keys are behind.
    pub fn refresh_token(&self, session: SessionId, generation: i64) -> Result<String> {
        Ok(sealed::seal(&self.signer(|ring| &ring.refresh)?, session.0, &generation.to_string()))
    }

    /// The refresh token with this hash, whichever key made it; `None` if that key is not on the ring. Any other token of
    /// this generation would count as stolen when it is used.
    pub fn refresh_token_with(&self, session: SessionId, generation: i64, hash: &str) -> Option<String> {
        let ring = self.ring();
        let mut made = ring.refresh.all().map(|key| sealed::seal(key, session.0, &generation.to_string()));
        made.find(|token| sha256(token) == hash)
    }

    /// The session and generation of a refresh token; `None` when it is forged.
    pub fn open_refresh_token(&self, token: &str) -> Option<(SessionId, i64)> {
        let ring = self.ring();
        let (id, generation) = sealed::open(&ring.refresh, token)?;
        Some((SessionId(id), generation.parse().ok()?))
    }

    /// The text that is mailed for a one-time token.
    ///
    /// # Errors
    /// [`Fault::Setup`] when the keys are behind.
    pub fn mailed_token(&self, id: OneTimeTokenId, purpose: TokenPurpose) -> Result<String> {
        Ok(sealed::seal(&self.signer(|ring| &ring.mailed)?, id.0, purpose.as_str()))
    }

    /// The id of a mailed token; `None` when it is forged or for another purpose.
    pub fn open_mailed_token(&self, token: &str, purpose: TokenPurpose) -> Option<OneTimeTokenId> {
        let ring = self.ring();
        let (id, for_what) = sealed::open(&ring.mailed, token)?;
        (for_what == purpose.as_str()).then_some(OneTimeTokenId(id))
    }

    /// The keyed hash under which attempts are counted, so that no typed address is stored.
    pub fn subject_hash(&self, subject: &str) -> String {
        hs256::keyed_hash(&self.ring().attempts.active.bytes, subject)
    }

    /// The keyed hash of a person, kept after their account closes.
    pub fn person_hash(&self, person: &str) -> String {
        hs256::keyed_hash(&self.ring().people.active.bytes, person)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use jsonwebtoken::{Algorithm, EncodingKey, Header};
    use zeroize::Zeroizing;

    use super::{
        bearer::{AUDIENCE, ISSUER},
        *,
    };
    use crate::{clock::wall_now, entity::enums::KeyPurpose};

    fn key(purpose: KeyPurpose, state: KeyState) -> Key {
        let id = KeyId::new();
        Key { id, purpose, state, retires_at: None, bytes: Zeroizing::new(id.0.as_bytes().repeat(2)) }
    }

    /// Keys of their own, of every purpose.
    fn ring() -> Vec<Key> {
        use KeyPurpose::*;
        let purposes = [
            BearerTokens,
            RefreshTokens,
            MailedTokens,
            AttemptHashes,
            PeopleHashes,
            ClickCookies,
            PayoutDetails,
        ];
        purposes.map(|purpose| key(purpose, KeyState::Active)).into()
    }

    fn keys_of(ring: &[Key]) -> Keys {
        let current = Secret::new("a secret of at least thirty-two bytes".into());
        Keys::new(Secrets { current, previous: None }, Ring::new(ring).unwrap())
    }

    fn keys() -> Keys {
        keys_of(&ring())
    }

    fn minted(keys: &Keys, life: TimeDelta) -> (AccountId, String) {
        let (account, now) = (AccountId::new(), wall_now());
        (account, keys.mint(account, now, now + life).unwrap())
    }

    #[test]
    fn a_token_names_its_account() {
        let keys = keys();
        let (account, token) = minted(&keys, TimeDelta::hours(1));
        assert_eq!(keys.check(&token), Some(account));
    }

    #[test]
    fn expired_forged_and_foreign_tokens_name_nobody() {
        let keys = keys();
        let (_, expired) = minted(&keys, TimeDelta::seconds(-1));
        assert_eq!(keys.check(&expired), None);
        let (_, foreign) = minted(&self::keys(), TimeDelta::hours(1));
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
        let (keys, id, session) = (keys(), OneTimeTokenId::new(), SessionId::new());
        let mailed = keys.mailed_token(id, TokenPurpose::VerifyEmail).unwrap();
        assert_eq!(keys.open_mailed_token(&mailed, TokenPurpose::VerifyEmail), Some(id));
        assert_eq!(keys.open_mailed_token(&mailed, TokenPurpose::ResetPassword), None);
        let token = keys.refresh_token(session, 7).unwrap();
        assert_eq!(keys.open_refresh_token(&token), Some((session, 7)));
        assert_eq!(keys.open_refresh_token(&token.replacen(".7.", ".8.", 1)), None);
        assert_eq!(keys.open_refresh_token(&mailed), None);
    }

    #[test]
    fn after_a_rotation_new_tokens_name_the_new_key_and_old_ones_stay_valid_until_theirs_retires() {
        let (mut ring, session) = (ring(), SessionId::new());
        let keys = keys_of(&ring);
        let (account, bearer) = minted(&keys, TimeDelta::hours(1));
        let (refresh, mailed) = (
            keys.refresh_token(session, 3).unwrap(),
            keys.mailed_token(OneTimeTokenId::new(), TokenPurpose::VerifyEmail).unwrap(),
        );
        let old = ring.clone();
        for key in &mut ring[..3] {
            key.state = KeyState::Retiring;
        }
        ring.extend(old[..3].iter().map(|old| key(old.purpose, KeyState::Active)));
        keys.replace(Ring::new(&ring).unwrap());
        assert_eq!(keys.check(&bearer), Some(account));
        assert_eq!(keys.open_refresh_token(&refresh), Some((session, 3)));
        assert!(keys.open_mailed_token(&mailed, TokenPurpose::VerifyEmail).is_some());
        assert_ne!(keys.refresh_token(session, 3).unwrap(), refresh);
        assert_eq!(
            keys.refresh_token_with(session, 3, &sha256(&refresh)),
            Some(refresh.clone()),
            "the one that was sent"
        );
        assert_eq!(keys.refresh_token_with(session, 3, "of a key that is not known"), None);
        keys.replace(Ring::new(&ring[3..]).unwrap());
        assert_eq!(keys.check(&bearer), None);
        assert_eq!(keys.open_refresh_token(&refresh), None);
        assert!(keys.open_mailed_token(&mailed, TokenPurpose::VerifyEmail).is_none());
        let (other, fresh) = minted(&keys, TimeDelta::hours(1));
        assert_eq!(keys.check(&fresh), Some(other));
    }

    #[test]
    fn a_key_whose_time_is_over_checks_nothing_even_if_nobody_has_deleted_it() {
        let mut ring = ring();
        let (_, bearer) = minted(&keys_of(&ring), TimeDelta::hours(1));
        let refresh = keys_of(&ring).refresh_token(SessionId::new(), 3).unwrap();
        let active = ring[..2].iter().map(|old| key(old.purpose, KeyState::Active)).collect::<Vec<_>>();
        ring.extend(active);
        for (left, expected) in [(TimeDelta::minutes(1), true), (TimeDelta::zero(), false)] {
            for key in &mut ring[..2] {
                (key.state, key.retires_at) = (KeyState::Retiring, Some(wall_now() + left));
            }
            let keys = keys_of(&ring);
            assert_eq!(keys.check(&bearer).is_some(), expected);
            assert_eq!(keys.open_refresh_token(&refresh).is_some(), expected);
            assert!(!keys.lack_that_of(&bearer), "it is known, and costs no reading");
        }
    }

    #[test]
    fn a_token_of_an_unknown_key_is_told_from_a_malformed_one() {
        let (keys, others) = (keys(), keys());
        let (_, known) = minted(&keys, TimeDelta::hours(1));
        for token in [known.as_str(), "nonsense", "a.b.c", "a.b.c.d", ""] {
            assert!(!keys.lack_that_of(token), "{token}");
        }
        assert!(keys.lack_that_of(&minted(&others, TimeDelta::hours(1)).1));
        assert!(keys.lack_that_of(&others.refresh_token(SessionId::new(), 0).unwrap()));
    }

    #[test]
    fn tokens_of_before_keys_had_ids_are_still_read() {
        let (ring, id) = (ring(), SessionId::new());
        let keys = keys_of(&ring);
        let seal = |word: &str| {
            use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
            let signed = format!("{}.{word}", URL_SAFE_NO_PAD.encode(id.0));
            let mac = URL_SAFE_NO_PAD.encode(hs256::sign(&ring[1].bytes, &signed));
            format!("{signed}.{mac}")
        };
        assert_eq!(keys.open_refresh_token(&seal("7")), Some((id, 7)));
        let claims = serde_json::json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": AccountId::new().to_string(),
            "iat": wall_now().timestamp(), "exp": (wall_now() + TimeDelta::hours(1)).timestamp() });
        let signing = EncodingKey::from_secret(&ring[0].bytes);
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &signing).unwrap();
        assert!(keys.check(&token).is_some());
    }
}
