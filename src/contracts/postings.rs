//! The transactions that contracts write into the cash journal (O-2, O-5); `docs/MONEY.md` has them as tables.

use super::rejection::insufficient_cash;
use crate::{
    cash::{self, Entry, Holder, Journal, rules::reversed},
    clock::Instant,
    db::Txn,
    entity::{
        chargeback, contract,
        enums::{CashDocumentKind, CashKind, Currency, PaymentProvider, PaymentState},
        ids::{AccountId, MilestoneId},
        milestone, payment, refund,
    },
    error::{Rejection, Result},
    money::Money,
    payments::rejection,
};

/// Money that was released and goes back: how much, and the fee in it, in minor units.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reversal {
    /// How much, the fee included.
    pub cents: i64,
    /// The fee in it.
    pub fee: i64,
}

impl Reversal {
    /// Nothing goes back.
    pub const NONE: Self = Self { cents: 0, fee: 0 };
}

/// What happens, and by whom.
#[derive(Clone, Copy, Debug)]
struct Cause {
    kind: CashKind,
    document: (CashDocumentKind, uuid::Uuid),
    actor: Option<AccountId>,
    effective_at: Instant,
    /// What it reverses, wholly or in part: the transaction of this kind that this document caused.
    reverses: Option<(CashKind, uuid::Uuid)>,
}

/// A payment goes into escrow, and we owe it to the contract: the provider owes it to us, or it was the client's cash (P-3).
///
/// # Errors
/// `INSUFFICIENT_CASH`.
pub(super) async fn fund(txn: &Txn, contract: &contract::Model, payment: &payment::Model) -> Result<()> {
    let (from, escrow) = (source_of(payment.provider, payment.account_id), Holder::Escrow(contract.id));
    let cause = Cause {
        kind: CashKind::Funding,
        document: (CashDocumentKind::Payment, payment.id.0),
        actor: Some(payment.account_id),
        effective_at: txn.now(),
        reverses: None,
    };
    let cents = payment.amount_cents;
    let legs = |journal: &Journal| {
        if payment.provider == PaymentProvider::CashAccount {
            must_have(journal, (from, cents), rejection::cash_too_little)?;
        }
        Ok(vec![(from, -cents), (escrow, cents)])
    };
    post(txn, cause, &[from, escrow], legs).await
}

/// Where the money of a payment by `payer` comes from, and where it goes back to.
const fn source_of(provider: PaymentProvider, payer: AccountId) -> Holder {
    match provider {
        PaymentProvider::CashAccount => Holder::Person(payer),
        bank => Holder::Clearing(bank),
    }
}

/// Checks that a person has so much cash.
fn must_have(
    journal: &Journal,
    (person, cents): (Holder, i64),
    refusal: fn(Money, Money) -> Rejection,
) -> Result<()> {
    let (required, available) = (dollars(cents), dollars(journal.balance(person)));
    if available.minor < required.minor { Err(refusal(required, available).into()) } else { Ok(()) }
}

const fn dollars(cents: i64) -> Money {
    Money::new(cents, Currency::Usd)
}

/// Money leaves escrow: some is on its way back to the client, and what the milestone says is released to the freelancer,
/// less the fee. All accounts are locked at once, so that two who do the same do not wait for each other in a circle.
pub(super) async fn divide(
    txn: &Txn,
    contract: &contract::Model,
    refund: Option<&refund::Model>,
    released: Option<&milestone::Model>,
    actor: AccountId,
) -> Result<()> {
    let escrow = Holder::Escrow(contract.id);
    let earned = Holder::Person(contract.freelancer_id);
    let mut holders = vec![escrow];
    holders.extend(refund.into_iter().flat_map(|refund| back_to(contract, refund)));
    holders.extend(released.into_iter().flat_map(|_| [earned, Holder::Fees]));
    let mut journal = Journal::lock(txn, &holders).await?;
    if let Some(refund) = refund {
        let legs = vec![(escrow, -refund.amount_cents)];
        send_back(txn, &mut journal, contract, refund, legs, (CashKind::Funding, refund.payment_id.0), actor)
            .await?;
    }
    if let Some(milestone) = released {
        let cause = Cause {
            kind: CashKind::Release,
            document: (CashDocumentKind::Milestone, milestone.id.0),
            actor: Some(actor),
            effective_at: txn.now(),
            reverses: None,
        };
        let (cents, fee) = (milestone.released_cents, milestone.fee_cents);
        let legs = [(escrow, -cents), (earned, cents - fee), (Holder::Fees, fee)];
        journal.post(&entry_of(txn, cause).await?, &legs)?;
    }
    write(txn, journal).await
}

/// The accounts by which a refund goes back to the client.
fn back_to(contract: &contract::Model, refund: &refund::Model) -> Vec<Holder> {
    let cash =
        (refund.provider == PaymentProvider::CashAccount).then_some(Holder::Person(contract.client_id));
    [Holder::RefundsInTransit].into_iter().chain(cash).collect()
}

