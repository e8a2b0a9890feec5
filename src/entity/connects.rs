//! The ledger of Connects.

pub mod entry;
pub mod expiry_notice;
pub mod lot;
pub mod movement;
pub mod wallet;
