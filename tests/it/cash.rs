//! The cash journal: what the database itself refuses, and random histories against a naive model.

use std::collections::BTreeMap;

use actix_web::{App, test as web};
use connects::{
    books::Breach,
    cash::{Entry, Holder, Journal, rules},
    entity::{
        enums::{CashDocumentKind, CashKind, PaymentProvider},
        ids::ContractId,
    },
    error::{Error, Fault},
    http::{Shared, routes},
};
use proptest::prelude::*;
use sea_orm::DbBackend;
use serde_json::json;

use crate::support::{Person, World, at, id};

pub const BANK: Holder = Holder::Clearing(PaymentProvider::Sandbox);

fn entry(kind: CashKind, key: &str) -> Entry {
    Entry {
        kind,
        business_key: key.to_owned(),
        document: (CashDocumentKind::Payment, uuid::Uuid::now_v7()),
        actor: None,
        reverses: None,
        effective_at: at("2026-01-01T00:00:00Z"),
    }
}

/// A transaction: what happens, its key, its legs.
pub type Posted<'a> = (CashKind, &'a str, Vec<(Holder, i64)>);

/// Posts transactions, each with its key and its legs, in one transaction of the database.
pub async fn post(world: &World, transactions: &[Posted<'_>]) -> connects::error::Result<()> {
    let work = async |txn: &connects::db::Txn| {
        let holders: Vec<_> =
            transactions.iter().flat_map(|(_, _, legs)| legs.iter().map(|leg| leg.0)).collect();
        let mut journal = Journal::lock(txn, &holders).await?;
        for (kind, key, legs) in transactions {
            journal.post(&entry(*kind, key), legs)?;
        }
        let mut writes = txn.writes();
        journal.write(&mut writes);
        writes.run().await
    };
    world.db().write(work).await
}

/// What breaks the journal itself. The documents of these stories are invented, so what contracts know is not asked.
async fn breaches_of(world: &World) -> Vec<Breach> {
    let breaches = connects::books::verify(world.db().read()).await.expect("verified");
    let ours =
        |breach: &Breach| connects::cash::CHECKS.iter().any(|check| check.invariant == breach.invariant);
    breaches.into_iter().filter(ours).collect()
}

pub async fn assert_holds(world: &World) {
    let breaches = breaches_of(world).await;
    assert!(breaches.is_empty(), "{breaches:#?}");
}

/// A hundred dollars funded, released less ten.
async fn a_release(world: &World, person: &Person) -> ContractId {
    let contract = ContractId::new();
    let escrow = Holder::Escrow(contract);
    let funding = (CashKind::Funding, "F", vec![(BANK, -10_000), (escrow, 10_000)]);
    let legs = vec![(escrow, -10_000), (Holder::Person(person.viewer.id()), 9_000), (Holder::Fees, 1_000)];
    post(world, &[funding, (CashKind::Release, "R", legs)]).await.expect("posted");
    contract
}

const CASH: &str =
    "{ viewer { cashAccount { id balance { amount } receivable { amount } history(kinds: %) { edges { node {
    seq kind reason amount { amount } balanceAfter { amount } document { kind reference } actor
    legs { account amount { amount } } effectiveAt } } } } } }";

