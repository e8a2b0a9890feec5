//! Checks of the shape of what people send: length, characters, range.

use crate::error::{Code, Rejection};

/// `text` without surrounding white space, if it has `min` to `max` characters and no control
/// characters but line breaks and tabs.
///
/// # Errors
/// `INVALID_INPUT` that names `field` and says what is allowed.
pub fn text(field: &str, text: &str, min: usize, max: usize) -> Result<String, Rejection> {
    let trimmed = text.trim();
    let length = trimmed.chars().count();
    if length < min || length > max {
        let sentence = format!("This text has {length} characters; it must have {min} to {max}.");
        return Err(invalid(field, sentence));
    }
    if trimmed.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(invalid(field, "This text has a control character; remove it."));
    }
    Ok(trimmed.to_owned())
}

/// `number`, if it lies between `min` and `max`.
///
/// # Errors
/// `INVALID_INPUT` that names `field` and says what is allowed.
pub fn number(field: &str, number: i64, min: i64, max: i64) -> Result<i64, Rejection> {
    if (min..=max).contains(&number) {
        return Ok(number);
    }
    Err(invalid(field, format!("{number} is out of range; it must be {min} to {max}.")))
}

/// An idempotency key: 1 to 255 printable characters, taken as it is.
///
/// # Errors
/// `INVALID_INPUT` that names the field.
pub fn idempotency_key(key: &str) -> Result<String, Rejection> {
    let length = key.chars().count();
    if (1..=255).contains(&length) && !key.chars().any(char::is_control) {
        return Ok(key.to_owned());
    }
    Err(invalid("input.idempotencyKey", "An idempotency key has 1 to 255 printable characters."))
}

/// A refusal of a malformed value.
pub fn invalid(field: &str, sentence: impl Into<String>) -> Rejection {
    Rejection::new(Code::InvalidInput, sentence).at(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_counted_in_characters_and_free_of_control_characters() {
        assert_eq!(text("f", "  Grüße\n ", 1, 5).unwrap(), "Grüße");
        assert_eq!(text("f", "   ", 1, 5).unwrap_err().code, Code::InvalidInput);
        assert!(text("f", "abcdef", 1, 5).is_err());
        assert!(text("f", "a\0b", 1, 5).is_err());
        assert!(text("f", "a\u{1b}b", 1, 5).is_err());
    }

    #[test]
    fn numbers_and_keys_have_bounds() {
        assert!(number("f", i64::MIN, 0, 10).is_err());
        assert_eq!(number("f", 10, 0, 10).unwrap(), 10);
        assert!(idempotency_key("").is_err() && idempotency_key(&"k".repeat(256)).is_err());
        assert!(idempotency_key("a\nb").is_err());
        assert_eq!(idempotency_key(" k ").unwrap(), " k ", "a key is compared byte by byte");
    }
}
