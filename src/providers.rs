//! The world outside behind small traits. `app` makes the real ones and hands them to the runner of tasks;
//! nobody talks to one within a transaction.

pub mod mail;

use std::sync::Arc;

use crate::{keys::Keys, providers::mail::Mail};

/// What this process can reach beside its database, and what it needs to write to them.
#[derive(Clone, Debug)]
pub struct Providers {
    /// Sends mail.
    pub mail: Arc<dyn Mail>,
    /// Seals the tokens in mails.
    pub keys: Keys,
    /// The address of the site whose pages mails link to.
    pub site: Option<String>,
    /// After so many attempts a mail is given up.
    pub mail_attempts: i64,
}
