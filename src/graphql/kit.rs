//! What all objects are made with. It knows none of them.

pub mod context;
pub mod errors;
pub mod ids;
pub mod loader;
pub mod mutation;
pub mod page;
pub mod scalars;