#[tokio::test]
async fn p_3_a_person_sees_their_cash_and_every_reason() {
    let world = World::new().await;
    let (ada, eve) = (world.freelancer("ada").await, world.freelancer("eve").await);
    let all = CASH.replace("(kinds: %)", "");
    let empty = world.data(Some(&ada), &all, json!({})).await;
    assert_eq!(empty["viewer"]["cashAccount"]["balance"]["amount"], "0.00");
    a_release(&world, &ada).await;
    let seen = world.data(Some(&ada), &all, json!({})).await["viewer"]["cashAccount"].clone();
    assert_eq!(
        (&seen["balance"]["amount"], &seen["receivable"]["amount"]),
        (&json!("90.00"), &json!("0.00"))
    );
    let row = &seen["history"]["edges"][0]["node"];
    assert_eq!(row["kind"], "RELEASE");
    assert_eq!(
        (&row["amount"]["amount"], &row["balanceAfter"]["amount"]),
        (&json!("90.00"), &json!("90.00"))
    );
    let legs: Vec<_> = row["legs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|leg| format!("{} {}", leg["account"], leg["amount"]["amount"]))
        .collect();
    assert_eq!(legs, ["\"ESCROW\" \"-100.00\"", "\"PERSON\" \"90.00\"", "\"FEES\" \"10.00\""]);
    let none = world.data(Some(&ada), &CASH.replace('%', "[REFUND]"), json!({})).await;
    assert_eq!(none["viewer"]["cashAccount"]["history"]["edges"], json!([]));
    // Nobody else sees it.
    let node = "query($id: ID!) { node(id: $id) { id } }";
    let others = world.data(Some(&eve), node, json!({ "id": seen["id"] })).await;
    assert_eq!(others["node"], json!(null));
    let own = world.data(Some(&ada), node, json!({ "id": seen["id"] })).await;
    assert_eq!(own["node"]["id"], seen["id"]);
    assert_holds(&world).await;
}

#[tokio::test]
async fn x_3_cash_history_cannot_be_changed_or_deleted() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    a_release(&world, &ada).await;
    let mut statements = vec![
        "UPDATE cash_transactions SET kind = 'REFUND'",
        "DELETE FROM cash_transactions",
        "UPDATE cash_postings SET balance_after = balance_after",
        "DELETE FROM cash_postings",
        "UPDATE cash_accounts SET holder = 'x'",
        "DELETE FROM cash_accounts",
    ];
    if world.backend() == DbBackend::Postgres {
        statements.extend([
            "TRUNCATE cash_transactions CASCADE",
            "TRUNCATE cash_postings",
            "TRUNCATE cash_accounts CASCADE",
        ]);
    }
    for statement in statements {
        let refused = world.sql(statement).await.expect_err(statement);
        assert!(refused.to_string().contains("history"), "{statement}: {refused}");
    }
    assert_holds(&world).await;
}

#[tokio::test]
async fn x_5_only_what_others_owe_is_below_zero() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    a_release(&world, &ada).await;
    for kind in ["PERSON", "ESCROW", "FEES"] {
        let below = format!("UPDATE cash_accounts SET balance = -1 WHERE kind = '{kind}'");
        assert!(world.sql(&below).await.is_err(), "{kind}");
    }
    // The journal's own way is refused as well, and leaves nothing behind.
    let legs = vec![(Holder::Person(ada.viewer.id()), -9_001), (BANK, 9_001)];
    assert!(post(&world, &[(CashKind::Chargeback, "C", legs)]).await.is_err());
    assert_holds(&world).await;
}

/// A posting as it is stored: place, next place, sum before, amount.
type Line = (i64, i64, i64, i64);

/// The postings of a new transaction of `lines` lines.
fn ring(lines: i64, postings: &[Line]) -> Vec<String> {
    let instant = "'2026-01-01T00:00:00+00:00'";
    let id = "CAST(X'019b7700000070008000000000000001' AS BLOB)";
    let row = |&(line, next, before, amount): &Line| {
        format!(
            "SELECT id, {}, {id}, {line}, {lines}, {next}, {before}, {}, 'USD', {amount}, 0 \
             FROM cash_accounts WHERE kind = 'CLEARING'",
            100 + line,
            before + amount
        )
    };
    vec![
        format!(
            "INSERT INTO cash_transactions (id, kind, business_key, currency, lines, document_kind, document_id, \
             effective_at, recorded_at) VALUES ({id}, 'FUNDING', 'ring', 'USD', {lines}, 'PAYMENT', {id}, {instant}, {instant})"
        ),
        format!(
            "INSERT INTO cash_postings (cash_account_id, seq, transaction_id, line, lines, next_line, sum_before, \
             sum_after, currency, amount, balance_after) {}",
            postings.iter().map(row).collect::<Vec<_>>().join(" UNION ALL ")
        ),
    ]
}

#[tokio::test]
async fn x_3_the_database_takes_whole_balanced_transactions_only() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    a_release(&world, &ada).await;
    let cases: [(&str, i64, &[Line]); 7] = [
        ("it does not sum to zero", 2, &[(1, 2, 0, 5), (2, 1, 5, -4)]),
        ("it has one line of two", 2, &[(1, 2, 0, 5)]),
        ("the last line is missing", 3, &[(1, 2, 0, 5), (2, 3, 5, -4)]),
        ("the first line begins with something", 2, &[(1, 2, 1, 5), (2, 1, 6, -5)]),
        ("a line is left out", 3, &[(1, 3, 0, 5), (3, 1, 5, -5)]),
        ("a line has no amount", 2, &[(1, 2, 0, 0), (2, 1, 0, 0)]),
        ("a line stands beside the ring", 3, &[(1, 2, 0, 5), (2, 1, 5, -5), (3, 1, 7, -7)]),
    ];
    for (why, lines, postings) in cases {
        let refused = try_ring(&world, lines, postings).await;
        assert!(matches!(refused, Err(Error::Fault(Fault::Database(_)))), "{why}: {refused:?}");
    }
    let whole = try_ring(&world, 3, &[(1, 2, 0, 5), (2, 3, 5, -4), (3, 1, 1, -1)]).await;
    assert!(whole.is_ok(), "a whole ring is taken: {whole:?}");
}

