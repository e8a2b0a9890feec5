//! Settings of payouts.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{
    error::{Fault, Result},
    input::bank,
};

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
    /// Checks that banks can be told who pays, in their words.
    ///
    /// # Errors
    /// [`Fault::Setup`] that names the setting at fault.
    pub fn check(&self) -> Result<()> {
        let digits =
            |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
        let right = [
            ("name", self.name.trim().len() >= 2, "the name of the account's holder"),
            (
                "iban",
                bank::iban(&self.iban).as_ref() == Some(&self.iban),
                "an IBAN in capitals, without spaces",
            ),
            ("bic", bank::bic(&self.bic).as_ref() == Some(&self.bic), "a BIC of 8 or 11 capitals and digits"),
            ("sort_code", digits(&self.sort_code, 6), "six digits"),
            ("account_number", digits(&self.account_number, 8), "eight digits"),
            ("service_user", digits(&self.service_user, 6), "six digits"),
        ];
        match right.into_iter().find(|(_, is_right, _)| !is_right) {
            Some((name, _, form)) => {
                let sentence =
                    format!("settings: payouts.payer.{name} must be {form}; files for banks name it");
                Err(Fault::Setup(sentence).into())
            }
            None => Ok(()),
        }
    }
}
