//! Everything that a database holds, as text.

use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};

use super::{World, postgres};

impl World {
    /// All tables and their columns.
    pub async fn columns(&self) -> Vec<(String, String)> {
        let columns = match postgres() {
            // The virtual table itself has no content to be read; its shadow tables do.
            None => {
                "SELECT m.name AS t, p.name AS c FROM sqlite_master m JOIN pragma_table_info(m.name) p \
                 WHERE m.type = 'table' AND m.name <> 'job_posts_words'"
            }
            Some(_) => {
                "SELECT CAST(table_name AS text) AS t, CAST(column_name AS text) AS c \
                 FROM information_schema.columns WHERE table_schema = 'public'"
            }
        };
        let rows = self.db().read().query_all_raw(Statement::from_string(self.backend(), columns)).await;
        let named =
            |row: &sea_orm::QueryResult| (row.try_get("", "t").unwrap(), row.try_get("", "c").unwrap());
        rows.unwrap().iter().map(named).collect()
    }

    /// Every row of every table.
    pub async fn dump(&self) -> Vec<String> {
        let mut all = Vec::new();
        let columns = self.columns().await;
        for table in columns.chunk_by(|a, b| a.0 == b.0) {
            let name = &table[0].0;
            let cells = table.iter().map(|(_, column)| match self.backend() {
                DatabaseBackend::Sqlite => format!("quote(\"{column}\")"),
                _ => format!("COALESCE(CAST(\"{column}\" AS text), 'NULL')"),
            });
            let cells = cells.collect::<Vec<_>>().join(" || ' ' || ");
            let sql = format!("SELECT {cells} AS cells FROM \"{name}\" ORDER BY 1");
            let rows = self.db().read().query_all_raw(Statement::from_string(self.backend(), sql)).await;
            let cells = |row: &sea_orm::QueryResult| row.try_get::<String>("", "cells").unwrap();
            all.extend(rows.unwrap().iter().map(|row| format!("{name}: {}", cells(row))));
        }
        all
    }
}
