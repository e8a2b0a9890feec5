//! Opaque tokens: the id of a key, an id, a word, and a keyed hash of the three. Nobody without the key can make one,
//! and nothing of them needs to be kept.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use super::{Key, KeySet, hs256};
use crate::entity::ids::KeyId;

/// The token of `id` and `word`, which has no dot.
pub(super) fn seal(key: &Key, id: Uuid, word: &str) -> String {
    let [kid, id] = [key.id.0, id].map(|id| URL_SAFE_NO_PAD.encode(id));
    let mac = URL_SAFE_NO_PAD.encode(hs256::sign(&key.bytes, &format!("{kid}.{id}.{word}")));
    format!("{kid}.{id}.{word}.{mac}")
}

/// The id and the word of a token, if it was made with a key of `keys`.
pub(super) fn open<'a>(keys: &KeySet, token: &'a str) -> Option<(Uuid, &'a str)> {
    let (signed, mac) = token.trim().rsplit_once('.')?;
    let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
    keys.named(key_in(token)).find(|key| hs256::is_signed(&key.bytes, signed, &mac))?;
    let (rest, word) = signed.rsplit_once('.')?;
    let id = rest.rsplit('.').next()?;
    Some((uuid(id)?, word))
}

/// The key that a token names; nothing for a token of before keys had ids.
pub(super) fn key_in(token: &str) -> Option<KeyId> {
    let mut parts = token.trim().split('.');
    let first = parts.next()?;
    (parts.count() == 3).then(|| uuid(first).map(KeyId))?
}

fn uuid(text: &str) -> Option<Uuid> {
    Uuid::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}