/// A refund, which `legs` pay, is on its way to the client; what they paid from their cash is there at once.
async fn send_back(
    txn: &Txn,
    journal: &mut Journal,
    contract: &contract::Model,
    refund: &refund::Model,
    mut legs: Vec<(Holder, i64)>,
    reverses: (CashKind, uuid::Uuid),
    actor: AccountId,
) -> Result<()> {
    let (back, cents) = (Holder::RefundsInTransit, refund.amount_cents);
    legs.push((back, cents));
    journal.post(&entry_of(txn, refunding(txn, refund, Some(actor), reverses)).await?, &legs)?;
    if refund.provider == PaymentProvider::CashAccount {
        let cause = arriving(txn, refund, CashKind::RefundPaid);
        let legs = [(back, -cents), (Holder::Person(contract.client_id), cents)];
        journal.post(&entry_of(txn, cause).await?, &legs)?;
    }
    Ok(())
}

/// Money that the freelancer gives back of what was released of a milestone, with the fee in it, is on its way to the
/// client.
///
/// # Errors
/// `INSUFFICIENT_CASH`.
pub(super) async fn refund_earnings(
    txn: &Txn,
    contract: &contract::Model,
    refund: &refund::Model,
    (milestone, fee): (MilestoneId, i64),
    actor: AccountId,
) -> Result<()> {
    let taken = Reversal { cents: refund.amount_cents, fee };
    let person = Holder::Person(contract.freelancer_id);
    let mut journal = lock_earnings(txn, contract, refund).await?;
    must_have(&journal, (person, taken.cents - fee), insufficient_cash)?;
    let legs = reverse(&journal, contract.freelancer_id, taken);
    send_back(txn, &mut journal, contract, refund, legs, (CashKind::Release, milestone.0), actor).await?;
    write(txn, journal).await
}

/// Locks what a refund of released money takes from, and what it goes to.
async fn lock_earnings(txn: &Txn, contract: &contract::Model, refund: &refund::Model) -> Result<Journal> {
    let mut holders = back_to(contract, refund);
    holders.extend([Holder::Person(contract.freelancer_id), Holder::Fees]);
    Journal::lock(txn, &holders).await
}

/// Money that an admin takes back of what was released of a milestone is on its way to the client; what the freelancer does
/// not have, they owe (O-5).
pub(super) async fn reclaim_earnings(
    txn: &Txn,
    contract: &contract::Model,
    refund: &refund::Model,
    (milestone, fee): (MilestoneId, i64),
    actor: AccountId,
) -> Result<()> {
    let taken = Reversal { cents: refund.amount_cents, fee };
    let mut journal = lock_earnings(txn, contract, refund).await?;
    let legs = reverse(&journal, contract.freelancer_id, taken);
    send_back(txn, &mut journal, contract, refund, legs, (CashKind::Release, milestone.0), actor).await?;
    write(txn, journal).await
}

/// The provider has said what became of a refund: it is paid, or it goes into the client's cash.
pub(super) async fn end_refund(txn: &Txn, refund: &refund::Model, payment: &payment::Model) -> Result<()> {
    let (kind, to) = match refund.state {
        PaymentState::Paid => (CashKind::RefundPaid, Holder::Clearing(payment.provider)),
        _ => (CashKind::RefundToCash, Holder::Person(payment.account_id)),
    };
    let (back, cents) = (Holder::RefundsInTransit, refund.amount_cents);
    post(txn, arriving(txn, refund, kind), &[back, to], |_| Ok(vec![(back, -cents), (to, cents)])).await
}

/// A refund that the provider had paid came back to it: it goes into the client's cash.
pub(super) async fn return_refund(txn: &Txn, refund: &refund::Model, payment: &payment::Model) -> Result<()> {
    let (bank, to) = (Holder::Clearing(payment.provider), Holder::Person(payment.account_id));
    let paid = (CashKind::RefundPaid, refund.id.0);
    let cause = Cause { kind: CashKind::RefundToCash, ..refunding(txn, refund, None, paid) };
    let cents = refund.amount_cents;
    post(txn, cause, &[bank, to], |_| Ok(vec![(bank, -cents), (to, cents)])).await
}

