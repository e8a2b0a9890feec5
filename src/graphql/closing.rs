//! How accounts end.

pub mod account_closure;
