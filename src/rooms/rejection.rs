//! Refusals by rooms.

use crate::error::{Code, Rejection};

/// The client has not written yet, so there is no room to write in.
pub fn room_not_open() -> Rejection {
    let sentence = "The client has not written to you about this proposal yet. Wait for their first message.";
    Rejection::new(Code::RoomNotOpen, sentence).at("proposalId").by("S-9")
}

/// Nobody reads what is written to a closed account.
pub fn recipient_gone() -> Rejection {
    let sentence = "The other side has closed their account, so nobody would read your message.";
    Rejection::new(Code::RecipientGone, sentence).at("proposalId").by("P-6")
}
