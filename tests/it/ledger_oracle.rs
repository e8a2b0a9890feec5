//! Random histories of the ledger's verbs against a naive model that shares no code with it.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use connects::{
    clock::Instant,
    connects::{Change, Grant, Posting, WalletSet, expire_due, grant, ready, store::find_entry_seq},
    db::Txn,
    entity::{
        enums::{DocumentKind, HistoryKind},
        ids::WalletId,
    },
    error::{Code, Error},
    money::Connects,
};
use proptest::{prelude::*, test_runner::TestRunner};

use crate::support::{World, at};

/// One thing that happens.
#[derive(Clone, Debug)]
enum Step {
    Grant(i64),
    Spend(i64),
    Hold(i64),
    /// Settle so much of the n-th hold, counted again from the first one if there are not as many; and so below.
    Settle(usize, i64),
    /// Release so much of the n-th hold.
    Release(usize, i64),
    /// Refund so much of the n-th spend.
    Refund(usize, i64),
    /// A bank takes back what paid for the n-th grant.
    Revoke(usize),
    /// The bank gives that back after all.
    Reinstate(usize),
    /// So many days pass.
    Pass(i64),
    Expire,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (1i64..30).prop_map(Step::Grant),
        4 => (1i64..25).prop_map(Step::Spend),
        2 => (1i64..25).prop_map(Step::Hold),
        1 => (0usize..8, 1i64..15).prop_map(|(n, q)| Step::Settle(n, q)),
        2 => (0usize..8, 1i64..15).prop_map(|(n, q)| Step::Release(n, q)),
        2 => (0usize..8, 1i64..15).prop_map(|(n, q)| Step::Refund(n, q)),
        1 => (0usize..8).prop_map(Step::Revoke),
        1 => (0usize..8).prop_map(Step::Reinstate),
        4 => (1i64..200).prop_map(Step::Pass),
        1 => Just(Step::Expire),
    ]
}

/// What comes to pass around charge-backs: mostly within the lives of few lots.
fn disputed_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (1i64..30).prop_map(Step::Grant),
        4 => (1i64..40).prop_map(Step::Spend),
        2 => (1i64..40).prop_map(Step::Hold),
        2 => (0usize..8, 1i64..15).prop_map(|(n, q)| Step::Release(n, q)),
        4 => (0usize..8, 1i64..15).prop_map(|(n, q)| Step::Refund(n, q)),
        3 => (0usize..8).prop_map(Step::Revoke),
        3 => (0usize..8).prop_map(Step::Reinstate),
        3 => (1i64..60).prop_map(Step::Pass),
    ]
}

/// A lot of single Connects, each by itself: the most naive ledger there is.
#[derive(Clone, Debug)]
struct Coin {
    order_at: Instant,
    expires_at: Instant,
    lot: i64,
    grace_used: bool,
    /// The grant from which it first came.
    root: usize,
}

#[derive(Default)]
struct Model {
    coins: Vec<Coin>,
    lots: i64,
    /// What each spend and hold took, last taken last, with when; what came back is popped.
    spends: Vec<(Instant, Vec<Coin>)>,
    holds: Vec<(Instant, Vec<Coin>, i64)>,
    /// The grants that are revoked, and the coins that went for it.
    revoked: BTreeSet<usize>,
    gone: Vec<Coin>,
}

impl Model {
    fn available(&self, now: Instant) -> i64 {
        self.coins.iter().filter(|coin| coin.expires_at > now).count() as i64
    }

    fn take(&mut self, quantity: i64, now: Instant) -> Option<Vec<Coin>> {
        if quantity > self.available(now) {
            return None;
        }
        self.coins.retain(|coin| coin.expires_at > now);
        self.coins.sort_by_key(|coin| (coin.order_at, coin.expires_at, coin.lot));
        Some(self.coins.drain(..quantity as usize).collect())
    }

    /// What is left of a grant goes; of what has expired, nothing is left.
    fn revoke(&mut self, root: usize, now: Instant) {
        self.revoked.insert(root);
        let (of_it, others) = self.coins.drain(..).partition(|coin| coin.root == root);
        self.coins = others;
        self.gone.extend(Vec::into_iter(of_it).filter(|coin| coin.expires_at > now));
    }

    /// What went comes back, unless it has expired meanwhile.
    fn reinstate(&mut self, root: usize, now: Instant) {
        self.revoked.remove(&root);
        let (of_it, others) = self.gone.drain(..).partition(|coin| coin.root == root);
        self.gone = others;
        self.coins.extend(Vec::into_iter(of_it).filter(|coin| coin.expires_at > now));
    }

