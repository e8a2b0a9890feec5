//! What freelancers show of themselves: whether their earnings, at which address, and whether searches find them (M-11).

pub mod rejection;
pub mod rules;
mod set;
pub mod store;

pub use set::{Changes, set};
pub use store::{REACHES, SECTIONS, erase_of};
