//! Pure rules of accounts.

use super::rejection;
use crate::{
    error::Rejection,
    input::{invalid, text},
};

/// An e-mail address as it is stored: trimmed and lower-cased.
///
/// # Errors
/// `INVALID_INPUT` when it is no address.
pub fn checked_email(email: &str) -> Result<String, Rejection> {
    let email = text("email", email, 3, 254)?.to_lowercase();
    let no_address = || invalid("email", "This is not an e-mail address; it looks like name@example.com.");
    let (local, domain) = email.split_once('@').ok_or_else(no_address)?;
    let odd = |c: char| c.is_whitespace() || c == '@' || c == ',' || c == '<' || c == '>';
    if local.is_empty() || !domain.contains('.') || domain.starts_with('.') || domain.ends_with('.') {
        return Err(no_address());
    }
    if local.chars().any(odd) || domain.chars().any(odd) {
        return Err(no_address());
    }
    Ok(email)
}

/// The e-mail address that stands for the person behind it: without a `+tag`.
pub fn person_of(email: &str) -> String {
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    let local = local.split_once('+').map_or(local, |(name, _)| name);
    format!("{local}@{domain}")
}

/// An ISO 3166-1 alpha-2 country code, upper-cased, from which people may register (P-5).
///
/// # Errors
/// `INVALID_INPUT` when it is no code; `COUNTRY_NOT_SUPPORTED` when it is on the policy's list.
pub fn checked_country(country: &str, sanctioned: &[String]) -> Result<String, Rejection> {
    let country = country.trim().to_uppercase();
    if country.len() != 2 || !country.chars().all(|c| c.is_ascii_uppercase()) {
        return Err(invalid("country", "A country is a two-letter ISO 3166-1 code, such as US."));
    }
    if sanctioned.contains(&country) { Err(rejection::country_not_supported()) } else { Ok(country) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn e_mails_are_lower_cased_and_checked() {
        assert_eq!(checked_email(" Ada@Example.COM ").unwrap(), "ada@example.com");
        for bad in
            ["", "ada", "ada@", "@example.com", "a@b@c.d", "ada@localhost", "a b@c.de", "a@.de", "a,b@c.de"]
        {
            assert_eq!(checked_email(bad).unwrap_err().code, Code::InvalidInput, "{bad}");
        }
    }

    #[test]
    fn r_1_a_tag_does_not_make_another_person() {
        assert_eq!(person_of("ada+upwork@example.com"), "ada@example.com");
        assert_eq!(person_of("ada@example.com"), "ada@example.com");
    }

    #[test]
    fn p_5_sanctioned_countries_cannot_register() {
        let list = ["KP".to_owned()];
        assert_eq!(checked_country("us", &list).unwrap(), "US");
        assert_eq!(checked_country("KP", &list).unwrap_err().code, Code::CountryNotSupported);
        assert_eq!(checked_country("USA", &list).unwrap_err().code, Code::InvalidInput);
    }
}
