//! Collecting money: the trait, and a provider for sandboxes. Outcomes are data, not errors: a caller must treat each of
//! them, and most of all the one that nobody knows.

mod sandbox;

use std::fmt::Debug;

pub use sandbox::Sandbox;

use crate::{
    entity::{
        enums::{PaymentFailure, PaymentProvider},
        ids::PaymentId,
    },
    error::Result,
    money::Money,
};

/// A charge. The provider carries out charges with one key once, however often it is asked.
#[derive(Clone, Debug)]
pub struct Charge {
    /// The idempotency key.
    pub key: PaymentId,
    /// The token of the payment method.
    pub token: String,
    /// How much.
    pub amount: Money,
}

/// The outcome of a charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Charged {
    /// It was collected; the provider calls it by this reference.
    Paid(String),
    /// It was refused, and nothing was collected.
    Failed(PaymentFailure),
    /// Nobody knows: ask again, with the same key.
    Unknown,
}

/// A payment method as its provider describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// What the person knows it by, such as "Visa ending in 4242".
    pub label: String,
}

/// A payment provider. It is never called within a transaction.
#[async_trait::async_trait]
pub trait Payments: Send + Sync + Debug {
    /// Which one it is.
    fn provider(&self) -> PaymentProvider;

    /// The payment method behind `token`; `None` if there is none that can be charged.
    ///
    /// # Errors
    /// When the provider cannot be reached.
    async fn describe(&self, token: &str) -> Result<Option<Method>>;

    /// Collects money.
    async fn charge(&self, charge: &Charge) -> Charged;

    /// The outcome of a charge that it has heard of; `None` if it has not. It is asked so once it may have forgotten the key.
    async fn find(&self, charge: &Charge) -> Option<Charged>;
}
