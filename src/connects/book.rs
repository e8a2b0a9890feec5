//! A book of locked wallets, in which changes are decided one after the other and written at once.

use std::collections::BTreeMap;

use super::{rules, store};
use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        entry,
        enums::{DocumentKind, EntryKind},
        ids::{AccountId, WalletId},
        lot, movement, wallet,
    },
    error::{Fault, Result},
    policy::Returns,
};

/// What a change of a wallet is, apart from its numbers.
#[derive(Clone, Debug)]
pub struct Change {
    /// What happened.
    pub kind: EntryKind,
    /// Unique in the wallet.
    pub business_key: String,
    /// The document that causes it.
    pub document: (DocumentKind, String),
    /// Who acted; absent for the system.
    pub actor: Option<AccountId>,
}

/// Wallets locked by this transaction, with their running state and what is still to be written.
#[derive(Debug)]
pub struct Book {
    pub(super) now: Instant,
    wallets: BTreeMap<WalletId, Page>,
    entries: Vec<entry::Model>,
    new_lots: Vec<lot::Model>,
    movements: Vec<movement::Model>,
    /// What earlier entries took, as far as it was loaded.
    taken: BTreeMap<(WalletId, i64), Taken>,
    /// Where refunds go.
    pub(super) returns: Returns,
}

/// One wallet's running state.
#[derive(Debug)]
pub(super) struct Page {
    pub wallet: wallet::Model,
    /// The open lots, and every other lot that a return needs.
    pub lots: BTreeMap<i64, lot::Model>,
}

/// An entry and the lots behind it: what a return needs to know of what it returns.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    /// When it was taken.
    pub at: Instant,
    /// From which lots, in the order of use.
    pub takings: Vec<rules::Taking>,
    /// How many have come back into lots.
    pub returned: i64,
    /// How many it still holds.
    pub held: i64,
}

/// The three changes of an entry, and what it reverses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Amounts {
    pub available: i64,
    pub held: i64,
    pub reverses: Option<i64>,
}

