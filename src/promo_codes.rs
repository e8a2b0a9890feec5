//! Promo codes (B-5): what they give, to whom, and how often.
//!
//! A code gives Connects or a discount with a purchase, Connects without one, or months of a plan. What it gives never
//! changes. A use is a row of its own: [`reserve`] keeps it for a payment that is under way; [`use_up`] issues its Connects once
//! that is paid; [`release`] gives it back if that failed. The database counts the uses of a code, so that there are never
//! too many.
//!
//! Nobody can try codes out: a code that does not exist counts as a guess ([`find`]).
//!
//! A code is locked after the account and the purchase, and before the wallet.

mod create;
mod end;
mod find;
mod redeem;
pub mod rejection;
mod reserve;
pub mod rules;
pub mod store;

pub use create::{Creating, create};
pub use end::end;
pub use find::find;
pub use redeem::redeem;
pub use reserve::{lock, lock_kept, offer, release, reserve, use_up};
pub use store::{CHECKS, SECTIONS};
