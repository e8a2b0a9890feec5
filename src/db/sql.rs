//! Raw SQL that both databases understand, put together from pieces.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use super::rows::{self, Given, Written};
use crate::error::{Fault, Result};

/// A piece of SQL in which `:name` stands for a value, which may be used more than once. Pieces join by
/// [`Sql::push`]; a name is bound in what has been put together until then, so two pieces that are bound may use the
/// same name for different values.
#[derive(Clone, Debug, Default)]
pub struct Sql {
    parts: Vec<Part>,
    values: Vec<Value>,
    /// Names that were bound and that no piece has.
    unknown: Vec<&'static str>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    /// A name that is not bound yet.
    Name(String),
    /// The place of a value among the values.
    Value(usize),
    /// What an `IN ()` has between its parentheses.
    List(Vec<Value>),
    /// Rows, as a `SELECT` or `VALUES`.
    Rows(Given),
}

impl Sql {
    /// A piece whose values follow by [`Sql::bind`].
    pub fn new(text: impl AsRef<str>) -> Self {
        Self { parts: parts_of(text.as_ref()), ..Self::default() }
    }

    /// The value that `:name` stands for.
    #[must_use]
    pub fn bind(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        let place = self.values.len();
        let mut found = false;
        for part in &mut self.parts {
            if matches!(part, Part::Name(unbound) if unbound == name) {
                *part = Part::Value(place);
                found = true;
            }
        }
        if found {
            self.values.push(value.into());
        } else {
            self.unknown.push(name);
        }
        self
    }

    /// Appends `piece` with its values.
    #[must_use]
    pub fn push(mut self, piece: impl Into<Self>) -> Self {
        let piece = piece.into();
        let moved = self.values.len();
        self.parts.extend(piece.parts.into_iter().map(|part| match part {
            Part::Value(place) => Part::Value(place + moved),
            other => other,
        }));
        self.values.extend(piece.values);
        self.unknown.extend(piece.unknown);
        self
    }

    /// All of `values`, for an `IN ()`; for none, `NULL`, which nothing is IN.
    pub fn list<V: Into<Value>>(values: impl IntoIterator<Item = V>) -> Self {
        let values: Vec<Value> = values.into_iter().map(Into::into).collect();
        if values.is_empty() {
            return Self::new("NULL");
        }
        Self { parts: vec![Part::List(values)], ..Self::default() }
    }

    /// `rows` with these columns, as a SELECT that a `WITH`, an `INSERT` or an `IN ()` takes. There must be one. The values
    /// of a column are of one kind.
    pub fn rows(columns: &[&'static str], rows: Vec<Vec<Value>>) -> Self {
        let columns = columns.to_vec();
        Self { parts: vec![Part::Rows(Given { columns, rows })], ..Self::default() }
    }

    /// How many values it has.
    pub(super) fn size(&self) -> usize {
        let of = |part: &Part| match part {
            Part::List(values) => values.len(),
            Part::Rows(rows) => rows.size(),
            _ => 0,
        };
        self.values.len() + self.parts.iter().map(of).sum::<usize>()
    }

    /// As a statement for `db`: with placeholders `$1`, `$2`, .. for PostgreSQL, and `?` for SQLite, which looks up the name
    /// of each by going through all before it.
    ///
    /// # Errors
    /// [`Fault::Broken`] when a name is not bound, or what was bound has no place.
    pub fn on(self, db: &impl ConnectionTrait) -> Result<Statement> {
        let backend = db.get_database_backend();
        let (text, values) = self.written(backend)?;
        Ok(Statement::from_sql_and_values(backend, text, values))
    }

    fn written(self, backend: DbBackend) -> Result<(String, Vec<Value>)> {
        let mut written = Written::new(backend);
        let mut numbers = HashMap::new();
        for part in self.parts {
            match part {
                Part::Text(piece) => written.text.push_str(&piece),
                Part::Value(place) => match numbers.get(&place) {
                    Some(&number) if backend == DbBackend::Postgres => written.number(number),
                    _ => {
                        let value = self.values.get(place).cloned();
                        let value = value.ok_or_else(|| Fault::Broken("a value has no place".into()))?;
                        numbers.insert(place, written.value(value));
                    }
                },
                Part::List(values) => rows::write_list(&mut written, values),
                Part::Rows(rows) => rows.write(&mut written)?,
                Part::Name(name) => {
                    return Err(Fault::Broken(format!("no value for :{name} in {}", written.text)).into());
                }
            }
        }
        match self.unknown.first() {
            None => Ok((written.text, written.values)),
            Some(name) => Err(Fault::Broken(format!("no place for :{name} in {}", written.text)).into()),
        }
    }
}

/// The texts and names of `text`. What stands in quotes is text.
fn parts_of(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let (mut start, mut quoted) = (0, false);
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        quoted ^= letter == '\'';
        let begins =
            !quoted && letter == ':' && letters.peek().is_some_and(|(_, next)| next.is_ascii_lowercase());
        if begins {
            let rest = &text[at + 1..];
            let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(rest.len());
            parts.extend([Part::Text(text[start..at].into()), Part::Name(rest[..end].into())]);
            start = at + 1 + end;
        }
    }
    parts.push(Part::Text(text[start..].into()));
    parts
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

#[cfg(test)]
mod tests {
    use super::*;

