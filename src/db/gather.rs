//! Shared reads: what requests ask for at about the same time is read by one statement.
//!
//! A question that comes while no statement is under way goes at once. Those that come meanwhile wait, and go together
//! in the next statement; equal ones are asked once. There is no timer, and an answer is never kept: each statement
//! begins after all its questions have come, so it is as fresh as one for each of them. If it fails for what it found,
//! each question is asked alone, so that only the one at fault fails.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    hash::Hash,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::{FutureExt, future::BoxFuture};
use indexmap::IndexMap;
use tokio::{runtime::Handle, sync::oneshot, time::timeout};

use super::Reader;
use crate::error::{Error, Fault, Result};

/// How long a statement may take, for which many wait. It is tried twice, and a request waits longer than that.
const PATIENCE: Duration = Duration::from_secs(3);

/// The most questions of one statement.
const MOST: usize = 200;

/// A kind of row that can be read for many at once.
pub trait Lookup: Send + Sync + 'static {
    /// What is asked for. It says all that the answer depends on, also whose it is.
    type Key: Eq + Hash + Clone + Send + Sync;
    /// What is found.
    type Found: Clone + Send;

    /// What there is for `keys`.
    fn find<'a>(
        db: &'a Reader,
        keys: &'a [Self::Key],
    ) -> BoxFuture<'a, Result<HashMap<Self::Key, Self::Found>>>;
}

type Answer<L> = oneshot::Sender<Result<Option<<L as Lookup>::Found>>>;

/// Keys, and those who wait for each.
type Questions<L> = (Vec<<L as Lookup>::Key>, Vec<Vec<Answer<L>>>);

/// The shared reads of a process, one for each kind of row.
#[derive(Clone)]
pub(super) struct Gathers {
    db: Reader,
    home: Handle,
    kinds: Arc<Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>>,
}

impl std::fmt::Debug for Gathers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gathers")
    }
}

impl Gathers {
    /// Reads from `db`. What waits is read where this is called: the runtime of one of the server's threads may end while
    /// others ask.
    pub fn new(db: &Reader) -> Self {
        Self { db: db.clone(), home: Handle::current(), kinds: Arc::default() }
    }

    /// What there is for `key`, as it is now.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn find<L: Lookup>(&self, key: L::Key) -> Result<Option<L::Found>> {
        self.of::<L>().find(key).await
    }

    fn of<L: Lookup>(&self) -> Arc<Gather<L>> {
        let fresh = || Arc::new(Gather::<L>::new(self.db.clone(), self.home.clone()));
        let mut kinds = lock(&self.kinds);
        let kind = kinds.entry(TypeId::of::<L>()).or_insert_with(|| fresh()).clone();
        kind.downcast().unwrap_or_else(|_| fresh())
    }
}

/// Questions that wait, in the order in which they came, and whether a statement is under way.
struct Asked<L: Lookup> {
    waiting: IndexMap<L::Key, Vec<Answer<L>>>,
    is_reading: bool,
}

/// Reads rows of a kind for all requests.
struct Gather<L: Lookup> {
    db: Reader,
    asked: Mutex<Asked<L>>,
    home: Handle,
}

impl<L: Lookup> Gather<L> {
    fn new(db: Reader, home: Handle) -> Self {
        let asked = Mutex::new(Asked { waiting: IndexMap::new(), is_reading: false });
        Self { db, asked, home }
    }

    async fn find(self: Arc<Self>, key: L::Key) -> Result<Option<L::Found>> {
        let (answer, answered) = oneshot::channel();
        if self.enter(key, answer) {
            let all = self.clone();
            // On a task of its own: the first who asked may go away, and the others still wait.
            self.home.spawn(async move { all.drain().await });
        }
        answered.await.map_err(|_| Fault::Broken("a question was not answered".into()))?
    }

    /// Lets a question wait; returns whether nobody is there to read.
    fn enter(&self, key: L::Key, answer: Answer<L>) -> bool {
        let mut asked = lock(&self.asked);
        asked.waiting.entry(key).or_default().push(answer);
        !std::mem::replace(&mut asked.is_reading, true)
    }

    /// Reads until nobody waits.
    async fn drain(&self) {
        while let Some((keys, answers)) = self.next() {
            match self.read(&keys).await {
                // One of them may be at fault.
                Err(Error::Fault(fault)) if keys.len() > 1 && fault.advice().is_none() => {
                    for (key, answers) in keys.iter().zip(answers) {
                        give(&self.read(std::slice::from_ref(key)).await, key, answers);
                    }
                }
                found => {
                    for (key, answers) in keys.iter().zip(answers) {
                        give(&found, key, answers);
                    }
                }
            }
        }
    }

    /// What there is for `keys`, by one statement; by another one if its connection is dead and silent.
    async fn read(&self, keys: &[L::Key]) -> Result<HashMap<L::Key, L::Found>> {
        match self.read_once(keys).await {
            Err(Error::Fault(Fault::TimedOut(_))) => self.read_once(keys).await,
            done => done,
        }
    }

    async fn read_once(&self, keys: &[L::Key]) -> Result<HashMap<L::Key, L::Found>> {
        // A lookup may panic before it first waits.
        let work = async { L::find(&self.db, keys).await };
        let reading = AssertUnwindSafe(timeout(PATIENCE, work)).catch_unwind();
        let found = reading.await.map_err(|_| Fault::Broken("a shared read panicked".into()))?;
        found.unwrap_or_else(|_| {
            // So may the others be.
            self.db.distrust();
            Err(Fault::TimedOut("reading").into())
        })
    }

    /// The questions of the next statement, and who waits for each.
    fn next(&self) -> Option<Questions<L>> {
        let mut asked = lock(&self.asked);
        asked.waiting.retain(|_, answers| answers.iter().any(|answer| !answer.is_closed()));
        let most = asked.waiting.len().min(MOST);
        asked.is_reading = most > 0;
        asked.is_reading.then(|| asked.waiting.drain(..most).unzip())
    }
}

/// Answers those who wait for `key`; some may have gone away.
fn give<K: Eq + Hash, V: Clone>(
    found: &Result<HashMap<K, V>>,
    key: &K,
    answers: Vec<oneshot::Sender<Result<Option<V>>>>,
) {
    for answer in answers {
        let _ = answer.send(found.as_ref().map(|found| found.get(key).cloned()).map_err(shared));
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The fault for one of those who share it.
fn shared(error: &Error) -> Error {
    Error::Fault(match error {
        Error::Fault(Fault::Away) => Fault::Away,
        Error::Fault(Fault::Conflict) => Fault::Conflict,
        Error::Fault(Fault::Busy(why)) => Fault::Busy(why.clone()),
        Error::Fault(Fault::TimedOut(what)) => Fault::TimedOut(what),
        other => Fault::Broken(other.to_string()),
    })
}
