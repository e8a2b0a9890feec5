//! Spending Connects, first in, first out (L-3).

use super::{
    Change,
    posting::{Amounts, Posting},
    rejection,
    rules::{self, OpenLot},
};
use crate::{entity::ids::WalletId, error::Result, money::Connects};

impl Posting {
    /// Spends `quantity` Connects of `wallet`; returns the entry's number.
    ///
    /// # Errors
    /// `INSUFFICIENT_CONNECTS` when the lots that have not expired hold fewer; nothing is changed then.
    pub fn spend(&mut self, wallet: WalletId, quantity: Connects, change: Change) -> Result<i64> {
        self.take(wallet, quantity, Connects(0), change)
    }

    /// Takes `quantity` out of the lots, `held` of which stay with the wallet as held Connects.
    pub(super) fn take(
        &mut self,
        wallet: WalletId,
        quantity: Connects,
        held: Connects,
        change: Change,
    ) -> Result<i64> {
        let now = self.now;
        let locked = self.locked(wallet)?;
        let open: Vec<_> = locked.lots.values().map(OpenLot::from).collect();
        let draws = rules::draws_of(&open, quantity.0, now)
            .ok_or_else(|| rejection::insufficient_connects(quantity, Connects(locked.wallet.available)))?;
        let amounts = Amounts { available: -quantity.0, held: held.0, reverses: None };
        let seq = self.append(wallet, change, amounts)?;
        for draw in draws {
            self.move_lot(wallet, seq, draw.lot_seq, -draw.quantity)?;
        }
        Ok(seq)
    }
}
