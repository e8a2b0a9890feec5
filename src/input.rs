//! Input by people, normalised and checked in one place: texts, addresses, the words of a search, numbers.

pub mod bank;
mod email;
pub mod text;
pub mod words;

pub use email::email;
pub use text::{line, text};

use crate::{
    entity::enums::Currency,
    error::{Code, Rejection},
    money::Money,
};

/// `number`, if it lies between `min` and `max`.
///
/// # Errors
/// `INVALID_INPUT`.
pub fn number(field: &str, number: i64, min: i64, max: i64) -> Result<i64, Rejection> {
    if (min..=max).contains(&number) {
        return Ok(number);
    }
    Err(invalid(field, format!("{number} is out of range. It must be between {min} and {max}.")))
}

/// `cents` of US dollars, if they lie between `min` and `max`; the message shows amounts as people write them.
///
/// # Errors
/// `INVALID_INPUT`.
pub fn amount(field: &str, cents: i64, min: i64, max: i64) -> Result<i64, Rejection> {
    if (min..=max).contains(&cents) {
        return Ok(cents);
    }
    let [shown, min, max] = [cents, min, max].map(|cents| Money::new(cents, Currency::Usd).amount());
    Err(invalid(field, format!("{shown} is out of range. It must be between {min} and {max}.")))
}

/// An idempotency key: 1 to 255 printable characters, taken as it is.
///
/// # Errors
/// `INVALID_INPUT`.
pub fn idempotency_key(key: &str) -> Result<String, Rejection> {
    let length = key.chars().count();
    if (1..=255).contains(&length) && !key.chars().any(char::is_control) {
        return Ok(key.to_owned());
    }
    Err(invalid(
        "idempotencyKey",
        "An idempotency key must have 1 to 255 printable characters. Generate another.",
    ))
}

/// A password as it is checked and hashed, in NFKC: an accent is typed as one character on one keyboard and as two on
/// another (NIST SP 800-63B).
pub fn password(typed: &str) -> String {
    text::plain(typed)
}

/// A refusal of a malformed value.
pub fn invalid(field: &str, sentence: impl Into<String>) -> Rejection {
    Rejection::new(Code::InvalidInput, sentence).at(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_keys_have_bounds() {
        assert!(number("f", i64::MIN, 0, 10).is_err());
        assert_eq!(number("f", 10, 0, 10).unwrap(), 10);
        let no = amount("f", 0, 1, 10_000).unwrap_err();
        assert_eq!(no.message, "0.00 is out of range. It must be between 0.01 and 100.00.");
        assert!(idempotency_key("").is_err() && idempotency_key(&"k".repeat(256)).is_err());
        assert!(idempotency_key("a\nb").is_err());
        assert_eq!(idempotency_key(" k ").unwrap(), " k ", "a key is compared byte by byte");
    }
}
