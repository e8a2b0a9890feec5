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

fn compact(typed: &str) -> String {
    typed.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase()
}
