//! The transactions that purchases write into the cash journal (B-3, B-4); `docs/MONEY.md` has them as tables.

use crate::{
    cash::{self, Entry, Holder, Journal, rules::reversed},
    clock::Instant,
    db::Txn,
    entity::{
        chargeback,
        enums::{CashDocumentKind, CashKind, Currency, PaymentProvider},
        ids::{AccountId, CashTransactionId},
        payment, purchase,
    },
    error::Result,
    money::Money,
    payments::rejection,
};

/// A payment for Connects is a sale, and its tax is owed: the provider owes it to us, or it was the buyer's cash (P-3).
///
/// # Errors
/// `INSUFFICIENT_CASH`.
pub(super) async fn sell(txn: &Txn, purchase: &purchase::Model, payment: &payment::Model) -> Result<()> {
    let from = match payment.provider {
        PaymentProvider::CashAccount => Holder::Person(payment.account_id),
        bank => Holder::Clearing(bank),
    };
    let mut journal = Journal::lock(txn, &[from, Holder::Sales, Holder::Taxes]).await?;
    let (total, available) = (payment.amount_cents, journal.balance(from));
    if payment.provider == PaymentProvider::CashAccount && available < total {
        let dollars = |cents| Money::new(cents, Currency::Usd);
        return Err(rejection::cash_too_little(dollars(total), dollars(available)).into());
    }
    let legs = [(from, -total), (Holder::Sales, purchase.net_cents), (Holder::Taxes, purchase.tax_cents)];
    let document = (CashDocumentKind::Payment, payment.id.0);
    let entry = entry_of(CashKind::Sale, document, Some(payment.account_id), txn.now(), None);
    journal.post(&entry, &legs)?;
    write(txn, journal).await
}

/// A bank took back what `chargeback` says: what was sold, with the tax in it, is the platform's loss. What is more than the
/// payment, the buyer has twice, and owes (O-5).
pub(super) async fn take_back(txn: &Txn, buyer: AccountId, chargeback: &chargeback::Model) -> Result<()> {
    let (bank, buyer) = (Holder::Clearing(chargeback.provider), Holder::Person(buyer));
    let mut journal = Journal::lock(txn, &[bank, buyer, Holder::Sales, Holder::Taxes]).await?;
    let cause = |kind, reverses| {
        let document = (CashDocumentKind::Chargeback, chargeback.id.0);
        entry_of(kind, document, None, chargeback.charged_back_at, reverses)
    };
    let (sold, tax) = (chargeback.reversed_cents, chargeback.fee_cents);
    if sold > 0 {
        let reverses = find(txn, CashKind::Sale, chargeback.payment_id.0).await?;
        let legs = [(Holder::Sales, tax - sold), (Holder::Taxes, -tax), (bank, sold)];
        journal.post(&cause(CashKind::SaleChargedBack, reverses), &legs)?;
    }
    let surplus = chargeback.amount_cents - sold;
    if surplus > 0 {
        let (taken, owed) = reversed(journal.balance(buyer), surplus);
        let legs = [(buyer, -taken), (debt_of(buyer), -owed), (bank, surplus)];
        journal.post(&cause(CashKind::ChargebackOfRefunded, None), &legs)?;
    }
    write(txn, journal).await
}

/// A bank gave back what it had taken.
pub(super) async fn restore(txn: &Txn, buyer: AccountId, chargeback: &chargeback::Model) -> Result<()> {
    let (bank, buyer) = (Holder::Clearing(chargeback.provider), Holder::Person(buyer));
    let mut journal = Journal::lock(txn, &[bank, buyer, Holder::Sales, Holder::Taxes]).await?;
    let document = (CashDocumentKind::Chargeback, chargeback.id.0);
    let (sold, tax) = (chargeback.reversed_cents, chargeback.fee_cents);
    if sold > 0 {
        let reverses = find(txn, CashKind::SaleChargedBack, chargeback.id.0).await?;
        let legs = [(Holder::Sales, sold - tax), (Holder::Taxes, tax), (bank, -sold)];
        journal.post(&entry_of(CashKind::SaleRestored, document, None, txn.now(), reverses), &legs)?;
    }
    let surplus = chargeback.amount_cents - sold;
    if surplus > 0 {
        let reverses = find(txn, CashKind::ChargebackOfRefunded, chargeback.id.0).await?;
        let entry = entry_of(CashKind::ChargebackOfRefundedWon, document, None, txn.now(), reverses);
        journal.post(&entry, &[(bank, -surplus), (buyer, surplus)])?;
    }
    write(txn, journal).await
}

/// Where stands what a person owes.
fn debt_of(person: Holder) -> Holder {
    person.person().map_or(person, Holder::Receivable)
}

async fn find(txn: &Txn, kind: CashKind, document: uuid::Uuid) -> Result<Option<CashTransactionId>> {
    cash::store::find_by_key(txn, &key_of(kind, document)).await
}

fn entry_of(
    kind: CashKind,
    document: (CashDocumentKind, uuid::Uuid),
    actor: Option<AccountId>,
    effective_at: Instant,
    reverses: Option<CashTransactionId>,
) -> Entry {
    Entry { kind, business_key: key_of(kind, document.1), document, actor, reverses, effective_at }
}

/// A document causes one transaction of each kind.
fn key_of(kind: CashKind, document: uuid::Uuid) -> String {
    format!("{kind}/{document}")
}

async fn write(txn: &Txn, journal: Journal) -> Result<()> {
    let mut writes = txn.writes();
    journal.write(&mut writes);
    writes.run().await
}
