//! What a bank or PayPal answers to a file takes effect (W-2).

use std::collections::HashSet;

use super::{
    Outcome,
    files::{self, Amount, Answered, Answers, Form, Whole},
    rejection, send, store,
};
use crate::{
    audit::{self, Record},
    cash,
    db::Txn,
    entity::{
        enums::{AuditAction, CashKind, PayoutFailure, PayoutRail, PayoutState},
        ids::PayoutBatchId,
        payout, payout_batch, payout_method,
    },
    error::{Rejection, Result},
    keys::sha256,
    money::Money,
    providers::payouts::Sent,
};

/// Payouts that one statement names.
const AT_ONCE: usize = 1_000;

/// What an answer has made of payouts.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// How many lines the answer has that say something.
    pub lines: u64,
    /// How many payouts are over now that were not, or came back.
    pub settled: u64,
    /// How many lines name no payout of ours.
    pub unknown: u64,
    /// The references of payouts that it calls paid, although an earlier answer or an operator has said that they failed: what
    /// they pay is due again, or was paid by others, so that somebody may have it twice.
    pub paid_after_failure: Vec<String>,
}

/// Takes in an answer to a file; all of it or nothing. The same one again changes nothing.
///
/// # Errors
/// `INVALID_INPUT` when it cannot be read, or says something else of a payout than its file did.
pub async fn import_answer(txn: &Txn, form: Form, text: &str) -> Result<Imported> {
    let answers = files::read(form, text)?;
    let mut imported = Imported {
        lines: answers.each.len() as u64 + u64::from(answers.whole.is_some()),
        ..Imported::default()
    };
    let batch = answers.message.as_deref().and_then(|message| message.parse().ok()).map(PayoutBatchId);
    must_count(txn, &answers, batch).await?;
    let contradicted = Contradicted::by(&answers);
    for some in answers.each.chunks(AT_ONCE) {
        let references: Vec<_> = some.iter().map(|one| one.reference.as_str()).collect();
        let known = store::list_by_reference(txn, form.rail(), &references).await?;
        for one in some {
            let Some(row) = known.iter().find(|row| row.reference.as_ref() == Some(&one.reference)) else {
                imported.unknown += 1;
                continue;
            };
            if answers.message.is_some() && row.batch_id != batch {
                return Err(rejection::of_another_file(&one.reference).into());
            }
            must_agree(row, one)?;
            if one.failure.is_none() && contradicted.has(txn, row).await? {
                imported.paid_after_failure.push(one.reference.clone());
            }
            let sent = one.failure.map_or(Sent::Paid(one.reference.clone()), Sent::Failed);
            // In the order of the file: what it calls paid may come back further down.
            imported.settled += send::settle(txn, &[Outcome { id: row.id, sent }]).await?;
        }
    }
    end_all(txn, &answers, batch, &mut imported).await?;
    let facts = serde_json::json!({
        "rail": form.rail(), "sha256": sha256(text), "message": answers.message, "settled": imported.settled,
        "paidAfterFailure": imported.paid_after_failure,
    });
    audit::record(txn, Record::new(AuditAction::PayoutAnswerImported, None).with(facts)).await?;
    Ok(imported)
}

/// Which payouts an answer calls paid that had failed.
struct Contradicted<'a> {
    /// Those of which the answer itself says that they failed, before or after it was paid.
    failing: HashSet<&'a str>,
}

impl<'a> Contradicted<'a> {
    fn by(answers: &'a Answers) -> Self {
        let failing = answers.each.iter().filter(|one| one.failure.is_some());
        Self { failing: failing.map(|one| one.reference.as_str()).collect() }
    }

    /// Whether an answer that calls `row` paid contradicts what was said before: it had failed, and had never been paid.
    async fn has(&self, txn: &Txn, row: &payout::Model) -> Result<bool> {
        let is_said = row.reference.as_deref().is_some_and(|reference| self.failing.contains(reference));
        if row.state != PayoutState::Failed || is_said {
            return Ok(false);
        }
        let key = format!("{}/{}", CashKind::PayoutPaid, row.id);
        Ok(cash::store::find_by_key(txn, &key).await?.is_none())
    }
}

/// Checks that an answer is to a file of as many payouts as ours had, and of as much, where it says so.
async fn must_count(txn: &Txn, answers: &Answers, batch: Option<PayoutBatchId>) -> Result<()> {
    let Some(batch) = batch else { return Ok(()) };
    let Some(row) = store::find_batch(txn, batch).await? else { return Ok(()) };
    let total = Money::new(row.total_minor, row.currency);
    let sums = |sum: &String| Money::parse(sum, row.currency) == Some(total);
    if answers.count.is_none_or(|count| count == row.payouts) && answers.sum.as_ref().is_none_or(sums) {
        return Ok(());
    }
    Err(rejection::other_total(row.payouts, total).into())
}

