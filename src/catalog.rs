//! The Project Catalog: a freelancer's work at a fixed price, which clients order without a proposal (O-3).

mod publish;
pub mod rejection;
pub mod rules;
pub mod store;

pub use publish::{Content, publish, update, withdraw};
pub use store::{SECTIONS, erase_of, withdraw_all};
