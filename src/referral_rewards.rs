//! What referrers earn by friends (C-3 to C-5): a friend's earnings are read from the journal, a reward is reserved once they
//! reach the threshold, and paid in the month after.
//!
//! [`judge`] looks at one campaign, which it locks; it reads what was released and not refunded by then. A dip between two
//! looks does not count. [`pay`] pays what is due and reads again.

mod forfeit;
mod judge;
mod notifications;
mod pay;
pub mod rejection;
pub mod rules;
pub mod store;

pub use forfeit::{forfeit, give_up};
pub use judge::judge;
pub use notifications::EVENTS;
pub use pay::pay;
pub use store::{CHECKS, next_due};
