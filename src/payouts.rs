//! Payouts: money that goes out to people (W-1 to W-5), of commissions that are due (F-7) and of cash accounts (O-4).
//!
//! A run is a *plan*, which lists what would be paid and why the rest is not, and its application, which pays exactly that.
//! A payout has a row before any provider hears of it; its id is the provider's key, so that it is asked about when nobody
//! knows its outcome, and never sent as another one.

mod apply;
pub mod files;
mod import;
mod notifications;
mod pay;
pub mod plan;
mod prefer;
pub mod rejection;
pub mod rules;
mod seal_again;
mod send;
mod set_method;
pub mod store;
mod withdraw;
mod write_files;

pub use apply::{Application, Applied, apply_plan, approve_plan, run_by_itself};
pub use import::{Imported, confirm_batch, import_answer, refuse_batch};
pub use notifications::EVENTS;
pub use plan::{Line, PURPOSES, Plan, plan};
pub use prefer::{Preference, set_preference};
pub use seal_again::{must_be_sealed, seal_again};
pub use send::{Outcome, ask, claim, settle};
pub use set_method::{NewMethod, set_method};
pub use store::{CHECKS, REACHES, SECTIONS, erase_of};
pub use withdraw::{cancel_all, cancel_withdrawal, request_withdrawal};
pub use write_files::{publish, write_files};
