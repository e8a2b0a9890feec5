//! Holding Connects for something undecided, and capturing them.

use super::{
    Change,
    posting::{Amounts, Posting},
};
use crate::{
    entity::ids::WalletId,
    error::{Fault, Result},
    money::Connects,
};

impl Posting {
    /// Takes `quantity` Connects of `wallet` out of its lots and holds them; they do not expire while
    /// held (L-7). Returns the entry's number.
    ///
    /// # Errors
    /// `INSUFFICIENT_CONNECTS`; nothing is changed then.
    pub fn hold(&mut self, wallet: WalletId, quantity: Connects, change: Change) -> Result<i64> {
        self.take(wallet, quantity, quantity, change)
    }

    /// Spends `quantity` of the Connects that entry `hold_seq` holds, which is
    /// [loaded](Posting::load_drawn). Nothing spendable changes, so the owner's history shows no row for it
    /// (H-7).
    ///
    /// # Errors
    /// [`Fault::Broken`] when fewer are still held by that entry.
    pub fn capture(
        &mut self,
        wallet: WalletId,
        hold_seq: i64,
        quantity: Connects,
        change: Change,
    ) -> Result<i64> {
        if self.drawn(wallet, hold_seq)?.held < quantity.0 {
            return Err(
                Fault::Broken(format!("entry {hold_seq} of {wallet} does not hold {quantity}")).into()
            );
        }
        let amounts = Amounts { available: 0, held: -quantity.0, reverses: Some(hold_seq) };
        self.append(wallet, change, amounts)
    }
}
