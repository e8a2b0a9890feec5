//! What Stripe calls things.

/// Whether a token can be the name of one of Stripe's payment methods; it becomes a part of a path.
pub(super) fn is_method(token: &str) -> bool {
    is_name(token, &["pm_"])
}

/// Whether this can be the name of one of Stripe's disputes; it becomes a part of a path.
pub(super) fn is_dispute(reference: &str) -> bool {
    is_name(reference, &["dp_", "du_"])
}

fn is_name(text: &str, prefixes: &[&str]) -> bool {
    let name = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or_default();
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A brand of cards as people know it.
pub(super) fn brand_of(brand: &str) -> String {
    match brand {
        "amex" => "American Express".to_owned(),
        "jcb" => "JCB".to_owned(),
        "unionpay" => "UnionPay".to_owned(),
        other => {
            let mut letters = other.chars();
            letters
                .next()
                .map_or_else(|| "Card".to_owned(), |first| first.to_uppercase().chain(letters).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b_3_a_token_is_the_name_of_a_payment_method_and_no_path() {
        assert!(is_method("pm_1NXWPnI4") && is_method("pm_card_visa"));
        for bad in ["", "pm_", "tok_visa", "pm_x/../customers", "pm_x?expand=1", "pm_é", "4242424242424242"]
        {
            assert!(!is_method(bad), "{bad}");
        }
    }

    #[test]
    fn m_7_cards_are_called_as_people_know_them() {
        assert_eq!(["visa", "amex", "", "jcb"].map(brand_of), ["Visa", "American Express", "Card", "JCB"]);
    }
}
