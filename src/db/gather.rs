//! Shared reads: what requests ask for at about the same time is read by one statement.
//!
//! A question that comes while no statement is under way goes at once. Those that come meanwhile wait, and go together
//! in the next statement; equal ones are asked once. There is no timer, and an answer is never kept: each statement
//! begins after all its questions have come, so it is as fresh as one for each of them.

use std::{
    collections::HashMap,
    hash::Hash,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::{FutureExt, future::BoxFuture};
use tokio::{runtime::Handle, sync::oneshot, time::timeout};

use super::Reader;
use crate::error::{Error, Fault, Result};

/// How long a statement may take, for which many wait.
const PATIENCE: Duration = Duration::from_secs(10);

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

/// Questions that wait, and whether a statement is under way.
struct Asked<L: Lookup> {
    waiting: HashMap<L::Key, Vec<Answer<L>>>,
    is_reading: bool,
}

/// Reads rows of a kind for all requests. Clones share what waits.
pub struct Gather<L: Lookup> {
    db: Reader,
    asked: Arc<Mutex<Asked<L>>>,
    home: Handle,
}

impl<L: Lookup> Clone for Gather<L> {
    fn clone(&self) -> Self {
        Self { db: self.db.clone(), asked: self.asked.clone(), home: self.home.clone() }
    }
}

impl<L: Lookup> std::fmt::Debug for Gather<L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gather")
    }
}

impl<L: Lookup> Gather<L> {
    /// Reads from `db`, where this is called: the runtime of one of the server's threads may end while others ask.
    pub fn new(db: &Reader) -> Self {
        let asked = Asked { waiting: HashMap::new(), is_reading: false };
        Self { db: db.clone(), asked: Arc::new(Mutex::new(asked)), home: Handle::current() }
    }

    /// What there is for `key`, as it is now.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn find(&self, key: L::Key) -> Result<Option<L::Found>> {
        let (answer, answered) = oneshot::channel();
        if self.enter(key, answer) {
            let all = self.clone();
            // On a task of its own: the first who asked may go away, and the others still wait.
            self.home.spawn(async move { all.drain().await });
        }
        answered.await.map_err(|_| Fault::Broken("a question was not answered".into()))?
    }

    fn asked(&self) -> MutexGuard<'_, Asked<L>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a question wait; returns whether nobody is there to read.
    fn enter(&self, key: L::Key, answer: Answer<L>) -> bool {
        let mut asked = self.asked();
        asked.waiting.entry(key).or_default().push(answer);
        !std::mem::replace(&mut asked.is_reading, true)
    }

    /// Reads until nobody waits.
    async fn drain(&self) {
        while let Some((keys, answers)) = self.next() {
            let found = AssertUnwindSafe(timeout(PATIENCE, L::find(&self.db, &keys))).catch_unwind().await;
            let found =
                found.unwrap_or_else(|_| Ok(Err(Fault::Broken("a shared read panicked".into()).into())));
            let found = found.unwrap_or_else(|_| {
                // Its connection may be dead and silent, and so may the others.
                self.db.distrust();
                Err(Fault::TimedOut("reading").into())
            });
            for (key, answer) in
                keys.iter().zip(answers).flat_map(|(key, all)| all.into_iter().map(move |one| (key, one)))
            {
                // Those who asked may have gone away.
                let _ = answer.send(found.as_ref().map(|found| found.get(key).cloned()).map_err(shared));
            }
        }
    }

    /// The questions of the next statement, and who waits for each.
    fn next(&self) -> Option<Questions<L>> {
        let mut asked = self.asked();
        asked.waiting.retain(|_, answers| answers.iter().any(|answer| !answer.is_closed()));
        let keys: Vec<_> = asked.waiting.keys().take(MOST).cloned().collect();
        asked.is_reading = !keys.is_empty();
        asked.is_reading.then(|| keys.into_iter().filter_map(|key| asked.waiting.remove_entry(&key)).unzip())
    }
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
