//! People: their accounts, roles, passwords and sessions.

pub mod account;
pub mod loaders;
pub mod of_admin;
pub mod of_viewer;
pub mod passwords;
pub mod roles;
pub mod sessions;
pub mod suspensions;
