//! Connections: pages with a stable order and opaque cursors that hold a row's sort key.

use async_graphql::{
    OutputType,
    connection::{Connection, ConnectionNameType, DefaultConnectionName, DefaultEdgeName, Edge, EmptyFields},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sea_orm::{EntityTrait, FromQueryResult, IntoIdentity, Select, sea_query::IntoValueTuple};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    context::Request,
    errors::{coded, top_level},
};

/// The default page size.
pub const DEFAULT_SIZE: i32 = 20;

/// The largest page size.
pub const MAX_SIZE: i32 = 100;

/// The checked arguments of a page.
#[derive(Clone, Debug)]
pub struct Page {
    size: u64,
    backwards: bool,
    after: Option<String>,
    before: Option<String>,
}

/// The arguments of a page, unchecked.
#[derive(Clone, Debug, Default)]
pub struct PageArgs {
    /// Page size from the start.
    pub first: Option<i32>,
    /// Cursor to start after.
    pub after: Option<String>,
    /// Page size from the end.
    pub last: Option<i32>,
    /// Cursor to end before.
    pub before: Option<String>,
}

impl PageArgs {
    /// Checks the arguments: `first` or `last`, each from 0 to 100.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` that says what is allowed.
    pub fn checked(self) -> async_graphql::Result<Page> {
        // The default of `first` applies even if the request has only `last`.
        let size = self.last.or(self.first).unwrap_or(DEFAULT_SIZE);
        if !(0..=MAX_SIZE).contains(&size) {
            let sentence =
                format!("`first` and `last` take 0 to {MAX_SIZE} rows. Ask for the rest page by page.");
            return Err(coded("BAD_USER_INPUT", sentence));
        }
        Ok(Page {
            size: size.unsigned_abs().into(),
            backwards: self.last.is_some(),
            after: self.after,
            before: self.before,
        })
    }
}

impl Page {
    /// The page of `rows` in the order of `columns`, whose values in a row `key_of` reads.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` for a cursor that is not one of this list's; a fault of the database.
    pub async fn load<E, M, C, K>(
        &self,
        request: &Request,
        rows: Select<E>,
        columns: C,
        ascending: bool,
        key_of: impl Fn(&M) -> K,
    ) -> async_graphql::Result<Rows<M>>
    where
        E: EntityTrait<Model = M>,
        M: FromQueryResult + Send + Sync,
        C: IntoIdentity,
        K: Serialize + DeserializeOwned + IntoValueTuple,
    {
        let mut rows = rows.cursor_by(columns);
        if !ascending {
            rows.desc();
        }
        if let Some(key) = key::<K>(self.after.as_deref())? {
            rows.after(key);
        }
        if let Some(key) = key::<K>(self.before.as_deref())? {
            rows.before(key);
        }
        let one_more = self.size + 1;
        if self.backwards {
            rows.last(one_more)
        } else {
            rows.first(one_more)
        };
        let found = rows.all(request.db.read()).await.map_err(|error| top_level(request, error.into()))?;
        Ok(self.one_too_many(found, key_of))
    }

    /// How many rows to read to learn whether there are more, and whether from the end, if the page begins at
    /// an end of the list. Such pages of many lists can be read at once.
    pub fn at_the_end(&self) -> Option<(u64, bool)> {
        (self.after.is_none() && self.before.is_none()).then_some((self.size + 1, self.backwards))
    }

    /// The page of rows in order, given one row more than the page has if there are more.
    pub fn one_too_many<M, K: Serialize>(&self, mut found: Vec<M>, key_of: impl Fn(&M) -> K) -> Rows<M> {
        let more = found.len() as u64 > self.size;
        if more {
            let extra = if self.backwards { 0 } else { found.len() - 1 };
            found.remove(extra);
        }
        self.rows(found, more, key_of)
    }

    /// The page of a list in memory, ordered by the key of each row.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` for a cursor that is not one of this list's.
    pub fn slice<M, K: Serialize + DeserializeOwned + PartialOrd>(
        &self,
        rows: Vec<M>,
        key_of: impl Fn(&M) -> K,
    ) -> async_graphql::Result<Rows<M>> {
        let (after, before) = (key::<K>(self.after.as_deref())?, key::<K>(self.before.as_deref())?);
        let within = |row: &M| {
            let key = key_of(row);
            after.as_ref().is_none_or(|after| key > *after)
                && before.as_ref().is_none_or(|before| key < *before)
        };
        let mut found: Vec<_> = rows.into_iter().filter(within).collect();
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        let more = found.len() > size;
        if self.backwards {
            found.drain(..found.len().saturating_sub(size));
        } else {
            found.truncate(size);
        }
        Ok(self.rows(found, more, key_of))
    }

    fn rows<M, K: Serialize>(&self, found: Vec<M>, more: bool, key_of: impl Fn(&M) -> K) -> Rows<M> {
        let rows = found.into_iter().map(|row| (cursor(&key_of(&row)), row)).collect();
        let (has_previous, has_next) =
            if self.backwards { (more, self.before.is_some()) } else { (self.after.is_some(), more) };
        Rows { rows, has_previous, has_next }
    }
}

/// A page of rows with their cursors.
#[derive(Debug)]
pub struct Rows<M> {
    /// The cursor and the row.
    pub rows: Vec<(String, M)>,
    has_previous: bool,
    has_next: bool,
}

/// A connection, as this schema uses them.
pub type Pages<N> = Connection<String, N, EmptyFields, EmptyFields>;

impl<M> Rows<M> {
    /// The rows as a connection of nodes.
    pub fn map<N: OutputType>(self, node: impl Fn(M) -> N) -> Pages<N>
    where
        DefaultConnectionName: ConnectionNameType,
        DefaultEdgeName: async_graphql::connection::EdgeNameType,
    {
        let mut connection = Connection::new(self.has_previous, self.has_next);
        connection.edges.extend(self.rows.into_iter().map(|(cursor, row)| Edge::new(cursor, node(row))));
        connection
    }
}

fn cursor(key: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
}

fn key<K: DeserializeOwned>(cursor: Option<&str>) -> async_graphql::Result<Option<K>> {
    let Some(cursor) = cursor else { return Ok(None) };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    let value = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).filter(is_readable);
    let key = value.and_then(|value| serde_json::from_value(value).ok());
    let sentence = "This cursor is not one of this list's. Take cursors from `pageInfo` or `edges`.";
    key.map(Some).ok_or_else(|| coded("BAD_USER_INPUT", sentence))
}

/// Whether the database can read every part of a cursor: no control characters, no years of five digits.
fn is_readable(cursor: &serde_json::Value) -> bool {
    use serde_json::Value;
    match cursor {
        Value::String(text) => !text.contains(char::is_control) && !text.starts_with(['+', '-']),
        Value::Array(parts) => parts.iter().all(is_readable),
        other => other.is_number(),
    }
}
