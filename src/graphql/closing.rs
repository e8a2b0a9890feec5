//! Closing, reopening and erasing accounts.

pub mod account_closure;
