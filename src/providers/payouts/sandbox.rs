//! The provider of a sandbox: it moves no money, and what happens depends on the name of the account's holder alone. It keeps
//! its own truth in a table that no transaction of ours writes, so that it survives a process that is killed.

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult};

use super::{Payouts, Sent, Transfer};
use crate::{
    db::{Database, Sql, Txn},
    entity::{enums::PayoutFailure, sandbox_transfer},
    error::{Fault, Result},
    keys::sha256,
};

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
        let counted = self.db.write(async |txn| count_attempt(txn, transfer, fate).await).await;
        match (counted, fate) {
            (Err(_), _) | (Ok(1), Fate::LostBefore | Fate::LostAfter) => Sent::Unknown,
            (Ok(_), Fate::Failed(why)) => Sent::Failed(why),
            (Ok(_), _) => Sent::Paid(format!("sandbox_{}", transfer.key)),
        }
    }

    async fn find(&self, transfer: &Transfer) -> Option<Sent> {
        let found = sandbox_transfer::Entity::find_by_id(transfer.key).one(self.db.read()).await;
        match found {
            Err(_) => Some(Sent::Unknown),
            Ok(row) => row.filter(|row| row.accepted).map(|row| match row.failure {
                Some(why) => Sent::Failed(why),
                None => Sent::Paid(format!("sandbox_{}", transfer.key)),
            }),
        }
    }
}

/// Counts an attempt at a transfer; returns how many there were. One that is lost before it is heard of is accepted only by
/// the next.
async fn count_attempt(txn: &Txn, transfer: &Transfer, fate: Fate) -> Result<i64> {
    let failure = match fate {
        Fate::Failed(why) => Some(why.as_str().to_owned()),
        _ => None,
    };
    let sql = Sql::new(
        "INSERT INTO sandbox_transfers (key, payee, amount_minor, currency, attempts, accepted, failure, transferred_at) \
         VALUES (:key, :payee, :minor, :currency, 1, :accepted, :failure, :now) \
         ON CONFLICT (key) DO UPDATE SET attempts = sandbox_transfers.attempts + 1, accepted = TRUE RETURNING *",
    );
    let sql = sql
        .bind("key", transfer.key)
        // It need not know more of the account than which one it is.
        .bind("payee", sha256(&transfer.payee.account))
        .bind("minor", transfer.amount.minor)
        .bind("currency", transfer.amount.currency)
        .bind("accepted", fate != Fate::LostBefore)
        .bind("failure", failure)
        .bind("now", txn.now());
    let row = sandbox_transfer::Model::find_by_statement(sql.on(txn)?).one(txn).await?;
    Ok(row.ok_or_else(|| Fault::Broken("no attempt was counted".into()))?.attempts)
}

/// All that it has paid: its own truth.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_transferred(db: &impl ConnectionTrait) -> Result<Vec<sandbox_transfer::Model>> {
    let rows = sandbox_transfer::Entity::find().all(db).await?;
    Ok(rows.into_iter().filter(|row| row.accepted && row.failure.is_none()).collect())
}
