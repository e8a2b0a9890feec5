//! The queue of group commit as such: what it promises to any kind of job (docs/ARCHITECTURE.md).

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use connects::{
    db::{Job, Outcome, Queue, Sql, Txn},
    error::{Code, Error, Fault, Rejection, Result},
};
use futures_util::{
    FutureExt,
    future::{BoxFuture, join_all, poll_immediate},
};
use sea_orm::ConnectionTrait;
use tokio::sync::Notify;

use crate::support::World;

/// What a job does beside leaving its mark.
#[derive(Clone)]
enum Way {
    Well,
    Refused,
    Panics,
    TakesTooLong,
    /// Says that it has begun, and waits.
    Waits(Arc<Notify>, Arc<Notify>),
}

/// A job that leaves a mark.
#[derive(Clone)]
struct Mark {
    name: usize,
    way: Way,
    runs: Arc<AtomicUsize>,
}

impl Job for Mark {
    type Done = usize;
    type Owner = ();
    type Twin = ();

    fn owner(&self) {}

    fn twin(&self) -> Option<()> {
        None
    }

    fn run<'a>(txn: &'a Txn, jobs: &'a [Self]) -> BoxFuture<'a, Result<Vec<Outcome<usize>>>> {
        async move {
            jobs[0].runs.fetch_add(1, SeqCst);
            let mut outcomes = Vec::new();
            for Self { name, way, .. } in jobs {
                let mark = Sql::new(
                    "INSERT INTO reward_claims (kind, person_hash, claimed_at) VALUES ('MARK', :name, :now)",
                );
                match way {
                    Way::Well => {}
                    Way::Refused => {
                        outcomes.push(Err(Rejection::new(Code::NotAllowed, "No.")));
                        continue;
                    }
                    Way::Panics => panic!("as it should"),
                    Way::TakesTooLong => return Err(Fault::TimedOut("a mark").into()),
                    Way::Waits(begun, go_on) => {
                        begun.notify_one();
                        go_on.notified().await;
                    }
                }
                txn.run(mark.bind("name", name.to_string()).bind("now", txn.now())).await?;
                outcomes.push(Ok(*name));
            }
            Ok(outcomes)
        }
        .boxed()
    }
}

/// A queue of its own, and how often its transactions ran.
struct Marks {
    world: World,
    queue: Queue<Mark>,
    runs: Arc<AtomicUsize>,
}

impl Marks {
    async fn new() -> Self {
        let world = World::new().await;
        let queue = Queue::new(world.db());
        Self { world, queue, runs: Arc::default() }
    }

    fn run(&self, name: usize, way: Way) -> impl Future<Output = Result<usize>> + '_ {
        self.queue.run(Mark { name, way, runs: self.runs.clone() })
    }

    async fn left(&self) -> Vec<usize> {
        let sql = Sql::new("SELECT person_hash FROM reward_claims WHERE kind = 'MARK'");
        let db = self.world.db().read();
        let rows = db.query_all_raw(sql.on(db).unwrap()).await.unwrap();
        let mut marks: Vec<_> = rows
            .iter()
            .map(|row| row.try_get::<String>("", "person_hash").unwrap().parse().unwrap())
            .collect();
        marks.sort_unstable();
        marks
    }
}

#[tokio::test]
async fn a_job_that_panics_or_is_refused_harms_no_other() {
    let marks = Marks::new().await;
    let way = |name| match name {
        3 => Way::Panics,
        4 => Way::Refused,
        _ => Way::Well,
    };
    let outcomes = join_all((0..7).map(|name| marks.run(name, way(name)))).await;
    for (name, outcome) in outcomes.iter().enumerate() {
        match name {
            3 => assert!(matches!(outcome, Err(Error::Fault(Fault::Broken(_)))), "{outcome:?}"),
            4 => assert!(matches!(outcome, Err(Error::Rejected(_))), "{outcome:?}"),
            _ => assert!(matches!(outcome, Ok(done) if *done == name), "{outcome:?}"),
        }
    }
    assert_eq!(marks.left().await, [0, 1, 2, 5, 6]);
}

#[tokio::test]
async fn a_job_whose_caller_leaves_after_it_has_begun_is_done_all_the_same() {
    let marks = Marks::new().await;
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    {
        let mut leaving = Box::pin(marks.run(0, Way::Waits(begun.clone(), go_on.clone())));
        tokio::select! {
            _ = &mut leaving => panic!("it waits"),
            () = begun.notified() => {}
        }
    }
    go_on.notify_one();
    marks.run(1, Way::Well).await.unwrap();
    assert_eq!(marks.left().await, [0, 1]);
}

#[tokio::test]
async fn a_job_whose_caller_left_is_not_done_after_the_shared_transaction_failed() {
    let marks = Marks::new().await;
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let stay = {
        let mut leaving = Box::pin(marks.run(0, Way::Well));
        assert!(poll_immediate(&mut leaving).await.is_none());
        let mut stay = Box::pin(marks.run(1, Way::Waits(begun.clone(), go_on.clone())));
        assert!(poll_immediate(&mut stay).await.is_none());
        let mut broken = Box::pin(marks.run(2, Way::Panics));
        assert!(poll_immediate(&mut broken).await.is_none());
        tokio::select! {
            _ = &mut stay => panic!("it waits"),
            () = begun.notified() => {}
        }
        stay
    };
    // The second time for the shared transaction, which fails, and the third for the one who stayed.
    go_on.notify_one();
    let go_on_again = async {
        begun.notified().await;
        go_on.notify_one();
    };
    let (stayed, ()) = tokio::join!(stay, go_on_again);
    assert_eq!(stayed.unwrap(), 1);
    assert_eq!(marks.left().await, [1]);
}

#[tokio::test]
async fn when_two_in_turn_find_no_time_the_rest_are_not_tried() {
    let marks = Marks::new().await;
    let outcomes = join_all((0..6).map(|name| marks.run(name, Way::TakesTooLong))).await;
    assert!(outcomes.iter().all(Result::is_err), "{outcomes:?}");
    assert_eq!(marks.runs.load(SeqCst), 3, "all together, and two alone");
    marks.run(9, Way::Well).await.unwrap();
    assert_eq!(marks.left().await, [9]);
}

#[tokio::test]
async fn at_most_1024_jobs_wait_and_those_whose_callers_left_make_room() {
    let marks = Marks::new().await;
    let mut waiting: Vec<_> = (0..1_024).map(|name| Box::pin(marks.run(name, Way::Well))).collect();
    for job in &mut waiting {
        assert!(poll_immediate(job).await.is_none());
    }
    assert_eq!(marks.queue.waiting(), 1_024);
    let refused = poll_immediate(marks.run(2_000, Way::Well)).await.expect("at once");
    assert!(matches!(refused, Err(Error::Fault(Fault::Busy(_)))), "{refused:?}");
    drop(waiting.pop());
    let mut late = Box::pin(marks.run(2_001, Way::Well));
    assert!(poll_immediate(&mut late).await.is_none());
    let outcomes = join_all(waiting).await;
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(late.await.unwrap(), 2_001);
    assert_eq!(marks.runs.load(SeqCst), 8, "128 at a time");
    assert_eq!(marks.left().await.len(), 1_024);
}
