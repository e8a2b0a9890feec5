//! Group commit: concurrent writes of one kind share transactions.
//!
//! A job that comes while nothing runs goes at once, alone. Those that come meanwhile wait, and go together in the next
//! transaction, in their order; each is answered after its commit. There is no timer.

use std::{
    collections::{HashSet, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::{FutureExt, future::BoxFuture};
use sea_orm::DbBackend;
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore, oneshot},
    task::JoinHandle,
    time::timeout,
};

use super::{Database, Txn};
use crate::error::{Error, Fault, Rejection, Result};

/// The most jobs that share a transaction: more save little, and hold their locks longer.
const MOST_AT_ONCE: usize = 128;

/// The most jobs that wait in a lane; more are refused as busy.
const MOST_WAITING: usize = 1_024;

/// How many jobs of a failed transaction may in turn find no time in the database, before the rest are not tried.
const TRIES: u8 = 2;

/// How long a transaction may take, which is less than its callers wait.
const PATIENCE: Duration = Duration::from_secs(8);

/// How long a lane waits for a row that someone else has locked: for all of its jobs, and for each alone.
const LOCKED: Duration = Duration::from_millis(250);

/// How many jobs may wait longer for such a row, beside their lanes.
const DETOURS: usize = 4;

/// How many transactions of a kind run at once on PostgreSQL. SQLite has one writer.
const LANES: usize = 2;

/// The outcome of one job.
pub type Outcome<T> = std::result::Result<T, Rejection>;

/// A kind of write that can be done for many at once.
pub trait Job: Send + Sync + Sized + 'static {
    /// What is answered.
    type Done: Send + 'static;
    /// Whose it is: jobs of the same one wait for each other and not for most others.
    type Owner: Hash;
    /// What two jobs of a transaction must not have in common.
    type Twin: Hash + Eq;

    /// Whose it is.
    fn owner(&self) -> Self::Owner;

    /// What no other job of the same transaction may have; nothing if any may.
    fn twin(&self) -> Option<Self::Twin>;

    /// Does `jobs` in their order; a refused one leaves nothing behind. It may be done again if it is not known whether
    /// the transaction was committed, and must then do nothing twice.
    fn run<'a>(txn: &'a Txn, jobs: &'a [Self]) -> BoxFuture<'a, Result<Vec<Outcome<Self::Done>>>>;
}

/// A job that waits, and who waits for it.
struct Waiting<J: Job> {
    job: J,
    answer: oneshot::Sender<Result<J::Done>>,
}

/// Jobs that take turns.
struct Lane<J: Job> {
    waiting: VecDeque<Waiting<J>>,
    is_running: bool,
}

/// The queue of a kind of write. Clones share it.
pub struct Queue<J: Job> {
    db: Database,
    lanes: Arc<[Mutex<Lane<J>>]>,
    detours: Arc<Semaphore>,
    home: Handle,
}

impl<J: Job> Clone for Queue<J> {
    fn clone(&self) -> Self {
        Self {
            db: self.db.clone(),
            lanes: self.lanes.clone(),
            detours: self.detours.clone(),
            home: self.home.clone(),
        }
    }
}

impl<J: Job> std::fmt::Debug for Queue<J> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Queue({} lanes)", self.lanes.len())
    }
}

impl<J: Job> Queue<J> {
    /// An empty queue for `db`, whose work runs where this is called: each of the server's threads has a runtime of its
    /// own, which ends when that thread has nothing left to answer.
    pub fn new(db: &Database) -> Self {
        let lanes = if db.write.get_database_backend() == DbBackend::Postgres { LANES } else { 1 };
        let lane = || Mutex::new(Lane { waiting: VecDeque::new(), is_running: false });
        Self {
            db: db.clone(),
            lanes: (0..lanes).map(|_| lane()).collect(),
            detours: Arc::new(Semaphore::new(DETOURS)),
            home: Handle::current(),
        }
    }

    /// Does `job`, together with others that come at about the same time. It is done even if the caller goes away,
    /// unless that happens before its transaction begins.
    ///
    /// # Errors
    /// Its refusal; a fault of its transaction; [`Fault::Busy`] when too many wait.
    pub async fn run(&self, job: J) -> Result<J::Done> {
        let (answer, answered) = oneshot::channel();
        let number = self.lane_of(&job);
        if self.enter(number, Waiting { job, answer })? {
            let queue = self.clone();
            self.home.spawn(async move { queue.drain(number).await });
        }
        answered.await.map_err(|_| Fault::Broken("a job was not answered".into()))?
    }

    /// How many jobs wait whose transaction has not begun.
    pub fn waiting(&self) -> usize {
        (0..self.lanes.len()).map(|number| self.lane(number).waiting.len()).sum()
    }

    fn lane_of(&self, job: &J) -> usize {
        let mut hasher = DefaultHasher::new();
        job.owner().hash(&mut hasher);
        usize::try_from(hasher.finish() % self.lanes.len() as u64).unwrap_or_default()
    }

    fn lane(&self, number: usize) -> MutexGuard<'_, Lane<J>> {
        self.lanes[number].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a job wait; returns whether nobody is there to run it.
    fn enter(&self, number: usize, waiting: Waiting<J>) -> Result<bool> {
        let mut lane = self.lane(number);
        if lane.waiting.len() >= MOST_WAITING {
            lane.waiting.retain(|waiting| !waiting.answer.is_closed());
        }
        if lane.waiting.len() >= MOST_WAITING {
            return Err(Fault::Busy("too many requests of this kind are waiting".into()).into());
        }
        lane.waiting.push_back(waiting);
        Ok(!std::mem::replace(&mut lane.is_running, true))
    }

    /// Runs what waits until nothing does.
    async fn drain(&self, number: usize) {
        while let Some(batch) = self.next(number) {
            self.commit(batch).await;
        }
    }