/// Lets the database judge it; it is rolled back.
async fn try_ring(world: &World, lines: i64, postings: &[Line]) -> connects::error::Result<()> {
    let is_postgres = world.backend() == DbBackend::Postgres;
    let work = async |txn: &connects::db::Txn| {
        for sql in ring(lines, postings) {
            let blob = "CAST(X'019b7700000070008000000000000001' AS BLOB)";
            let id = if is_postgres { "CAST('019b7700-0000-7000-8000-000000000001' AS uuid)" } else { blob };
            let instants = sql.replace(blob, id);
            txn.run(connects::db::Sql::new(instants)).await?;
        }
        Ok(())
    };
    world.db().write_or_rehearse(true, work).await
}

#[tokio::test]
async fn x_3_a_business_key_counts_once() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    a_release(&world, &ada).await;
    let again = post(&world, &[(CashKind::Funding, "F", vec![(BANK, -1), (Holder::Fees, 1)])]).await;
    assert!(again.is_err());
    assert_holds(&world).await;
}

#[tokio::test]
async fn h_4_verify_names_a_bent_cash_balance() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    a_release(&world, &ada).await;
    world.sql("UPDATE cash_accounts SET balance = balance + 1 WHERE kind = 'PERSON'").await.expect("bent");
    let breaches = breaches_of(&world).await;
    assert_eq!(breaches.len(), 1, "{breaches:#?}");
    assert!(breaches[0].invariant.starts_with("X-5: a cash account"));
}

#[tokio::test]
async fn h_4_the_digest_covers_cash() {
    let (one, two) = (World::new().await, World::new().await);
    for world in [&one, &two] {
        let ada = world.freelancer("ada").await;
        a_release(world, &ada).await;
    }
    assert_eq!(one.digest().await, two.digest().await, "other ids, the same history");
    let ada = two.freelancer("eve").await;
    let same = one.freelancer("eve").await;
    assert_eq!(one.digest().await, two.digest().await);
    post(&two, &[(CashKind::Funding, "G", vec![(BANK, -5), (Holder::Person(ada.viewer.id()), 5)])])
        .await
        .expect("posted");
    assert_ne!(one.digest().await, two.digest().await);
    post(&one, &[(CashKind::Funding, "G", vec![(BANK, -5), (Holder::Person(same.viewer.id()), 5)])])
        .await
        .expect("posted");
    assert_eq!(one.digest().await, two.digest().await);
}

#[tokio::test]
async fn o_5_what_is_owed_is_settled_first_from_any_income() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    a_release(&world, &ada).await;
    let (cash, debt) = (Holder::Person(ada.viewer.id()), Holder::Receivable(ada.viewer.id()));
    // A reversal of 100.00 finds 90.00.
    let (taken, owed) = rules::reversed(9_000, 10_000);
    let legs = vec![(BANK, 10_000), (cash, -taken), (debt, -owed)];
    post(&world, &[(CashKind::Chargeback, "C", legs)]).await.expect("posted");
    let income = |key, amount: i64| (CashKind::Funding, key, vec![(BANK, -amount), (cash, amount)]);
    post(&world, &[income("1", 400), income("2", 700)]).await.expect("posted");
    let seen =
        world.data(Some(&ada), &CASH.replace("(kinds: %)", ""), json!({})).await["viewer"]["cashAccount"]
            .clone();
    assert_eq!((&seen["balance"]["amount"], &seen["receivable"]["amount"]), (&json!("1.00"), &json!("0.00")));
    let kinds: Vec<_> = seen["history"]["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| edge["node"]["kind"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        kinds,
        ["RECEIVABLE_SETTLED", "FUNDING", "RECEIVABLE_SETTLED", "FUNDING", "CHARGEBACK", "RELEASE"]
    );
    assert_holds(&world).await;
}

/// A step of a random history: who, and how much they get (positive) or give back (negative).
type Step = (usize, i64);

fn histories() -> impl Strategy<Value = Vec<Vec<Step>>> {
    let step = (0usize..3, prop_oneof![1i64..500, -500i64..0]);
    prop::collection::vec(prop::collection::vec(step, 1..6), 1..8)
}

