//! The provider of a sandbox: it moves no money, and what happens depends on the name of the account's holder alone. It keeps
//! its own truth in a table that no transaction of ours writes, so that it survives a process that is killed.

mod store;

use super::{Payouts, Sent, Transfer};
use crate::{db::Database, entity::enums::PayoutFailure};

/// What happens to a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Paid,
    Failed(PayoutFailure),
    /// The first call is lost before the provider hears of it.
    LostBefore,
    /// The first answer is lost after the provider has moved the money.
    LostAfter,
}

/// What happens to transfers to holders whose name contains one of these words.
const FATES: [(&str, Fate); 5] = [
    ("closed", Fate::Failed(PayoutFailure::AccountClosed)),
    ("refused", Fate::Failed(PayoutFailure::Refused)),
    ("invalid", Fate::Failed(PayoutFailure::InvalidDetails)),
    ("lost before", Fate::LostBefore),
    ("lost after", Fate::LostAfter),
];

fn fate_of(holder: &str) -> Fate {
    let holder = holder.to_lowercase();
    FATES.iter().find(|(word, _)| holder.contains(word)).map_or(Fate::Paid, |(_, fate)| *fate)
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
        let fate = fate_of(&transfer.payee.holder);
        let counted = self.db.write(async |txn| store::count_attempt(txn, transfer, fate).await).await;
        match (counted, fate) {
            (Err(_), _) | (Ok(1), Fate::LostBefore | Fate::LostAfter) => Sent::Unknown,
            (Ok(_), Fate::Failed(why)) => Sent::Failed(why),
            (Ok(_), _) => Sent::Paid(format!("sandbox_{}", transfer.key)),
        }
    }

    async fn find(&self, transfer: &Transfer) -> Option<Sent> {
        match store::find_transfer(self.db.read(), transfer.key).await {
            Err(_) => Some(Sent::Unknown),
            Ok(row) => row.filter(|row| row.accepted).map(|row| match row.failure {
                Some(why) => Sent::Failed(why),
                None => Sent::Paid(format!("sandbox_{}", transfer.key)),
            }),
        }
    }
}
