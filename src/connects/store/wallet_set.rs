//! The set of wallets that a statement is about, as a piece of SQL: one statement serves thousands of them.

use crate::{
    db::Sql,
    entity::ids::{AccountId, WalletId},
};

/// A set of wallets: a list of ids, or a sub-select that names them.
#[derive(Clone, Debug)]
pub struct WalletSet(Sql);

impl WalletSet {
    /// The set of these wallets.
    pub fn of(wallets: impl IntoIterator<Item = WalletId>) -> Self {
        Self(Sql::list(wallets))
    }

    /// The wallets of these people.
    pub fn owned_by(accounts: impl IntoIterator<Item = AccountId>) -> Self {
        let owned = Sql::new("SELECT id AS wallet_id FROM wallets WHERE account_id IN (");
        Self::select(owned.push(Sql::list(accounts)).push(")"))
    }

    /// The wallets that `select` names: a SELECT of one column, `wallet_id`.
    pub fn select(select: Sql) -> Self {
        Self(select)
    }

    /// As the content of the parentheses of an `IN ()`.
    pub fn ids(&self) -> Sql {
        self.0.clone()
    }
}
