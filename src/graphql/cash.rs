//! Cash: a person's money, and what moved it.

pub mod cash_account;
pub mod cash_entry;
pub mod loaders;
pub mod of_admin;
pub mod of_viewer;
