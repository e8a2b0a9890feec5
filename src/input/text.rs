//! Texts: stored in one form of Unicode (NFC), and measured by what can be seen of them.

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{BidiControl, DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup},
};
use unicode_segmentation::UnicodeSegmentation;

use super::invalid;
use crate::error::Rejection;

/// Maximum code points of one character, accents and joined emoji included.
const MOST_OF_ONE: usize = 32;

/// Maximum code points of a text, for each character that it may have.
const MOST_ON_AVERAGE: usize = 4;

/// Maximum bytes of a text, for each character that it may have, before the text is examined.
const MOST_BYTES: usize = 4 * MOST_ON_AVERAGE;

/// Symbols and letters that are invisible although Unicode does not list them as ignorable.
const BLANKS: [char; 4] = ['\u{2800}', '\u{13441}', '\u{13442}', '\u{1D159}'];

/// `text` in NFC with line ends as `\n` and without surrounding white space, if it has `min` to `max` visible
/// characters and no control characters but line breaks and tabs. A text without visible characters is empty.
///
/// # Errors
/// `INVALID_INPUT` that names `field` and says what is allowed.
pub fn text(field: &str, text: &str, min: usize, max: usize) -> Result<String, Rejection> {
    let text = composed(short(field, text, min, max)?).replace("\r\n", "\n").replace('\r', "\n");
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err(invalid(field, "This text has a control character. Remove it."));
    }
    sized(field, text, min, max)
}

/// As [`text`], for what is shown within a line, such as a name or a title: it has no line breaks or tabs, and
/// nothing that changes the writing direction of the text after it.
///
/// # Errors
/// `INVALID_INPUT` that names `field` and says what is allowed.
pub fn line(field: &str, text: &str, min: usize, max: usize) -> Result<String, Rejection> {
    let text = composed(short(field, text, min, max)?);
    if text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        let sentence = "This text has a line break or a control character. Write it on one line.";
        return Err(invalid(field, sentence));
    }
    if text.chars().any(|c| CodePointSetData::new::<BidiControl>().contains(c)) {
        let sentence = "This text has an invisible character that changes the writing direction. Remove it.";
        return Err(invalid(field, sentence));
    }
    sized(field, text, min, max)
}

/// The number of visible characters of `text`: grapheme clusters, white space included.
pub fn seen(text: &str) -> usize {
    text.graphemes(true).filter(|one| one.chars().any(|c| c.is_whitespace() || is_seen(c))).count()
}

/// Whether `text` has a visible character.
pub fn is_something(text: &str) -> bool {
    text.chars().any(is_seen)
}

/// `text` in NFC: composed and decomposed letters become one.
pub fn composed(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned()
}

/// `text` in NFKC: as NFC, and characters that differ only in width, font or position become one.
pub fn plain(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfkc().normalize(text).into_owned()
}

/// `text` as it is compared where neither form nor case counts: NFKC, case folded, without ignorables. `ς`
/// is `σ`, `µ` is `μ`, `ß` is `ss`, and `I`, `i`, `İ` and `ı` are one letter, whatever language it is.
pub fn folded(text: &str) -> String {
    // Down, up and down again is the full case folding, except for the dot of `İ`.
    let cases = plain(text)
        .chars()
        .filter(|&c| !is_ignorable(c))
        .flat_map(char::to_lowercase)
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .collect::<String>();
    plain(&cases).replace("i\u{307}", "i")
}

/// Whether a combining mark, which is part of the letter before it.
pub fn is_mark(c: char) -> bool {
    GeneralCategoryGroup::Mark.contains(category(c))
}

/// Whether it is invisible by design.
pub fn is_ignorable(c: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// `text` without surrounding white space, unless it is too long to be worth measuring.
fn short<'a>(field: &str, text: &'a str, min: usize, max: usize) -> Result<&'a str, Rejection> {
    let text = text.trim();
    if text.len() > MOST_BYTES * max {
        return Err(invalid(field, format!("This text is far too long. Write {min} to {max} characters.")));
    }
    Ok(text)
}

fn sized(field: &str, text: String, min: usize, max: usize) -> Result<String, Rejection> {
    let text = if is_something(&text) { text } else { String::new() };
    let length = seen(&text);
    if length < min || length > max {
        let sentence = format!("This text has {length} visible characters. Write {min} to {max}.");
        return Err(invalid(field, sentence));
    }
    if text.graphemes(true).any(|one| one.chars().count() > MOST_OF_ONE) {
        let sentence =
            format!("A character of this text has more than {MOST_OF_ONE} parts. Remove some of its marks.");
        return Err(invalid(field, sentence));
    }
    if text.chars().count() > MOST_ON_AVERAGE * max {
        return Err(invalid(field, "This text has too many marks and invisible characters. Remove some."));
    }
    Ok(text)
}

/// Whether it is visible by itself.
fn is_seen(c: char) -> bool {
    let unseen = GeneralCategoryGroup::Mark
        .union(GeneralCategoryGroup::Separator)
        .union(GeneralCategoryGroup::from(GeneralCategory::Control))
        .union(GeneralCategoryGroup::from(GeneralCategory::Format));
    !unseen.contains(category(c)) && !is_ignorable(c) && !BLANKS.contains(&c)
}

fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn text_is_trimmed_composed_and_free_of_control_characters() {
        assert_eq!(text("f", "  Gru\u{308}ße\r\n ", 1, 5).unwrap(), "Grüße");
        assert_eq!(text("f", "a\r\nb\rc\td", 1, 9).unwrap(), "a\nb\nc\td");
        assert_eq!(text("f", "   ", 1, 5).unwrap_err().code, Code::InvalidInput);
        assert_eq!(text("f", "   ", 0, 5).unwrap(), "");
        for bad in ["abcdef", "a\0b", "a\u{1b}b", "a\u{85}b"] {
            assert!(text("f", bad, 1, 5).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn the_length_counts_what_can_be_seen() {
        for (shown, length) in [
            ("👨‍👩‍👧‍👦", 1),
            ("🏴󠁧󠁢󠁷󠁬󠁳󠁿", 1),
            ("❤️", 1),
            ("Ada Byron", 9),
            ("e\u{301}", 1),
            ("हिन्दी", 2),
            ("a\u{200B}b", 2),
            ("\u{AD}\u{FEFF}", 0),
        ] {
            assert_eq!(seen(shown), length, "{shown}");
        }
        let family = "👨‍👩‍👧‍👦".repeat(3);
        assert_eq!(line("f", &family, 1, 8).unwrap(), family, "joiners within emoji stay");
        assert_eq!(line("f", "نامه\u{200C}ای", 1, 9).unwrap(), "نامه\u{200C}ای", "so do those of letters");
    }

    #[test]
    fn a_text_of_nothing_that_can_be_seen_is_empty() {
        for nothing in [
            "\u{200B}",
            "\u{3164}",
            "\u{2800}",
            "\u{2800} \u{2800}",
            "\u{301}",
            "\u{FEFF}\u{200D}",
            "\u{AD}",
            "\u{E0041}",
            "\u{115F}\u{1160}",
            "\u{180E}",
            "\u{1D159}",
            "\u{2028}",
        ] {
            assert!(text("f", nothing, 1, 9).is_err(), "{nothing:?}");
            assert!(line("f", nothing, 1, 9).is_err(), "{nothing:?}");
            assert_eq!(text("f", nothing, 0, 9).unwrap(), "", "{nothing:?}");
        }
    }

    #[test]
    fn a_line_is_one_line_in_one_direction() {
        for bad in [
            "Ada\nByron",
            "Ada\r\nByron",
            "Ada\tByron",
            "Ada\u{2028}Byron",
            "Ada\u{2029}Byron",
            "Ada\u{85}Byron",
        ] {
            assert!(line("f", bad, 1, 99).is_err(), "{bad:?}");
        }
        for turn in
            "\u{61C}\u{200E}\u{200F}\u{202A}\u{202B}\u{202C}\u{202D}\u{202E}\u{2066}\u{2067}\u{2068}\u{2069}"
                .chars()
        {
            let turned = format!("Ada {turn}Byron");
            assert!(line("f", &turned, 1, 99).is_err(), "{turned:?}");
            assert!(text("f", &turned, 1, 99).is_ok(), "a letter may have it");
        }
        assert_eq!(line("f", "עדה לאבלייס", 1, 99).unwrap(), "עדה לאבלייס");
    }

    #[test]
    fn what_one_character_hides_is_bounded() {
        let marks = |count: usize| format!("a{}", "\u{33D}".repeat(count));
        assert!(text("f", &marks(20), 1, 100).is_ok());
        assert!(text("f", &marks(100_000), 1, 100).is_err());
        assert!(text("f", &format!("a{}", "\u{200B}".repeat(100_000)), 1, 100).is_err());
        assert!(text("f", &marks(20).repeat(100), 1, 100).is_err(), "not all of them");
        let long = text("f", &"a".repeat(100_000), 1, 100).unwrap_err().message;
        assert_eq!(long, "This text is far too long. Write 1 to 100 characters.");
    }

    #[test]
    fn folding_depends_on_neither_form_nor_case() {
        for (one, other) in [
            ("ς", "Σ"),
            ("µ", "Μ"),
            ("Straße", "STRASSE"),
            ("ẞ", "ß"),
            ("İstanbul", "istanbul"),
            ("ISPARTA", "ısparta"),
            ("ﬁt", "FIT"),
            ("Ｒｕｓｔ", "rust"),
            ("donne\u{301}es", "DONNÉES"),
            ("Java\u{AD}Script", "javascript"),
        ] {
            assert_eq!(folded(one), folded(other));
        }
        let decomposed = icu_normalizer::DecomposingNormalizerBorrowed::new_nfd();
        for c in ('\0'..'\u{20000}').map(|c| c.to_string()) {
            let once = folded(&c);
            assert_eq!(folded(&once), once, "{c:?}");
            assert_eq!(folded(&decomposed.normalize(&c)), once, "{c:?}");
            for case in [c.to_lowercase(), c.to_uppercase()] {
                assert_eq!(folded(&case), once, "{c:?}");
            }
        }
    }
}
