//! The Project Catalog.

pub mod project;
