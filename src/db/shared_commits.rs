//! Shared commits on SQLite, which has one writer: a write that comes while another one runs joins its transaction, in
//! a savepoint of its own, so that one COMMIT and one flush of the disk serve all who waited.
//!
//! There is no timer. A finished write queues to commit behind the writes that are already waiting, and no others, so a
//! lone one commits at once. Nobody is answered before the COMMIT, not even with a refusal, which may rest on what another
//! member wrote. If a member fails, the whole transaction is rolled back, because SQLite may have ended it by itself.

use std::{sync::Arc, time::Duration};

use sea_orm::{DatabaseConnection, DatabaseTransaction, DbErr, TransactionOptions, TransactionTrait};
use tokio::{
    runtime::Handle,
    sync::{Mutex, OwnedMutexGuard, watch},
    time::timeout,
};

use super::{
    connect,
    failure::{self, Passing},
    pace::Pace,
    trust::Trust,
};
use crate::{
    config::Settings,
    error::{Fault, Result},
};

/// The transactions of the only writer. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct SharedCommits {
    pool: DatabaseConnection,
    trust: Trust,
    pace: Pace,
    patience: Duration,
    home: Handle,
    turn: Arc<Mutex<Option<Shared>>>,
}

/// A transaction that waits for its COMMIT, and the members that wait with it.
#[derive(Debug)]
struct Shared {
    txn: DatabaseTransaction,
    fate: watch::Sender<Option<Fate>>,
}

/// How a shared transaction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Committed,
    RolledBack,
    /// The COMMIT got no answer.
    Unknown,
}

/// The turn of one write. If it is dropped, the transaction is rolled back for all of its members.
#[derive(Debug)]
pub(super) struct Member {
    all: SharedCommits,
    turn: Option<Turn>,
}

type Turn = OwnedMutexGuard<Option<Shared>>;

impl SharedCommits {
    /// On the pool of the only writer. A write waits for its turn as long as it would for a connection. What must be
    /// finished runs where this is called: each of the server's threads has a runtime of its own, which may end.
    pub fn new(pool: DatabaseConnection, trust: Trust, pace: Pace, settings: &Settings) -> Self {
        let patience = Duration::from_millis(settings.acquire_timeout_ms);
        Self { pool, trust, pace, patience, home: Handle::current(), turn: Arc::default() }
    }

    /// Waits for the turn, and begins: a transaction, or a savepoint in the one that is open.
    ///
    /// # Errors
    /// [`Fault::Busy`] when the turn does not come in time; when the database refuses.
    pub async fn join(&self) -> Result<(Member, DatabaseTransaction)> {
        let turn = self.turn.clone().try_lock_owned();
        let turn = match turn {
            Ok(turn) => turn,
            Err(_) => self.wait().await?,
        };
        let member = Member { all: self.clone(), turn: Some(turn) };
        let begun = self.home.spawn(member.begin()).await.map_err(|e| Fault::Broken(e.to_string()))?;
        Ok(begun.inspect_err(|error| self.distrust(error))?)
    }

    async fn wait(&self) -> Result<Turn> {
        self.pace.note_other();
        let turn = timeout(self.patience, self.turn.clone().lock_owned()).await;
        Ok(turn.map_err(|_| Fault::Busy("other writes are under way".into()))?)
    }

    /// Rolls back what nobody has committed, so that the pool can be closed.
    pub async fn close(&self) {
        if let Some(shared) = self.turn.lock().await.take() {
            shared.fate.send_replace(Some(Fate::RolledBack));
        }
    }

    /// A connection that fails may be in a transaction that never ends.
    fn distrust(&self, error: &DbErr) {
        if failure::passing(error) != Some(Passing::Busy) {
            self.trust.withdraw();
        }
    }

    /// Waits until a transaction has ended; commits it if nobody else has by the time this member's turn comes again.
    async fn settled(&self, mut fate: watch::Receiver<Option<Fate>>) -> Fate {
        let turn = tokio::select! {
            biased;
            ended = fate.wait_for(Option::is_some) => {
                return ended.ok().and_then(|fate| *fate).unwrap_or(Fate::Unknown);
            }
            turn = self.turn.clone().lock_owned() => turn,
        };
        // It may have ended between the two.
        let known = *fate.borrow();
        match known {
            Some(fate) => fate,
            None => self.commit(turn).await,
        }
    }

    async fn commit(&self, mut turn: Turn) -> Fate {
        // Only a COMMIT that was given up leaves nothing.
        let Some(Shared { txn, fate }) = turn.take() else { return Fate::Unknown };
        let ended = match txn.commit().await {
            Ok(()) => Fate::Committed,
            Err(error) => {
                self.trust.withdraw();
                tracing::error!(%error, "a shared COMMIT failed");
                if failure::is_unknown(&error) { Fate::Unknown } else { Fate::RolledBack }
            }
        };
        fate.send_replace(Some(ended));
        ended
    }
}

impl Member {
    async fn begin(self) -> Result<(Self, DatabaseTransaction), DbErr> {
        let txn = match self.shared() {
            Some(shared) => shared.txn.begin_with_options(TransactionOptions::default()).await?,
            None => connect::begin_soon(&self.all.pool, connect::for_writing()).await?,
        };
        Ok((self, txn))
    }

    fn shared(&self) -> Option<&Shared> {
        self.turn.as_ref()?.as_ref()
    }

    /// Whether others have written in the same transaction.
    pub fn has_company(&self) -> bool {
        self.shared().is_some()
    }

    /// Ends the turn, with what `txn` changed or without it, and waits for the COMMIT.
    pub async fn end(self, txn: DatabaseTransaction, is_kept: bool) -> Fate {
        let home = self.all.home.clone();
        home.spawn(self.settle(txn, is_kept)).await.unwrap_or(Fate::Unknown)
    }

    async fn settle(mut self, txn: DatabaseTransaction, is_kept: bool) -> Fate {
        let is_first = !self.has_company();
        let left = match (is_first, is_kept) {
            (true, true) => {
                self.share(txn);
                Ok(())
            }
            (false, true) => txn.commit().await,
            (_, false) => txn.rollback().await,
        };
        if let Err(error) = left {
            self.all.distrust(&error);
            // A refused first member had nothing to keep.
            return if is_first { Fate::Committed } else { Fate::RolledBack };
        }
        let Some(fate) = self.shared().map(|shared| shared.fate.subscribe()) else { return Fate::Committed };
        drop(self.turn.take());
        self.all.settled(fate).await
    }

    /// Leaves the transaction open for those who wait.
    fn share(&mut self, txn: DatabaseTransaction) {
        if let Some(turn) = &mut self.turn {
            **turn = Some(Shared { txn, fate: watch::Sender::new(None) });
        }
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        if let Some(shared) = self.turn.as_mut().and_then(|turn| turn.take()) {
            shared.fate.send_replace(Some(Fate::RolledBack));
        }
    }
}
