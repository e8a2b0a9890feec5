//! The affiliate programme.

pub mod affiliate;
pub mod affiliate_link;
pub mod attribution;
pub mod creative;
pub mod flag;
pub mod loaders;
pub mod mutations;
pub mod of_admin;
pub mod of_viewer;
pub mod publishing;
