//! Collecting money: the trait, and a provider for sandboxes. Outcomes are data, not errors: a caller must treat each of
//! them, and most of all the one that nobody knows.

pub mod sandbox;
pub mod stripe;

use std::fmt::Debug;

pub use sandbox::Sandbox;
pub use stripe::Stripe;

use crate::{
    clock::Instant,
    entity::{
        enums::{PaymentFailure, PaymentProvider},
        ids::{AccountId, PaymentId, RefundId},
    },
    money::Money,
};

/// A charge.
#[derive(Clone, Debug)]
pub struct Charge {
    /// The idempotency key.
    pub key: PaymentId,
    /// The token of the payment method.
    pub token: String,
    /// How much.
    pub amount: Money,
}

/// A refund of a charge. The provider carries out refunds with one key once, however often it is asked.
#[derive(Clone, Debug)]
pub struct Refund {
    /// The idempotency key.
    pub key: RefundId,
    /// The charge, by the provider's own name for it.
    pub of: String,
    /// How much.
    pub amount: Money,
}

/// What a bank took back from the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chargeback {
    /// The provider's own name for it.
    pub reference: String,
    /// The charge, by the provider's own name for it.
    pub of: String,
    /// How much.
    pub amount: Money,
    /// When.
    pub at: Instant,
    /// Whether the bank has given it back: the platform won the dispute.
    pub is_won: bool,
}

impl Chargeback {
    /// The same as a line of the provider's list, of which both sides must know if it is from before `settled`.
    fn into_movement(self, settled: Instant) -> Movement {
        Movement {
            kind: MovementKind::Chargeback,
            reference: self.reference,
            key: None,
            of: Some(self.of),
            cents: self.amount.minor,
            currency: self.amount.currency.as_str().to_owned(),
            is_settled: self.at < settled,
        }
    }
}

/// The outcome of a charge or of a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Charged {
    /// It was carried out; the provider calls it by this reference.
    Paid(String),
    /// It was refused, and no money moved.
    Failed(PaymentFailure),
    /// Nobody knows: ask again, with the same key.
    Unknown,
}

/// A payment method as its provider describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// The token by which it is charged from now on.
    pub token: String,
    /// What the person knows it by, such as "Visa ending in 4242".
    pub label: String,
    /// What tells the card or account from all others, by whichever person it was added, if the provider says so (F-9).
    pub fingerprint: Option<String>,
}

/// What moved money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MovementKind {
    /// A charge that was carried out.
    Charge,
    /// A refund that was carried out.
    Refund,
    /// What a bank took back.
    Chargeback,
}

impl MovementKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Charge, Self::Refund, Self::Chargeback];
}

impl std::fmt::Display for MovementKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Charge => "payment",
            Self::Refund => "refund",
            Self::Chargeback => "charge-back",
        })
    }
}

/// A line of the provider's own list of what moved money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// What it is.
    pub kind: MovementKind,
    /// The provider's own name for it.
    pub reference: String,
    /// Our id, as far as the provider was told; banks know none.
    pub key: Option<String>,
    /// The charge that it is of, by the provider's own name; absent for a charge.
    pub of: Option<String>,
    /// How much, in minor units.
    pub cents: i64,
    /// The currency, as ISO 4217 writes it.
    pub currency: String,
    /// Whether it is so old that both sides must know of it.
    pub is_settled: bool,
}

/// The provider does not answer, or cannot say.
#[derive(Clone, Copy, Debug)]
pub struct Unreachable;

/// A payment provider. It is never called within a transaction.
#[async_trait::async_trait]
pub trait Payments: Send + Sync + Debug {
    /// Which one it is.
    fn provider(&self) -> PaymentProvider;

    /// The payment method behind `token`, which is kept for later charges of `owner`; `None` if there is none that can be
    /// charged, or it is somebody else's. A rehearsal keeps nothing.
    ///
    /// # Errors
    /// When the provider cannot be reached.
    async fn describe(
        &self,
        owner: AccountId,
        token: &str,
        rehearsal: bool,
    ) -> Result<Option<Method>, Unreachable>;

    /// Forgets a payment method that was kept; one that it does not know is forgotten.
    ///
    /// # Errors
    /// When the provider cannot be reached, or cannot say.
    async fn forget(&self, token: &str) -> Result<(), Unreachable>;

    /// The provider's own name for a charge, before any money moves; otherwise, how the charge has ended already. The name
    /// is stored before the charge is carried out, so that it can be found whatever happens.
    async fn prepare(&self, charge: &Charge) -> Result<String, Charged>;

    /// Collects money for the charge of this name, once however often it is asked.
    async fn charge(&self, charge: &Charge, reference: &str) -> Charged;

    /// Gives up on the charge of this name, so that nobody can carry it out any more; returns how it has ended, which may
    /// be that it was carried out before.
    async fn abandon(&self, charge: &Charge, reference: &str) -> Charged;

    /// The outcome of the charge of this name; `None` if nobody has asked to carry it out.
    async fn find(&self, charge: &Charge, reference: &str) -> Option<Charged>;

    /// Gives money back to who paid it.
    async fn refund(&self, refund: &Refund) -> Charged;

    /// The outcome of a refund that it has heard of; `None` if it has not.
    async fn find_refund(&self, refund: &Refund) -> Option<Charged>;

    /// What banks took back at `since` or later, oldest first.
    ///
    /// # Errors
    /// When the provider cannot be reached.
    async fn chargebacks(&self, since: Instant) -> Result<Vec<Chargeback>, Unreachable>;

    /// What a bank took back, by the provider's own name for it; `None` if it has taken nothing.
    ///
    /// # Errors
    /// When the provider cannot be reached.
    async fn chargeback(&self, reference: &str) -> Result<Option<Chargeback>, Unreachable>;

    /// The provider's own list of all that moved money at `since` or later; what moved before `settled` both sides must
    /// know of.
    ///
    /// # Errors
    /// When the provider cannot be reached.
    async fn movements(&self, since: Instant, settled: Instant) -> Result<Vec<Movement>, Unreachable>;
}
