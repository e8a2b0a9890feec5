//! The ledger: wallets, lots and the history.

pub mod history;
pub mod loaders;
pub mod lot;
pub mod wallet;
