//! Offers and contracts: a client hires, funds and releases (O-1, O-2).
//!
//! An accepted offer becomes a contract with milestones. The client funds a milestone: a payment begins ([`fund`]), a
//! provider collects it, and its outcome is written down ([`settle`]), each in a transaction of its own; once it is paid,
//! the money is in the contract's escrow. Releasing a milestone moves it to the freelancer's cash, less the service fee.
//! The freelancer refunds it from either place, a dispute is decided by an admin, and a charge-back is reversed from
//! wherever the money is.
//!
//! Locks are taken in this order: account, job post, offer or project, contract, wallet, payment, cash accounts.

mod answer_offer;
mod begin;
mod charge_back;
mod disputes;
mod end;
mod end_offers;
mod fill;
mod fund;
mod invoice;
mod notifications;
mod offer_to;
mod order;
mod postings;
mod refund;
pub mod rejection;
mod release;
mod return_reversal;
pub mod rules;
mod settle;
pub mod store;

pub use answer_offer::{accept, decline};
pub use charge_back::charge_back;
pub use disputes::{Decision, decide, open as open_dispute, withdraw as withdraw_dispute};
pub use end::end;
pub use end_offers::{decline_all, end_direct_of, expire_due, next_deadline, withdraw, withdraw_from};
pub use fill::fill_complete;
pub use fund::{Funding, fund};
pub use invoice::{invoice, withdraw_invoice};
pub use notifications::EVENTS;
pub use offer_to::{Draft, Job, offer, offer_directly};
pub use order::{Order, order};
pub use refund::{Refunding, refund};
pub use release::release;
pub use settle::{settle, settle_refund};
pub use store::{CHECKS, JOURNAL_CHECKS, REACHES, SECTIONS, erase_of};
