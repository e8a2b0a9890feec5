//! A buyer's bank took back the payment for Connects (B-4): what is left of them is removed, and so is what returns to their
//! lots later. If the bank gives the payment back, so are they.

use super::{
    notifications::{charged_back, restored},
    postings,
    rules::{self, PurchaseMove, moved},
    store,
};
use crate::{
    connects::{Change, Issued, Posting, WalletSet},
    db::Txn,
    entity::{
        chargeback,
        enums::{DocumentKind, HistoryKind, PurchaseState},
        ids::{ChargebackId, PurchaseId},
        payment, purchase,
    },
    error::{Fault, Result},
    money::Connects,
    notifications::notify,
    payments::{self, Fall},
    promo_codes,
    providers::payments::Chargeback,
};

/// What a charge-back is about: rows that are locked.
struct Case {
    purchase: purchase::Model,
    payment: payment::Model,
}

/// Writes that a bank took back, or gave back, what `told` says of `named`, a payment for a purchase, with all that follows
/// from it; returns whether it was news. One that comes twice does nothing.
///
/// However little the bank takes, all that is left of the purchase goes.
///
/// # Errors
/// [`Fault::Broken`] when the payment failed, or was in another currency; when the database refuses.
pub async fn charge_back(txn: &Txn, named: &payment::Model, told: &Chargeback) -> Result<bool> {
    let case = lock(txn, named, told).await?;
    let news = payments::news_of(txn, named, told).await?;
    if news.is_taken {
        take(txn, case, told).await?;
    }
    if news.is_won {
        win(txn, named, told).await?;
    }
    Ok(news.is_taken || news.is_won)
}

/// Locks the purchase and the payment that a charge-back is about.
async fn lock(txn: &Txn, named: &payment::Model, told: &Chargeback) -> Result<Case> {
    let missing = || Fault::Broken(format!("charge-back {} is of no payment", told.reference));
    let purchase = store::lock_purchase(txn, PurchaseId(named.document_id)).await?.ok_or_else(missing)?;
    Ok(Case { purchase, payment: payments::lock_told(txn, named, told).await? })
}

/// A bank took money back.
async fn take(txn: &Txn, Case { purchase, payment }: Case, told: &Chargeback) -> Result<()> {
    let (sold_before, tax_before) = payments::store::sum_fall(txn, payment.id).await?;
    let cents = told.amount.minor.min(payment.amount_cents - sold_before);
    let cost = (purchase.total_cents, purchase.tax_cents);
    let tax = rules::tax_in(cost, sold_before + cents) - tax_before;
    let fall = Fall { escrow_cents: 0, reversed_cents: cents, fee_cents: tax };
    let chargeback = payments::record_chargeback(txn, payment, told, fall).await?;
    let removed = remove(txn, &purchase, chargeback.id).await?;
    postings::take_back(txn, purchase.account_id, &chargeback).await?;
    notify(txn, vec![charged_back(&purchase, chargeback.id, removed, txn.now())]).await?;
    let (state, before) = match purchase.state {
        PurchaseState::ChargedBack => (PurchaseState::ChargedBack, purchase.charged_back_at),
        other => (moved(other, PurchaseMove::ChargeBack)?, None),
    };
    // An excuse for another one is none for this one.
    let charged_back_at = before.or(Some(txn.now()));
    let taken = purchase::Model { state, charged_back_at, excused_at: None, ..purchase };
    store::update_purchase(txn, taken).await
}

/// Removes what is left of a purchase.
async fn remove(txn: &Txn, purchase: &purchase::Model, chargeback: ChargebackId) -> Result<Connects> {
    let (mut posting, issued) = issued(txn, purchase).await?;
    let change = change(purchase, format!("{}/{chargeback}", HistoryKind::Chargeback));
    let removed = posting.revoke(&issued, change)?;
    write(txn, posting).await?;
    Ok(removed)
}

/// A bank gave back what it had taken. Once it has given back all of it, the purchase stands again.
async fn win(txn: &Txn, named: &payment::Model, told: &Chargeback) -> Result<()> {
    // Read again: it may just have been taken.
    let Case { purchase, payment } = lock(txn, named, told).await?;
    let missing = || Fault::Broken(format!("charge-back {} vanished", told.reference));
    let known = payments::store::find_chargeback(txn, named.provider, &told.reference).await?;
    let won = payments::record_win(txn, payment, known.ok_or_else(missing)?, 0).await?;
    let is_whole = won.payment.charged_back_cents == 0;
    postings::restore(txn, purchase.account_id, &won.chargeback).await?;
    if is_whole {
        let given = reinstate(txn, &purchase, &won.chargeback).await?;
        notify(txn, vec![restored(&purchase, won.chargeback.id, given, txn.now())]).await?;
        let state = moved(purchase.state, PurchaseMove::Restore)?;
        let stands = purchase::Model { state, charged_back_at: None, excused_at: None, ..purchase };
        store::update_purchase(txn, stands).await?;
    }
    Ok(())
}

/// Gives back what was removed of a purchase.
async fn reinstate(txn: &Txn, purchase: &purchase::Model, won: &chargeback::Model) -> Result<Connects> {
    let (mut posting, issued) = issued(txn, purchase).await?;
    let change = change(purchase, format!("{}_WON/{}", HistoryKind::Chargeback, won.id));
    let given = posting.reinstate(txn, &issued, &change).await?;
    write(txn, posting).await?;
    Ok(given)
}

/// The buyer's wallet, locked, with the lots of the purchase and of its promo code.
async fn issued(txn: &Txn, purchase: &purchase::Model) -> Result<(Posting, Issued)> {
    let wallet = purchase.wallet_id;
    let mut posting = Posting::lock(txn, &WalletSet::of([wallet])).await?;
    let kept = match purchase.promo_redemption_id {
        Some(kept) => promo_codes::store::find_redemption(txn, kept).await?,
        None => None,
    };
    let bonus = kept.and_then(|kept| kept.entry_seq);
    let entries: Vec<_> = purchase.entry_seq.into_iter().chain(bonus).collect();
    let issued = posting.load_issued(txn, wallet, &entries).await?;
    Ok((posting, issued))
}

fn change(purchase: &purchase::Model, business_key: String) -> Change {
    Change {
        kind: HistoryKind::Chargeback,
        business_key,
        document: (DocumentKind::Purchase, purchase.id.to_string()),
        actor: None,
    }
}

async fn write(txn: &Txn, posting: Posting) -> Result<()> {
    let mut writes = txn.writes();
    posting.write(&mut writes);
    writes.run().await
}
