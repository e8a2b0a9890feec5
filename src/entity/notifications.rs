//! Messages to people in the program.

pub mod notification;
