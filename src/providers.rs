//! Outside services behind small traits. `app` makes the real ones and hands them to the runner of tasks; they are
//! never called within a transaction.

pub mod assets;
pub mod https;
pub mod mail;
pub mod payments;
pub mod payouts;

use std::{path::PathBuf, sync::Arc};

use crate::{
    config::payouts::Payer,
    entity::enums::PayoutProvider,
    keys::Keys,
    providers::{assets::Assets, mail::Mail, payments::Payments, payouts::Payouts},
};

/// Who pays people.
#[derive(Clone, Debug)]
pub enum Paying {
    /// A provider that answers at once.
    Provider(Arc<dyn Payouts>),
    /// Files for banks and PayPal.
    Files {
        /// Where they are written to.
        folder: PathBuf,
        /// Who pays, as banks know them.
        payer: Payer,
    },
}

impl Paying {
    /// Which one it is.
    pub const fn provider(&self) -> PayoutProvider {
        match self {
            Self::Provider(_) => PayoutProvider::Sandbox,
            Self::Files { .. } => PayoutProvider::File,
        }
    }
}

/// The outside services of this process, and what it needs to use them.
#[derive(Clone, Debug)]
pub struct Providers {
    /// Sends mail.
    pub mail: Arc<dyn Mail>,
    /// Collects payments, if anybody does.
    pub payments: Option<Arc<dyn Payments>>,
    /// Pays people, if anybody does.
    pub payouts: Option<Paying>,
    /// Keeps pictures.
    pub assets: Assets,
    /// Seals the tokens in mails.
    pub keys: Keys,
    /// The address of the site whose pages mails link to.
    pub site: Option<String>,
    /// Where people reach this server, without a slash at the end; empty if nobody has said it.
    pub address: String,
    /// Attempts after which a mail is given up.
    pub mail_attempts: i64,
}
