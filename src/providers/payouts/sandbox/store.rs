//! What the provider of a sandbox knows of payouts.

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult};

use super::{Fate, Transfer};
use crate::{
    db::{Sql, Txn},
    entity::{ids::PayoutId, sandbox_transfer},
    error::{Fault, Result},
    keys::sha256,
};

/// Counts an attempt at a transfer; returns how many there were. One that is lost before it is heard of is accepted only by
/// the next.
pub(super) async fn count_attempt(txn: &Txn, transfer: &Transfer, fate: Fate) -> Result<i64> {
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
        .bind("accepted", fate.is_heard_at_once())
        .bind("failure", fate.failure.map(|why| why.as_str().to_owned()))
        .bind("now", txn.now());
    let row = sandbox_transfer::Model::find_by_statement(sql.on(txn)?).one(txn).await?;
    Ok(row.ok_or_else(|| Fault::Broken("no attempt was counted".into()))?.attempts)
}

/// What it knows of a transfer.
pub(super) async fn find_transfer(
    db: &impl ConnectionTrait,
    key: PayoutId,
) -> Result<Option<sandbox_transfer::Model>> {
    Ok(sandbox_transfer::Entity::find_by_id(key).one(db).await?)
}
