//! The cash journal.

pub mod cash_account;
pub mod cash_posting;
pub mod cash_transaction;
