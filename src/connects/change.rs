//! What changes wallets, as plain data.

use super::rules::Draw;
use crate::{
    clock::Instant,
    entity::{
        enums::{DocumentKind, HistoryKind},
        ids::AccountId,
    },
    money::Connects,
};

/// What a change of a wallet is, apart from its numbers.
#[derive(Clone, Debug)]
pub struct Change {
    /// What happened.
    pub kind: HistoryKind,
    /// Unique in the wallet.
    pub business_key: String,
    /// The document that causes it.
    pub document: (DocumentKind, String),
    /// Who acted; absent for the system.
    pub actor: Option<AccountId>,
}

/// What to issue, to each of the chosen wallets alike.
#[derive(Clone, Debug)]
pub struct Grant {
    /// What happened.
    pub kind: HistoryKind,
    /// How many Connects each wallet gets.
    pub quantity: Connects,
    /// When it counts and when the lot is issued; never later than now.
    pub effective_at: Instant,
    /// Unique in the wallet: a wallet that has an entry with this key gets nothing.
    pub business_key: String,
    /// The document that causes it.
    pub document: (DocumentKind, String),
}

/// What an entry drew from lots, and what of it has come back: what a return needs to know.
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    /// When it was drawn.
    pub at: Instant,
    /// From which lots, in the order of use.
    pub draws: Vec<Draw>,
    /// How many have come back into lots.
    pub returned: i64,
    /// How many it still holds.
    pub held: i64,
}
