//! A person buys Connects (B-3): the purchase is written and its payment begins.

use serde::{Deserialize, Serialize};

use super::{
    Quote, Wanted, quote, rejection,
    rules::{Cost, Place},
    settle::arrive,
    store,
};
use crate::{
    accounts::{self, Acting},
    connects,
    db::Txn,
    entity::{
        enums::{Currency, PaymentPurpose, PaymentState, PurchaseItem, PurchaseState},
        ids::{PaymentId, PromoCodeId, PurchaseId, WalletId},
        payment, purchase,
    },
    error::Result,
    money::Money,
    payments::{self, Asked, Paying},
    promo_codes,
    viewer::Viewer,
};

/// What a person wants to buy.
#[derive(Clone, Copy, Debug)]
pub struct Buying {
    /// How many Connects, and with which promo code.
    pub wanted: Wanted,
    /// The total that the person saw; another one is refused.
    pub expected: Money,
    /// How they pay.
    pub paying: Paying,
}

/// A purchase whose payment has begun.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Bought {
    /// The purchase.
    pub purchase: PurchaseId,
    /// The payment, for which the provider is to be asked once this is committed; none if nothing is to be paid (B-6).
    pub payment: Option<PaymentId>,
}

/// Begins a purchase by `person` for their own wallet. One from their cash account is theirs at once, and so is one that a
/// promo code makes free (B-6).
///
/// # Errors
/// `INVALID_INPUT`, `NOT_A_FREELANCER`, `PURCHASES_FROZEN`, those of [`promo_codes::offer`], `PRICE_CHANGED`, `NOT_FOUND`,
/// `PAYMENT_METHOD_INVALID`, `NO_PAYMENT_METHOD`, `INSUFFICIENT_CASH`, `THROTTLED`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn buy(txn: &Txn, person: &Viewer, buying: Buying) -> Result<Bought> {
    let person = accounts::acting(txn, person.id()).await?;
    let wallet = connects::store::find_wallet_of(txn, person.id()).await?.ok_or_else(rejection::no_wallet)?;
    if store::is_frozen(txn, person.id()).await? {
        return Err(rejection::purchases_frozen().into());
    }
    if let Some(code) = buying.wanted.promo {
        promo_codes::lock(txn, code).await?;
    }
    let quote = quote(txn, txn.policy(), person.account(), buying.wanted, txn.now()).await?;
    let total = Money::new(quote.cost.total, Currency::Usd);
    if buying.expected != total {
        return Err(rejection::price_changed(total).into());
    }
    let row = order(txn, &person, wallet.id, (buying.wanted.promo, quote)).await?;
    let purchase = row.id;
    if total.minor == 0 {
        let done = arrive(txn, row, None).await?;
        store::update_purchase(txn, done).await?;
        return Ok(Bought { purchase, payment: None });
    }
    let payment = begin_payment(txn, &person, &row, buying.paying).await?;
    if payment.state == PaymentState::Paid {
        let done = arrive(txn, row, Some(&payment)).await?;
        store::update_purchase(txn, done).await?;
    }
    Ok(Bought { purchase, payment: Some(payment.id) })
}

/// Begins the payment of a purchase by `buyer`.
pub(super) async fn begin_payment(
    txn: &Txn,
    buyer: &Acting,
    row: &purchase::Model,
    paying: Paying,
) -> Result<payment::Model> {
    let amount = Money::new(row.total_cents, row.currency);
    let by = payments::way_of(txn, buyer, paying, amount).await?;
    let asked = Asked { by, purpose: purpose_of(row.item), document: row.id.0, amount };
    payments::begin(txn, buyer, &asked).await
}

/// What payments for such a purchase are called.
pub const fn purpose_of(item: PurchaseItem) -> PaymentPurpose {
    match item {
        PurchaseItem::Connects => PaymentPurpose::Connects,
        PurchaseItem::Membership => PaymentPurpose::Membership,
    }
}

/// Writes a purchase, and keeps the use of its promo code.
async fn order(
    txn: &Txn,
    buyer: &Acting,
    wallet: WalletId,
    (promo, quote): (Option<PromoCodeId>, Quote),
) -> Result<purchase::Model> {
    let kept = match promo {
        Some(code) => Some(promo_codes::reserve(txn, code, (buyer.id(), wallet), quote.offer).await?),
        None => None,
    };
    let row =
        purchase::Model { promo_redemption_id: kept, ..sketch(txn, buyer, wallet, quote.cost, quote.place) };
    store::insert_purchase(txn, row.clone()).await?;
    Ok(row)
}

/// A purchase of Connects that waits for its payment.
pub(super) fn sketch(
    txn: &Txn,
    buyer: &Acting,
    wallet: WalletId,
    cost: Cost,
    place: Place,
) -> purchase::Model {
    let rate = cost.taxed.as_ref().map_or(0, |taxed| taxed.rate_micros);
    purchase::Model {
        id: PurchaseId::new(),
        account_id: buyer.id(),
        wallet_id: wallet,
        quantity: cost.quantity,
        list_cents: cost.list,
        discount_cents: cost.discount,
        net_cents: cost.net,
        tax_cents: cost.tax,
        total_cents: cost.total,
        currency: Currency::Usd,
        country: place.country,
        region: place.region,
        tax_id: place.tax_id,
        reverse_charge: cost.taxed.as_ref().is_some_and(|taxed| taxed.reverse_charge),
        tax_name: cost.taxed.map(|taxed| taxed.name),
        tax_rate_micros: rate,
        policy_version: txn.version().number,
        state: PurchaseState::Pending,
        entry_seq: None,
        ordered_at: txn.now(),
        ended_at: None,
        charged_back_at: None,
        excused_at: None,
        item: PurchaseItem::Connects,
        plan: None,
        cycle_starts_at: None,
        promo_redemption_id: None,
    }
}
