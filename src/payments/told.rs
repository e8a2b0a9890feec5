//! What a bank says of a payment: which payment is meant, and whether it is news (O-5, B-4).

use super::store;
use crate::{
    db::Txn,
    entity::payment,
    error::{Fault, Result},
    providers::payments::Chargeback,
};

/// What of a charge-back is news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct News {
    /// That the bank took money back.
    pub is_taken: bool,
    /// That it gave the money back.
    pub is_won: bool,
}

/// What is news in what `told` says of `named`, whose document is locked.
///
/// # Errors
/// When the database refuses.
pub async fn news_of(txn: &Txn, named: &payment::Model, told: &Chargeback) -> Result<News> {
    let known = store::find_chargeback(txn, named.provider, &told.reference).await?;
    let was_won = known.as_ref().is_some_and(|known| known.won_at.is_some());
    Ok(News { is_taken: known.is_none(), is_won: told.is_won && !was_won })
}

/// Locks the payment for a document that `told` is of, named by the provider as `named`.
///
/// # Errors
/// [`Fault::Broken`] when the payment failed, or was in another currency; when the database refuses.
pub async fn lock_told(txn: &Txn, named: &payment::Model, told: &Chargeback) -> Result<payment::Model> {
    let paid = store::lock_paid_for(txn, named.purpose, named.document_id).await?;
    // Another payment for the same document may have failed, and have a name all the same.
    let is_meant = |paid: &payment::Model| paid.id == named.id && paid.currency == told.amount.currency;
    let missing = || Fault::Broken(format!("charge-back {} is of no payment", told.reference));
    Ok(paid.filter(is_meant).ok_or_else(missing)?)
}
