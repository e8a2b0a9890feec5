//! Changes of wallets, as plain data.

use super::rules::Draw;
use crate::{
    clock::Instant,
    entity::{
        enums::{DocumentKind, HistoryKind},
        ids::AccountId,
    },
    money::Connects,
};

/// A change of a wallet, apart from its numbers.
#[derive(Clone, Debug)]
pub struct Change {
    /// What happened.
    pub kind: HistoryKind,
    /// Unique in the wallet.
    pub business_key: String,
    /// The document that causes it.
    pub document: (DocumentKind, String),
    /// The account that acted; absent for the system.
    pub actor: Option<AccountId>,
}

/// An issue of Connects, the same to each of the chosen wallets.
#[derive(Clone, Debug)]
pub struct Grant {
    /// What happened.
    pub kind: HistoryKind,
    /// Connects for each wallet.
    pub quantity: Connects,
    /// When it counts and when the lot is issued; never later than now.
    pub effective_at: Instant,
    /// Unique in the wallet: a wallet that has an entry with this key gets nothing.
    pub business_key: String,
    /// The document that causes it.
    pub document: (DocumentKind, String),
}

/// What an entry drew from lots, and how much of it was returned: what a return needs to know.
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    /// When it was drawn.
    pub at: Instant,
    /// The draws, in the order of use.
    pub draws: Vec<Draw>,
    /// Connects that were returned to lots.
    pub returned: i64,
    /// Connects that it still holds.
    pub held: i64,
}
