//! Giving back what was spent (T-4): to the lots it came from, or to new ones, as the policy says.

use super::{
    Change,
    posting::{Amounts, Posting},
    revoke::gone_at_once,
    rules::{self, Destination, Draw},
};
use crate::{
    clock::Instant,
    entity::{
        enums::{DocumentKind, HistoryKind},
        ids::WalletId,
        lot,
    },
    error::{Fault, Result},
    money::Connects,
};

impl Posting {
    /// Gives back `quantity` of the Connects that entry `spend_seq` of `wallet` spent, which is
    /// [loaded](Posting::load_drawn); the last drawn go back first (T-7). Returns the entry's number.
    ///
    /// # Errors
    /// [`Fault::Broken`] when fewer are still out (T-3).
    pub fn refund(
        &mut self,
        wallet: WalletId,
        spend_seq: i64,
        quantity: Connects,
        change: Change,
    ) -> Result<i64> {
        let (now, returns) = (self.now, self.returns);
        self.give_back(wallet, spend_seq, (quantity.0, 0), change, |lot, taken_at| {
            rules::refund_destination(returns, lot.grace_used, lot.expires_at, taken_at, now)
        })
    }

    /// Gives back `quantity` of what entry `taken_seq` drew, and changes what it holds by `held`.
    pub(super) fn give_back(
        &mut self,
        wallet: WalletId,
        taken_seq: i64,
        (quantity, held): (i64, i64),
        change: Change,
        destination: impl Fn(&lot::Model, Instant) -> Destination,
    ) -> Result<i64> {
        let drawn = self.drawn(wallet, taken_seq)?;
        let out =
            || Fault::Broken(format!("entry {taken_seq} of {wallet} has not {quantity} left to return"));
        if drawn.held + held < 0 {
            return Err(out().into());
        }
        let parts = rules::returns_of(&drawn.draws, drawn.returned, quantity).ok_or_else(out)?;
        let kind = change.kind;
        let amounts = Amounts { available: quantity, held, reverses: Some(taken_seq) };
        let seq = self.append(wallet, change, amounts)?;
        for part in parts {
            let lot = self.locked(wallet)?.lots.get(&part.lot_seq).ok_or_else(out)?.clone();
            match destination(&lot, drawn.at) {
                // In one that has expired it would expire all the same.
                _ if lot.revoked_at.is_some() && lot.expires_at > self.now => {
                    self.gone(&lot, (seq, part), gone_at_once(lot.seq, seq), Some(seq))?;
                }
                _ if lot.revoked_at.is_some() => self.back_to(&lot, seq, part)?,
                Destination::SameLot => self.back_to(&lot, seq, part)?,
                Destination::NewLot { expires_at, grace } => {
                    self.add_returned_lot((seq, kind), &lot, part.quantity, expires_at, grace)?;
                }
            }
        }
        Ok(seq)
    }

    /// Gives `part` back to `lot` by entry `seq`; in an expired lot it expires at once, in a row of its own (T-7).
    fn back_to(&mut self, lot: &lot::Model, seq: i64, part: Draw) -> Result<()> {
        if lot.expires_at > self.now {
            return self.move_lot(lot.wallet_id, seq, part.lot_seq, part.quantity);
        }
        let expired = Change {
            kind: HistoryKind::Expired,
            business_key: format!("{}/{}/{seq}", HistoryKind::Expired, lot.seq),
            document: (DocumentKind::Lot, lot.seq.to_string()),
            actor: None,
        };
        self.gone(lot, (seq, part), expired, None)?;
        self.date_last(lot.expires_at);
        Ok(())
    }

    /// Gives `part` back to `lot` by entry `seq`, and takes it out again by `change`, which may reverse that.
    fn gone(
        &mut self,
        lot: &lot::Model,
        (seq, part): (i64, Draw),
        change: Change,
        reverses: Option<i64>,
    ) -> Result<()> {
        self.move_lot(lot.wallet_id, seq, part.lot_seq, part.quantity)?;
        let amounts = Amounts { available: -part.quantity, held: 0, reverses };
        let taken = self.append(lot.wallet_id, change, amounts)?;
        self.move_lot(lot.wallet_id, taken, part.lot_seq, -part.quantity)
    }
}
