//! Locked wallets, in which changes are decided one after the other and written at once.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, WalletSet, change::Drawn, store};
use crate::{
    clock::Instant,
    db::{Txn, Writes},
    entity::{entry, enums::HistoryKind, ids::WalletId, lot, movement, wallet},
    error::{Fault, Result},
    money::Connects,
    policy::Returns,
};

/// Wallets locked by this transaction, with their running state and what is still to be written.
#[derive(Debug)]
pub struct Posting {
    pub(super) now: Instant,
    wallets: BTreeMap<WalletId, LockedWallet>,
    entries: Vec<entry::Model>,
    new_lots: Vec<lot::Model>,
    movements: Vec<movement::Model>,
    /// The lots that were revoked, or are not any more.
    revoked: BTreeSet<(WalletId, i64)>,
    /// What earlier entries took, as far as it was loaded.
    drawn: BTreeMap<(WalletId, i64), Drawn>,
    /// Where refunds go.
    pub(super) returns: Returns,
}

/// One wallet's running state.
#[derive(Debug)]
pub(super) struct LockedWallet {
    pub wallet: wallet::Model,
    /// The open lots, and every other lot that a return needs.
    pub lots: BTreeMap<i64, lot::Model>,
}

/// The three changes of an entry, and what it reverses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Amounts {
    pub available: i64,
    pub held: i64,
    pub reverses: Option<i64>,
}

