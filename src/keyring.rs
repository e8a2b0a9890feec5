//! The key ring: the keys of a database, in its table `keys`, each wrapped under the secret. A key signs while it is
//! active, only checks while it is retiring, and is deleted when nothing that it signed is valid any more. Keys for
//! hashes never change, because nobody could be recognised afterwards; only what wraps them does.
//!
//! `docs/SECRETS.md` says how an operator changes a secret or rotates a key.

mod lives;
mod mint;
mod open;
mod retire;
mod rewrap;
mod rotate;
pub mod store;
mod watch;

pub use mint::mint;
pub use open::{check, has_keys, open};
pub use retire::{Retired, must_be_usable, next_retirement, retire, retire_due};
pub use rewrap::rewrap;
pub use rotate::{ROTATING, Rotated, rotate};
pub use watch::{catch_up, reload, watch};
