//! Lists and rows that come with a statement. SQLite gets them value by value. PostgreSQL gets each in one value, so that
//! the text is the same for any number of them: it is planned once, and takes one place among a connection's prepared
//! statements.

use chrono::SecondsFormat;
use sea_orm::{DbBackend, Value, sea_query::ArrayType};
use serde_json::{Map, Value as Json};

use crate::error::{Fault, Result};

/// A statement that is being written.
pub(super) struct Written {
    pub backend: DbBackend,
    pub text: String,
    pub values: Vec<Value>,
}

impl Written {
    /// Nothing yet.
    pub fn new(backend: DbBackend) -> Self {
        Self { backend, text: String::new(), values: Vec::new() }
    }

    /// Writes the placeholder of a new value; returns its number.
    pub fn value(&mut self, value: Value) -> usize {
        self.values.push(value);
        self.number(self.values.len());
        self.values.len()
    }

    /// Writes the placeholder of the value with this number.
    pub fn number(&mut self, number: usize) {
        match self.backend {
            DbBackend::Postgres => self.text.push_str(&format!("${number}")),
            _ => self.text.push('?'),
        }
    }
}

/// Rows that are given with a statement.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<Value>>,
}

impl Given {
    /// How many values there are.
    pub fn size(&self) -> usize {
        self.columns.len() * self.rows.len()
    }

    /// Writes them as a SELECT or VALUES.
    pub fn write(self, to: &mut Written) -> Result<()> {
        if to.backend == DbBackend::Postgres { self.write_json(to) } else { self.write_values(to) }
    }

    fn write_values(self, to: &mut Written) -> Result<()> {
        let (most, are_many) = (self.rows.len(), self.rows.len() > FEW);
        to.text.push_str(if are_many { "SELECT * FROM (" } else { "" });
        for (at, row) in self.rows.into_iter().enumerate() {
            to.text.push_str(if at == 0 { "VALUES (" } else { ", (" });
            write_each(to, row);
            to.text.push(')');
        }
        if are_many {
            to.text.push_str(&format!(") LIMIT {most}"));
        }
        Ok(())
    }

    fn write_json(self, to: &mut Written) -> Result<()> {
        let first = self.rows.first().ok_or_else(|| Fault::Broken("there are no rows".into()))?;
        let types = first.iter().map(type_of).collect::<Result<Vec<_>>>()?;
        let columns: Vec<_> =
            self.columns.iter().zip(types).map(|(name, kind)| format!("{name} {kind}")).collect();
        let rows = self.rows.iter().map(|row| object_of(&self.columns, row)).collect::<Result<Vec<_>>>()?;
        to.text.push_str("SELECT * FROM json_to_recordset(");
        to.value(Json::from(rows).to_string().into());
        to.text.push_str(&format!("::json) AS r ({})", columns.join(", ")));
        if let Some(most) = SIZES.iter().find(|most| self.rows.len() <= **most) {
            to.text.push_str(&format!(" LIMIT {most}"));
        }
        Ok(())
    }
}

/// SQLite takes more rows than so many for as many as a table has, and reads that. A LIMIT says how many there may be.
const FEW: usize = 128;

/// PostgreSQL expects a hundred rows from a function and reads whole tables for them. A LIMIT says how few there may be.
const SIZES: [usize; 3] = [8, 32, 128];

/// Writes `values` as what stands between the parentheses of an `IN ()`, which becomes `= ANY ()` on PostgreSQL.
pub(super) fn write_list(to: &mut Written, values: Vec<Value>) {
    const IN: &str = " IN (";
    let kind = values
        .first()
        .and_then(array_of)
        .filter(|kind| values.iter().all(|v| array_of(v) == Some(kind.clone())));
    let fits = to.text.ends_with(IN) && !to.text.ends_with(" NOT IN (");
    match kind {
        Some(kind) if to.backend == DbBackend::Postgres && fits => {
            to.text.truncate(to.text.len() - IN.len());
            to.text.push_str(" = ANY (");
            to.value(Value::Array(kind, Some(Box::new(values))));
        }
        _ => write_each(to, values),
    }
}

fn write_each(to: &mut Written, values: Vec<Value>) {
    for (at, value) in values.into_iter().enumerate() {
        if at > 0 {
            to.text.push_str(", ");
        }
        to.value(value);
    }
}

/// The kind of array that holds such values.
fn array_of(value: &Value) -> Option<ArrayType> {
    match value {
        Value::Uuid(Some(_)) => Some(ArrayType::Uuid),
        Value::BigInt(Some(_)) => Some(ArrayType::BigInt),
        Value::String(Some(_)) => Some(ArrayType::String),
        _ => None,
    }
}

/// What PostgreSQL calls the type of `value`.
fn type_of(value: &Value) -> Result<&'static str> {
    Ok(match value {
        Value::Bool(_) => "boolean",
        Value::Int(_) => "integer",
        Value::BigInt(_) => "bigint",
        Value::String(_) => "text",
        Value::Uuid(_) => "uuid",
        Value::ChronoDateTimeUtc(_) => "timestamptz",
        Value::Json(_) => "jsonb",
        other => return Err(unknown(other)),
    })
}

fn object_of(columns: &[&'static str], row: &[Value]) -> Result<Json> {
    let pairs = columns.iter().zip(row).map(|(name, value)| Ok(((*name).to_owned(), json_of(value)?)));
    Ok(Json::Object(pairs.collect::<Result<Map<_, _>>>()?))
}

fn json_of(value: &Value) -> Result<Json> {
    Ok(match value {
        Value::Bool(it) => (*it).into(),
        Value::Int(it) => (*it).into(),
        Value::BigInt(it) => (*it).into(),
        Value::String(it) => it.clone().into(),
        Value::Uuid(it) => it.map(|it| it.to_string()).into(),
        Value::ChronoDateTimeUtc(it) => it.map(|it| it.to_rfc3339_opts(SecondsFormat::Micros, true)).into(),
        Value::Json(it) => it.as_deref().cloned().unwrap_or_default(),
        other => return Err(unknown(other)),
    })
}

fn unknown(value: &Value) -> crate::error::Error {
    Fault::Broken(format!("rows cannot hold {value:?}")).into()
}
