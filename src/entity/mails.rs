//! Mails to be sent.

pub mod mail;
