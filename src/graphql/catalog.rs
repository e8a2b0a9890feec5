//! The Project Catalog.

pub mod freelancer;
pub mod loaders;
pub mod mutations;
pub mod of_viewer;
pub mod project;
pub mod search;