/// Plays batches of steps against the journal and a naive model: cash and debt of each person.
async fn play(batches: &[Vec<Step>]) {
    let world = World::new().await;
    let mut people = Vec::new();
    for name in ["ada", "eve", "kay"] {
        people.push(world.freelancer(name).await.viewer.id());
    }
    let mut model: BTreeMap<usize, (i64, i64)> = BTreeMap::new();
    for (batch, steps) in batches.iter().enumerate() {
        let work = async |txn: &connects::db::Txn| {
            let mut holders: Vec<_> =
                people.iter().flat_map(|id| [Holder::Person(*id), Holder::Receivable(*id)]).collect();
            holders.push(BANK);
            let mut journal = Journal::lock(txn, &holders).await?;
            for (at, (who, amount)) in steps.iter().enumerate() {
                let (cash, debt) = (Holder::Person(people[*who]), Holder::Receivable(people[*who]));
                let legs = if *amount > 0 {
                    vec![(BANK, -amount), (cash, *amount)]
                } else {
                    let (taken, owed) = rules::reversed(journal.balance(cash), -amount);
                    vec![(BANK, -amount), (cash, -taken), (debt, -owed)]
                };
                journal.post(&entry(CashKind::Funding, &format!("{batch}/{at}")), &legs)?;
            }
            let mut writes = txn.writes();
            journal.write(&mut writes);
            writes.run().await
        };
        world.db().write(work).await.expect("posted");
        for (who, amount) in steps {
            // The model: one number per person, what they are worth.
            let (cash, debt) = model.entry(*who).or_default();
            let worth = *cash - *debt + amount;
            (*cash, *debt) = (worth.max(0), (-worth).max(0));
        }
    }
    for (who, id) in people.iter().enumerate() {
        let (cash, debt) = model.get(&who).copied().unwrap_or_default();
        let found = async |txn: &connects::db::Txn| {
            let journal = Journal::lock(txn, &[Holder::Person(*id)]).await?;
            Ok((journal.balance(Holder::Person(*id)), -journal.balance(Holder::Receivable(*id))))
        };
        assert_eq!(world.db().write_or_rehearse(true, found).await.expect("read"), (cash, debt));
    }
    assert_holds(&world).await;
}

#[test]
fn o_5_random_histories_agree_with_a_naive_model() {
    let mut runner =
        proptest::test_runner::TestRunner::new(ProptestConfig { cases: 8, ..ProptestConfig::default() });
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let played = runner.run(&histories(), |batches| {
        runtime.block_on(play(&batches));
        Ok(())
    });
    played.expect("agrees");
}

#[tokio::test]
async fn o_4_the_csv_has_the_same_rows_as_the_connection() {
    let world = World::new().await;
    let (ada, eve) = (world.freelancer("ada").await, world.freelancer("eve").await);
    a_release(&world, &ada).await;
    let cash = Holder::Person(ada.viewer.id());
    post(&world, &[(CashKind::Chargeback, "C", vec![(cash, -2_000), (BANK, 2_000)])]).await.expect("posted");
    let service = web::init_service(App::new().configure(routes(Shared::new(world.app.clone())))).await;
    let get = async |of: &Person, by: &Person, range: &str| {
        let path = format!("/cash-accounts/{}/history.csv{range}", id("CashAccount", of.viewer.id()));
        let request = web::TestRequest::get().uri(&path);
        let request = request.insert_header(("authorization", format!("Bearer {}", by.token(&world))));
        let response = web::call_service(&service, request.to_request()).await;
        let status = response.status().as_u16();
        (status, String::from_utf8(web::read_body(response).await.to_vec()).unwrap())
    };
    let (status, csv) = get(&ada, &ada, "").await;
    let rows: Vec<_> =
        csv.lines().map(|line| line.split(',').take(5).collect::<Vec<_>>().join(",")).collect();
    let expected = [
        "\u{feff}seq,kind,amount,balance_after,currency",
        "2,CHARGEBACK,-20.00,70.00,USD",
        "1,RELEASE,90.00,90.00,USD",
    ];
    assert_eq!((status, rows), (200, expected.map(str::to_owned).to_vec()), "{csv}");
    assert_eq!(get(&ada, &ada, "?to=2026-01-01T00:00:00Z").await.1.lines().count(), 1);
    assert_eq!((get(&ada, &eve, "").await.0, get(&eve, &eve, "").await.1.lines().count()), (404, 1));
    assert_eq!(get(&ada, &ada, "?from=yesterday").await.0, 400);
}
