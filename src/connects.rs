//! The Connects ledger.
//!
//! A *wallet* holds Connects in *lots*: batches with one origin and one expiry (L-1). Every change of
//! a wallet is an *entry*: an immutable, balanced transfer between the wallet's spendable Connects,
//! its held Connects and the world outside, with a business key that is unique in the wallet, so that
//! doing it twice is doing it once. *Movements* say how many Connects an entry took from or gave
//! back to which lot.
//!
//! What always holds, by constraint where the database can say it, and proved by [`CHECKS`]:
//!
//! - an entry's three changes sum to zero; its `available_after` and `held_after` follow from the
//!   entry before it; neither is ever negative;
//! - a wallet's `available` is the sum of its lots' `remaining` and of its entries' changes;
//! - a lot's `remaining` is its `quantity` plus its movements, from 0 to `quantity`;
//! - entries, movements, and a lot's facts never change and are never deleted.
//!
//! There are two ways in, both set operations, of which a single case is a batch of one:
//! [`grant`] and [`expire_due`] are set-based SQL over any number of wallets; [`Posting`] locks some wallets,
//! lets the caller decide one thing after the other against their running state
//! (`spend`, `hold`, `capture`, `release`, `refund`, `revoke`), and writes all of it at once. The first moves the wallets' totals by
//! exactly the entries that were really inserted; the second sets them to what it decided under their lock.

mod announce;
mod change;
mod expire;
mod forecast;
mod grant;
mod hold;
mod notifications;
mod posting;
mod ready;
mod refund;
pub mod rejection;
mod release;
mod revoke;
pub mod rules;
mod spend;
pub mod store;

pub use announce::{Announcement, next_announcement};
pub use change::{Change, Grant};
pub use expire::{expire_due, next_expiry};
pub use forecast::{Forecast, forecast};
pub use grant::{grant, grant_where};
pub use notifications::EVENTS;
pub use posting::Posting;
pub use ready::{Ready, open, ready};
pub use revoke::Issued;
pub use store::{
    CHECKS, REACHES, SECTIONS, WalletSet,
    balance::{self, Balance},
};
