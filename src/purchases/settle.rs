//! What a provider said of a purchase's payment takes effect: the Connects are in the wallet, or nothing was bought (B-3).

use super::{
    cycle::lock_of,
    notifications::{bought, failed},
    postings,
    rules::{PurchaseMove, moved},
    store,
};
use crate::{
    connects::{self, Grant, WalletSet, grant},
    db::Txn,
    entity::{
        enums::{DocumentKind, HistoryKind, PaymentState},
        ids::PaymentId,
        payment, purchase,
    },
    error::Result,
    money::Connects,
    notifications::notify,
    payments::{self, Outcome},
    promo_codes,
};

/// Writes what the provider said of `payment`, which is for a purchase, with all that follows from it; returns whether it is
/// over now. An outcome that comes twice does nothing.
///
/// What was paid is issued to people who are suspended or closed meanwhile, too: it is theirs.
///
/// # Errors
/// When the database refuses.
pub async fn settle(txn: &Txn, payment: &payment::Model, outcome: &Outcome<PaymentId>) -> Result<bool> {
    let purchase = lock_of(txn, payment).await?;
    let Some(payment) = payments::record(txn, outcome).await? else { return Ok(false) };
    let purchase = match payment.state {
        PaymentState::Paid => arrive(txn, purchase, Some(&payment)).await?,
        PaymentState::Failed => {
            notify(txn, vec![failed(&purchase, txn.now())]).await?;
            if let Some(kept) = purchase.promo_redemption_id {
                promo_codes::release(txn, kept).await?;
            }
            fell_through(txn, purchase)?
        }
        PaymentState::Pending | PaymentState::Unknown => return Ok(false),
    };
    store::update_purchase(txn, purchase).await?;
    Ok(true)
}

/// Issues what was bought and what its promo code adds, now that `payment` is paid or nothing is to be paid, and books what
/// it was sold for; returns the purchase as it is now, which the caller writes.
///
/// # Errors
/// `INSUFFICIENT_CASH` when it is paid from a cash account that has less.
pub(super) async fn arrive(
    txn: &Txn,
    purchase: purchase::Model,
    payment: Option<&payment::Model>,
) -> Result<purchase::Model> {
    if let Some(kept) = purchase.promo_redemption_id {
        promo_codes::lock_kept(txn, kept).await?;
    }
    let ready = connects::ready(txn, WalletSet::of([purchase.wallet_id])).await?;
    let lot = Grant {
        kind: HistoryKind::Purchase,
        quantity: Connects(purchase.quantity),
        effective_at: txn.now(),
        business_key: format!("{}/{}", HistoryKind::Purchase, purchase.id),
        document: (DocumentKind::Purchase, purchase.id.to_string()),
    };
    grant(txn, &lot, &ready).await?;
    let entry_seq = connects::store::find_entry_seq(txn, purchase.wallet_id, &lot.business_key).await?;
    if let Some(kept) = purchase.promo_redemption_id {
        promo_codes::use_up(txn, kept).await?;
    }
    notify(txn, vec![bought(&purchase, txn.now())]).await?;
    sold(txn, purchase, payment, entry_seq).await
}

/// Books what was issued by the entry `entry_seq`, if anything is to be paid for it; returns the purchase as it is now.
pub(super) async fn sold(
    txn: &Txn,
    purchase: purchase::Model,
    payment: Option<&payment::Model>,
    entry_seq: Option<i64>,
) -> Result<purchase::Model> {
    if let Some(payment) = payment {
        postings::sell(txn, &purchase, payment).await?;
    }
    let state = moved(purchase.state, PurchaseMove::Pay)?;
    Ok(purchase::Model { state, entry_seq, ended_at: Some(txn.now()), ..purchase })
}

/// The purchase now that its payment has failed.
pub(super) fn fell_through(txn: &Txn, purchase: purchase::Model) -> Result<purchase::Model> {
    let state = moved(purchase.state, PurchaseMove::Fail)?;
    Ok(purchase::Model { state, ended_at: Some(txn.now()), ..purchase })
}
