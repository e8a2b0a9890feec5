//! Ids of rooms.

typed_id! {
    /// Where client and freelancer talk about a proposal.
    RoomId,
    /// A message in a room.
    MessageId,
}