    /// Gives coins back; those of one lot whose life changes share a new lot, and those of a revoked grant go.
    fn give(&mut self, coins: Vec<Coin>, new_life: impl Fn(&Coin) -> Option<(Instant, bool)>) {
        let mut fresh: Option<(i64, i64)> = None;
        for mut coin in coins {
            if self.revoked.contains(&coin.root) {
                self.gone.push(coin);
                continue;
            }
            if let Some((expires_at, grace)) = new_life(&coin) {
                let lot = match fresh {
                    Some((of, lot)) if of == coin.lot => lot,
                    _ => {
                        self.lots += 1;
                        self.lots
                    }
                };
                fresh = Some((coin.lot, lot));
                let grace_used = coin.grace_used || grace;
                coin = Coin { expires_at, lot, grace_used, ..coin };
            }
            self.coins.push(coin);
        }
    }
}

pub fn change(kind: HistoryKind, key: usize) -> Change {
    Change { kind, business_key: format!("{key}"), document: (DocumentKind::Lot, "0".into()), actor: None }
}

pub async fn write(
    world: &World,
    work: impl AsyncFnOnce(&Txn, &mut Posting) -> connects::error::Result<i64> + Clone,
    wallet: WalletId,
) -> connects::error::Result<i64> {
    world
        .db()
        .write(async |txn| {
            let mut posting = Posting::lock(txn, &WalletSet::of([wallet])).await?;
            let seq = work(txn, &mut posting).await?;
            let mut writes = txn.writes();
            posting.write(&mut writes);
            writes.run().await?;
            Ok(seq)
        })
        .await
}

