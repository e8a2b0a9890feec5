//! The audit log: who changed roles, money and security.

pub mod audit_entry;
pub mod of_admin;
