//! How a job post ends (J-2), and what comes back of it, in one transaction with the end (T-1).

mod cancel;
mod expire;
mod remove;
mod returns;

pub use cancel::cancel;
pub use expire::{expire_due, next_deadline};
pub use remove::remove;
