//! Changes that go to the database together: one trip for all of them.

use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbBackend, EntityName, EntityTrait, IdenStatic, Iterable, Value,
};

use super::{Sql, Txn};
use crate::error::Result;

/// The most values that go in one trip; one statement of SQLite takes 32,766.
const MOST_VALUES: usize = 30_000;

/// Rows of one change, of which none has more than thirty columns.
const ROWS_AT_ONCE: usize = 1_000;

/// Changes of a transaction that go together, in the order in which foreign keys need them. None of them may depend on
/// what another one changes: SQLite runs one after the other, but PostgreSQL all of them as parts of one statement.
#[derive(Debug)]
pub struct Writes<'a> {
    txn: &'a Txn,
    changes: Vec<Sql>,
}

impl Txn {
    /// Changes that will go together.
    pub fn writes(&self) -> Writes<'_> {
        Writes { txn: self, changes: Vec::new() }
    }
}

impl<'a> Writes<'a> {
    /// The transaction.
    pub fn txn(&self) -> &'a Txn {
        self.txn
    }

    /// Adds a change.
    pub fn push(&mut self, change: Sql) {
        self.changes.push(change);
    }

    /// Adds the insertion of `rows`, which have the same columns.
    pub fn insert<A: ActiveModelTrait>(&mut self, rows: impl IntoIterator<Item = A>) {
        self.insert_or(rows, "");
    }

    /// Adds the insertion of `rows`, with a clause that says what else happens.
    pub fn insert_or<A: ActiveModelTrait>(&mut self, rows: impl IntoIterator<Item = A>, clause: &str) {
        let mut columns = Vec::new();
        let rows: Vec<_> = rows.into_iter().map(|row| values_of(&row, &mut columns)).collect();
        let table = A::Entity::default();
        let into = format!("INSERT INTO {} ({}) ", table.table_name(), columns.join(", "));
        self.push_rows(&columns, rows, |rows| Sql::new(&into).push(rows).push(clause));
    }

    /// Adds what `change` makes of `rows` with these columns, of as many as one statement takes at a time.
    pub fn push_rows(
        &mut self,
        columns: &[&'static str],
        mut rows: Vec<Vec<Value>>,
        change: impl Fn(Sql) -> Sql,
    ) {
        while !rows.is_empty() {
            let rest = rows.split_off(rows.len().min(ROWS_AT_ONCE));
            self.push(change(Sql::rows(columns, rows)));
            rows = rest;
        }
    }

    /// Makes all of them.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn run(self) -> Result<()> {
        let mut together: Vec<Sql> = Vec::new();
        let mut size = 0;
        for change in self.changes {
            if size + change.size() > MOST_VALUES && !together.is_empty() {
                run(self.txn, std::mem::take(&mut together)).await?;
                size = 0;
            }
            size += change.size();
            together.push(change);
        }
        if together.is_empty() { Ok(()) } else { run(self.txn, together).await }
    }
}

async fn run(txn: &Txn, changes: Vec<Sql>) -> Result<()> {
    let is_postgres = txn.inner.get_database_backend() == DbBackend::Postgres;
    let mut all = Sql::default();
    for (at, change) in changes.into_iter().enumerate() {
        all = match (is_postgres, at) {
            (false, 0) => change,
            (false, _) => all.push("; ").push(change),
            (true, 0) => Sql::new("WITH change_0 AS (").push(change).push(")"),
            (true, _) => all.push(format!(", change_{at} AS (")).push(change).push(")"),
        };
    }
    txn.run(if is_postgres { all.push(" SELECT 1") } else { all }).await?;
    Ok(())
}

/// The values that are set, in the order of the columns, whose names go into `columns`.
fn values_of<A: ActiveModelTrait>(row: &A, columns: &mut Vec<&'static str>) -> Vec<Value> {
    let set = <A::Entity as EntityTrait>::Column::iter();
    let set = set.filter_map(|column| Some((column.as_str(), row.get(column).into_value()?)));
    let (names, values) = set.unzip();
    *columns = names;
    values
}
