//! Settlement: what a payment provider says of a payment goes to the slice whose document was paid, and takes effect there
//! (B-3, O-2, O-5).
//!
//! The provider is asked outside of any transaction; each answer is written in a transaction of its own, with all that
//! follows from it. An answer that comes twice does nothing.

mod charge_back;
mod collect;
mod settle;

pub use charge_back::{charge_back, list_chargebacks, look_into_chargeback};
pub use collect::{collect, give_back};
pub use settle::{settle, settle_refund};
