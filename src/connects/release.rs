//! Giving back what was held: with the life it had left when it was taken (T-4).

use super::{
    book::{Book, Change},
    rules,
};
use crate::{db::Txn, entity::ids::WalletId, error::Result};

impl Book {
    /// Releases `quantity` of the Connects that entry `hold_seq` of `wallet` holds; the last taken go
    /// back first. Returns the entry's number.
    ///
    /// # Errors
    /// [`Fault::Broken`](crate::error::Fault::Broken) when fewer are still held by that entry.
    pub async fn release(
        &mut self,
        txn: &Txn,
        wallet: WalletId,
        hold_seq: i64,
        quantity: i64,
        change: Change,
    ) -> Result<i64> {
        let now = self.now;
        let held = -quantity;
        self.give_back(txn, wallet, hold_seq, quantity, held, change, |lot, taken_at| {
            rules::release_destination(lot.expires_at, taken_at, now)
        })
        .await
    }
}
