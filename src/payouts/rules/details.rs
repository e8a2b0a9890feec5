//! To what people are paid: what is written down, checked, and what is shown of it (W-4).

use serde::{Deserialize, Serialize};

use super::super::files::text;
use crate::{
    entity::enums::{Currency, PayoutRail},
    error::Rejection,
    input::{self, bank, invalid},
};

/// Details of a payout method. They are stored encrypted, and never shown or logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rail", rename_all = "camelCase")]
pub enum Details {
    /// A bank account by its IBAN.
    BankTransfer {
        /// Whose it is.
        holder: String,
        /// Without spaces, in capitals.
        iban: String,
        /// The bank, if it must be named.
        bic: Option<String>,
    },
    /// A British account.
    Bacs {
        /// Whose it is.
        holder: String,
        /// Six digits.
        sort_code: String,
        /// Eight digits.
        account_number: String,
    },
    /// A PayPal account.
    Paypal {
        /// Whose it is.
        holder: String,
        /// Its address.
        email: String,
    },
}

/// Nothing of it is for logs.
impl std::fmt::Debug for Details {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Details(***)")
    }
}

impl Details {
    /// A bank account, checked by its check digits (ISO 13616, ISO 9362).
    ///
    /// # Errors
    /// `INVALID_INPUT`.
    pub fn bank_transfer(holder: &str, iban: &str, bic: Option<&str>) -> Result<Self, Rejection> {
        let sentence =
            "This is not an IBAN, or a digit of it is wrong. Copy it from a statement of the account.";
        let iban = bank::iban(iban).ok_or_else(|| invalid("bankTransfer.iban", sentence))?;
        let sentence = "This is not a BIC. Write the 8 or 11 letters and digits, or leave it out.";
        let no_bic = || invalid("bankTransfer.bic", sentence);
        let bic = bic.map(|bic| bank::bic(bic).ok_or_else(no_bic)).transpose()?;
        if bic.is_none() && !bank::is_sepa(&iban) {
            let sentence =
                "Transfers to this country need the BIC of the bank. Write its 8 or 11 letters and digits.";
            return Err(invalid("bankTransfer.bic", sentence));
        }
        Ok(Self::BankTransfer { holder: holder_of("bankTransfer.holder", holder)?, iban, bic })
    }

    /// A British account.
    ///
    /// # Errors
    /// `INVALID_INPUT`.
    pub fn bacs(holder: &str, sort_code: &str, account_number: &str) -> Result<Self, Rejection> {
        let sort_code =
            digits("bacs.sortCode", sort_code, 6, "A sort code has six digits. Write all of them.")?;
        let sentence = "An account number has eight digits. Write leading zeros, too.";
        let account_number = digits("bacs.accountNumber", account_number, 8, sentence)?;
        Ok(Self::Bacs { holder: holder_of("bacs.holder", holder)?, sort_code, account_number })
    }

    /// A PayPal account.
    ///
    /// # Errors
    /// `INVALID_INPUT`.
    pub fn paypal(holder: &str, email: &str) -> Result<Self, Rejection> {
        let email = input::email("paypal.email", email)?;
        Ok(Self::Paypal { holder: holder_of("paypal.holder", holder)?, email })
    }

    /// By which way the money goes.
    pub const fn rail(&self) -> PayoutRail {
        match self {
            Self::BankTransfer { .. } => PayoutRail::BankTransfer,
            Self::Bacs { .. } => PayoutRail::Bacs,
            Self::Paypal { .. } => PayoutRail::Paypal,
        }
    }

    /// The currency that a British account gets; others may choose.
    pub const fn currency(&self, chosen: Currency) -> Currency {
        match self {
            Self::Bacs { .. } => Currency::Gbp,
            _ => chosen,
        }
    }

    /// Whose account it is.
    pub fn holder(&self) -> &str {
        match self {
            Self::BankTransfer { holder, .. } | Self::Bacs { holder, .. } | Self::Paypal { holder, .. } => {
                holder
            }
        }
    }

