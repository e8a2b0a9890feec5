pub mod clock;
pub mod config;
pub mod connects;
pub mod db;
pub mod entity;
pub mod error;
pub mod policy;
