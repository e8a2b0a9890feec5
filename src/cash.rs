//! The cash journal: double-entry bookkeeping of money (P-3).
//!
//! Money is in *accounts*: with a person, in the escrow of a contract, with the platform, at a payment provider. What
//! happens is a *transaction* with a unique business key, so that doing it twice is doing it once; its *postings*
//! say how much each account gets (positive) or gives (negative).
//!
//! What always holds, by constraint where the database can say it, and proved by [`CHECKS`]:
//!
//! - the postings of a transaction sum to zero, and none is missing;
//! - an account's balance is the sum of its postings, and each posting says the balance after it;
//! - only what others owe is below zero; a person's cash and an escrow never are (X-5, O-5);
//! - transactions and postings never change and are never deleted.
//!
//! [`Journal`] is the only way in: it locks some accounts, lets the caller decide one transaction after the other against
//! their running balances, and writes all of it at once; a single one is a batch of one.

mod holder;
mod journal;
pub mod rules;
pub mod store;

pub use holder::Holder;
pub use journal::{Entry, Journal};
pub use store::{CHECKS, SECTIONS};