impl Book {
    /// Locks `wallets` in the order of their ids, books their expired lots, and reads their open ones.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn lock(txn: &Txn, wallets: &[WalletId]) -> Result<Self> {
        let mut book = Self {
            now: txn.now(),
            wallets: BTreeMap::new(),
            entries: Vec::new(),
            new_lots: Vec::new(),
            movements: Vec::new(),
            taken: BTreeMap::new(),
            returns: txn.policy().lots.returns,
        };
        if wallets.is_empty() {
            return Ok(book);
        }
        let ids = Sql::list(wallets.iter().copied());
        let mut rows = store::lock_wallets(txn, &ids).await?;
        if rows.iter().any(|row| row.next_expiry_at.is_some_and(|at| at <= book.now)) {
            store::book_expired(txn, &ids).await?;
            rows = store::lock_wallets(txn, &ids).await?;
        }
        book.wallets =
            rows.into_iter().map(|row| (row.id, Page { wallet: row, lots: BTreeMap::new() })).collect();
        for lot in store::list_open_lots(txn, &ids).await? {
            book.page(lot.wallet_id)?.lots.insert(lot.seq, lot);
        }
        Ok(book)
    }

    /// Connects of `wallet` that can be spent now, after all that was decided so far.
    ///
    /// # Errors
    /// [`Fault::Broken`] when the wallet is not locked.
    pub fn available(&self, wallet: WalletId) -> Result<i64> {
        let page = self.wallets.get(&wallet).ok_or_else(|| unlocked(wallet))?;
        Ok(page.wallet.available)
    }

    /// The wallet as it will stand once the book is written.
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

    /// Writes all that was decided, as sets.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn write(self, txn: &Txn) -> Result<()> {
        if self.entries.is_empty() {
            return Ok(());
        }
        let ids = Sql::list(self.wallets.keys().copied());
        store::insert_entries(txn, self.entries).await?;
        store::insert_lots(txn, self.new_lots).await?;
        store::insert_movements(txn, self.movements).await?;
        store::post(txn, &ids).await
    }

    pub(super) fn page(&mut self, wallet: WalletId) -> Result<&mut Page> {
        Ok(self.wallets.get_mut(&wallet).ok_or_else(|| unlocked(wallet))?)
    }

    /// Loads what `entries` (wallet and number) took, so that it can be given back: a fixed number of
    /// statements for any number of entries.
    ///
    /// # Errors
    /// [`Fault::Broken`] when there is no such entry.
    pub async fn load_taken(&mut self, txn: &Txn, entries: &[(WalletId, i64)]) -> Result<()> {
        for (key, taken) in store::list_taken(txn, entries).await? {
            self.taken.insert(key, taken);
        }
        let mut missing = Vec::new();
        for key in entries {
            let taken = self.taken.get(key);
            let taken =
                taken.ok_or_else(|| Fault::Broken(format!("wallet {} has no entry {}", key.0, key.1)))?;
            let loaded = &self.wallets.get(&key.0).ok_or_else(|| unlocked(key.0))?.lots;
            let lots = taken.takings.iter().map(|taking| taking.lot_seq);
            missing.extend(lots.filter(|lot| !loaded.contains_key(lot)).map(|lot| (key.0, lot)));
        }
        for lot in store::list_lots_by_key(txn, &missing).await? {
            self.page(lot.wallet_id)?.lots.insert(lot.seq, lot);
        }
        Ok(())
    }

    /// How many Connects that entry `seq` of `wallet` took have not come back (T-3); it must be loaded.
    ///
    /// # Errors
    /// [`Fault::Broken`] when it is not.
    pub fn outstanding(&self, wallet: WalletId, seq: i64) -> Result<i64> {
        let taken = self.taken(wallet, seq)?;
        Ok(taken.takings.iter().map(|taking| taking.quantity).sum::<i64>() - taken.returned)
    }

    /// What entry `seq` took, less what has come back, here or before.
    pub(super) fn taken(&self, wallet: WalletId, seq: i64) -> Result<Taken> {
        let not_loaded = || Fault::Broken(format!("entry {seq} of {wallet} is not loaded"));
        let mut taken = self.taken.get(&(wallet, seq)).ok_or_else(not_loaded)?.clone();
        for entry in self.entries.iter().filter(|e| e.wallet_id == wallet && e.reverses_seq == Some(seq)) {
            taken.returned += entry.available_change;
            taken.held += entry.held_change;
        }
        Ok(taken)
    }

    /// Appends an entry to the running state; returns its number.
    pub(super) fn append(&mut self, wallet: WalletId, change: Change, amounts: Amounts) -> Result<i64> {
        let now = self.now;
        let row = &mut self.page(wallet)?.wallet;
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
        let lot = self.page(wallet)?.lots.get_mut(&lot_seq);
        let lot = lot.ok_or_else(|| Fault::Broken(format!("lot {lot_seq} of {wallet} is not loaded")))?;
        lot.remaining += quantity;
        lot.open = lot.remaining > 0;
        self.movements.push(movement::Model { wallet_id: wallet, entry_seq, lot_seq, quantity });
        Ok(())
    }

    /// Adds a lot of `quantity` that takes the place of `source` in the order of use (T-7).
    pub(super) fn add_returned_lot(
        &mut self,
        entry: (i64, EntryKind),
        source: &lot::Model,
        quantity: i64,
        expires_at: Instant,
        grace: bool,
    ) -> Result<()> {
        let issued_at = self.now;
        let page = self.page(source.wallet_id)?;
        page.wallet.last_lot_seq += 1;
        let lot = lot::Model {
            seq: page.wallet.last_lot_seq,
            entry_seq: entry.0,
            source: entry.1,
            quantity,
            remaining: quantity,
            open: true,
            issued_at,
            expires_at,
            grace_used: grace || source.grace_used,
            ..source.clone()
        };
        page.lots.insert(lot.seq, lot.clone());
        self.new_lots.push(lot);
        Ok(())
    }
}

fn unlocked(wallet: WalletId) -> Fault {
    Fault::Broken(format!("wallet {wallet} is not locked"))
}
