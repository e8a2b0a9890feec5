//! Where reads go: to the pool or, once a request has rehearsed something, into that rehearsal, so that everything in
//! a dry run's answer is as it would be.

use std::sync::{Arc, Mutex, PoisonError};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, Statement,
    TransactionOptions,
};
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, timeout_at},
};

use super::{Txn, connect, failure, pooler::Opening, trust::Trust};

/// Reads from the database.
#[derive(Clone, Debug)]
pub struct Reader {
    pool: DatabaseConnection,
    opening: Opening,
    trust: Trust,
    stage: Option<Arc<Mutex<Stage>>>,
}

/// Where a request's reads go.
#[derive(Debug, Default)]
enum Stage {
    /// To the pool.
    #[default]
    Committed,
    /// Into what was rehearsed, until the deadline.
    Rehearsed(Arc<Rehearsal>),
    /// Nowhere: the rehearsal has used up its time.
    Over,
}

/// The transaction of a dry run, which is rolled back when dropped, and its permit.
#[derive(Debug)]
struct Rehearsal {
    txn: Txn,
    deadline: Instant,
    _turn: OwnedSemaphorePermit,
}

impl Reader {
    /// Reads what is committed.
    pub(super) fn new(pool: DatabaseConnection, opening: Opening, trust: Trust) -> Self {
        Self { pool, opening, trust, stage: None }
    }

    /// A reader that, like its clones, reads the rehearsal given to [`Reader::keep`].
    pub(super) fn staged(&self) -> Self {
        Self { stage: Some(Arc::default()), ..self.clone() }
    }

    /// From now on reads what `txn` would have left; at `deadline` it is rolled back in any case. Returns it if nobody
    /// would read it.
    pub(super) fn keep(&self, txn: Txn, turn: OwnedSemaphorePermit, deadline: Instant) -> Option<Txn> {
        let Some(stage) = &self.stage else { return Some(txn) };
        let rehearsal = Arc::new(Rehearsal { txn, deadline, _turn: turn });
        *lock(stage) = Stage::Rehearsed(rehearsal);
        let stage = Arc::downgrade(stage);
        tokio::spawn(async move {
            tokio::time::sleep_until(deadline).await;
            if let Some(stage) = stage.upgrade() {
                *lock(&stage) = Stage::Over;
            }
        });
        None
    }

    /// Whether it reads something else than what is committed.
    pub(super) fn has_rehearsed(&self) -> bool {
        self.stage.as_ref().is_some_and(|stage| !matches!(*lock(stage), Stage::Committed))
    }

    /// The pool beneath.
    pub fn pool(&self) -> &DatabaseConnection {
        &self.pool
    }

    fn rehearsal(&self) -> Result<Option<Arc<Rehearsal>>, DbErr> {
        let Some(stage) = &self.stage else { return Ok(None) };
        match &*lock(stage) {
            Stage::Committed => Ok(None),
            Stage::Rehearsed(rehearsal) => Ok(Some(rehearsal.clone())),
            Stage::Over => Err(failure::overdue()),
        }
    }
}

fn lock(stage: &Mutex<Stage>) -> std::sync::MutexGuard<'_, Stage> {
    stage.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Behind a pooler even a single statement takes a transaction: the driver prepares it in one step and runs it in
/// another.
impl Reader {
    async fn query_one(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        if !self.opening.is_needed() {
            return self.pool.query_one_raw(statement).await;
        }
        connect::begin(&self.pool, &self.opening, TransactionOptions::default())
            .await?
            .query_one_raw(statement)
            .await
    }

    /// Whether another connection may answer where this one broke. If its server has gone away, none that is open now is
    /// used again.
    pub(super) fn is_gone(&self, error: &DbErr) -> bool {
        if failure::is_cut(error) {
            self.distrust();
        }
        failure::passing(error) == Some(failure::Passing::Away)
    }

    /// From now on uses no connection that is open now.
    pub(super) fn distrust(&self) {
        self.trust.withdraw();
    }

    async fn query_all(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        if !self.opening.is_needed() {
            return self.pool.query_all_raw(statement).await;
        }
        connect::begin(&self.pool, &self.opening, TransactionOptions::default())
            .await?
            .query_all_raw(statement)
            .await
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
        let Some(rehearsal) = self.rehearsal()? else {
            return match self.query_one(statement.clone()).await {
                Err(error) if self.is_gone(&error) => self.query_one(statement).await,
                answer => answer,
            };
        };
        let reading = rehearsal.txn.query_one_raw(statement);
        timeout_at(rehearsal.deadline, reading).await.map_err(|_| failure::overdue())?
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let Some(rehearsal) = self.rehearsal()? else {
            return match self.query_all(statement.clone()).await {
                Err(error) if self.is_gone(&error) => self.query_all(statement).await,
                answer => answer,
            };
        };
        let reading = rehearsal.txn.query_all_raw(statement);
        timeout_at(rehearsal.deadline, reading).await.map_err(|_| failure::overdue())?
    }
}
