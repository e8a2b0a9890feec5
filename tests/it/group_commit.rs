//! Group commit: proposals that are submitted at about the same time share a transaction, and nothing else (S-8, L-3).

use std::sync::atomic::Ordering::SeqCst;

use connects::{
    accounts::store::Askers,
    entity::{idempotency_key, job_post, proposal},
    error::{Code, Error, Fault, Result},
    idempotency::Key,
    job_posts,
    money::Connects,
    proposals::{Offer, Submit, Submitted},
};
use futures_util::future::{join_all, poll_immediate};
use sea_orm::{DbBackend, EntityTrait};
use tokio::sync::Notify;

use crate::{
    outages::{at_each_message, on_a_wire},
    support::{Person, World, postgres},
};

/// What a freelancer has at first.
const GIFT: i64 = 50;

fn of(person: &Person, post: &job_post::Model, key: &str) -> Submit {
    Submit {
        freelancer: person.viewer.id(),
        offer: Ok(Offer {
            job_post: post.id,
            expected_connects: Connects(post.connects_price),
            cover_letter: "Good day!".into(),
            amount_cents: None,
        }),
        key: Some(Key {
            account: person.viewer.id(),
            mutation: "submitProposal".into(),
            key: key.into(),
            arguments_hash: "the same".into(),
        }),
    }
}

/// A proposal that the database refuses, which no rule does.
fn poison(person: &Person, post: &job_post::Model) -> Submit {
    let mut submit = of(person, post, "poison");
    submit.offer = submit.offer.map(|offer| Offer { amount_cents: Some(-1), ..offer });
    submit
}

impl World {
    /// Does `work` while another process holds what it needs, until `work` says that it may be released.
    async fn held_up<T>(&self, post: &job_post::Model, work: impl AsyncFnOnce(&Notify) -> T) -> T {
        let (other, locked, release) = (self.twin().await, Notify::new(), Notify::new());
        let hold = other.db.write(async |txn| {
            job_posts::store::lock_posts(txn, &[post.id]).await?;
            locked.notify_one();
            release.notified().await;
            Ok(())
        });
        let work = async {
            locked.notified().await;
            work(&release).await
        };
        let (held, done) = tokio::join!(hold, work);
        held.unwrap();
        done
    }

    /// Submits `all`: the first waits for another process, and the others, which come while it does, for the first.
    async fn submitted_at_once(
        &self,
        post: &job_post::Model,
        mut all: Vec<Submit>,
    ) -> Vec<Result<Submitted>> {
        let (queue, rest) = (&self.app.submissions, all.split_off(1));
        self.held_up(post, async |release| {
            let mut first = Box::pin(queue.run(all.remove(0)));
            assert!(poll_immediate(&mut first).await.is_none());
            while queue.waiting() > 0 {
                tokio::task::yield_now().await;
            }
            let rest = join_all(rest.into_iter().map(|submit| queue.run(submit)));
            // Polled in this order, so all wait by the time of the release.
            let (first, mut rest, ()) = tokio::join!(first, rest, async { release.notify_one() });
            rest.insert(0, first);
            rest
        })
        .await
    }

    async fn people(&self, count: usize) -> Vec<Person> {
        let mut people = Vec::new();
        for n in 0..count {
            people.push(self.freelancer(&format!("f{n}")).await);
        }
        people
    }
}

#[tokio::test]
async fn s_8_submissions_at_once_share_transactions_and_each_is_charged() {
    let world = World::new().await;
    let (clara, people) = (world.client("clara").await, world.people(40).await);
    let post = world.post(&clara, "Poster", 40).await;
    let (before, all) =
        (world.statements.load(SeqCst), people.iter().map(|them| of(them, &post, "k")).collect());
    let outcomes = world.submitted_at_once(&post, all).await;
    let statements = world.statements.load(SeqCst) - before;
    assert!(statements < 40 * 4, "{statements} for 40 proposals");
    // The first pays what the post asks; the price may rise for those after (J-3), and says so (S-2).
    let mut accepted = 0;
    for (person, outcome) in people.iter().zip(outcomes) {
        match outcome {
            Ok(done) => {
                accepted += 1;
                assert_eq!(done.available_after.0, world.available(person).await);
            }
            Err(Error::Rejected(no)) => assert_eq!(no.code, Code::ConnectsPriceChanged),
            Err(fault) => panic!("{fault}"),
        }
    }
    let proposals = proposal::Entity::find().all(world.db().read()).await.unwrap();
    assert_eq!(proposals.len(), accepted);
    assert!(accepted > 1);
    let keys = idempotency_key::Entity::find().all(world.db().read()).await.unwrap();
    assert_eq!(keys.len(), accepted, "the refused leave none");
    world.verify().await;
}

#[tokio::test]
async fn twins_in_a_queue_are_done_once() {
    let world = World::new().await;
    let (clara, people) = (world.client("clara").await, world.people(2).await);
    let post = world.post(&clara, "Poster", 40).await;
    let mut other = of(&people[0], &post, "k");
    other.key.as_mut().unwrap().arguments_hash = "others".into();
    let all = vec![of(&people[1], &post, "k"), of(&people[0], &post, "k"), of(&people[0], &post, "k"), other];
    let outcomes = world.submitted_at_once(&post, all).await;
    let [first, one, twin, reused] = outcomes.try_into().unwrap();
    let (one, twin) = (one.unwrap(), twin.unwrap());
    assert!(first.is_ok() && !one.replayed && twin.replayed);
    assert_eq!((one.proposal.id, one.available_after), (twin.proposal.id, twin.available_after));
    assert!(matches!(reused, Err(Error::Rejected(no)) if no.code == Code::IdempotencyKeyReused));
    world.verify().await;
}

