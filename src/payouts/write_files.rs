//! The files of batches are written: complete or not at all, and the same whenever they are written (W-2).

use std::{
    io::{ErrorKind, Write},
    path::Path,
};

use super::{
    files::{Batch, Item},
    send::details_of,
    store,
};
use crate::{
    config::payouts::Payer,
    db::Database,
    entity::payout_batch,
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

/// Gives the drafts in `folder` that are noted as written the names of their files: a process may have been killed between
/// the two. Other drafts of those files are removed: they have names and accounts of people.
///
/// # Errors
/// When a file cannot be renamed.
pub async fn publish(db: &Database, folder: &Path) -> Result<()> {
    let Ok(found) = std::fs::read_dir(folder) else { return Ok(()) };
    for found in found.flatten() {
        let draft = found.file_name().to_string_lossy().into_owned();
        if !draft.ends_with(DRAFT) {
            continue;
        }
        // If its file is not written yet, this may be what becomes of it.
        let Some((file, noted)) = store::find_draft(db.read(), &draft, file_of(&draft)).await? else {
            continue;
        };
        let done = if noted == draft {
            std::fs::rename(found.path(), folder.join(file))
        } else {
            std::fs::remove_file(found.path())
        };
        // Another process may have been sooner.
        let done = done.or_else(|e| if e.kind() == ErrorKind::NotFound { Ok(()) } else { Err(e) });
        done.and_then(|()| private::sync_folder(folder)).map_err(|e| unusable(folder, &e))?;
    }
    Ok(())
}

/// The name of the file that a draft is of.
fn file_of(draft: &str) -> &str {
    let name = draft.strip_suffix(DRAFT).unwrap_or(draft);
    name.rsplit_once('.').map_or(name, |(file, _)| file)
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
