//! Global ids: the kind of an object, which is the name of its type, and its key.

use std::{
    borrow::Cow,
    fmt::{self, Display},
    hash::Hash,
    marker::PhantomData,
    str::FromStr,
};

use async_graphql::{
    Context, ID, InputType, InputValueError, InputValueResult, OutputType, Value, registry::Registry,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::{FutureExt, future::BoxFuture};
use serde::Serialize;

use super::{
    context::{Request, request},
    errors::top_level,
};
use crate::error::{Code, Rejection, Result};

/// A kind of object that has a global id.
pub trait Kind: OutputType + Sized {
    /// What identifies an object within its kind.
    type Key: FromStr + Display + Clone + Eq + Hash + Send + Sync + 'static;

    /// The key of this object.
    fn key(&self) -> Self::Key;

    /// The objects with these keys that the viewer may see, in any order.
    ///
    /// # Errors
    /// A fault of the database.
    fn find(request: &Request, keys: &[Self::Key]) -> impl Future<Output = Result<Vec<Self>>> + Send;

    /// The object with this key, if the viewer may see it. Payloads have no key after a refusal, and then no object.
    ///
    /// # Errors
    /// A fault of the database.
    fn visible<'a>(
        ctx: &'a Context<'_>,
        key: Option<Self::Key>,
    ) -> BoxFuture<'a, async_graphql::Result<Option<Self>>>
    where
        Self: 'a,
    {
        async move {
            let (request, Some(key)) = (request(ctx), key) else { return Ok(None) };
            let found = Self::find(request, &[key]).await;
            Ok(found.map_err(|error| top_level(request, error))?.pop())
        }
        .boxed()
    }

    /// The objects with these keys that the viewer may see, in the order of the keys.
    ///
    /// # Errors
    /// A fault of the database.
    fn all_visible<'a>(
        ctx: &'a Context<'_>,
        keys: &'a [Self::Key],
    ) -> BoxFuture<'a, async_graphql::Result<Vec<Self>>>
    where
        Self: 'a,
    {
        async move {
            if keys.is_empty() {
                return Ok(Vec::new());
            }
            let request = request(ctx);
            let found = Self::find(request, keys).await;
            let mut found = found.map_err(|error| top_level(request, error))?;
            found.sort_by_key(|object| keys.iter().position(|key| *key == object.key()));
            Ok(found)
        }
        .boxed()
    }

    /// The global id of this object.
    fn global_id(&self) -> ID {
        global_id(&Self::type_name(), &self.key())
    }

    /// The key in a global id of this kind; `None` for anything else.
    fn key_in(id: &str) -> Option<Self::Key> {
        let text = text_of(id)?;
        let (kind, key) = text.split_once(':')?;
        (kind == Self::type_name()).then(|| key.parse().ok())?
    }
}

/// A key of two parts, such as a wallet and the number of a lot in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pair<A, B>(pub A, pub B);

impl<A: Display, B: Display> Display for Pair<A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.0, self.1)
    }
}

impl<A: FromStr, B: FromStr> FromStr for Pair<A, B> {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (first, second) = text.split_once(':').ok_or(())?;
        Ok(Self(first.parse().map_err(drop)?, second.parse().map_err(drop)?))
    }
}

/// The global id of the object of `kind` with this key.
pub fn global_id(kind: &str, key: &impl Display) -> ID {
    ID(URL_SAFE_NO_PAD.encode(format!("{kind}:{key}")))
}

/// The decoded text of a global id. No key has control characters; PostgreSQL could not even read them.
pub fn text_of(id: &str) -> Option<String> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(id).ok()?).ok()?;
    (!text.contains(char::is_control)).then_some(text)
}

/// A global id in an input, of an object of kind `K`.
#[derive(Serialize)]
#[serde(transparent, bound = "")]
pub struct IdOf<K>(ID, PhantomData<K>);

impl<K> fmt::Debug for IdOf<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<K: Kind> IdOf<K> {
    /// The key. The field at fault is the usual one, such as `jobPostId`.
    ///
    /// # Errors
    /// `NOT_FOUND`, as for an object that does not exist.
    pub fn key(&self) -> Result<K::Key, Rejection> {
        K::key_in(&self.0).ok_or_else(|| {
            let kind = K::type_name();
            let sentence = format!("There is no such {}. Take its id from a query.", noun_of(&kind));
            Rejection::new(Code::NotFound, sentence).at(&field_of(&kind))
        })
    }
}

/// The noun that people know a kind by: `job post` for `JobPost`.
fn noun_of(kind: &str) -> String {
    let spaced = kind.char_indices().flat_map(|(at, c)| {
        let space = (at > 0 && c.is_uppercase()).then_some(' ');
        space.into_iter().chain(c.to_lowercase())
    });
    spaced.collect()
}

/// The usual name of the input field for an object of `kind`, such as `jobPostId`.
fn field_of(kind: &str) -> String {
    let (first, rest) = kind.split_at(1);
    format!("{}{rest}Id", first.to_lowercase())
}

impl<K: Send + Sync> InputType for IdOf<K> {
    type RawValueType = <ID as InputType>::RawValueType;

    fn type_name() -> Cow<'static, str> {
        <ID as InputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <ID as InputType>::create_type_info(registry)
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
    fn ids_are_opaque_and_say_kind_and_key() {
        let id = global_id("Lot", &Pair("w", 7));
        assert!(!id.contains("Lot"));
        assert_eq!(text_of(&id).as_deref(), Some("Lot:w:7"));
        assert_eq!(text_of("no base64!"), None);
        assert_eq!("w:7".parse(), Ok(Pair("w".to_owned(), 7)));
        assert_eq!("w".parse::<Pair<String, i64>>(), Err(()));
        assert_eq!(field_of("JobPost"), "jobPostId");
    }
}
