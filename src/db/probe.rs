//! Checks by a COMMIT whether a database can be written to, disk and server included.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};

use super::{Database, Sql};
use crate::{
    clock::wall_now,
    error::{Error, Fault, Result},
};

/// Time limit of a probe.
const LIMIT: Duration = Duration::from_secs(2);

/// The outcome of a probe: success, or the reason why not.
type Answer = std::result::Result<(), String>;

/// At most one probe at a time: callers that ask meanwhile share its answer, so that even frequent probes cost a
/// database only one small transaction after the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Probe(Arc<Mutex<Option<Shared<BoxFuture<'static, Answer>>>>>);

impl Probe {
    /// Asks, or waits for the answer to a question that is under way already.
    pub async fn ask(&self, db: &Database) -> Result<()> {
        let asking = {
            let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let under_way = asked.clone().filter(|asking| asking.peek().is_none());
            asked.insert(under_way.unwrap_or_else(|| begin(db.clone()))).clone()
        };
        asking.await.map_err(|why| Fault::Busy(why).into())
    }
}

/// Runs on a task of its own: a caller may go away, and an abandoned probe would block the writer.
fn begin(db: Database) -> Shared<BoxFuture<'static, Answer>> {
    let asking = tokio::spawn(commit_in_time(db));
    asking.map(|ended| ended.unwrap_or_else(|e| Err(e.to_string()))).boxed().shared()
}

async fn commit_in_time(db: Database) -> Answer {
    let committing = async {
        match commit(&db).await {
            // Its connection had broken; a new one may do.
            Err(Error::Fault(Fault::Away)) => commit(&db).await,
            done => done,
        }
    };
    match tokio::time::timeout(LIMIT, committing).await {
        Ok(committed) => committed.map_err(|error| error.to_string()),
        Err(_) => Err("the database did not answer in time".into()),
    }
}

async fn commit(db: &Database) -> Result<(), Error> {
    let sql = "INSERT INTO probes (id, probed_at) VALUES (1, :now) \
               ON CONFLICT (id) DO UPDATE SET probed_at = excluded.probed_at";
    let txn = db.begin(None).await?;
    txn.run(Sql::new(sql).bind("now", wall_now())).await?;
    txn.commit().await
}
