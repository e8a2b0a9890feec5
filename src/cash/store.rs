//! All SQL of the cash journal.

mod checks;
mod reading;
mod sections;

use std::collections::BTreeSet;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter,
    sea_query::OnConflict,
};

pub use checks::CHECKS;
pub use reading::*;
pub use sections::SECTIONS;

use super::Holder;
use crate::{
    db::{Sql, Txn, Writes},
    entity::{
        cash_account::{self, Column, Entity},
        cash_posting, cash_transaction,
        enums::Currency,
        ids::{CashAccountId, CashTransactionId},
    },
    error::Result,
};

/// Postings of one INSERT. It takes whole transactions, because their postings refer to each other.
const POSTINGS_AT_ONCE: usize = 800;

/// Locks the accounts of `holders` that exist, in the order of their ids.
pub(super) async fn lock_accounts(txn: &Txn, holders: &BTreeSet<Holder>) -> Result<Vec<cash_account::Model>> {
    let row = |holder: &Holder| vec![holder.kind().as_str().into(), holder.name().into()];
    let sql = Sql::new("SELECT * FROM cash_accounts WHERE (kind, holder) IN (")
        .push(Sql::rows(&["kind", "holder"], holders.iter().map(row).collect()))
        .push(") ORDER BY id")
        .push(txn.for_update());
    Ok(cash_account::Model::find_by_statement(sql.on(txn)?).all(txn).await?)
}

/// The transaction with this business key.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_by_key(db: &impl ConnectionTrait, key: &str) -> Result<Option<CashTransactionId>> {
    let this = cash_transaction::Entity::find().filter(cash_transaction::Column::BusinessKey.eq(key));
    Ok(this.one(db).await?.map(|row| row.id))
}

/// Opens the accounts of `holders` that do not exist.
pub(super) async fn insert_accounts(txn: &Txn, holders: &BTreeSet<Holder>, currency: Currency) -> Result<()> {
    let row = |holder: &Holder| cash_account::Model {
        id: CashAccountId::new(),
        kind: holder.kind(),
        holder: holder.name(),
        account_id: holder.person(),
        contract_id: holder.contract(),
        currency,
        balance: 0,
        last_seq: 0,
        last_recorded_at: txn.now(),
        created_at: txn.now(),
    };
    let opened =
        OnConflict::columns([Column::Kind, Column::Holder, Column::Currency]).do_nothing().to_owned();
    let rows = holders.iter().map(|holder| row(holder).into_active_model());
    Entity::insert_many(rows).on_conflict(opened).exec_without_returning(txn).await?;
    Ok(())
}

/// Inserts transactions with their postings.
pub(super) fn insert_transactions(
    writes: &mut Writes<'_>,
    transactions: Vec<(cash_transaction::Model, Vec<cash_posting::Model>)>,
) {
    writes.insert(transactions.iter().map(|(row, _)| row.clone().into_active_model()));
    let mut together = Vec::new();
    for (_, postings) in transactions {
        if together.len() + postings.len() > POSTINGS_AT_ONCE {
            writes.insert(std::mem::take(&mut together));
        }
        together.extend(postings.into_iter().map(IntoActiveModel::into_active_model));
    }
    writes.insert(together);
}

/// Sets the balances of `accounts`, which are locked.
pub(super) fn update_balances(writes: &mut Writes<'_>, accounts: &[&cash_account::Model]) {
    let columns = ["id", "balance", "last_seq", "last_recorded_at"];
    let row = |account: &&cash_account::Model| {
        vec![
            account.id.into(),
            account.balance.into(),
            account.last_seq.into(),
            account.last_recorded_at.into(),
        ]
    };
    writes.push_rows(&columns, accounts.iter().map(row).collect(), |rows| {
        Sql::new("WITH c (id, balance, last_seq, last_recorded_at) AS (").push(rows).push(
            ") UPDATE cash_accounts SET balance = c.balance, last_seq = c.last_seq, \
             last_recorded_at = c.last_recorded_at FROM c WHERE cash_accounts.id = c.id",
        )
    });
}
