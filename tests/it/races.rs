//! Sixty-four at once, in two processes, on as many threads as there are: what they leave is exact, on
//! PostgreSQL at READ COMMITTED.

use std::sync::atomic::{AtomicBool, Ordering};

use connects::{
    app::App,
    cash::{Holder, Journal},
    closing, commissions,
    db::{Sql, Txn},
    entity::{
        commission,
        enums::{HistoryKind, PayoutProvider, PayoutPurpose, PayoutState},
        payout,
    },
    error::{Code, Error, Result},
    money::Connects,
    payouts::{self, Outcome},
    proposals::{self, Offer, Submit},
    providers::payouts::Sent,
    tickets::{self, NewTicket, rules::Document},
};
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, EntityTrait, Statement};
use serde_json::json;
use tokio::sync::Notify;

use crate::{
    commissions::Brought,
    payouts::bank,
    support::{Person, World, postgres},
};

const RACERS: usize = 64;

impl World {
    /// Whether a connection to this database waits for a lock, on PostgreSQL.
    async fn somebody_waits(&self) -> bool {
        let waiting = "SELECT COUNT(*) AS n FROM pg_stat_activity \
                       WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let count = Statement::from_string(self.backend(), waiting);
        let row = self.db().read().query_one_raw(count).await.expect("an answer").expect("a row");
        row.try_get::<i64>("", "n").expect("a number") > 0
    }
}

/// What `second` comes to, which begins within the transaction of `first`. That ends once `second` waits for it or is over; on
/// SQLite `second` queues for the only writer.
pub async fn meeting<T>(
    world: &World,
    first: impl AsyncFn(&Txn) -> Result<()>,
    second: impl Future<Output = T>,
) -> T {
    let (begun, is_over) = (Notify::new(), AtomicBool::new(false));
    let second = async {
        begun.notified().await;
        let done = second.await;
        is_over.store(true, Ordering::SeqCst);
        done
    };
    let first = world.db().write(async |txn| {
        first(txn).await?;
        begun.notify_one();
        while postgres().is_some() && !is_over.load(Ordering::SeqCst) && !world.somebody_waits().await {}
        Ok(())
    });
    let (first, second) = tokio::join!(first, second);
    first.unwrap();
    second
}

fn submit(person: &Person, post: &connects::entity::job_post::Model, connects: i64) -> Submit {
    Submit {
        freelancer: person.viewer.id(),
        offer: Ok(Offer {
            job_post: post.id,
            expected_connects: Connects(connects),
            cover_letter: "Good day!".into(),
            amount_cents: None,
        }),
        key: None,
    }
}

/// Whether it was accepted, in a task of its own; refused is only what may be.
fn race(app: &App, submit: Submit, may_be: &'static [Code]) -> tokio::task::JoinHandle<bool> {
    let (db, queue) = (app.db.clone(), app.submissions.clone());
    tokio::spawn(async move {
        match proposals::submit(&db, &queue, submit, false).await {
            Ok(_) => true,
            Err(Error::Rejected(no)) if may_be.contains(&no.code) => false,
            Err(other) => panic!("{other}"),
        }
    })
}