/// Checks that an answer is about the amount that was to be paid.
fn must_agree(row: &payout::Model, one: &Answered) -> Result<(), Rejection> {
    let agrees = match one.amount {
        Amount::Unsaid => true,
        Amount::Said(said) => row.paid_minor == Some(said.minor) && row.paid_currency == Some(said.currency),
        Amount::Foreign => false,
    };
    if agrees { Ok(()) } else { Err(rejection::other_amount(&one.reference)) }
}

/// Ends what is left of a file that was paid or refused as a whole.
async fn end_all(
    txn: &Txn,
    answers: &Answers,
    batch: Option<PayoutBatchId>,
    imported: &mut Imported,
) -> Result<()> {
    let Some(whole) = answers.whole else { return Ok(()) };
    let rows = match batch {
        Some(batch) => store::list_of_batch(txn, batch).await?,
        None => Vec::new(),
    };
    imported.unknown += u64::from(rows.is_empty());
    if rows.iter().any(|(_, method)| method.rail != PayoutRail::BankTransfer) {
        return Err(rejection::of_another_file(answers.message.as_deref().unwrap_or_default()).into());
    }
    let contradicted = Contradicted::by(answers);
    for (row, _) in &rows {
        // An answer about all of a file says nothing new of what was refused on its own.
        let is_refused = whole == Whole::Paid && row.failure == Some(PayoutFailure::FileRefused);
        if is_refused && contradicted.has(txn, row).await? {
            imported.paid_after_failure.extend(row.reference.clone());
        }
    }
    imported.settled += settle_rest(txn, rows.into_iter().map(|(row, _)| row), whole).await?;
    Ok(())
}

/// Ends those of `rows` that are on their way; returns how many. With what a refused file held nothing is wrong but the file.
async fn settle_rest(txn: &Txn, rows: impl Iterator<Item = payout::Model>, whole: Whole) -> Result<u64> {
    let outcome = |row: payout::Model| Outcome {
        id: row.id,
        sent: match whole {
            Whole::Paid => Sent::Paid(row.reference.unwrap_or_default()),
            Whole::Refused => Sent::Failed(PayoutFailure::FileRefused),
        },
    };
    let open = rows.filter(|row| row.state == PayoutState::Processing);
    let outcomes: Vec<_> = open.map(outcome).collect();
    let mut settled = 0;
    for some in outcomes.chunks(AT_ONCE) {
        settled += send::settle(txn, some).await?;
    }
    Ok(settled)
}

/// Notes that a bank has carried out a batch, but for what came back: BACS answers only with returns. Returns how many
/// payouts are paid by it.
///
/// # Errors
/// `NOT_FOUND`, `INVALID_INPUT` for a batch to which there is an answer, or whose file is not out.
pub async fn confirm_batch(txn: &Txn, batch: PayoutBatchId) -> Result<u64> {
    let (row, rows) = lock_batch(txn, batch).await?;
    if row.rail != PayoutRail::Bacs {
        return Err(rejection::answers_itself().into());
    }
    if row.written_at.is_none() || row.refused_at.is_some() {
        return Err(rejection::not_out().into());
    }
    end_batch(txn, batch, rows, Whole::Paid).await
}

/// Notes that a bank or PayPal has refused the file of a batch, and nothing of it was paid; from now on the file does not
/// appear, if it has not. Returns how many payouts failed by it, and the name of the file, if that may be out.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn refuse_batch(txn: &Txn, batch: PayoutBatchId) -> Result<(u64, Option<String>)> {
    let (row, rows) = lock_batch(txn, batch).await?;
    store::note_refused(txn, batch).await?;
    let settled = end_batch(txn, batch, rows, Whole::Refused).await?;
    Ok((settled, row.file))
}

type Rows = Vec<(payout::Model, payout_method::Model)>;

/// Locks a batch, so that its file does not appear meanwhile, and reads what is in it.
async fn lock_batch(txn: &Txn, id: PayoutBatchId) -> Result<(payout_batch::Model, Rows)> {
    let row = store::lock_batch(txn, id).await?.ok_or_else(rejection::no_such_batch)?;
    Ok((row, store::list_of_batch(txn, id).await?))
}

async fn end_batch(txn: &Txn, batch: PayoutBatchId, rows: Rows, whole: Whole) -> Result<u64> {
    let settled = settle_rest(txn, rows.into_iter().map(|(row, _)| row), whole).await?;
    let action = match whole {
        Whole::Paid => AuditAction::PayoutBatchConfirmed,
        Whole::Refused => AuditAction::PayoutBatchRefused,
    };
    let facts = serde_json::json!({ "batch": batch, "settled": settled });
    audit::record(txn, Record::new(action, None).with(facts)).await?;
    Ok(settled)
}
