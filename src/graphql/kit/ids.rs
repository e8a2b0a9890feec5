//! Global ids.

use async_graphql::ID;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::error::{Code, Rejection, Result};

/// The global id of an object of `kind` with these keys.
pub fn global_id(kind: &str, keys: &[&dyn std::fmt::Display]) -> ID {
    let mut text = kind.to_owned();
    for key in keys {
        text.push_str(&format!(":{key}"));
    }
    ID(URL_SAFE_NO_PAD.encode(text))
}

/// The keys in a global id of `kind`; `None` for anything else.
pub fn keys_of(kind: &str, id: &str) -> Option<Vec<String>> {
    let text = text_of(id)?;
    let mut parts = text.split(':').map(str::to_owned);
    (parts.next()? == kind).then(|| parts.collect())
}

/// What a global id says. No key has control characters; PostgreSQL would not even read them.
pub fn text_of(id: &str) -> Option<String> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(id).ok()?).ok()?;
    (!text.contains(char::is_control)).then_some(text)
}

/// The key, if there is just one.
pub fn only(keys: Vec<String>) -> Option<String> {
    <[String; 1]>::try_from(keys).ok().map(|[key]| key)
}

/// The typed key in the global id of an input field.
///
/// # Errors
/// `NOT_FOUND`, as for an object that does not exist.
pub fn input_id<T: std::str::FromStr>(kind: &str, id: &ID, field: &str) -> Result<T, Rejection> {
    let key = keys_of(kind, id).and_then(|keys| only(keys)?.parse().ok());
    let sentence = format!("There is no such {kind}; take its id from a query.");
    key.ok_or_else(|| Rejection::new(Code::NotFound, sentence).at(field))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_opaque_and_typed() {
        let id = global_id("Lot", &[&"w", &7]);
        assert!(!id.contains("Lot"));
        assert_eq!(keys_of("Lot", &id), Some(vec!["w".to_owned(), "7".to_owned()]));
        assert_eq!(keys_of("Wallet", &id), None);
        assert_eq!(keys_of("Lot", "no base64!"), None);
    }
}
