//! What all objects are made with. It imports nothing else of `graphql/`.

pub mod context;
pub mod errors;
pub mod ids;
pub mod loader;
pub mod mutation;
pub mod page;
pub mod scalars;
