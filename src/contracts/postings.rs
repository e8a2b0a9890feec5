//! The transactions that contracts write into the cash journal (O-2, O-5); `docs/MONEY.md` has them as tables.

use uuid::Uuid;

use super::rejection;
use crate::{
    cash::{Entry, Holder, Journal, rules::reversed},
    clock::Instant,
    db::Txn,
    entity::{
        chargeback, contract,
        enums::{CashDocumentKind, CashKind, PaymentState},
        ids::{AccountId, MilestoneId},
        payment, refund,
    },
    error::Result,
};

/// What happens, and by whom.
#[derive(Clone, Copy, Debug)]
struct Cause {
    kind: CashKind,
    document: (CashDocumentKind, Uuid),
    actor: Option<AccountId>,
    effective_at: Instant,
}

/// Money that was released and goes back: how much, and the fee in it, in minor units.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reversal {
    /// How much, the fee included.
    pub cents: i64,
    /// The fee in it.
    pub fee: i64,
}

/// A payment goes into escrow: the provider owes it to us, and we owe it to the contract.
pub(super) async fn fund(txn: &Txn, contract: &contract::Model, payment: &payment::Model) -> Result<()> {
    let (bank, escrow) = (Holder::Clearing(payment.provider), Holder::Escrow(contract.id));
    let document = (CashDocumentKind::Payment, payment.id.0);
    let cause =
        Cause { kind: CashKind::Funding, document, actor: Some(payment.account_id), effective_at: txn.now() };
    let cents = payment.amount_cents;
    post(txn, cause, &[bank, escrow], |_| Ok(vec![(bank, -cents), (escrow, cents)])).await
}

/// Money leaves escrow for the freelancer's cash, less the fee.
pub(super) async fn release(
    txn: &Txn,
    contract: &contract::Model,
    milestone: MilestoneId,
    (cents, fee): (i64, i64),
    actor: AccountId,
) -> Result<()> {
    let (escrow, earned) = (Holder::Escrow(contract.id), Holder::Person(contract.freelancer_id));
    let document = (CashDocumentKind::Milestone, milestone.0);
    let cause = Cause { kind: CashKind::Release, document, actor: Some(actor), effective_at: txn.now() };
    let legs = vec![(escrow, -cents), (earned, cents - fee), (Holder::Fees, fee)];
    post(txn, cause, &[escrow, earned, Holder::Fees], |_| Ok(legs)).await
}

/// Money in escrow is on its way back to the client.
pub(super) async fn refund_escrow(
    txn: &Txn,
    contract: &contract::Model,
    refund: &refund::Model,
    actor: AccountId,
) -> Result<()> {
    let (escrow, back) = (Holder::Escrow(contract.id), Holder::RefundsInTransit);
    let cents = refund.amount_cents;
    let cause = refunding(txn, refund, Some(actor));
    post(txn, cause, &[escrow, back], |_| Ok(vec![(escrow, -cents), (back, cents)])).await
}

/// Money that the freelancer gives back of what was released is on its way to the client.
///
/// # Errors
/// `INSUFFICIENT_CASH`.
pub(super) async fn refund_earnings(
    txn: &Txn,
    contract: &contract::Model,
    refund: &refund::Model,
    fee: i64,
    actor: AccountId,
) -> Result<()> {
    let (person, back) = (Holder::Person(contract.freelancer_id), Holder::RefundsInTransit);
    let (cents, cause) = (refund.amount_cents, refunding(txn, refund, Some(actor)));
    let legs = |journal: &Journal| {
        if journal.balance(person) < cents - fee {
            return Err(rejection::insufficient_cash(cents - fee, journal.balance(person)).into());
        }
        Ok(vec![(person, fee - cents), (Holder::Fees, -fee), (back, cents)])
    };
    post(txn, cause, &[person, Holder::Fees, back], legs).await
}

/// Money that an admin takes back of what was released is on its way to the client; what the freelancer does not have, they
/// owe (O-5).
pub(super) async fn reclaim_earnings(
    txn: &Txn,
    contract: &contract::Model,
    refund: &refund::Model,
    fee: i64,
    actor: AccountId,
) -> Result<()> {
    let taken = Reversal { cents: refund.amount_cents, fee };
    let back = Holder::RefundsInTransit;
    let holders = [of_earnings(contract).as_slice(), &[back]].concat();
    let legs = |journal: &Journal| {
        let mut legs = reverse(journal, contract.freelancer_id, taken);
        legs.push((back, taken.cents));
        Ok(legs)
    };
    post(txn, refunding(txn, refund, Some(actor)), &holders, legs).await
}

