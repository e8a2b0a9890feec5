//! A person buys Connects (B-3): the purchase is written and its payment begins.

use serde::{Deserialize, Serialize};

use super::{Quote, quote, rejection, settle::arrive, store};
use crate::{
    accounts::{self, Acting},
    connects,
    db::Txn,
    entity::{
        enums::{Currency, PaymentPurpose, PaymentState, PurchaseState},
        ids::{PaymentId, PurchaseId, WalletId},
        purchase,
    },
    error::Result,
    money::Money,
    payments::{self, Asked, Paying},
    viewer::Viewer,
};

/// What a person wants to buy.
#[derive(Clone, Copy, Debug)]
pub struct Buying {
    /// How many Connects.
    pub quantity: i64,
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
    /// The payment, for which the provider is to be asked once this is committed.
    pub payment: PaymentId,
}

/// Begins a purchase by `person` for their own wallet; one from their cash account is theirs at once.
///
/// # Errors
/// `INVALID_INPUT`, `NOT_A_FREELANCER`, `PURCHASES_FROZEN`, `PRICE_CHANGED`, `NOT_FOUND`, `PAYMENT_METHOD_INVALID`,
/// `NO_PAYMENT_METHOD`, `INSUFFICIENT_CASH`, `THROTTLED`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn buy(txn: &Txn, person: &Viewer, buying: Buying) -> Result<Bought> {
    let person = accounts::acting(txn, person.id()).await?;
    let wallet = connects::store::find_wallet_of(txn, person.id()).await?.ok_or_else(rejection::no_wallet)?;
    let quote = quote(txn, txn.policy(), person.account(), buying.quantity, txn.now()).await?;
    if store::is_frozen(txn, person.id()).await? {
        return Err(rejection::purchases_frozen().into());
    }
    let total = Money::new(quote.cost.total, Currency::Usd);
    if buying.expected != total {
        return Err(rejection::price_changed(total).into());
    }
    let row = sketch(txn, &person, wallet.id, quote);
    let by = payments::way_of(txn, &person, buying.paying, total).await?;
    let asked = Asked { by, purpose: PaymentPurpose::Connects, document: row.id.0, amount: total };
    let bought = Bought { purchase: row.id, payment: begin(txn, &person, row, &asked).await? };
    Ok(bought)
}

/// Writes the purchase and its payment. What is paid from a cash account is issued at once.
async fn begin(txn: &Txn, person: &Acting, row: purchase::Model, asked: &Asked) -> Result<PaymentId> {
    let payment = payments::begin(txn, person, asked).await?;
    if payment.state != PaymentState::Paid {
        store::insert_purchase(txn, row).await?;
        return Ok(payment.id);
    }
    let row = arrive(txn, row, &payment).await?;
    store::insert_purchase(txn, row).await?;
    Ok(payment.id)
}

/// A purchase that waits for its payment.
fn sketch(txn: &Txn, buyer: &Acting, wallet: WalletId, Quote { cost, place, .. }: Quote) -> purchase::Model {
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
    }
}
