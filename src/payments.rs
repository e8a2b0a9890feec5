//! Payments: what people pay with, and what providers collect (B-3).
//!
//! A payment is a row with a state and an id, which is the idempotency key with the provider. It is written before the
//! provider is asked, and its outcome afterwards, each in a transaction of its own; the provider is never asked within one.
//! If the process dies in between, or the provider does not say, the payment stays as it is and is asked about until it
//! is known, never charged again under another key. What a payment is for decides what its outcome means: the slice whose
//! document it is takes [`record`] into its own transaction.

mod add_method;
mod begin;
mod begin_refund;
mod collect;
mod reconcile;
mod record;
pub mod rejection;
mod remove_method;
pub mod rules;
pub mod store;
mod told;
mod way_of;

pub use add_method::{Adding, add_method, describe};
pub use begin::{Asked, By, Charging, begin};
pub use begin_refund::{Refunded, begin_refund};
pub use collect::{Outcome, collect, give_back};
pub use reconcile::reconcile;
pub use record::{Fall, Recorded, Won, record, record_chargeback, record_refund, record_win};
pub use remove_method::remove_method;
pub use store::{SECTIONS, erase_of};
pub use told::{News, lock_told, news_of};
pub use way_of::{Paying, way_of};
