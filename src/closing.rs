//! Ends of job posts and accounts, and the returns of Connects in the same transaction (J-2, T-1, P-4, P-6).

mod account;
mod cancel;
mod close;
mod edit;
mod expire;
mod fraud;
mod notifications;
mod remove;
mod returns;
mod store;

pub use account::{Closed, close_account, reopen_account};
pub use cancel::cancel;
pub use close::close;
pub use edit::edit;
pub use expire::{expire_due, next_deadline};
pub use fraud::suspend_for_fraud;
pub use notifications::EVENTS;
pub use remove::remove;
pub use store::CHECKS;
