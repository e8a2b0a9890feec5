//! Tickets.

use super::text_enum;

text_enum! {
    /// The state of a ticket (F-10).
    TicketState {
        /// It waits for support.
        Open = "OPEN",
        /// It waits for the person who opened it.
        Answered = "ANSWERED",
        /// It is over.
        Closed = "CLOSED",
    }
}

text_enum! {
    /// What a ticket is about (F-10).
    TicketDocumentKind {
        /// A commission.
        Commission = "COMMISSION",
        /// A payout.
        Payout = "PAYOUT",
        /// An entry of the Connects history.
        HistoryEntry = "HISTORY_ENTRY",
    }
}