    const SQLITE: DbBackend = DbBackend::Sqlite;

    #[test]
    fn a_value_stands_wherever_its_name_does() {
        let sql =
            Sql::new("SELECT :now, x FROM t WHERE y > :now AND z = :who").bind("who", 7i64).bind("now", 3i64);
        let (text, values) = sql.clone().written(SQLITE).unwrap();
        assert_eq!(text, "SELECT ?, x FROM t WHERE y > ? AND z = ?");
        assert_eq!(values, [3i64, 3, 7].map(Value::from));
        let (text, values) = sql.written(DbBackend::Postgres).unwrap();
        assert_eq!(text, "SELECT $1, x FROM t WHERE y > $1 AND z = $2");
        assert_eq!(values, [3i64, 7].map(Value::from));
    }

    #[test]
    fn pieces_keep_their_values_and_what_is_quoted_stays() {
        let piece = Sql::new("a = :at").bind("at", 1i64);
        let sql =
            Sql::new("SELECT 'x:at' WHERE b = :at AND ").bind("at", 2i64).push(piece).push(" AND c IN (");
        let (text, values) = sql.push(Sql::list([3i64, 4])).push(")").written(SQLITE).unwrap();
        assert_eq!(text, "SELECT 'x:at' WHERE b = ? AND a = ? AND c IN (?, ?)");
        assert_eq!(values, [2i64, 1, 3, 4].map(Value::from));
        assert_eq!(Sql::list(Vec::<i64>::new()).written(SQLITE).unwrap().0, "NULL");
    }

    #[test]
    fn a_name_without_a_value_and_a_value_without_a_name_are_refused() {
        let missing = Sql::new("a = :at AND b = :to").bind("to", 1i64).written(SQLITE);
        assert!(missing.unwrap_err().to_string().contains(":at"));
        let wrong = Sql::new("a = :at").bind("at", 1i64).bind("to", 1i64).written(SQLITE);
        assert!(wrong.unwrap_err().to_string().contains(":to"));
    }

    #[test]
    fn on_postgres_the_text_does_not_depend_on_how_many_there_are() {
        let of = |count: i64| {
            let rows = (0..count).map(|n| vec![n.into(), Value::String(None)]).collect();
            let sql =
                Sql::new("SELECT 1 FROM t WHERE a IN (").push(Sql::list(0..count)).push(") AND (b, c) IN (");
            sql.push(Sql::rows(&["b", "c"], rows)).push(")").written(DbBackend::Postgres).unwrap()
        };
        let (one, two) = (of(1), of(2));
        assert_eq!(one.0, two.0);
        assert_eq!(
            two.0,
            "SELECT 1 FROM t WHERE a = ANY ($1) AND (b, c) IN (SELECT * FROM \
             json_to_recordset($2::json) AS r (b bigint, c text) LIMIT 8)"
        );
        assert_eq!(two.1[1], Value::from(r#"[{"b":0,"c":null},{"b":1,"c":null}]"#));
    }
}
