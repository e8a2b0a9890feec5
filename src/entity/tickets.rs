//! Tickets.

pub mod ticket;
pub mod ticket_message;
