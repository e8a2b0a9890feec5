//! The files of batches are written: complete or not at all, and the same whenever they are written (W-2).

use std::path::Path;

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

/// Writes the files that are not complete to `folder`, which only its owner can enter; returns how many. A process that is
/// killed leaves none behind that is cut off, and the next one goes on.
///
/// # Errors
/// When the folder cannot be written to, or details cannot be decrypted.
pub async fn write_files(db: &Database, keys: &Keys, folder: &Path, payer: &Payer) -> Result<u64> {
    let unwritten = store::list_unwritten(db.read(), db.now().await?).await?;
    for batch in &unwritten {
        let file = of(db, keys, payer, batch).await?;
        let (name, content) = (file.file_name(), file.write()?);
        let unusable = |e| Fault::Setup(format!("cannot write {name} to {}: {e}", folder.display()));
        private::create_folder(folder).map_err(unusable)?;
        // One that is there is whole, and the same.
        private::create_whole(&folder.join(&name), &content).map_err(unusable)?;
        db.write(async |txn| store::note_written(txn, batch.id, &name).await).await?;
    }
    Ok(unwritten.len() as u64)
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
