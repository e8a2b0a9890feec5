//! A copy of a SQLite database in one file, taken while others use it.

use std::path::Path;

use sea_orm::{ConnectionTrait, DbBackend};

use super::Database;
use crate::error::{Fault, Result};

impl Database {
    /// Writes one state of the whole database into `file`, which must be empty. Others may write meanwhile.
    ///
    /// # Errors
    /// [`Fault::Setup`] on PostgreSQL, which has better means of its own; a fault when the file cannot be written.
    pub async fn copy_into(&self, file: &Path) -> Result<()> {
        if self.write.get_database_backend() == DbBackend::Postgres {
            let sentence = "on PostgreSQL, pg_dump makes backups; run pg_dump -Fc --file FILE with this database's address";
            return Err(Fault::Setup(sentence.into()).into());
        }
        let name = file.to_str().ok_or_else(|| {
            Fault::Setup(format!("{} is not UTF-8, so SQLite cannot write there", file.display()))
        })?;
        // A file name cannot be a parameter here.
        let copy = format!("VACUUM INTO '{}'", name.replace('\'', "''"));
        let failed = |e| Fault::Setup(format!("cannot write the backup to {name}: {e}"));
        self.write.execute_unprepared(&copy).await.map_err(failed)?;
        Ok(())
    }
}
