//! E-mail addresses: parsed once on input, as strictly as the mailer does, into the form that is stored.

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

use super::{
    invalid,
    text::{composed, is_ignorable},
};
use crate::error::Rejection;

/// Maximum bytes of an address (RFC 5321).
const MOST_BYTES: usize = 254;

/// An e-mail address as it is stored: the part before the @ in lower case and NFC, the domain in ASCII as the DNS
/// knows it (UTS 46).
///
/// # Errors
/// `INVALID_INPUT`, also for an address that mail cannot be sent to.
pub fn email(field: &str, typed: &str) -> Result<String, Rejection> {
    let no_address = || invalid(field, "This is not an e-mail address. Write it like name@example.com.");
    parsed(typed.trim()).ok_or_else(no_address)
}

fn parsed(typed: &str) -> Option<String> {
    let (local, domain) = typed.split_once('@').filter(|_| typed.len() <= 4 * MOST_BYTES)?;
    let local = composed(&composed(local).to_lowercase());
    // `"ada"` and `ada` before the @ are one address, and nobody writes the first.
    if local.contains(|c: char| c == '"' || c.is_whitespace() || c.is_control() || is_ignorable(c)) {
        return None;
    }
    let (hyphens, length) = (Hyphens::CheckFirstLast, DnsLength::Verify);
    let domain = Uts46::new().to_ascii(domain.as_bytes(), AsciiDenyList::STD3, hyphens, length).ok()?;
    // No top-level domain is a number: that is the address of a machine.
    let (_, top) = domain.rsplit_once('.')?;
    if top.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let address = lettre::Address::new(local, domain).ok()?.to_string();
    (address.len() <= MOST_BYTES).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn an_address_has_one_form() {
        for (typed, stored) in [
            (" Ada@Example.COM ", "ada@example.com"),
            ("a@bücher.example", "a@xn--bcher-kva.example"),
            ("a@BU\u{308}CHER.example", "a@xn--bcher-kva.example"),
            ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
            ("a@example。com", "a@example.com"),
            ("Jose\u{301}@example.com", "josé@example.com"),
            ("JOSÉ@example.com", "josé@example.com"),
            ("a.b+c-d_e'f@ab--cd.example", "a.b+c-d_e'f@ab--cd.example"),
            ("a@straße.example", "a@xn--strae-oqa.example"),
        ] {
            assert_eq!(email("email", typed).unwrap(), stored, "{typed}");
            assert_eq!(email("email", stored).unwrap(), stored, "stored as it is");
        }
    }

    #[test]
    fn what_the_mailer_cannot_write_is_no_address() {
        let long = format!("{}@example.com", "a".repeat(65));
        let longer = format!("{}@{}example.com", "a".repeat(64), "abc.".repeat(50));
        for bad in [
            "",
            "ada",
            "ada@",
            "@example.com",
            "a@b@c.d",
            "ada@localhost",
            "a b@c.de",
            "a@.de",
            "a,b@c.de",
            "foo..bar@example.com",
            "foo.@example.com",
            ".foo@example.com",
            "a;b@example.com",
            "a@-b.example",
            "a@b-.example",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@example.com.",
            "a@exa_mple.com",
            "a\u{200B}@example.com",
            "\u{FEFF}a@example.com",
            "a\u{AD}@example.com",
            "\"ada\"@example.com",
            "a@xn--a.example",
            "a\r\nBcc: b@example.com",
            &long,
            &longer,
        ] {
            let no = email("email", bad).unwrap_err();
            assert_eq!((no.code, no.field), (Code::InvalidInput, vec!["email".to_owned()]), "{bad:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_stored_can_be_mailed_and_is_stored_the_same(typed in "\\PC{1,9}@\\PC{1,9}\\.[a-z]{2}") {
            if let Ok(stored) = email("email", &typed) {
                proptest::prop_assert!(stored.parse::<lettre::Address>().is_ok());
                proptest::prop_assert_eq!(email("email", &stored).unwrap(), stored);
            }
        }
    }
}
