//! Numbers of banks.

use iban::Iban;

/// An IBAN without spaces and in capitals, if it is one: of a country that has them, as long as there, with the right check
/// digits (ISO 13616).
pub fn iban(typed: &str) -> Option<String> {
    let compact = compact(typed);
    compact.parse::<Iban>().ok().map(|_| compact)
}

/// A BIC in capitals, if it is one (ISO 9362).
pub fn bic(typed: &str) -> Option<String> {
    let compact = compact(typed);
    let bytes = compact.as_bytes();
    let has_form = matches!(bytes.len(), 8 | 11)
        && bytes[..6].iter().all(u8::is_ascii_uppercase)
        && bytes[6..].iter().all(u8::is_ascii_alphanumeric);
    has_form.then_some(compact)
}

/// The countries and territories of SEPA, as IBANs name them.
const SEPA: [&str; 42] = [
    "AD", "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GI", "GR",
    "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD", "ME", "MK", "MT", "NL", "NO", "PL",
    "PT", "RO", "RS", "SE", "SI", "SK", "SM", "VA",
];

/// Whether an account is in SEPA: euros go there without the BIC of its bank.
pub fn is_sepa(iban: &str) -> bool {
    iban.get(..2).is_some_and(|country| SEPA.contains(&country))
}

fn compact(typed: &str) -> String {
    typed.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase()
}
