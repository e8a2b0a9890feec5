//! Refusals by tickets.

use crate::error::{Code, Facts, Rejection};

/// There is no such ticket, or the person may not see it.
pub fn no_such_ticket() -> Rejection {
    let sentence = "There is no such ticket. Take its id from a query.";
    Rejection::new(Code::NotFound, sentence).at("ticketId")
}

/// There is no such document, or it is somebody else's.
pub fn no_such_document() -> Rejection {
    let sentence = "There is no such commission, payout or history entry of yours. Take its id from a query.";
    Rejection::new(Code::NotFound, sentence).at("documentId").by("F-10")
}

/// The person has a ticket on the document that is not closed.
pub fn already_open() -> Rejection {
    let sentence = "You have a ticket on this that is not closed. Write there, or close it first.";
    Rejection::new(Code::TicketOpen, sentence).at("documentId").by("F-10")
}

/// Only commissions can be disputed.
pub fn not_disputable() -> Rejection {
    let sentence = "Only a commission can be disputed. Leave out `dispute`, and ask.";
    Rejection::new(Code::InvalidInput, sentence).at("dispute").by("F-10")
}

/// The person has as many tickets that are not closed as one may have.
pub fn too_many_tickets(most: u64) -> Rejection {
    let sentence =
        format!("You have {most} tickets that are not closed, and more are not allowed. Close one first.");
    Rejection::new(Code::TooManyTickets, sentence).by("F-10")
}

/// The person has written as much as they may within an hour.
pub fn too_many_messages(most: u64, retry_after_seconds: i64) -> Rejection {
    let sentence = format!(
        "You have written {most} messages within an hour, and more are not allowed. Try again in {retry_after_seconds} \
         seconds."
    );
    Rejection::new(Code::Throttled, sentence).by("F-10").with(Facts::Throttled { retry_after_seconds })
}
