//! An affiliate who leaves gives up what is not paid, such as less than the least that is paid out (P-6, W-5).

use super::{
    rules::CommissionMove,
    store,
    sweep::{ended, write},
};
use crate::{
    db::Txn,
    entity::{enums::CommissionReason, ids::AccountId},
    error::Result,
};

/// Ends the commissions of `affiliate`, whose account is locked; what is on its way or paid stays so.
///
/// # Errors
/// When the database refuses.
pub async fn give_up(txn: &Txn, affiliate: AccountId) -> Result<()> {
    let rows = store::lock_unpaid_of(txn, affiliate).await?;
    let end = |row| ended(&row, CommissionMove::Exclude, CommissionReason::GivenUp, txn.now());
    write(txn, rows.into_iter().map(end).collect(), Vec::new()).await
}
