//! Shared reads: what many ask for at the same time is one statement, and each gets their own answer, as it is now (P-1).

use std::{collections::HashMap, sync::atomic::Ordering::SeqCst};

use connects::{
    accounts::store::Askers,
    connects::{
        Posting,
        store::{NewestOf, Shown, list_newest_entries},
    },
    db::{Lookup, Reader, Txn},
    entity::enums::HistoryKind,
    error::{Fault, Result},
    money::Connects,
};
use futures_util::{
    FutureExt,
    future::{BoxFuture, join_all, poll_immediate},
};
use serde_json::json;

use crate::{
    ledger_oracle::{change, write},
    support::{Person, World, door::PASSWORD},
};

#[tokio::test]
async fn many_who_ask_at_once_are_found_by_few_statements_each_as_themselves() {
    let world = World::new().await;
    let mut people = Vec::new();
    for n in 0..8 {
        let email = format!("f{n}@test.example");
        world.sign_up_and_verify(&email).await;
        let (token, _) = world.sign_in(&email, PASSWORD).await;
        people.push((Some(email), token));
    }
    people.push((Some("grace@test.example".to_owned()), world.freelancer("grace").await.token(&world)));
    // The session of one has ended, and what is found for the others must not hide it.
    let out = "mutation { signOut(input: {}) { signedOut } }";
    world.ask_with(&people[3].1, out, json!({})).await;
    people[3].0 = None;
    let before = world.statements.load(SeqCst);
    let found = join_all((0..90).map(|n| world.asker(&people[n % 9].1))).await;
    let statements = world.statements.load(SeqCst) - before;
    for (n, caller) in found.into_iter().enumerate() {
        assert_eq!(caller.map(|caller| caller.viewer.unwrap().0.email), people[n % 9].0);
    }
    let pooler = usize::from(world.app.settings.database_pooler) * 4;
    assert!(statements <= 2 + pooler, "{statements} for 90 questions");
}

#[tokio::test]
async fn those_who_go_away_leave_the_others_their_answers() {
    let world = World::new().await;
    let (ada, bea) = (world.freelancer("ada").await, world.freelancer("bea").await);
    let [ada, bea] = [ada, bea].map(|person| world.app.keys.read(&person.token(&world)).unwrap());
    // The first to ask begins to read, and both who want the same row as others leave.
    let leaving = async {
        for bearer in [ada, bea, ada] {
            assert!(poll_immediate(world.app.db.find::<Askers>(bearer)).await.is_none());
        }
    };
    let stay = join_all((0..20).map(|n| world.app.db.find::<Askers>(if n % 2 == 0 { ada } else { bea })));
    let ((), found) = tokio::join!(leaving, stay);
    for (n, found) in found.into_iter().enumerate() {
        let account = found.unwrap().expect("found").viewer.id();
        assert_eq!(account, if n % 2 == 0 { ada.account } else { bea.account });
    }
    assert!(world.app.db.find::<Askers>(ada).await.unwrap().is_some(), "nothing is left waiting");
}

#[tokio::test]
async fn h_2_many_who_read_their_history_at_once_get_their_own_newest_rows() {
    let world = World::new().await;
    let clara = world.client("clara").await;
    let mut people = Vec::new();
    for n in 0..6 {
        people.push(world.freelancer(&format!("f{n}")).await);
    }
    for n in 0..5 {
        let post = world.post(&clara, &format!("Job {n}"), 40).await;
        for person in &people[n..] {
            world.propose(person, &post, 2, &format!("k{n}")).await;
        }
    }
    let newest = async |person: &Person, limit: u64| {
        let found = world.db().find::<NewestOf>((person.wallet.unwrap(), limit)).await;
        found.unwrap().unwrap()
    };
    let before = world.statements.load(SeqCst);
    let found = join_all((0..60).map(|n| newest(&people[n % 6], [3, 100][n % 2]))).await;
    let statements = world.statements.load(SeqCst) - before;
    let pooler = usize::from(world.app.settings.database_pooler) * 4;
    assert!(statements <= 2 + pooler, "{statements} for 60 pages");
    for (n, rows) in found.into_iter().enumerate() {
        let (wallet, limit) = (people[n % 6].wallet.unwrap(), [3, 100][n % 2]);
        let alone = list_newest_entries(world.db().read(), wallet, Shown::default(), limit).await.unwrap();
        assert_eq!(rows, alone, "{n}");
    }
    world.verify().await;
}

#[tokio::test]
async fn h_7_a_page_is_whole_when_the_newest_entries_do_not_show() {
    let world = World::new().await;
    let (ada, clara) = (world.freelancer("ada").await, world.client("clara").await);
    for n in 0..3 {
        let post = world.post(&clara, &format!("Job {n}"), 40).await;
        world.propose(&ada, &post, 2, &format!("k{n}")).await;
    }
    let wallet = ada.wallet.unwrap();
    let hold = async |_: &Txn, posting: &mut Posting| {
        posting.hold(wallet, Connects(4), change(HistoryKind::BoostBid, 0))
    };
    let held = write(&world, hold, wallet).await.unwrap();
    for n in 1..=4 {
        let capture = async |txn: &Txn, posting: &mut Posting| {
            posting.load_drawn(txn, &[(wallet, held)]).await?;
            posting.capture(wallet, held, Connects(1), change(HistoryKind::BoostBid, n))
        };
        write(&world, capture, wallet).await.unwrap();
    }
    let page = async |first: usize| {
        let query = format!(
            "{{ viewer {{ wallet {{ history(first: {first}) {{ nodes {{ seq }} pageInfo {{ hasNextPage }} }} }} }} }}"
        );
        let history = world.data(Some(&ada), &query, json!({})).await["viewer"]["wallet"]["history"].clone();
        let seqs = history["nodes"].as_array().unwrap().iter().map(|row| row["seq"].as_i64().unwrap());
        (seqs.collect::<Vec<_>>(), history["pageInfo"]["hasNextPage"].as_bool().unwrap())
    };
    let all: Vec<i64> = (1..=held).rev().collect();
    for first in 0..=20 {
        let shown = all[..first.min(all.len())].to_vec();
        assert_eq!(page(first).await, (shown, first < all.len()), "{first}");
    }
}

/// Numbers that are found as themselves; 13 is broken, and 14 and 15 make anyone who reads them panic, 15 at once.
struct Numbers;

impl Lookup for Numbers {
    type Key = u8;
    type Found = u8;

    fn find<'a>(_: &'a Reader, keys: &'a [u8]) -> BoxFuture<'a, Result<HashMap<u8, u8>>> {
        assert!(!keys.contains(&15), "15");
        async move {
            tokio::task::yield_now().await;
            assert!(!keys.contains(&14), "14");
            if keys.contains(&13) {
                return Err(Fault::Broken("13".into()).into());
            }
            Ok(keys.iter().map(|key| (*key, *key)).collect())
        }
        .boxed()
    }
}

#[tokio::test]
async fn one_that_cannot_be_read_fails_alone() {
    let world = World::new().await;
    let found = join_all((0..20).map(|n| world.db().find::<Numbers>(n))).await;
    for (n, found) in (0..20).zip(found) {
        let expected = if (13..=15).contains(&n) { None } else { Some(n) };
        assert_eq!(found.ok().flatten(), expected, "{n}");
    }
    assert_eq!(world.db().find::<Numbers>(1).await.unwrap(), Some(1), "nothing is left waiting");
}