#[allow(clippy::cognitive_complexity, reason = "one arm a verb; apart they would hide the story")]
async fn play(steps: Vec<Step>) {
    let world = World::new().await;
    // Day 0 lots of the registration are part of the story: 40 + 10.
    let person = world.freelancer("ada").await;
    let wallet = person.wallet.unwrap();
    let mut now = at("2026-01-01T00:00:00Z");
    let year = at("2027-01-01T00:00:00Z");
    let mut model = Model { lots: 2, ..Model::default() };
    for n in 0..50 {
        let lot = if n < 40 { 1 } else { 2 };
        let root = if n < 40 { 0 } else { 1 };
        model.coins.push(Coin { order_at: now, expires_at: year, lot, grace_used: false, root });
    }
    let (mut spends, mut holds): (Vec<i64>, Vec<i64>) = (Vec::new(), Vec::new());
    // The entries of those two.
    let mut grants = vec![1, 2];
    for (n, step) in steps.into_iter().enumerate() {
        match step {
            Step::Pass(days) => {
                now += TimeDelta::days(days);
                world.sleep_until(&now.to_rfc3339()).await;
            }
            Step::Expire => {
                world.db().write(async |txn| expire_due(txn).await).await.unwrap();
            }
            Step::Grant(quantity) => {
                let gift = Grant {
                    kind: HistoryKind::Adjustment,
                    quantity: Connects(quantity),
                    effective_at: now,
                    business_key: format!("{n}"),
                    document: (DocumentKind::Lot, "0".into()),
                };
                let issue =
                    async |txn: &Txn| grant(txn, &gift, &ready(txn, WalletSet::of([wallet])).await?).await;
                world.db().write(issue).await.unwrap();
                model.lots += 1;
                let expires_at = connects::connects::rules::expiry_of(now);
                let root = grants.len();
                grants
                    .push(find_entry_seq(world.db().read(), wallet, &format!("{n}")).await.unwrap().unwrap());
                let coin = Coin { order_at: now, expires_at, lot: model.lots, grace_used: false, root };
                model.coins.extend(std::iter::repeat_n(coin, quantity as usize));
            }
            Step::Spend(quantity) => {
                let done = write(
                    &world,
                    async |_, posting| {
                        posting.spend(wallet, Connects(quantity), change(HistoryKind::Badge, n))
                    },
                    wallet,
                )
                .await;
                match model.take(quantity, now) {
                    Some(coins) => {
                        spends.push(done.unwrap());
                        model.spends.push((now, coins));
                    }
                    None => refused(done),
                }
            }
            Step::Hold(quantity) => {
                let done = write(
                    &world,
                    async |_, posting| {
                        posting.hold(wallet, Connects(quantity), change(HistoryKind::BoostBid, n))
                    },
                    wallet,
                )
                .await;
                match model.take(quantity, now) {
                    Some(coins) => {
                        holds.push(done.unwrap());
                        model.holds.push((now, coins, quantity));
                    }
                    None => refused(done),
                }
            }
            Step::Settle(nth, quantity) if !holds.is_empty() => {
                let which = nth % holds.len();
                let left = model.holds[which].2;
                let quantity = quantity.min(left);
                if quantity > 0 {
                    let seq = holds[which];
                    write(
                        &world,
                        async |txn, posting| {
                            posting.load_drawn(txn, &[(wallet, seq)]).await?;
                            posting.capture(wallet, seq, Connects(quantity), change(HistoryKind::BoostBid, n))
                        },
                        wallet,
                    )
                    .await
                    .unwrap();
                    model.holds[which].2 -= quantity;
                }
            }
            Step::Release(nth, quantity) if !holds.is_empty() => {
                let which = nth % holds.len();
                let seq = holds[which];
                let done = write(
                    &world,
                    async |txn, posting| {
                        posting.load_drawn(txn, &[(wallet, seq)]).await?;
                        posting.release(
                            wallet,
                            seq,
                            Connects(quantity),
                            change(HistoryKind::BoostReturned, n),
                        )
                    },
                    wallet,
                )
                .await;
                let (taken_at, coins, held) = &mut model.holds[which];
                if quantity > *held {
                    assert!(done.is_err(), "more than is held");
                } else {
                    done.unwrap();
                    *held -= quantity;
                    let taken_at = *taken_at;
                    let back: Vec<_> = (0..quantity).map(|_| coins.pop().unwrap()).collect();
                    model.give(back, |coin| {
                        let kept = now + (coin.expires_at - taken_at);
                        (kept > coin.expires_at).then_some((kept, false))
                    });
                }
            }
            Step::Refund(nth, quantity) if !spends.is_empty() => {
                let which = nth % spends.len();
                let seq = spends[which];
                let done = write(
                    &world,
                    async |txn, posting| {
                        posting.load_drawn(txn, &[(wallet, seq)]).await?;
                        posting.refund(
                            wallet,
                            seq,
                            Connects(quantity),
                            change(HistoryKind::InterviewRefunded, n),
                        )
                    },
                    wallet,
                )
                .await;
                let (taken_at, coins) = &mut model.spends[which];
                if quantity > coins.len() as i64 {
                    assert!(done.is_err(), "more than was spent");
                } else {
                    done.unwrap();
                    let taken_at = *taken_at;
                    let back: Vec<_> = (0..quantity).map(|_| coins.pop().unwrap()).collect();
                    let grace = now + TimeDelta::days(30);
                    model.give(back, |coin| {
                        if coin.expires_at >= grace {
                            None
                        } else if coin.grace_used {
                            let kept = now + (coin.expires_at - taken_at);
                            (kept > coin.expires_at).then_some((kept, false))
                        } else {
                            Some((grace, true))
                        }
                    });
                }
            }
            Step::Revoke(nth) if !model.revoked.contains(&(nth % grants.len())) => {
                let which = nth % grants.len();
                let entries = [grants[which]];
                let revoke = async |txn: &Txn, posting: &mut Posting| {
                    let issued = posting.load_issued(txn, wallet, &entries).await?;
                    Ok(posting.revoke(&issued, change(HistoryKind::Chargeback, n))?.0)
                };
                let before = model.available(now);
                model.revoke(which, now);
                assert_eq!(write(&world, revoke, wallet).await.unwrap(), before - model.available(now));
            }
            Step::Reinstate(nth) if !model.revoked.is_empty() => {
                let which = *model.revoked.iter().nth(nth % model.revoked.len()).unwrap();
                let entries = [grants[which]];
                let reinstate = async |txn: &Txn, posting: &mut Posting| {
                    let issued = posting.load_issued(txn, wallet, &entries).await?;
                    let change = change(HistoryKind::Chargeback, n);
                    Ok(posting.reinstate(txn, &issued, &change).await?.0)
                };
                let before = model.available(now);
                model.reinstate(which, now);
                assert_eq!(write(&world, reinstate, wallet).await.unwrap(), model.available(now) - before);
            }
            Step::Settle(..)
            | Step::Release(..)
            | Step::Refund(..)
            | Step::Revoke(_)
            | Step::Reinstate(_) => {}
        }
        assert_eq!(world.available(&person).await, model.available(now), "after step {n}");
    }
    world.verify().await;
}

fn refused(done: connects::error::Result<i64>) {
    assert!(matches!(done, Err(Error::Rejected(no)) if no.code == Code::InsufficientConnects));
}

#[test]
fn x_5_random_histories_agree_with_a_naive_model() {
    plays(prop::collection::vec(step(), 1..40));
}

#[test]
fn b_4_random_charge_backs_agree_with_a_naive_model() {
    plays(prop::collection::vec(disputed_step(), 1..40));
}

fn plays(stories: impl Strategy<Value = Vec<Step>>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let cases = if crate::support::postgres().is_some() { 8 } else { 24 };
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    runner
        .run(&stories, |steps| {
            runtime.block_on(play(steps));
            Ok(())
        })
        .unwrap();
}
