//! Whether a database can be written to: asked of the disk and the server, by a COMMIT.

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

/// How long a COMMIT may take when somebody asks whether there can be one.
const LIMIT: Duration = Duration::from_secs(2);

/// What came of a probe; why not, in words.
type Answer = std::result::Result<(), String>;

/// At most one probe at a time: those who ask meanwhile get its answer, so that asking often costs a database
/// one small transaction after the other.
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

/// On a task of its own: those who ask may go away, and what they left half done would keep the writer.
fn begin(db: Database) -> Shared<BoxFuture<'static, Answer>> {
    let asking = tokio::spawn(commit_in_time(db));
    asking.map(|ended| ended.unwrap_or_else(|e| Err(e.to_string()))).boxed().shared()
}

async fn commit_in_time(db: Database) -> Answer {
    match tokio::time::timeout(LIMIT, commit(&db)).await {
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
