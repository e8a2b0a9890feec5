//! The files of batches are written: complete or not at all, and the same whenever they are written (W-2).

use std::{collections::BTreeMap, io::Write, path::Path};

use super::{
    files::{Batch, Item},
    send::details_of,
    store,
};
use crate::{
    config::payouts::Payer,
    db::{Database, Txn},
    entity::{ids::PayoutBatchId, payout_batch},
    error::{Fault, Result},
    keys::Keys,
    private,
};

/// Writes the files that are not complete to `folder`, which only its owner can enter; returns how many. A file gets its name
/// only after its draft is noted as the one: anyone who takes files from there and sends them to a bank finds each once,
/// however many processes write at once, to one folder or to several. A process that is killed leaves a draft, which the next
/// one gives its name or removes.
///
/// # Errors
/// When the folder cannot be written to, or details cannot be decrypted.
pub async fn write_files(db: &Database, keys: &Keys, folder: &Path, payer: &Payer) -> Result<u64> {
    let unwritten = store::list_unwritten(db.read(), db.now().await?).await?;
    if !unwritten.is_empty() {
        private::create_folder(folder).map_err(|e| unusable(folder, &e))?;
    }
    let (mut written, mut broken) = (0, None);
    for batch in &unwritten {
        // One that cannot be written does not hold up the others.
        match write_one(db, keys, (folder, payer), batch).await {
            Ok(()) => written += 1,
            Err(error) => {
                tracing::error!(batch = %batch.id, %error, "a file of payouts cannot be written");
                broken = Some(error);
            }
        }
    }
    publish(db, folder).await?;
    broken.map_or(Ok(written), Err)
}

fn unusable(folder: &Path, error: &std::io::Error) -> Fault {
    Fault::Setup(format!("cannot write files of payouts to {}: {error}", folder.display()))
}

/// What the name of a draft ends in.
const DRAFT: &str = ".draft";

/// Characters of a batch's id.
const ID: usize = 36;

async fn write_one(
    db: &Database,
    keys: &Keys,
    (folder, payer): (&Path, &Payer),
    batch: &payout_batch::Model,
) -> Result<()> {
    let file = of(db, keys, payer, batch).await?;
    let (name, content) = (file.file_name(), file.write()?);
    // Another process may be writing its own.
    let draft = format!("{name}.{}{DRAFT}", uuid::Uuid::now_v7().simple());
    let written = private::create_file(&folder.join(&draft));
    let written = written.and_then(|mut to| to.write_all(&content).and_then(|()| to.sync_all()));
    written.and_then(|()| private::sync_folder(folder)).map_err(|e| unusable(folder, &e))?;
    db.write(async |txn| store::note_written(txn, batch.id, (&name, &draft)).await).await
}

/// Gives the drafts in `folder` that count the names of their files: a process may have been killed before that. Other drafts
/// are removed once their batch has a file or was refused: they have names and accounts of people.
///
/// # Errors
/// When a file cannot be renamed or removed; when the database cannot be reached.
pub async fn publish(db: &Database, folder: &Path) -> Result<()> {
    for batch in drafts_in(folder).keys() {
        db.write(async |txn| publish_one(txn, folder, *batch).await).await?;
    }
    for batch in store::list_unpublished(db.read()).await? {
        // It may have got its name just before its process was killed.
        if batch.file.is_some_and(|file| folder.join(file).exists()) {
            db.write(async |txn| store::note_published(txn, batch.id).await).await?;
        }
    }
    Ok(())
}

/// The drafts in `folder`, by their batches.
fn drafts_in(folder: &Path) -> BTreeMap<PayoutBatchId, Vec<String>> {
    let mut drafts: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for found in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = found.file_name().to_string_lossy().into_owned();
        if let Some(batch) = batch_of(&name) {
            drafts.entry(batch).or_default().push(name);
        }
    }
    drafts
}

/// The batch that a draft is of, which its name has before the first point, after the currency and the day.
fn batch_of(draft: &str) -> Option<PayoutBatchId> {
    let name = draft.strip_suffix(DRAFT)?.split('.').next()?;
    name.get(name.len().checked_sub(ID)?..)?.parse().ok().map(PayoutBatchId)
}

/// Names or removes the drafts of one batch. It is locked meanwhile, so that nobody refuses it between the two.
async fn publish_one(txn: &Txn, folder: &Path, id: PayoutBatchId) -> Result<()> {
    let Some(batch) = store::lock_batch(txn, id).await? else { return Ok(()) };
    if batch.written_at.is_none() && batch.refused_at.is_none() {
        // This may be what its file comes of.
        return Ok(());
    }
    let broken = |e| unusable(folder, &e);
    // Read again: another process may have been sooner.
    for draft in drafts_in(folder).remove(&id).unwrap_or_default() {
        let counts = batch.refused_at.is_none() && batch.draft.as_ref() == Some(&draft);
        match batch.file.as_ref().filter(|_| counts) {
            Some(file) => std::fs::rename(folder.join(draft), folder.join(file)).map_err(broken)?,
            None => std::fs::remove_file(folder.join(draft)).map_err(broken)?,
        }
        private::sync_folder(folder).map_err(broken)?;
        if counts {
            store::note_published(txn, id).await?;
        }
    }
    Ok(())
}

async fn of<'a>(
    db: &Database,
    keys: &Keys,
    payer: &'a Payer,
    batch: &payout_batch::Model,
) -> Result<Batch<'a>> {
    let mut items = Vec::new();
    for (payout, method) in store::list_of_batch(db.read(), batch.id).await? {
        let missing = || Fault::Broken(format!("payout {} is not ready for a file", payout.id));
        let (reference, minor) = payout.reference.clone().zip(payout.paid_minor).ok_or_else(missing)?;
        items.push(Item { reference, minor, details: details_of(keys, &method)? });
    }
    let day = batch.created_at.date_naive();
    Ok(Batch { id: batch.id, rail: batch.rail, currency: batch.currency, day, payer, items })
}
