//! The ledger: wallets, lots and their history.

pub mod history;
pub mod loaders;
pub mod lot;
pub mod of_viewer;
pub mod wallet;
