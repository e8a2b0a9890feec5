//! Locked accounts, in which transactions are decided one after the other and written at once.

use std::collections::{BTreeMap, BTreeSet};

use super::{Holder, rules, store};
use crate::{
    clock::Instant,
    db::{Txn, Writes},
    entity::{
        cash_account, cash_posting, cash_transaction,
        enums::{CashDocumentKind, CashKind, Currency},
        ids::{AccountId, CashTransactionId},
    },
    error::{Fault, Result},
};

/// The currency of the journal (W-5).
const CURRENCY: Currency = Currency::Usd;

/// A transaction, apart from its amounts.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What happens.
    pub kind: CashKind,
    /// Unique in the journal.
    pub business_key: String,
    /// The document that causes it.
    pub document: (CashDocumentKind, uuid::Uuid),
    /// Who acts; absent for the system.
    pub actor: Option<AccountId>,
    /// The transaction that it reverses, wholly or in part.
    pub reverses: Option<CashTransactionId>,
    /// When it counts; never later than now.
    pub effective_at: Instant,
}

/// Accounts locked by this transaction of the database, with their running balances and what is still to be written.
#[derive(Debug)]
pub struct Journal {
    now: Instant,
    accounts: BTreeMap<Holder, cash_account::Model>,
    transactions: Vec<(cash_transaction::Model, Vec<cash_posting::Model>)>,
}

impl Journal {
    /// Locks the accounts of `holders`, which are opened if they do not exist, and what the people among them owe. Accounts
    /// are locked after everything else but disputes, in the order of their ids.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn lock(txn: &Txn, holders: &[Holder]) -> Result<Self> {
        let debts = holders.iter().filter_map(|holder| match holder {
            Holder::Person(id) => Some(Holder::Receivable(*id)),
            _ => None,
        });
        let wanted: BTreeSet<_> = holders.iter().copied().chain(debts).collect();
        let mut rows = store::lock_accounts(txn, &wanted).await?;
        // Debts are opened, too: a row that another transaction opens meanwhile would not be seen in this statement, and
        // income would not settle what is owed.
        let exists = |holder: &Holder| rows.iter().any(|row| holder.is(row));
        let missing: BTreeSet<_> = wanted.iter().copied().filter(|holder| !exists(holder)).collect();
        if !missing.is_empty() {
            store::insert_accounts(txn, &missing, CURRENCY).await?;
            rows = store::lock_accounts(txn, &wanted).await?;
        }
        let known = |row: cash_account::Model| Some((wanted.iter().copied().find(|one| one.is(&row))?, row));
        let accounts = rows.into_iter().filter_map(known).collect();
        Ok(Self { now: txn.now(), accounts, transactions: Vec::new() })
    }

    /// What the account holds, in minor units, after all that was decided so far; zero if nobody has opened it.
    pub fn balance(&self, holder: Holder) -> i64 {
        self.accounts.get(&holder).map_or(0, |account| account.balance)
    }

    /// Decides a transaction: each account of `legs` gets its amount, in minor units; together they are nothing, and those
    /// of nothing are left out. What a person gets settles first what they owe (O-5).
    ///
    /// # Errors
    /// [`Fault::Broken`] when the amounts do not sum to zero, or an account is not locked.
    pub fn post(&mut self, entry: &Entry, legs: &[(Holder, i64)]) -> Result<CashTransactionId> {
        let legs: Vec<_> = legs.iter().copied().filter(|(_, amount)| *amount != 0).collect();
        if legs.len() < 2 || legs.iter().map(|(_, amount)| amount).sum::<i64>() != 0 {
            return Err(Fault::Broken(format!("{} does not balance", entry.business_key)).into());
        }
        let income = legs.iter().copied().filter(|(_, amount)| *amount > 0);
        let income: Vec<_> = income.filter_map(|(holder, _)| holder.person()).collect();
        let id = self.append(entry, &legs)?;
        for person in income {
            self.settle(entry, person)?;
        }
        Ok(id)
    }

    /// Writes all that was decided.
    pub fn write(self, writes: &mut Writes<'_>) {
        let changed: BTreeSet<_> = self
            .transactions
            .iter()
            .flat_map(|(_, postings)| postings)
            .map(|one| one.cash_account_id)
            .collect();
        let accounts = self.accounts.values().filter(|row| changed.contains(&row.id)).collect::<Vec<_>>();
        store::update_balances(writes, &accounts);
        store::insert_transactions(writes, self.transactions);
    }

    /// Moves what `person` owes, as far as their cash reaches, from there to the debt.
    fn settle(&mut self, cause: &Entry, person: AccountId) -> Result<()> {
        let (cash, debt) = (Holder::Person(person), Holder::Receivable(person));
        let paid = rules::settled(self.balance(cash), self.balance(debt));
        if paid == 0 {
            return Ok(());
        }
        let entry = Entry {
            kind: CashKind::ReceivableSettled,
            business_key: format!("{}/{}", CashKind::ReceivableSettled, cause.business_key),
            reverses: None,
            ..cause.clone()
        };
        self.append(&entry, &[(cash, -paid), (debt, paid)])?;
        Ok(())
    }

    fn append(&mut self, entry: &Entry, legs: &[(Holder, i64)]) -> Result<CashTransactionId> {
        let id = CashTransactionId::new();
        let lines = legs.len() as i64;
        let (mut postings, mut sum, mut recorded_at) = (Vec::new(), 0, self.now);
        for (line, &(holder, amount)) in (1..).zip(legs) {
            let unlocked = || Fault::Broken(format!("{holder:?} is not locked"));
            let account = self.accounts.get_mut(&holder).ok_or_else(unlocked)?;
            account.balance += amount;
            account.last_seq += 1;
            recorded_at = recorded_at.max(account.last_recorded_at);
            postings.push(cash_posting::Model {
                cash_account_id: account.id,
                seq: account.last_seq,
                transaction_id: id,
                line,
                lines,
                next_line: if line == lines { 1 } else { line + 1 },
                sum_before: sum,
                sum_after: sum + amount,
                currency: CURRENCY,
                amount,
                balance_after: account.balance,
            });
            sum += amount;
        }
        for (holder, _) in legs {
            self.accounts.entry(*holder).and_modify(|account| account.last_recorded_at = recorded_at);
        }
        self.transactions.push((
            cash_transaction::Model {
                id,
                kind: entry.kind,
                business_key: entry.business_key.clone(),
                currency: CURRENCY,
                lines,
                document_kind: entry.document.0,
                document_id: entry.document.1,
                actor_id: entry.actor,
                reverses_id: entry.reverses,
                effective_at: entry.effective_at,
                recorded_at,
            },
            postings,
        ));
        Ok(id)
    }
}
