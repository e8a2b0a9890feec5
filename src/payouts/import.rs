//! What a bank or PayPal answers to a file takes effect (W-2).

use super::{
    Outcome,
    files::{self, Form},
    rejection, send, store,
};
use crate::{
    db::Txn,
    entity::{
        enums::PayoutState,
        ids::{PayoutBatchId, PayoutId},
    },
    error::Result,
    providers::payouts::Sent,
};

/// Payouts that one statement names.
const AT_ONCE: usize = 1_000;

/// What an answer has made of payouts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// How many lines the answer has that say something.
    pub lines: u64,
    /// How many payouts are over now that were not, or came back.
    pub settled: u64,
    /// How many lines name no payout of ours.
    pub unknown: u64,
}

/// Takes in an answer to a file; all of it or nothing. The same one again changes nothing.
///
/// # Errors
/// `INVALID_INPUT` when it cannot be read.
pub async fn import_answer(txn: &Txn, form: Form, text: &str) -> Result<Imported> {
    let answers = files::read(form, text)?;
    let mut imported = Imported { lines: answers.len() as u64, ..Imported::default() };
    for some in answers.chunks(AT_ONCE) {
        let references: Vec<_> = some.iter().map(|one| one.reference.as_str()).collect();
        let known = store::list_by_reference(txn, form.rail(), &references).await?;
        let outcome = |one: &files::Answered| {
            let id = known.iter().find(|(reference, _)| *reference == one.reference)?.1;
            let sent = one.failure.map_or(Sent::Paid(one.reference.clone()), Sent::Failed);
            Some(Outcome { id, sent })
        };
        let outcomes: Vec<_> = some.iter().filter_map(outcome).collect();
        imported.unknown += (some.len() - outcomes.len()) as u64;
        imported.settled += send::settle(txn, &outcomes).await?;
    }
    Ok(imported)
}

/// Notes that a bank has carried out a batch, but for what came back: BACS answers only with returns. Returns how many
/// payouts are paid by it.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn confirm_batch(txn: &Txn, batch: PayoutBatchId) -> Result<u64> {
    let rows = store::list_of_batch(txn, batch).await?;
    if rows.is_empty() {
        return Err(rejection::no_such_batch().into());
    }
    let open = rows.into_iter().filter(|(row, _)| row.state == PayoutState::Processing);
    let paid = |(id, reference): (PayoutId, Option<String>)| Outcome {
        id,
        sent: Sent::Paid(reference.unwrap_or_default()),
    };
    let outcomes: Vec<_> = open.map(|(row, _)| paid((row.id, row.reference))).collect();
    let mut settled = 0;
    for some in outcomes.chunks(AT_ONCE) {
        settled += send::settle(txn, some).await?;
    }
    Ok(settled)
}
