//! Mails to be sent, and those that people do not want.

pub mod mail;
pub mod mail_opt_out;
