//! Tickets.

pub mod loaders;
pub mod message;
pub mod mutations;
pub mod of_admin;
pub mod of_viewer;
pub mod ticket;
