//! The provider of a sandbox: it moves no money, and what happens depends on the name of the account's holder alone. It keeps
//! its own truth in a table that no transaction of ours writes, so that it survives a process that is killed.

mod store;

use super::{Payouts, Sent, Transfer};
use crate::{db::Database, entity::enums::PayoutFailure};

/// What happens to a transfer: what of the talk with us is lost, and whether it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fate {
    lost: Lost,
    failure: Option<PayoutFailure>,
}

/// What is lost on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lost {
    Nothing,
    /// The first call, before the provider hears of it.
    Before,
    /// The first answer, after the provider has carried the transfer out.
    After,
    /// The first call, and the answer to the second.
    Twice,
}

/// What is lost of transfers to holders whose name contains one of these words.
const LOST: [(&str, Lost); 3] =
    [("lost before", Lost::Before), ("lost after", Lost::After), ("lost twice", Lost::Twice)];

/// Why transfers to holders whose name contains one of these words fail.
const FAILURES: [(&str, PayoutFailure); 3] = [
    ("closed", PayoutFailure::AccountClosed),
    ("refused", PayoutFailure::Refused),
    ("invalid", PayoutFailure::InvalidDetails),
];

impl Fate {
    fn of(holder: &str) -> Self {
        let holder = holder.to_lowercase();
        let lost = LOST.iter().find(|(word, _)| holder.contains(word));
        let failure = FAILURES.iter().find(|(word, _)| holder.contains(word));
        Self {
            lost: lost.map_or(Lost::Nothing, |(_, lost)| *lost),
            failure: failure.map(|(_, failure)| *failure),
        }
    }

    /// Whether the provider hears of the first call.
    fn is_heard_at_once(self) -> bool {
        matches!(self.lost, Lost::Nothing | Lost::After)
    }

    /// Whether we hear the answer to this call.
    fn is_answered(self, attempt: i64) -> bool {
        let lost = match self.lost {
            Lost::Nothing => 0,
            Lost::Before | Lost::After => 1,
            Lost::Twice => 2,
        };
        attempt > lost
    }
}

/// The provider of a sandbox.
#[derive(Clone, Debug)]
pub struct Sandbox {
    db: Database,
}

impl Sandbox {
    /// Keeps its truth in `db`.
    pub fn new(db: Database) -> Self {
        Self { db }
    }
}

#[async_trait::async_trait]
impl Payouts for Sandbox {
    async fn pay(&self, transfer: &Transfer) -> Sent {
        let fate = Fate::of(&transfer.payee.holder);
        match self.db.write(async |txn| store::count_attempt(txn, transfer, fate).await).await {
            Ok(attempt) if fate.is_answered(attempt) => sent(transfer, fate.failure),
            _ => Sent::Unknown,
        }
    }

    async fn find(&self, transfer: &Transfer) -> Option<Sent> {
        match store::find_transfer(self.db.read(), transfer.key).await {
            Err(_) => Some(Sent::Unknown),
            Ok(row) => row.filter(|row| row.accepted).map(|row| sent(transfer, row.failure)),
        }
    }
}

fn sent(transfer: &Transfer, failure: Option<PayoutFailure>) -> Sent {
    failure.map_or_else(|| Sent::Paid(format!("sandbox_{}", transfer.key)), Sent::Failed)
}
