//! Giving back what was spent (T-4): to the lots it came from, with thirty days at least.

use super::{
    book::{Amounts, Book, Change},
    rules::{self, Destination},
    store,
};
use crate::{
    clock::Instant,
    db::Txn,
    entity::{ids::WalletId, lot},
    error::{Fault, Result},
};

impl Book {
    /// Gives back `quantity` of the Connects that entry `spend_seq` of `wallet` spent; the last taken
    /// go back first (T-7). Returns the entry's number.
    ///
    /// # Errors
    /// [`Fault::Broken`] when fewer are still out (T-3).
    pub async fn refund(
        &mut self,
        txn: &Txn,
        wallet: WalletId,
        spend_seq: i64,
        quantity: i64,
        change: Change,
    ) -> Result<i64> {
        let now = self.now;
        self.give_back(txn, wallet, spend_seq, quantity, 0, change, |lot, taken_at| {
            rules::refund_destination(lot.grace_used, lot.expires_at, taken_at, now)
        })
        .await
    }

    #[allow(clippy::too_many_arguments, reason = "one body behind two verbs that differ in two of these")]
    pub(super) async fn give_back(
        &mut self,
        txn: &Txn,
        wallet: WalletId,
        taken_seq: i64,
        quantity: i64,
        held: i64,
        change: Change,
        destination: impl Fn(&lot::Model, Instant) -> Destination,
    ) -> Result<i64> {
        let taken = self.taken(txn, wallet, taken_seq).await?;
        let out =
            || Fault::Broken(format!("entry {taken_seq} of {wallet} has not {quantity} left to return"));
        if taken.held + held < 0 {
            return Err(out().into());
        }
        let returns = rules::returns_of(&taken.takings, taken.returned, quantity).ok_or_else(out)?;
        self.load_lots(txn, wallet, &returns).await?;
        let kind = change.kind;
        let amounts = Amounts { available: quantity, held, reverses: Some(taken_seq) };
        let seq = self.append(wallet, change, amounts)?;
        for part in returns {
            let lots = &self.page(wallet)?.lots;
            let lot = lots.get(&part.lot_seq).ok_or_else(out)?;
            match destination(lot, taken.at) {
                Destination::SameLot => self.move_lot(wallet, seq, part.lot_seq, part.quantity)?,
                Destination::NewLot { expires_at, grace } => {
                    let lot = lot.clone();
                    self.add_returned_lot((seq, kind), &lot, part.quantity, expires_at, grace)?;
                }
            }
        }
        Ok(seq)
    }

    /// Reads the lots that a return needs and that are not open.
    async fn load_lots(&mut self, txn: &Txn, wallet: WalletId, parts: &[rules::Taking]) -> Result<()> {
        let loaded = &self.page(wallet)?.lots;
        let missing: Vec<_> =
            parts.iter().map(|p| p.lot_seq).filter(|seq| !loaded.contains_key(seq)).collect();
        for lot in store::list_lots(txn, wallet, missing).await? {
            self.page(wallet)?.lots.insert(lot.seq, lot);
        }
        Ok(())
    }
}
