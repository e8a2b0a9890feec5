//! Opaque tokens: an id, a word, and a keyed hash of both. Nobody without the key can make one, and
//! nothing of them needs to be kept.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use super::hs256;

/// The token of `id` and `word`, which has no dot.
pub(super) fn seal(key: &str, id: Uuid, word: &str) -> String {
    let id = URL_SAFE_NO_PAD.encode(id);
    let mac = URL_SAFE_NO_PAD.encode(hs256::sign(key.as_bytes(), &format!("{id}.{word}")));
    format!("{id}.{word}.{mac}")
}

/// The id and the word of a token, if it was made with `key`.
pub(super) fn open<'a>(key: &str, token: &'a str) -> Option<(Uuid, &'a str)> {
    let (signed, mac) = token.trim().rsplit_once('.')?;
    let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
    if !hs256::is_signed(key.as_bytes(), signed, &mac) {
        return None;
    }
    let (id, word) = signed.split_once('.')?;
    Some((Uuid::from_slice(&URL_SAFE_NO_PAD.decode(id).ok()?).ok()?, word))
}
