//! Which mails people want.

pub mod mutations;
pub mod of_viewer;
