//! Giving back what was held: with the life it had left when it was taken (T-4).

use super::{Change, posting::Posting, rules};
use crate::{entity::ids::WalletId, error::Result, money::Connects};

impl Posting {
    /// Releases `quantity` of the Connects that entry `hold_seq` of `wallet` holds, which is
    /// [loaded](Posting::load_drawn); the last drawn go back first. Returns the entry's number.
    ///
    /// # Errors
    /// [`Fault::Broken`](crate::error::Fault::Broken) when fewer are still held by that entry.
    pub fn release(
        &mut self,
        wallet: WalletId,
        hold_seq: i64,
        quantity: Connects,
        change: Change,
    ) -> Result<i64> {
        let now = self.now;
        self.give_back(wallet, hold_seq, (quantity.0, -quantity.0), change, |lot, taken_at| {
            rules::release_destination(lot.expires_at, taken_at, now)
        })
    }
}