    /// What tells this account from all others.
    pub fn account(&self) -> String {
        match self {
            // The same British account by its IBAN.
            Self::BankTransfer { iban, .. } if iban.starts_with("GB") && iban.len() == 22 => {
                format!("{} {}", &iban[8..14], &iban[14..])
            }
            Self::BankTransfer { iban, .. } => iban.clone(),
            Self::Bacs { sort_code, account_number, .. } => format!("{sort_code} {account_number}"),
            Self::Paypal { email, .. } => email.clone(),
        }
    }

    /// What is shown of it, so that its owner knows it.
    pub fn label(&self) -> String {
        match self {
            Self::BankTransfer { iban, .. } => format!("Account ending in {}", ending(iban)),
            Self::Bacs { account_number, .. } => format!("UK account ending in {}", ending(account_number)),
            Self::Paypal { email, .. } => format!("PayPal {}", masked(email)),
        }
    }
}

/// A name of which something is left in the spelling of banks: one payee without a name would spoil a whole file.
fn holder_of(field: &str, typed: &str) -> Result<String, Rejection> {
    let name = input::line(field, typed, 2, 100)?;
    let spelled = text::bacs(&name, 18);
    if spelled.chars().filter(char::is_ascii_alphanumeric).count() < 2 {
        return Err(invalid(field, "Banks cannot write this name. Write it in Latin letters."));
    }
    Ok(name)
}

fn digits(field: &str, typed: &str, count: usize, sentence: &str) -> Result<String, Rejection> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let fits = digits.len() == count && digits.bytes().all(|byte| byte.is_ascii_digit());
    if fits { Ok(digits) } else { Err(invalid(field, sentence)) }
}

fn ending(number: &str) -> &str {
    number.get(number.len().saturating_sub(4)..).unwrap_or_default()
}

/// The first letter and the domain of an address.
fn masked(email: &str) -> String {
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    format!("{}***@{domain}", local.chars().next().unwrap_or('*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn w_4_details_are_checked_by_their_check_digits() {
        for good in ["DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819", "fr1420041010050500013m02606"] {
            assert!(Details::bank_transfer("Ann Lee", good, None).is_ok(), "{good}");
        }
        for bad in [
            "DE89370400440532013001",
            "DE8937040044053201300",
            "",
            "XX00",
            "GB29 NWBK 6016 1331 9268 1\u{661}",
            "ZZ42 1234 5678 9012 34",
        ] {
            assert!(Details::bank_transfer("Ann Lee", bad, None).is_err(), "{bad}");
        }
        assert!(Details::bank_transfer("Ann Lee", "GB29NWBK60161331926819", Some("NWBKGB2L")).is_ok());
        assert!(Details::bank_transfer("Ann Lee", "GB29NWBK60161331926819", Some("NWBK")).is_err());
        assert!(Details::bacs("Ann Lee", "20-00-00", "12345678").is_ok());
        assert!(Details::bacs("Ann Lee", "20-00-0", "12345678").is_err());
        assert!(Details::bacs("Ann Lee", "200000", "1234567").is_err());
        assert!(Details::paypal("Ann Lee", "ann").is_err());
    }

    #[test]
    fn w_4_an_account_outside_sepa_needs_a_bic() {
        let turkish = "TR33 0006 1005 1978 6457 8413 26";
        assert!(Details::bank_transfer("Ann Lee", turkish, None).is_err());
        assert!(Details::bank_transfer("Ann Lee", turkish, Some("TCZBTR2A")).is_ok());
    }

    #[test]
    fn w_4_nothing_but_the_end_is_shown() {
        let details = Details::bank_transfer("Ann Lee", "DE89370400440532013000", None).unwrap();
        assert_eq!(details.label(), "Account ending in 3000");
        assert_eq!(format!("{details:?}"), "Details(***)");
        let bacs = Details::bacs("Ann Lee", "200000", "12345678").unwrap();
        assert_eq!(bacs.label(), "UK account ending in 5678");
        assert_eq!(bacs.currency(Currency::Usd), Currency::Gbp);
        assert_eq!(Details::paypal("Ann Lee", "ann@example.com").unwrap().label(), "PayPal a***@example.com");
    }
}