/// The provider has said what became of a refund: it is paid, or it goes into the client's cash.
pub(super) async fn end_refund(txn: &Txn, refund: &refund::Model, payment: &payment::Model) -> Result<()> {
    let (kind, to) = match refund.state {
        PaymentState::Paid => (CashKind::RefundPaid, Holder::Clearing(payment.provider)),
        _ => (CashKind::RefundToCash, Holder::Person(payment.account_id)),
    };
    let (back, cents) = (Holder::RefundsInTransit, refund.amount_cents);
    let cause = Cause { kind, ..refunding(txn, refund, None) };
    post(txn, cause, &[back, to], |_| Ok(vec![(back, -cents), (to, cents)])).await
}

/// A bank took money back. What of it is in escrow comes from there, and the rest of that escrow goes into the client's
/// cash; what was released comes from the freelancer; for what the client was given back before, they owe (O-5).
pub(super) async fn charge_back(
    txn: &Txn,
    contract: &contract::Model,
    chargeback: &chargeback::Model,
    in_escrow: i64,
    taken: Reversal,
) -> Result<()> {
    let (bank, escrow) = (Holder::Clearing(chargeback.provider), Holder::Escrow(contract.id));
    let client = Holder::Person(contract.client_id);
    let from_escrow = in_escrow.min(chargeback.amount_cents);
    let surplus = chargeback.amount_cents - from_escrow - taken.cents;
    let document = (CashDocumentKind::Chargeback, chargeback.id.0);
    let effective_at = chargeback.charged_back_at;
    let cause = Cause { kind: CashKind::Chargeback, document, actor: None, effective_at };
    let sides = [escrow, bank, client, Holder::Receivable(contract.client_id)];
    let holders = [of_earnings(contract).as_slice(), &sides].concat();
    let legs = |journal: &Journal| {
        let mut legs = reverse(journal, contract.freelancer_id, taken);
        legs.extend(reverse(journal, contract.client_id, Reversal { cents: surplus, fee: 0 }));
        legs.extend([(escrow, -in_escrow), (client, in_escrow - from_escrow)]);
        legs.push((bank, chargeback.amount_cents));
        Ok(legs)
    };
    post(txn, cause, &holders, legs).await
}

/// The accounts that [`reverse`] takes from.
fn of_earnings(contract: &contract::Model) -> [Holder; 3] {
    let freelancer = contract.freelancer_id;
    [Holder::Person(freelancer), Holder::Receivable(freelancer), Holder::Fees]
}

/// Takes a reversal from the fees and from the cash of `person`, who owes what is missing (O-5).
fn reverse(journal: &Journal, person: AccountId, reversal: Reversal) -> Vec<(Holder, i64)> {
    let cash = Holder::Person(person);
    let (taken, owed) = reversed(journal.balance(cash), reversal.cents - reversal.fee);
    vec![(cash, -taken), (Holder::Receivable(person), -owed), (Holder::Fees, -reversal.fee)]
}

fn refunding(txn: &Txn, refund: &refund::Model, actor: Option<AccountId>) -> Cause {
    let document = (CashDocumentKind::Refund, refund.id.0);
    Cause { kind: CashKind::Refund, document, actor, effective_at: txn.now() }
}

/// Posts one transaction over `holders`, whose legs may depend on what they have. A document has one of each kind.
async fn post(
    txn: &Txn,
    cause: Cause,
    holders: &[Holder],
    legs: impl FnOnce(&Journal) -> Result<Vec<(Holder, i64)>>,
) -> Result<()> {
    let mut journal = Journal::lock(txn, holders).await?;
    let entry = Entry {
        kind: cause.kind,
        business_key: format!("{}/{}", cause.kind, cause.document.1),
        document: cause.document,
        actor: cause.actor,
        reverses: None,
        effective_at: cause.effective_at,
    };
    let legs = legs(&journal)?;
    journal.post(&entry, &legs)?;
    let mut writes = txn.writes();
    journal.write(&mut writes);
    writes.run().await
}
