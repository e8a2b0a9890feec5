//! Pure rules of tickets: what they are about, and how they go on.

use std::str::FromStr;

use uuid::Uuid;

use crate::{
    entity::{
        enums::{
            TicketDocumentKind,
            TicketState::{self, Answered, Closed, Open},
        },
        ids::{CommissionId, PayoutId, WalletId},
    },
    error::Rejection,
    moves::moves,
};

moves! {
    /// What happens to a ticket (F-10).
    TicketMove of TicketState {
        /// Support answers.
        Answer: Open | Answered => Answered,
        /// The person who opened it writes once more.
        Ask: Open | Answered => Open,
        /// Either side closes it.
        Close: Open | Answered => Closed,
    }
}

/// The state of a ticket in `state` after the action (F-10).
///
/// # Errors
/// `ILLEGAL_STATE`.
pub fn moved(state: TicketState, way: TicketMove) -> Result<TicketState, Rejection> {
    way.after(state)
        .ok_or_else(|| Rejection::illegal_state("This ticket", state, way.from()).at("ticketId").by("F-10"))
}

/// What a ticket is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// A commission.
    Commission(CommissionId),
    /// A payout.
    Payout(PayoutId),
    /// An entry of a wallet's history.
    Entry(WalletId, i64),
}

impl Document {
    /// Its kind.
    pub const fn kind(self) -> TicketDocumentKind {
        match self {
            Self::Commission(_) => TicketDocumentKind::Commission,
            Self::Payout(_) => TicketDocumentKind::Payout,
            Self::Entry(..) => TicketDocumentKind::HistoryEntry,
        }
    }

    /// Its key within its kind, as text.
    pub fn key(self) -> String {
        match self {
            Self::Commission(id) => id.to_string(),
            Self::Payout(id) => id.to_string(),
            Self::Entry(wallet, seq) => format!("{wallet}:{seq}"),
        }
    }

    /// The document of this kind with this key.
    pub fn of(kind: TicketDocumentKind, key: &str) -> Option<Self> {
        let id = |text: &str| Uuid::from_str(text).ok();
        match kind {
            TicketDocumentKind::Commission => Some(Self::Commission(CommissionId(id(key)?))),
            TicketDocumentKind::Payout => Some(Self::Payout(PayoutId(id(key)?))),
            TicketDocumentKind::HistoryEntry => {
                let (wallet, seq) = key.split_once(':')?;
                Some(Self::Entry(WalletId(id(wallet)?), seq.parse().ok()?))
            }
        }
    }
}

#[cfg(test)]
mod tests;
