//! Ids of tickets.

typed_id! {
    /// What somebody asks about a document of theirs.
    TicketId,
    /// Something that was written about it.
    TicketMessageId,
}
