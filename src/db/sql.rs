//! Raw SQL that both databases understand, put together from pieces.

use sea_orm::{ConnectionTrait, Statement, Value};

/// A piece of SQL with one `?` for each of its values, in order. Pieces join by [`Sql::push`].
#[derive(Clone, Debug, Default)]
pub struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// A piece without values, or whose values follow by [`Sql::bind`].
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), values: Vec::new() }
    }

    /// The value of the next `?`.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Appends `piece` with its values.
    #[must_use]
    pub fn push(mut self, piece: impl Into<Self>) -> Self {
        let piece = piece.into();
        self.text.push_str(&piece.text);
        self.values.extend(piece.values);
        self
    }

    /// `?, ?, ?` for all of `values`; for none, `NULL`, which nothing is IN.
    pub fn list<V: Into<Value>>(values: impl IntoIterator<Item = V>) -> Self {
        let values: Vec<Value> = values.into_iter().map(Into::into).collect();
        if values.is_empty() {
            return Self::new("NULL");
        }
        Self { text: vec!["?"; values.len()].join(", "), values }
    }

    /// As a statement for `db`, with placeholders `$1`, `$2`, .. that both databases read.
    pub fn on(self, db: &impl ConnectionTrait) -> Statement {
        let mut text = String::with_capacity(self.text.len() + self.values.len() * 2);
        let mut count = 0;
        for character in self.text.chars() {
            text.push(if character == '?' { '$' } else { character });
            if character == '?' {
                count += 1;
                text.push_str(&count.to_string());
            }
        }
        debug_assert_eq!(count, self.values.len(), "as many values as question marks: {text}");
        Statement::from_sql_and_values(db.get_database_backend(), text, self.values)
    }
}

impl From<&str> for Sql {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Sql {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}
