//! Texts in the characters that banks accept.

use deunicode::deunicode;

/// `text` in letters, digits and `/-?:().,'+` and spaces, as SEPA has them; other letters by their nearest spelling. At most
/// `most` characters.
pub fn sepa(text: &str, most: usize) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "/-?:().,'+ ".contains(c) { c } else { '.' };
    let text: String = deunicode(text).chars().map(plain).collect();
    // A bank refuses a text that begins or ends with a slash.
    let ends = |c: char| c == '/' || c == ' ';
    let cut: String = text.trim_matches(ends).chars().take(most).collect();
    cut.trim_end_matches(ends).to_owned()
}

/// `text` in capitals, digits and `.&/-` and spaces, as BACS has them, filled up to `width`.
pub fn bacs(text: &str, width: usize) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || ".&/- ".contains(c) { c } else { ' ' };
    let text: String = deunicode(text).to_ascii_uppercase().chars().map(plain).take(width).collect();
    format!("{text:<width$}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn w_2_names_are_spelled_in_the_characters_that_banks_accept() {
        assert_eq!(sepa("Ångström & Søn", 70), "Angstrom . Son");
        assert_eq!(sepa("Łukasz Żółć", 70), "Lukasz Zolc");
        assert_eq!(sepa("/ Ann/Lee /", 4), "Ann");
        assert_eq!(bacs("José O'Neill-Müller", 18), "JOSE O NEILL-MULLE");
        assert_eq!(bacs("Ann", 6), "ANN   ");
    }

    proptest! {
        #[test]
        fn w_2_whatever_a_name_is_it_is_accepted(name: String) {
            let allowed = |c: char| c.is_ascii_alphanumeric() || "/-?:().,'+ ".contains(c);
            prop_assert!(!sepa(&name, 4).starts_with(['/', ' ']) && !sepa(&name, 4).ends_with(['/', ' ']));
            prop_assert!(sepa(&name, 70).chars().all(allowed) && sepa(&name, 70).len() <= 70);
            let text = bacs(&name, 18);
            prop_assert!(text.len() == 18 && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || ".&/- ".contains(c)));
        }
    }
}
