//! Refusals by rooms.

use crate::error::{Code, Facts, Rejection};

/// The client has not written yet, so there is no room to write in.
pub fn room_not_open() -> Rejection {
    let sentence = "The client has not written to you about this proposal yet. Wait for their first message.";
    Rejection::new(Code::RoomNotOpen, sentence).at("proposalId").by("S-9")
}

/// The person has written as much into the room as they may within an hour.
pub fn too_many_messages(most: u64, retry_after_seconds: i64) -> Rejection {
    let sentence = format!(
        "You have sent {most} messages within an hour, and more are not allowed. Try again in {retry_after_seconds} seconds."
    );
    Rejection::new(Code::Throttled, sentence).by("S-9").with(Facts::Throttled { retry_after_seconds })
}

/// Nobody reads what is written to a closed account.
pub fn recipient_gone() -> Rejection {
    let sentence = "The other side has closed their account, so nobody would read your message.";
    Rejection::new(Code::RecipientGone, sentence).at("proposalId").by("P-6")
}