#[tokio::test]
async fn one_that_the_database_refuses_harms_no_other() {
    let world = World::new().await;
    let (clara, people) = (world.client("clara").await, world.people(6).await);
    let post = world.post(&clara, "Poster", 40).await;
    let all = (0..6).map(|n| if n == 3 { poison(&people[n], &post) } else { of(&people[n], &post, "k") });
    let outcomes = world.submitted_at_once(&post, all.collect()).await;
    for (n, outcome) in outcomes.iter().enumerate() {
        assert_eq!(outcome.is_ok(), n != 3, "{n}: {outcome:?}");
    }
    assert!(matches!(outcomes[3], Err(Error::Fault(Fault::Database(_)))));
    assert_eq!(world.available(&people[3]).await, GIFT);
    world.verify().await;
}

#[tokio::test]
async fn a_caller_who_has_left_before_their_turn_is_not_charged() {
    let world = World::new().await;
    let (clara, people) = (world.client("clara").await, world.people(2).await);
    let post = world.post(&clara, "Poster", 40).await;
    let (first, second) = (of(&people[0], &post, "k"), of(&people[1], &post, "k"));
    let first = world.app.submissions.run(first);
    let leave = async { assert!(poll_immediate(world.app.submissions.run(second)).await.is_none()) };
    let done =
        world.held_up(&post, async |release| tokio::join!(first, leave, async { release.notify_one() }).0);
    let done = done.await;
    assert!(done.is_ok());
    assert_eq!(world.available(&people[1]).await, GIFT);
    assert_eq!(proposal::Entity::find().all(world.db().read()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_thread_that_ends_leaves_the_queue_to_the_others() {
    let world = World::new().await;
    let (clara, people) = (world.client("clara").await, world.people(2).await);
    let post = world.post(&clara, "Poster", 40).await;
    let (queue, db) = (world.app.submissions.clone(), world.app.db.clone());
    let bearer = world.app.keys.read(&people[0].token(&world)).unwrap();
    let first = of(&people[0], &post, "k");
    // As one of the server's threads does, which has its own runtime.
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            assert!(poll_immediate(queue.run(first)).await.is_none());
            for _ in 0..2 {
                assert!(poll_immediate(db.find::<Askers>(bearer)).await.is_none());
            }
        });
    });
    thread.join().unwrap();
    assert!(world.app.submissions.run(of(&people[1], &post, "k")).await.is_ok());
    assert!(world.app.db.find::<Askers>(bearer).await.unwrap().is_some());
}

#[tokio::test]
async fn a_post_that_is_locked_holds_up_nobody_who_proposes_to_another() {
    let world = World::new().await;
    if world.backend() == DbBackend::Sqlite {
        return println!("left out: SQLite locks no single post");
    }
    let (clara, people) = (world.client("clara").await, world.people(12).await);
    let (locked, free) = (world.post(&clara, "Poster", 40).await, world.post(&clara, "Logo", 40).await);
    let queue = &world.app.submissions;
    let outcomes = world.held_up(&locked, async |release| {
        // One waits before the others come, and one among them.
        let mut first = Box::pin(queue.run(of(&people[0], &locked, "k")));
        assert!(poll_immediate(&mut first).await.is_none());
        let mut second = Box::pin(queue.run(of(&people[1], &locked, "k")));
        assert!(poll_immediate(&mut second).await.is_none());
        let others = join_all(people[2..].iter().map(|them| queue.run(of(them, &free, "k")))).await;
        assert!(others.iter().all(Result::is_ok), "{others:?}");
        let (first, second, ()) = tokio::join!(first, second, async { release.notify_one() });
        [first, second]
    });
    for outcome in outcomes.await {
        assert!(outcome.is_ok(), "they waited beside the others: {outcome:?}");
    }
    world.verify().await;
}

#[tokio::test]
async fn a_wire_that_breaks_under_a_shared_transaction_charges_nobody_twice() {
    let Some(server) = postgres() else { return };
    let direct = World::new().await;
    let clara = direct.client("clara").await;
    let (wired, proxy) = on_a_wire(&direct, &server).await;
    at_each_message(&proxy, async |name| {
        let mut people = Vec::new();
        for n in 0..5 {
            people.push(direct.freelancer(&format!("f{n}-{}", name.replace(' ', "-"))).await);
        }
        let post = direct.post(&clara, name, 40).await;
        let all = || people.iter().map(|them| wired.submissions.run(of(them, &post, "k")));
        for outcome in join_all(all()).await {
            if let Err(Error::Fault(fault)) = outcome {
                assert!(fault.advice().is_some(), "{name}: {fault}");
            }
        }
        proxy.mend();
        for (person, outcome) in people.iter().zip(join_all(all()).await) {
            let price = outcome.map_or(0, |done| done.proposal.connects_charged);
            assert_eq!(direct.available(person).await, GIFT - price, "{name}: the same key settles it");
        }
    })
    .await;
    direct.verify().await;
}
