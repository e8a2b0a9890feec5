//! Job posts: what clients post, and what a proposal to it costs.

mod import;
pub mod rejection;
pub mod rules;
pub mod store;

pub use import::{Imported, Row, import_batch};
