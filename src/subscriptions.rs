//! Subscriptions: plans that people pay for (M-6, M-7, M-12).
//!
//! [`upgrade`] buys the first cycle, which begins once it is paid. When a later one begins, `memberships` leaves a renewal;
//! [`charge`] begins its payment: from the cash account if that has all of it, otherwise by the primary payment method.
//! [`settle`] issues the paid part as of the cycle's start, or puts the person on the free plan from there.
//!
//! Locks are taken in this order: account, purchase, payment, renewal, wallet, cash accounts. A purchase that is written in
//! the transaction is nobody else's, and may come later.

mod charge;
mod charge_back;
mod preview;
pub mod rejection;
mod settle;
mod store;
mod upgrade;

pub use charge::{charge, give_up};
pub use charge_back::charge_back;
pub use preview::{Preview, look_ahead, preview};
pub use settle::settle;
pub use store::CHECKS;
pub use upgrade::{Upgraded, Upgrading, upgrade};