/// The weakest isolation that anything here runs at.
async fn must_be_read_committed(world: &World) {
    if postgres().is_none() {
        return;
    }
    let shown = world.db().write(async |txn| {
        let show = Statement::from_string(world.backend(), "SHOW transaction_isolation");
        let row = txn.query_one_raw(show).await?.expect("a row");
        Ok(row.try_get::<String>("", "transaction_isolation")?)
    });
    assert_eq!(shown.await.unwrap(), "read committed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn x_5_sixty_four_racing_spends_never_overdraw_a_wallet() {
    let world = World::with(|settings| settings.pool_size = 16).await;
    must_be_read_committed(&world).await;
    let (ada, clara, twin) = (world.freelancer("ada").await, world.client("clara").await, world.twin().await);
    let mut racing = Vec::new();
    for n in 0..RACERS {
        let post = world.post(&clara, &format!("Big job {n}"), 5_000).await;
        racing.push(submit(&ada, &post, 8));
    }
    let apps = [&world.app, &twin];
    let racing = racing.into_iter().enumerate();
    let racing: Vec<_> =
        racing.map(|(n, submit)| race(apps[n % 2], submit, &[Code::InsufficientConnects])).collect();
    let accepted = join_all(racing).await.into_iter().filter(|outcome| *outcome.as_ref().unwrap()).count();
    assert_eq!((accepted, world.available(&ada).await), (6, 2), "six times eight of fifty");
    assert_eq!(world.count_entries(HistoryKind::Proposal).await, 6);
    world.verify().await;
    twin.db.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn t_1_sixty_four_racing_proposals_and_a_cancellation_among_them_end_exact() {
    let mut world = World::with(|settings| settings.pool_size = 16).await;
    // No price that moves while they race: who is refused is refused for the end of the post.
    world.with_policy(|policy| policy.price.demand.clear()).await;
    must_be_read_committed(&world).await;
    let (clara, twin) = (world.client("clara").await, world.twin().await);
    let mut people = Vec::new();
    for n in 0..RACERS {
        people.push(world.freelancer(&format!("f{n}")).await);
    }
    let (mut accepted, mut refused) = (0, 0);
    for round in 1..4 {
        let post = world.post(&clara, &format!("Poster {round}"), 40).await;
        let apps = [&world.app, &twin];
        let mut racing = Vec::new();
        let mut cancelling = None;
        for (n, person) in people.iter().enumerate() {
            if n == round * RACERS / 4 {
                let (db, client) = (twin.db.clone(), clara.viewer.clone());
                cancelling = Some(tokio::spawn(async move {
                    db.write(async |txn| closing::cancel(txn, &client, post.id, "").await).await
                }));
            }
            racing.push(race(apps[n % 2], submit(person, &post, 2), &[Code::JobPostNotOpen]));
        }
        for outcome in join_all(racing).await {
            *(if outcome.unwrap() { &mut accepted } else { &mut refused }) += 1;
        }
        cancelling.expect("begun").await.unwrap().expect("cancelled");
        for person in &people {
            assert_eq!(world.available(person).await, 50, "charged and returned, or never charged");
        }
        assert_eq!(world.count_entries(HistoryKind::ReturnedCancelled).await, accepted);
        assert_eq!(world.count_entries(HistoryKind::Proposal).await, accepted);
    }
    assert!(accepted > 0 && refused > 0, "it was a race: {accepted} accepted, {refused} refused");
    world.verify().await;
    twin.db.close().await.unwrap();
}

#[actix_web::test]
async fn f_6_the_end_of_a_month_waits_for_a_payout_that_is_being_settled() {
    let brought = Brought::new().await;
    let (world, twin) = (&brought.world, brought.world.twin().await);
    world.set_payout_method(&brought.ann, bank("Ann lost twice")).await;
    let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
    brought.fund(&parts[0]).await;
    brought.release(&parts[0]).await;
    world.advance("2026-03-16T02:00:00Z").await;
    let payout = payout::Entity::find().one(world.db().read()).await.unwrap().expect("a payout");
    assert!(!matches!(payout.state, PayoutState::Paid | PayoutState::Failed), "{payout:?}");
    // As if some of the payment had been in escrow until the end of March, and then came to nothing.
    let pending = "UPDATE commissions SET state = 'PENDING', ended_at = NULL, next_lock_at = '2026-04-01T00:00:00.000000Z'";
    world.sql(pending).await.unwrap();
    world.sleep_until("2026-04-01T01:00:00Z").await;
    let settle = async |txn: &Txn| {
        let outcome = Outcome { id: payout.id, sent: Sent::Paid("a reference".into()) };
        payouts::settle(txn, &[outcome]).await.map(drop)
    };
    let swept = meeting(world, settle, twin.db.write(async |txn| commissions::sweep(txn).await)).await;
    assert_eq!(swept.unwrap().looked_at, 1);
    assert_eq!(brought.commissions().await[0]["state"], "PAID", "both knew of each other");
    world.verify().await;
    twin.db.close().await.unwrap();
}

#[actix_web::test]
async fn f_10_the_end_of_a_month_waits_for_a_dispute_that_is_being_opened() {
    let brought = Brought::new().await;
    let (world, twin) = (&brought.world, brought.world.twin().await);
    let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
    brought.fund(&parts[0]).await;
    world.advance("2026-01-03T00:00:00Z").await;
    brought.release(&parts[0]).await;
    let disputed = commission::Entity::find().one(world.db().read()).await.unwrap().expect("a commission");
    world.sleep_until("2026-03-01T00:00:00Z").await;
    let dispute = async |txn: &Txn| {
        let (subject, body) = ("Why?".to_owned(), "It was more.".to_owned());
        let new = NewTicket { document: Document::Commission(disputed.id), subject, body, is_dispute: true };
        tickets::open(txn, &brought.ann.viewer, new).await.map(drop)
    };
    let swept = meeting(world, dispute, twin.db.write(async |txn| commissions::sweep(txn).await)).await;
    assert_eq!(swept.unwrap().looked_at, 1);
    let commission = &brought.commissions().await[0];
    let found = (&commission["state"], &commission["nextLockAt"]);
    assert_eq!(found, (&json!("PENDING"), &json!("2026-04-01T00:00:00.000000Z")), "a month later");
    world.verify().await;
    twin.db.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn f_8_each_affiliate_is_paid_what_was_planned_for_them_although_flags_change_meanwhile() {
    let first = Brought::new().await;
    paid_in_january(&first, "Poster").await;
    let Brought { world, ann, ada, clara } = first;
    let bob = world.affiliate("bob").await;
    let (_, path) = world.link(&bob).await;
    let cookie = world.click(&path, None).await;
    let carl = world.come("carl", &cookie, json!({ "client": true })).await;
    let cora = world.come("cora", &cookie, json!({ "client": true })).await;
    let mut second = Brought { world, ann: bob, ada, clara: carl };
    paid_in_january(&second, "Leaflet").await;
    let carl = std::mem::replace(&mut second.clara, cora);
    paid_in_january(&second, "Menu").await;
    let (world, bob, cora) = (&second.world, &second.ann, &second.clara);
    world.set_payout_method(&ann, bank("Ann Lee")).await;
    world.set_payout_method(bob, bank("Bob Lee")).await;
    world.sleep_until("2026-03-16T01:45:00Z").await;
    let twin = world.twin().await;
    twin.db.write(async |txn| commissions::sweep(txn).await).await.unwrap();
    // Of what Bob brought, Cora is under review, until of Ann's Clara is.
    twin.db.write(async |txn| review(txn, cora).await).await.unwrap();
    let swap = async |txn: &Txn| {
        Journal::lock(txn, &[Holder::Promotions]).await?;
        let clear = Sql::new(
            "UPDATE affiliate_flags SET state = 'CLEARED', decided_at = :now, decided_by = :ann, reason = 'Honest'",
        );
        txn.run(clear.bind("now", txn.now()).bind("ann", ann.viewer.id())).await?;
        review(txn, &clara).await
    };
    let pay = async |txn: &Txn| {
        payouts::run_by_itself(txn, PayoutPurpose::Commissions, PayoutProvider::Sandbox, 0).await
    };
    let _ = meeting(world, swap, twin.db.write(pay)).await;
    twin.db.write(pay).await.unwrap();
    let paid = payout::Entity::find().all(world.db().read()).await.unwrap();
    let to: Vec<_> = paid.iter().map(|row| (row.account_id, row.amount_cents)).collect();
    assert_eq!(to, [(bob.viewer.id(), 14_000)], "for {} and {}", carl.viewer.id(), cora.viewer.id());
    world.verify().await;
    twin.db.close().await.unwrap();
}

/// A commission of 70.00 that is due in March.
async fn paid_in_january(brought: &Brought, title: &str) {
    let parts = brought.hire(&brought.ada, title, &["100.00"]).await;
    brought.fund(&parts[0]).await;
    brought.release(&parts[0]).await;
}

/// What the client brings comes under review.
async fn review(txn: &Txn, client: &Person) -> Result<()> {
    let sql = Sql::new(
        "INSERT INTO affiliate_flags (id, client_id, affiliate_id, kind, evidence, raised_at, state) \
         SELECT id, client_id, affiliate_id, 'FAST_SIGN_UP', '{}', funded_at, 'OPEN' FROM commissions \
         WHERE client_id = :client",
    );
    txn.run(sql.bind("client", client.viewer.id())).await.map(drop)
}