impl Posting {
    /// Locks `wallets` in the order of their ids, books their expired lots, and reads their open ones.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn lock(txn: &Txn, wallets: &WalletSet) -> Result<Self> {
        let mut posting = Self {
            now: txn.now(),
            wallets: BTreeMap::new(),
            entries: Vec::new(),
            new_lots: Vec::new(),
            movements: Vec::new(),
            revoked: BTreeSet::new(),
            drawn: BTreeMap::new(),
            returns: txn.policy().lots.returns,
        };
        let mut rows = store::lock_wallets(txn, wallets).await?;
        if rows.is_empty() {
            return Ok(posting);
        }
        let ids = WalletSet::of(rows.iter().map(|row| row.id));
        if rows.iter().any(|row| row.next_expiry_at.is_some_and(|at| at <= posting.now)) {
            store::book_expired(txn, &ids).await?;
            rows = store::lock_wallets(txn, &ids).await?;
        }
        posting.wallets = rows
            .into_iter()
            .map(|row| (row.id, LockedWallet { wallet: row, lots: BTreeMap::new() }))
            .collect();
        for lot in store::list_open_lots(txn, &ids).await? {
            posting.locked(lot.wallet_id)?.lots.insert(lot.seq, lot);
        }
        Ok(posting)
    }

    /// Connects of `wallet` that can be spent now, after all that was decided so far.
    ///
    /// # Errors
    /// [`Fault::Broken`] when the wallet is not locked.
    pub fn available(&self, wallet: WalletId) -> Result<Connects> {
        let locked = self.wallets.get(&wallet).ok_or_else(|| unlocked(wallet))?;
        Ok(Connects(locked.wallet.available))
    }

    /// The wallet as it will stand once the posting is written.
    ///
    /// # Errors
    /// [`Fault::Broken`] when the wallet is not locked.
    pub fn wallet(&self, wallet: WalletId) -> Result<&wallet::Model> {
        Ok(&self.wallets.get(&wallet).ok_or_else(|| unlocked(wallet))?.wallet)
    }

    /// An entry decided here, with its movements.
    pub fn entry(&self, wallet: WalletId, seq: i64) -> Option<(entry::Model, Vec<movement::Model>)> {
        let entry = self.entries.iter().find(|e| e.wallet_id == wallet && e.seq == seq)?;
        let its_own = |m: &&movement::Model| m.wallet_id == wallet && m.entry_seq == seq;
        Some((entry.clone(), self.movements.iter().filter(its_own).cloned().collect()))
    }

    /// The locked wallets.
    pub fn wallets(&self) -> impl Iterator<Item = &wallet::Model> {
        self.wallets.values().map(|locked| &locked.wallet)
    }

    /// Writes all that was decided, as sets. Lots and totals are set to where they stand here: while the wallets are
    /// locked, nobody else moves them.
    pub fn write(mut self, writes: &mut Writes<'_>) {
        let changed = self.entries.iter().map(|entry| entry.wallet_id);
        let changed: BTreeSet<_> = changed.chain(self.revoked.iter().map(|lot| lot.0)).collect();
        let moved: BTreeSet<_> = self.movements.iter().map(|one| (one.wallet_id, one.lot_seq)).collect();
        self.wallets.retain(|id, _| changed.contains(id));
        self.wallets.values_mut().for_each(LockedWallet::note_expiry);
        let new: BTreeSet<_> = self.new_lots.iter().map(key).collect();
        let lots = || self.wallets.values().flat_map(|locked| locked.lots.values());
        // Each in one of them: PostgreSQL makes all changes at once, and of two to a row only one takes effect.
        let revoked: Vec<_> = lots().filter(|lot| self.revoked.contains(&key(lot))).collect();
        let is_old = |lot: &lot::Model| !new.contains(&key(lot)) && !self.revoked.contains(&key(lot));
        let old: Vec<_> = lots().filter(|lot| moved.contains(&key(lot)) && is_old(lot)).collect();
        let new = lots().filter(|lot| new.contains(&key(lot))).cloned().collect();
        let totals: Vec<_> = self.wallets().collect();
        store::insert_history(writes, &self.entries, new, &self.movements);
        store::update_lots(writes, &old);
        store::update_revoked(writes, &revoked);
        store::update_totals(writes, &totals);
    }

    pub(super) fn locked(&mut self, wallet: WalletId) -> Result<&mut LockedWallet> {
        Ok(self.wallets.get_mut(&wallet).ok_or_else(|| unlocked(wallet))?)
    }

    /// Loads what `entries` (wallet and number) took, so that it can be given back: a fixed number of
    /// statements for any number of entries.
    ///
    /// # Errors
    /// [`Fault::Broken`] when there is no such entry.
    pub async fn load_drawn(&mut self, txn: &Txn, entries: &[(WalletId, i64)]) -> Result<()> {
        for (key, drawn) in store::list_drawn(txn, entries).await? {
            self.drawn.insert(key, drawn);
        }
        let mut missing = Vec::new();
        for key in entries {
            let drawn = self.drawn.get(key);
            let drawn =
                drawn.ok_or_else(|| Fault::Broken(format!("wallet {} has no entry {}", key.0, key.1)))?;
            let loaded = &self.wallets.get(&key.0).ok_or_else(|| unlocked(key.0))?.lots;
            let lots = drawn.draws.iter().map(|draw| draw.lot_seq);
            missing.extend(lots.filter(|lot| !loaded.contains_key(lot)).map(|lot| (key.0, lot)));
        }
        for lot in store::list_lots_by_key(txn, &missing).await? {
            self.locked(lot.wallet_id)?.lots.insert(lot.seq, lot);
        }
        Ok(())
    }

    /// How many Connects that entry `seq` of `wallet` took have not come back (T-3); it must be loaded.
    ///
    /// # Errors
    /// [`Fault::Broken`] when it is not.
    pub fn outstanding(&self, wallet: WalletId, seq: i64) -> Result<Connects> {
        let drawn = self.drawn(wallet, seq)?;
        Ok(Connects(drawn.draws.iter().map(|draw| draw.quantity).sum::<i64>() - drawn.returned))
    }

    /// What entry `seq` took, less what has come back, here or before.
    pub(super) fn drawn(&self, wallet: WalletId, seq: i64) -> Result<Drawn> {
        let not_loaded = || Fault::Broken(format!("entry {seq} of {wallet} is not loaded"));
        let mut drawn = self.drawn.get(&(wallet, seq)).ok_or_else(not_loaded)?.clone();
        for entry in self.entries.iter().filter(|e| e.wallet_id == wallet && e.reverses_seq == Some(seq)) {
            drawn.returned += entry.available_change;
            drawn.held += entry.held_change;
        }
        Ok(drawn)
    }

    /// Appends an entry to the running state; returns its number.
    pub(super) fn append(&mut self, wallet: WalletId, change: Change, amounts: Amounts) -> Result<i64> {
        let now = self.now;
        let row = &mut self.locked(wallet)?.wallet;
        row.last_entry_seq += 1;
        row.available += amounts.available;
        row.held += amounts.held;
        row.last_recorded_at = row.last_recorded_at.max(now);
        let entry = entry::Model {
            wallet_id: wallet,
            seq: row.last_entry_seq,
            kind: change.kind,
            available_change: amounts.available,
            held_change: amounts.held,
            outside_change: -(amounts.available + amounts.held),
            available_after: row.available,
            held_after: row.held,
            business_key: change.business_key,
            document_kind: change.document.0,
            document_id: change.document.1,
            actor_id: change.actor,
            reverses_seq: amounts.reverses,
            effective_at: now,
            recorded_at: row.last_recorded_at,
        };
        let seq = entry.seq;
        self.entries.push(entry);
        Ok(seq)
    }

    /// Has it written whether a lot is revoked.
    pub(super) fn note_revoked(&mut self, wallet: WalletId, lot_seq: i64) {
        self.revoked.insert((wallet, lot_seq));
    }

    /// Dates the entry appended last to `at`, before now (L-5).
    pub(super) fn date_last(&mut self, at: Instant) {
        if let Some(entry) = self.entries.last_mut() {
            entry.effective_at = at;
        }
    }

    /// Moves `quantity` (negative: out of the lot) by entry `entry_seq`.
    pub(super) fn move_lot(
        &mut self,
        wallet: WalletId,
        entry_seq: i64,
        lot_seq: i64,
        quantity: i64,
    ) -> Result<()> {
        let lot = self.locked(wallet)?.lots.get_mut(&lot_seq);
        let lot = lot.ok_or_else(|| Fault::Broken(format!("lot {lot_seq} of {wallet} is not loaded")))?;
        lot.remaining += quantity;
        lot.open = lot.remaining > 0;
        self.movements.push(movement::Model { wallet_id: wallet, entry_seq, lot_seq, quantity });
        Ok(())
    }

    /// Adds a lot of `quantity` that takes the place of `source` in the order of use (T-7).
    pub(super) fn add_returned_lot(
        &mut self,
        entry: (i64, HistoryKind),
        source: &lot::Model,
        quantity: i64,
        expires_at: Instant,
        grace: bool,
    ) -> Result<()> {
        let issued_at = self.now;
        let locked = self.locked(source.wallet_id)?;
        locked.wallet.last_lot_seq += 1;
        let lot = lot::Model {
            seq: locked.wallet.last_lot_seq,
            entry_seq: entry.0,
            source: entry.1,
            quantity,
            remaining: quantity,
            open: true,
            issued_at,
            expires_at,
            grace_used: grace || source.grace_used,
            origin_seq: Some(source.origin_seq.unwrap_or(source.seq)),
            revoked_at: None,
            ..source.clone()
        };
        locked.lots.insert(lot.seq, lot.clone());
        self.new_lots.push(lot);
        Ok(())
    }
}

impl LockedWallet {
    /// When the first of the open lots expires.
    fn note_expiry(&mut self) {
        let open = self.lots.values().filter(|lot| lot.open);
        self.wallet.next_expiry_at = open.map(|lot| lot.expires_at).min();
    }
}

fn key(lot: &lot::Model) -> (WalletId, i64) {
    (lot.wallet_id, lot.seq)
}

fn unlocked(wallet: WalletId) -> Fault {
    Fault::Broken(format!("wallet {wallet} is not locked"))
}
