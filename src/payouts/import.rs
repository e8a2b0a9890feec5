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
        for one in some {
            let sent = one.failure.map_or(Sent::Paid(one.reference.clone()), Sent::Failed);
            let ids = match known.iter().find(|(reference, _)| *reference == one.reference) {
                Some((_, id)) => vec![*id],
                None => list_of_batch(txn, one).await?,
            };
            imported.unknown += u64::from(ids.is_empty());
            // In the order of the file: what it calls paid may come back further down.
            let outcomes: Vec<_> = ids.into_iter().map(|id| Outcome { id, sent: sent.clone() }).collect();
            imported.settled += send::settle(txn, &outcomes).await?;
        }
    }
    Ok(imported)
}

/// The payouts of a batch that was refused as a whole, if the answer names one.
async fn list_of_batch(txn: &Txn, one: &files::Answered) -> Result<Vec<PayoutId>> {
    let (Ok(id), Some(_)) = (one.reference.parse(), one.failure) else { return Ok(Vec::new()) };
    let rows = store::list_of_batch(txn, PayoutBatchId(id)).await?;
    Ok(rows.into_iter().map(|(row, _)| row.id).collect())
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
