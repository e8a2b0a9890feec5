//! Purchases: what people buy, Connects and cycles of a plan (B-1 to B-6, M-6, M-7).
//!
//! A [`Quote`] says what so many Connects cost a person: price, tax, total. [`buy`] writes a purchase and begins its payment;
//! only once that is paid are the Connects in the wallet, as a lot of their own ([`settle`]). If a bank takes the payment
//! back, what is left of the lot is removed, and so is what returns to it later ([`charge_back`]).
//!
//! Locks are taken in this order: account, purchase, payment, promo code, wallet, cash accounts.

mod buy;
mod charge_back;
mod cycle;
mod excuse;
mod notifications;
mod postings;
mod quote;
pub mod rejection;
pub mod rules;
mod set_billing_details;
mod settle;
pub mod store;

pub use buy::{Bought, Buying, buy, purpose_of};
pub use charge_back::charge_back;
pub use cycle::{Cycle, Priced, deliver, fail, lock_of, order, price};
pub use excuse::excuse;
pub use notifications::EVENTS;
pub use quote::{Quote, Wanted, list_bundles, quote};
pub use set_billing_details::{Details, set_billing_details};
pub use settle::settle;
pub use store::{CHECKS, REACHES, SECTIONS, erase_of};
