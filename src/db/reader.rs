//! Where reads go: to the pool, or, once a request has rehearsed something, into that rehearsal, so
//! that everything a dry run's answer shows is what would be.

use std::sync::{Arc, OnceLock};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use tokio::sync::OwnedSemaphorePermit;

use super::Txn;

/// Reads from the database.
#[derive(Clone, Debug)]
pub struct Reader {
    pool: DatabaseConnection,
    stage: Option<Arc<OnceLock<Rehearsal>>>,
}

/// What was written in a dry run, until it is dropped and so rolled back, and the turn to have one.
#[derive(Debug)]
struct Rehearsal {
    txn: Txn,
    _turn: OwnedSemaphorePermit,
}

impl Reader {
    /// Reads what is committed.
    pub(super) fn new(pool: DatabaseConnection) -> Self {
        Self { pool, stage: None }
    }

    /// A reader, and clones of it, for which [`Reader::keep`] keeps a rehearsal.
    pub(super) fn staged(&self) -> Self {
        Self { pool: self.pool.clone(), stage: Some(Arc::default()) }
    }

    /// From now on reads what `txn` would have left. Gives it back where nobody would read it.
    pub(super) fn keep(&self, txn: Txn, turn: OwnedSemaphorePermit) -> Option<Txn> {
        let Some(stage) = &self.stage else { return Some(txn) };
        stage.set(Rehearsal { txn, _turn: turn }).err().map(|again| again.txn)
    }

    /// The pool beneath.
    pub fn pool(&self) -> &DatabaseConnection {
        &self.pool
    }

    fn rehearsal(&self) -> Option<&Txn> {
        self.stage.as_ref()?.get().map(|rehearsal| &rehearsal.txn)
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Reader {
    fn get_database_backend(&self) -> DbBackend {
        self.pool.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.pool.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.pool.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self.rehearsal() {
            Some(txn) => txn.query_one_raw(statement).await,
            None => self.pool.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self.rehearsal() {
            Some(txn) => txn.query_all_raw(statement).await,
            None => self.pool.query_all_raw(statement).await,
        }
    }
}