    /// The jobs of the next transaction, without those whose callers have gone away.
    fn next(&self, number: usize) -> Option<Vec<Waiting<J>>> {
        let mut lane = self.lane(number);
        lane.waiting.retain(|waiting| !waiting.answer.is_closed());
        let mut twins = HashSet::new();
        let fits = |one: &&Waiting<J>| one.job.twin().is_none_or(|twin| twins.insert(twin));
        let count = lane.waiting.iter().take(MOST_AT_ONCE).take_while(fits).count();
        let batch: Vec<_> = lane.waiting.drain(..count).collect();
        lane.is_running = !batch.is_empty();
        lane.is_running.then_some(batch)
    }

    /// Runs `batch` in one transaction or, if that fails, each of its jobs in one of its own.
    async fn commit(&self, mut batch: Vec<Waiting<J>>) {
        if batch.len() == 1 {
            if let Some(one) = batch.pop() {
                self.alone(one, false).await;
            }
            return;
        }
        let (jobs, answers): (Vec<_>, Vec<_>) = batch.into_iter().map(|one| (one.job, one.answer)).unzip();
        match self.together(&jobs).await {
            Err(error) => {
                let batch = jobs.into_iter().zip(answers).map(|(job, answer)| Waiting { job, answer });
                self.apart(batch.collect(), error).await;
            }
            Ok(outcomes) => {
                for (answer, outcome) in answers.into_iter().zip(outcomes) {
                    // Its caller may have gone away.
                    let _ = answer.send(outcome.map_err(Error::from));
                }
            }
        }
    }

    /// Each job in a transaction of its own, answered at once, after `error` of the shared one. If the database has no
    /// time for two of them in turn, the others are not tried.
    async fn apart(&self, batch: Vec<Waiting<J>>, error: Error) {
        tracing::warn!(%error, jobs = batch.len(), "a shared transaction failed");
        let was_unanswered = matches!(error, Error::Fault(Fault::Unknown));
        let mut tries = if matches!(error, Error::Fault(Fault::Away)) { 0 } else { TRIES };
        for one in batch {
            if tries == 0 {
                let _ = one.answer.send(Err(settled(Fault::Away.into(), was_unanswered)));
            } else if was_unanswered || !one.answer.is_closed() {
                let is_spent = self.alone(one, was_unanswered).await;
                tries = if is_spent { tries - 1 } else { TRIES };
            }
        }
    }

    /// Does one job in a transaction of its own, and answers it. If a locked row makes it wait, it goes on beside the lane
    /// while there is a place. Returns whether the next job would probably fail for the same reason.
    async fn alone(&self, one: Waiting<J>, was_unanswered: bool) -> bool {
        let queue = self.clone();
        let work = async move {
            let done = queue.single(&one.job).await;
            let is_spent = matches!(&done, Err(error) if would_meet_others(error));
            let _ = one.answer.send(done.map_err(|error| settled(error, was_unanswered)));
            is_spent
        };
        let mut work = self.home.spawn(work);
        if let Ok(done) = timeout(LOCKED, &mut work).await {
            return done.unwrap_or(true);
        }
        match self.detours.clone().try_acquire_owned() {
            Ok(place) => {
                self.home.spawn(keep(place, work));
                false
            }
            Err(_) => work.await.unwrap_or(true),
        }
    }

    async fn single(&self, job: &J) -> Result<J::Done> {
        let done = self.together(std::slice::from_ref(job)).await?.pop();
        Ok(done.ok_or_else(|| Fault::Broken("a job has no outcome".into()))??)
    }

    /// Runs `jobs` in one transaction. A panic and a transaction that never ends are faults like others, because more
    /// than their own callers wait for them.
    async fn together(&self, jobs: &[J]) -> Result<Vec<Outcome<J::Done>>> {
        let work = self.db.write(async |txn: &Txn| outcomes_of(txn, jobs).await);
        let work = AssertUnwindSafe(timeout(PATIENCE, work)).catch_unwind().await;
        let work = work.map_err(|_| Fault::Broken("a shared transaction panicked".into()))?;
        work.unwrap_or_else(|_| {
            // Its connection may be dead and silent, and so may the others. It may be at its COMMIT.
            self.db.trust.withdraw();
            Err(Fault::Unknown.into())
        })
    }
}

/// Waits for `work`, and only then gives up its `place`.
async fn keep<T>(place: OwnedSemaphorePermit, work: JoinHandle<T>) {
    let _ = work.await;
    drop(place);
}

/// The error of a job alone: what could not be settled may have been committed by the shared transaction if that
/// `was_unanswered`.
fn settled(error: Error, was_unanswered: bool) -> Error {
    match error {
        Error::Fault(_) if was_unanswered => Fault::Unknown.into(),
        other => other,
    }
}

async fn outcomes_of<J: Job>(txn: &Txn, jobs: &[J]) -> Result<Vec<Outcome<J::Done>>> {
    if jobs.len() > 1 {
        // Most of them need another row.
        txn.wait_for_locks(LOCKED).await?;
    }
    let mut outcomes = J::run(txn, jobs).await?;
    if outcomes.len() != jobs.len() {
        return Err(Fault::Broken("a job has no outcome".into()).into());
    }
    // A lone refusal needs no commit.
    if let [Err(_)] = outcomes.as_slice()
        && let Some(Err(refusal)) = outcomes.pop()
    {
        return Err(refusal.into());
    }
    Ok(outcomes)
}

/// Whether the next job would probably fail for the same reason.
fn would_meet_others(error: &Error) -> bool {
    matches!(error, Error::Fault(Fault::Away | Fault::Busy(_) | Fault::TimedOut(_) | Fault::Unknown))
}
