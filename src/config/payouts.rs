//! Settings of payouts.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::error::{Fault, Result};

/// Settings of payouts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Payouts {
    /// The folder to which files for banks and PayPal are written; absent: the built-in provider in a sandbox, and nobody in
    /// system time.
    pub folder: Option<PathBuf>,
    /// Who pays, as banks know them.
    pub payer: Payer,
}

/// Who pays, as banks know them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Payer {
    /// The name.
    pub name: String,
    /// The IBAN of the account that is debited.
    pub iban: String,
    /// The BIC of its bank.
    pub bic: String,
    /// The sort code of the British account that is debited.
    pub sort_code: String,
    /// The number of that account.
    pub account_number: String,
    /// The service user number at BACS, six digits.
    pub service_user: String,
}

impl Payer {
    /// Checks that banks can be told who pays.
    ///
    /// # Errors
    /// [`Fault::Setup`] that names the setting which is missing or too short.
    pub fn check(&self) -> Result<()> {
        let needed = [
            ("name", &self.name, 2),
            ("iban", &self.iban, 15),
            ("bic", &self.bic, 8),
            ("sort_code", &self.sort_code, 6),
            ("account_number", &self.account_number, 8),
            ("service_user", &self.service_user, 6),
        ];
        match needed.into_iter().find(|(_, value, least)| value.len() < *least) {
            Some((name, ..)) => {
                let sentence = format!(
                    "settings: payouts.payer.{name} is missing or too short; files for banks name it"
                );
                Err(Fault::Setup(sentence).into())
            }
            None => Ok(()),
        }
    }
}
