//! Settings of payouts.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

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
