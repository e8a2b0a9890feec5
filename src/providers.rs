//! Outside services behind small traits. `app` makes the real ones and hands them to the runner of tasks; they are
//! never called within a transaction.

pub mod mail;
pub mod payments;

use std::sync::Arc;

use crate::{
    keys::Keys,
    providers::{mail::Mail, payments::Payments},
};

/// The outside services of this process, and what it needs to use them.
#[derive(Clone, Debug)]
pub struct Providers {
    /// Sends mail.
    pub mail: Arc<dyn Mail>,
    /// Collects payments, if anybody does.
    pub payments: Option<Arc<dyn Payments>>,
    /// Seals the tokens in mails.
    pub keys: Keys,
    /// The address of the site whose pages mails link to.
    pub site: Option<String>,
    /// Attempts after which a mail is given up.
    pub mail_attempts: i64,
}
