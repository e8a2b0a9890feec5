//! The Project Catalog.

pub mod loaders;
pub mod mutations;
pub mod of_viewer;
pub mod project;
pub mod search;