/// A bank took money back: `from_escrow` out of escrow, `taken` from the freelancer. For what the client was given back
/// before, they owe; that is a transaction of its own, because nobody sees what another person has (O-5).
pub(super) async fn charge_back(
    txn: &Txn,
    contract: &contract::Model,
    chargeback: &chargeback::Model,
    from_escrow: i64,
    taken: Reversal,
) -> Result<()> {
    let (bank, escrow) = (Holder::Clearing(chargeback.provider), Holder::Escrow(contract.id));
    let (client, freelancer) = (contract.client_id, contract.freelancer_id);
    let holders = [bank, escrow, Holder::Person(client), Holder::Person(freelancer), Holder::Fees];
    let mut journal = Journal::lock(txn, &holders).await?;
    let cause = |kind| Cause {
        kind,
        document: (CashDocumentKind::Chargeback, chargeback.id.0),
        actor: None,
        effective_at: chargeback.charged_back_at,
        reverses: Some((CashKind::Funding, chargeback.payment_id.0)),
    };
    if from_escrow + taken.cents > 0 {
        let mut legs = reverse(&journal, freelancer, taken);
        legs.extend([(escrow, -from_escrow), (bank, from_escrow + taken.cents)]);
        journal.post(&entry_of(txn, cause(CashKind::Chargeback)).await?, &legs)?;
    }
    let surplus = chargeback.amount_cents - from_escrow - taken.cents;
    if surplus > 0 {
        let mut legs = reverse(&journal, client, Reversal { cents: surplus, fee: 0 });
        legs.push((bank, surplus));
        journal.post(&entry_of(txn, cause(CashKind::ChargebackOfRefunded)).await?, &legs)?;
    }
    write(txn, journal).await
}

/// A bank gave back what it had taken: what was in escrow is there again as far as the charge-back says so, what had been
/// released is the freelancer's, less the fee, and the rest is the client's, in a transaction of its own.
pub(super) async fn win(txn: &Txn, contract: &contract::Model, chargeback: &chargeback::Model) -> Result<()> {
    let (bank, escrow) = (Holder::Clearing(chargeback.provider), Holder::Escrow(contract.id));
    let (client, freelancer) = (Holder::Person(contract.client_id), Holder::Person(contract.freelancer_id));
    let mut journal = Journal::lock(txn, &[bank, escrow, client, freelancer, Holder::Fees]).await?;
    let cause = |kind, reverses| Cause {
        kind,
        document: (CashDocumentKind::Chargeback, chargeback.id.0),
        actor: None,
        effective_at: txn.now(),
        reverses: Some((reverses, chargeback.id.0)),
    };
    let (restored, earned, fee) =
        (chargeback.restored_cents, chargeback.reversed_cents, chargeback.fee_cents);
    if restored + earned > 0 {
        let legs =
            [(bank, -restored - earned), (escrow, restored), (freelancer, earned - fee), (Holder::Fees, fee)];
        let cause = cause(CashKind::ChargebackWon, CashKind::Chargeback);
        journal.post(&entry_of(txn, cause).await?, &legs)?;
    }
    let rest = chargeback.amount_cents - restored - earned;
    if rest > 0 {
        let cause = cause(CashKind::ChargebackOfRefundedWon, CashKind::ChargebackOfRefunded);
        journal.post(&entry_of(txn, cause).await?, &[(bank, -rest), (client, rest)])?;
    }
    write(txn, journal).await
}

/// Takes a reversal from the fees and from the cash of `person`, who owes what is missing (O-5).
fn reverse(journal: &Journal, person: AccountId, reversal: Reversal) -> Vec<(Holder, i64)> {
    let cash = Holder::Person(person);
    let (taken, owed) = reversed(journal.balance(cash), reversal.cents - reversal.fee);
    vec![(cash, -taken), (Holder::Receivable(person), -owed), (Holder::Fees, -reversal.fee)]
}

fn refunding(
    txn: &Txn,
    refund: &refund::Model,
    actor: Option<AccountId>,
    reverses: (CashKind, uuid::Uuid),
) -> Cause {
    let document = (CashDocumentKind::Refund, refund.id.0);
    Cause { kind: CashKind::Refund, document, actor, effective_at: txn.now(), reverses: Some(reverses) }
}

/// A refund is over: it has arrived.
fn arriving(txn: &Txn, refund: &refund::Model, kind: CashKind) -> Cause {
    Cause { kind, reverses: None, ..refunding(txn, refund, None, (kind, refund.id.0)) }
}

/// Posts one transaction over `holders`, whose legs may depend on what they have.
async fn post(
    txn: &Txn,
    cause: Cause,
    holders: &[Holder],
    legs: impl FnOnce(&Journal) -> Result<Vec<(Holder, i64)>>,
) -> Result<()> {
    let mut journal = Journal::lock(txn, holders).await?;
    let legs = legs(&journal)?;
    journal.post(&entry_of(txn, cause).await?, &legs)?;
    write(txn, journal).await
}

async fn write(txn: &Txn, journal: Journal) -> Result<()> {
    let mut writes = txn.writes();
    journal.write(&mut writes);
    writes.run().await
}

/// The entry for a cause. A document causes one transaction of each kind.
async fn entry_of(txn: &Txn, cause: Cause) -> Result<Entry> {
    let key_of = |kind: CashKind, document: uuid::Uuid| format!("{kind}/{document}");
    let reverses = match cause.reverses {
        Some((kind, document)) => cash::store::find_by_key(txn, &key_of(kind, document)).await?,
        None => None,
    };
    Ok(Entry {
        kind: cause.kind,
        business_key: key_of(cause.kind, cause.document.1),
        document: cause.document,
        actor: cause.actor,
        reverses,
        effective_at: cause.effective_at,
    })
}
