//! Payments: what people pay with, and what providers collect.

pub mod collecting;
pub mod loaders;
pub mod mutations;
pub mod of_admin;
pub mod of_viewer;
pub mod paying;
pub mod payment;
pub mod payment_method;
