//! Taking away what is left of lots whose purchase was charged back, and giving it back (B-4).

use super::{
    Change,
    posting::{Amounts, Posting},
    rules::Destination,
    store,
};
use crate::{
    db::Txn,
    entity::{
        enums::{DocumentKind, HistoryKind},
        ids::WalletId,
    },
    error::Result,
    money::Connects,
};

/// Lots that were issued together, and those in which their Connects came back later.
#[derive(Clone, Debug)]
pub struct Issued {
    wallet: WalletId,
    lots: Vec<i64>,
}

impl Posting {
    /// Loads the lots of `wallet` that these entries issued, and those in which their Connects came
    /// back.
    ///
    /// # Errors
    /// [`Fault::Broken`](crate::error::Fault::Broken) when the wallet is not locked.
    pub async fn load_issued(&mut self, txn: &Txn, wallet: WalletId, entries: &[i64]) -> Result<Issued> {
        let mut lots = Vec::new();
        for lot in store::list_issued(txn, wallet, entries).await? {
            lots.push(lot.seq);
            self.locked(wallet)?.lots.entry(lot.seq).or_insert(lot);
        }
        Ok(Issued { wallet, lots })
    }

    /// Takes away what is left of `issued`, and from now on what returns to it; returns how many Connects went.
    ///
    /// # Errors
    /// [`Fault::Broken`](crate::error::Fault::Broken) when the lots are not loaded.
    pub fn revoke(&mut self, issued: &Issued, change: Change) -> Result<Connects> {
        let now = self.now;
        let mut left = Vec::new();
        for seq in &issued.lots {
            if let Some(lot) = self.locked(issued.wallet)?.lots.get_mut(seq) {
                lot.revoked_at = Some(now);
                left.push((*seq, lot.remaining));
            }
            self.note_revoked(issued.wallet, *seq);
        }
        let total: i64 = left.iter().map(|(_, remaining)| remaining).sum();
        if total == 0 {
            return Ok(Connects(0));
        }
        let amounts = Amounts { available: -total, held: 0, reverses: None };
        let entry = self.append(issued.wallet, change, amounts)?;
        for (lot, remaining) in left.into_iter().filter(|(_, remaining)| *remaining > 0) {
            self.move_lot(issued.wallet, entry, lot, -remaining)?;
        }
        Ok(Connects(total))
    }

    /// Gives back what was taken away of `issued`, where it was, and lets returns stay there from now on; returns how many
    /// Connects can be spent again. `change` is what happens, but for a number at the end of its key.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn reinstate(&mut self, txn: &Txn, issued: &Issued, change: &Change) -> Result<Connects> {
        for seq in &issued.lots {
            if let Some(lot) = self.locked(issued.wallet)?.lots.get_mut(seq) {
                lot.revoked_at = None;
            }
            self.note_revoked(issued.wallet, *seq);
        }
        let before = self.available(issued.wallet)?;
        let taken = store::list_revocations(txn, issued.wallet, &issued.lots).await?;
        let entries: Vec<_> = taken.iter().map(|seq| (issued.wallet, *seq)).collect();
        self.load_drawn(txn, &entries).await?;
        for (wallet, seq) in entries {
            let quantity = self.outstanding(wallet, seq)?.0;
            if quantity > 0 {
                let key = format!("{}/{seq}", change.business_key);
                let change = Change { business_key: key, ..change.clone() };
                self.give_back(wallet, seq, (quantity, 0), change, |_, _| Destination::SameLot)?;
            }
        }
        Ok(Connects(self.available(issued.wallet)?.0 - before.0))
    }
}

/// What the ledger writes when something returns to a lot that was revoked.
pub(super) fn gone_at_once(lot: i64, returned_by: i64) -> Change {
    Change {
        kind: HistoryKind::Chargeback,
        business_key: format!("{}/{lot}/{returned_by}", HistoryKind::Chargeback),
        document: (DocumentKind::Lot, lot.to_string()),
        actor: None,
    }
}
