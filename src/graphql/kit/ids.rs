//! Global ids.

use std::{borrow::Cow, fmt, marker::PhantomData, str::FromStr};

use async_graphql::{ID, InputType, InputValueError, InputValueResult, Value, registry::Registry};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;

use crate::{
    entity::ids::{AccountId, JobPostId, ProposalId},
    error::{Code, Rejection, Result},
};

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

/// A key that the ids of inputs hold: the kind of object it is of, and the field that an input names it by.
pub trait InputKey: FromStr {
    /// The kind, as it stands in a global id.
    const KIND: &'static str;
    /// The usual name of an input's field.
    const FIELD: &'static str;
}

macro_rules! input_keys {
    ($($key:ty => $kind:literal, $field:literal;)+) => {$(
        impl InputKey for $key {
            const KIND: &'static str = $kind;
            const FIELD: &'static str = $field;
        }
    )+};
}

input_keys! {
    AccountId => "Account", "accountId";
    JobPostId => "JobPost", "jobPostId";
    ProposalId => "Proposal", "proposalId";
}

/// A global id in an input: of an object whose key is a `K`.
#[derive(Serialize)]
#[serde(transparent, bound = "")]
pub struct IdOf<K>(ID, PhantomData<K>);

impl<K> fmt::Debug for IdOf<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<K: InputKey> IdOf<K> {
    /// The key.
    ///
    /// # Errors
    /// `NOT_FOUND`, as for an object that does not exist.
    pub fn key(&self) -> Result<K, Rejection> {
        let key = keys_of(K::KIND, &self.0).and_then(|keys| only(keys)?.parse().ok());
        let sentence = format!("There is no such {}; take its id from a query.", K::KIND);
        key.ok_or_else(|| Rejection::new(Code::NotFound, sentence).at(K::FIELD))
    }
}

impl<K: Send + Sync> InputType for IdOf<K> {
    type RawValueType = <ID as InputType>::RawValueType;

    fn type_name() -> Cow<'static, str> {
        ID::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        ID::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        ID::parse(value).map(|id| Self(id, PhantomData)).map_err(InputValueError::propagate)
    }

    fn to_value(&self) -> Value {
        self.0.to_value()
    }

    fn as_raw_value(&self) -> Option<&Self::RawValueType> {
        self.0.as_raw_value()
    }
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
