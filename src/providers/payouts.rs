//! Paying people: the trait, and a provider for sandboxes. Outcomes are data: most of all the one that nobody knows.

pub mod sandbox;

use std::fmt::Debug;

pub use sandbox::Sandbox;

use crate::{
    entity::{enums::PayoutFailure, ids::PayoutId},
    money::Money,
};

/// Money that goes out.
#[derive(Clone, Debug)]
pub struct Transfer {
    /// The key: transfers with one key are carried out once, however often they are asked for.
    pub key: PayoutId,
    /// How much.
    pub amount: Money,
    /// Whose account it goes to, and what tells that account from all others.
    pub payee: Payee,
}

/// Where a transfer goes. Nothing of it is for logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Payee {
    /// Whose account it is.
    pub holder: String,
    /// What tells the account from all others.
    pub account: String,
}

impl Debug for Payee {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Payee(***)")
    }
}

/// The outcome of a transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It was carried out; the provider calls it by this reference.
    Paid(String),
    /// It was refused or came back, and the money is here.
    Failed(PayoutFailure),
    /// Nobody knows: ask again, with the same key.
    Unknown,
}

/// A provider of payouts that answers at once. It is never called within a transaction.
#[async_trait::async_trait]
pub trait Payouts: Send + Sync + Debug {
    /// Carries out a transfer, once however often it is asked.
    async fn pay(&self, transfer: &Transfer) -> Sent;

    /// The outcome of a transfer that it has heard of; `None` if it has not.
    async fn find(&self, transfer: &Transfer) -> Option<Sent>;
}
