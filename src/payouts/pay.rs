//! What a plan says is paid: payouts get rows, and the journal has them in transit, before any provider hears of them.

use std::collections::BTreeMap;

use super::{
    files::reference_of,
    notifications::sent,
    plan::{Line, Paid},
    store,
};
use crate::{
    cash::{Entry, Holder, Journal},
    db::Txn,
    entity::{
        enums::{
            CashDocumentKind, CashKind, Currency, PayoutProvider, PayoutPurpose, PayoutRail, PayoutState,
        },
        ids::{AccountId, PayoutBatchId, PayoutId},
        payout, payout_batch,
    },
    error::{Fault, Result},
    notifications::insert_notifications,
};

/// Pays these lines of a plan, of which none is held, by `provider`; returns how many.
///
/// # Errors
/// When the database refuses; [`Fault::Conflict`] when something of it was paid meanwhile.
pub(super) async fn pay(
    txn: &Txn,
    purpose: PayoutPurpose,
    lines: &[Line],
    provider: PayoutProvider,
    actor: Option<AccountId>,
) -> Result<u64> {
    let mut rows: Vec<_> = lines.iter().filter_map(|line| row_of(txn, purpose, line, provider)).collect();
    if rows.len() != lines.len() {
        return Err(Fault::Broken("a line of a plan that is held cannot be paid".into()).into());
    }
    let batches =
        if provider == PayoutProvider::File { batches_of(txn, lines, &mut rows) } else { Vec::new() };
    let mut writes = txn.writes();
    store::insert_batches(&mut writes, batches);
    writes.run().await?;
    match purpose {
        PayoutPurpose::Commissions => pay_commissions(txn, lines, &rows, actor).await?,
        PayoutPurpose::Withdrawal => store::send_withdrawals(txn, &rows).await?,
    }
    let told: Vec<_> = rows.iter().map(|row| sent(row, txn.now())).collect();
    let mut writes = txn.writes();
    insert_notifications(&mut writes, &told);
    writes.run().await?;
    Ok(rows.len() as u64)
}

/// Commissions leave what the platform gives away; those of one who is paid are taken once.
async fn pay_commissions(
    txn: &Txn,
    lines: &[Line],
    rows: &[payout::Model],
    actor: Option<AccountId>,
) -> Result<()> {
    let mut journal = Journal::lock(txn, &[Holder::Promotions, Holder::PayoutsInTransit]).await?;
    for row in rows {
        let legs = [(Holder::Promotions, -row.amount_cents), (Holder::PayoutsInTransit, row.amount_cents)];
        journal.post(&entry_of(txn, row.id, CashKind::Payout, actor), &legs)?;
    }
    let mut writes = txn.writes();
    store::insert_payouts(&mut writes, rows.to_vec());
    writes.run().await?;
    let mut writes = txn.writes();
    journal.write(&mut writes);
    writes.run().await?;
    let taken = store::take_locks(txn, rows).await?;
    let planned: i64 = lines.iter().map(|line| line.items).sum();
    if i64::try_from(taken).ok() != Some(planned) { Err(Fault::Conflict.into()) } else { Ok(()) }
}

/// The entry in the journal for what happens to a payout.
pub(super) fn entry_of(txn: &Txn, id: PayoutId, kind: CashKind, actor: Option<AccountId>) -> Entry {
    Entry {
        kind,
        business_key: format!("{kind}/{id}"),
        document: (CashDocumentKind::Payout, id.0),
        actor,
        reverses: None,
        effective_at: txn.now(),
    }
}

fn row_of(txn: &Txn, purpose: PayoutPurpose, line: &Line, provider: PayoutProvider) -> Option<payout::Model> {
    let Paid { currency, minor, rate_micros, rate_source } = line.paid.clone()?;
    Some(payout::Model {
        id: line.payout.unwrap_or_else(PayoutId::new),
        purpose,
        account_id: line.account,
        amount_cents: line.cents,
        currency: Currency::Usd,
        state: PayoutState::Processing,
        hold: None,
        failure: None,
        method_id: Some(line.method.as_ref()?.id),
        provider: Some(provider),
        batch_id: None,
        paid_currency: Some(currency),
        paid_minor: Some(minor),
        rate_micros: Some(rate_micros),
        rate_source: Some(rate_source),
        reference: None,
        attempts: 0,
        ask_at: (provider == PayoutProvider::Sandbox).then(|| txn.now()),
        created_at: txn.now(),
        sent_at: None,
        ended_at: None,
    })
}

/// Payouts that go by the same rail in the same currency leave together (W-2).
fn batches_of(txn: &Txn, lines: &[Line], rows: &mut [payout::Model]) -> Vec<payout_batch::Model> {
    let mut batches: BTreeMap<(PayoutRail, Currency), payout_batch::Model> = BTreeMap::new();
    for (line, row) in lines.iter().zip(rows) {
        let (Some(method), Some(paid)) = (&line.method, &line.paid) else { continue };
        let batch = batches.entry((method.rail, paid.currency)).or_insert_with(|| payout_batch::Model {
            id: PayoutBatchId::new(),
            rail: method.rail,
            currency: paid.currency,
            payouts: 0,
            total_minor: 0,
            created_at: txn.now(),
            file: None,
            draft: None,
            written_at: None,
            published_at: None,
            refused_at: None,
        });
        batch.payouts += 1;
        batch.total_minor += paid.minor;
        row.batch_id = Some(batch.id);
        row.reference = Some(reference_of(method.rail, row.id));
    }
    batches.into_values().collect()
}
