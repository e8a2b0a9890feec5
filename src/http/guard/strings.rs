//! The values of strings: escapes, surrogate pairs, and the indentation of block strings.

/// The value of a string token, which includes its quotation marks; `None` when an escape in it is invalid.
pub(super) fn value(token: &str) -> Option<String> {
    match token.strip_prefix("\"\"\"") {
        Some(block) => Some(block_value(block.strip_suffix("\"\"\"")?)),
        None => unescaped(token.strip_prefix('"')?.strip_suffix('"')?),
    }
}

fn unescaped(text: &str) -> Option<String> {
    let (mut value, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once('\\') {
        value.push_str(before);
        let mut chars = after.chars();
        let escaped = match chars.next()? {
            c @ ('"' | '\\' | '/') => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let (c, left) = unicode(chars.as_str())?;
                value.push(c);
                rest = left;
                continue;
            }
            _ => return None,
        };
        value.push(escaped);
        rest = chars.as_str();
    }
    value.push_str(rest);
    Some(value)
}

/// The character of `\u{1F600}`, `\u00e9` or the pair `\ud83d\ude00`, after its `\u`; `None` for half a pair.
fn unicode(text: &str) -> Option<(char, &str)> {
    if let Some(braced) = text.strip_prefix('{') {
        let (digits, rest) = braced.split_once('}')?;
        return Some((char::from_u32(hex(digits)?)?, rest));
    }
    let (first, rest) = four(text)?;
    if !(0xd800..0xdc00).contains(&first) {
        return Some((char::from_u32(first)?, rest));
    }
    let (second, rest) = four(rest.strip_prefix("\\u")?)?;
    let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    Some((char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + low)?, rest))
}

fn four(text: &str) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    Some((hex(digits)?, rest))
}

fn hex(digits: &str) -> Option<u32> {
    // `from_str_radix` would accept a sign.
    let is_hex = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

/// Without the indentation that all lines but the first share, and without blank lines at both ends.
fn block_value(raw: &str) -> String {
    let raw = raw.replace("\\\"\"\"", "\"\"\"").replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<_> = raw.split('\n').collect();
    let common = lines.iter().skip(1).filter(|line| !is_blank(line)).map(|line| indent_of(line)).min();
    let cut = |(at, line): (usize, &&str)| match common {
        Some(common) if at > 0 => line.get(common..).unwrap_or_default().to_owned(),
        _ => (*line).to_owned(),
    };
    let start = lines.iter().position(|line| !is_blank(line)).unwrap_or(lines.len());
    let end = lines.iter().rposition(|line| !is_blank(line)).map_or(start, |last| last + 1);
    let kept: Vec<_> = lines.iter().enumerate().map(cut).skip(start).take(end - start).collect();
    kept.join("\n")
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

fn is_blank(line: &str) -> bool {
    indent_of(line) == line.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(token: &str) -> Option<String> {
        value(token)
    }

    #[test]
    fn escapes_are_read_as_the_specification_says() {
        for (token, expected) in [
            (r#""""#, ""),
            (r#""simple""#, "simple"),
            (r#"" white space ""#, " white space "),
            (r#""quote \"""#, "quote \""),
            (r#""escaped \n\r\b\t\f""#, "escaped \n\r\u{8}\t\u{c}"),
            (r#""slashes \\ \/""#, "slashes \\ /"),
            (r#""unicode \u1234\u5678\u90AB\uCDEF""#, "unicode \u{1234}\u{5678}\u{90AB}\u{CDEF}"),
            (r#""unicode \u{1234}\u{5678}\u{90AB}\u{CDEF}""#, "unicode \u{1234}\u{5678}\u{90AB}\u{CDEF}"),
            (r#""\u{1F600} \ud83d\ude00 \uD83D\uDE00""#, "\u{1f600} \u{1f600} \u{1f600}"),
            (r#""\u{00000000} \u{10FFFF} \u{0}""#, "\u{0} \u{10ffff} \u{0}"),
            (r#""\uD7FF\uE000""#, "\u{d7ff}\u{e000}"),
            ("\"\u{1f600}\"", "\u{1f600}"),
        ] {
            assert_eq!(of(token).as_deref(), Some(expected), "{token}");
        }
    }

    #[test]
    fn what_is_no_escape_is_no_string() {
        for token in [
            r#""bad \z esc""#,
            r#""bad \x esc""#,
            r#""\u1 esc""#,
            r#""\u0ZZ1""#,
            r#""\uZZZZ""#,
            r#""\uFZZZ""#,
            r#""\u{}""#,
            r#""\u{FZZZ}""#,
            r#""\u{110000}""#,
            r#""\u{D83D}""#,
            r#""\u{FFFFFFFFF}""#,
            r#""\u{12""#,
            r#""\uD83D""#,
            r#""\uDE00""#,
            r#""\uDEAD\uDEAD""#,
            r#""\uD83D\uD83D""#,
            r#""\uD83D\n""#,
            r#""\u+123""#,
            r#""\uD83D\u{DE00}""#,
            "\"\\u12\u{e9}\"",
        ] {
            assert_eq!(of(token), None, "{token}");
        }
    }

    #[test]
    fn block_strings_lose_the_indentation_that_they_share() {
        for (raw, expected) in [
            ("", ""),
            ("simple", "simple"),
            (" white space ", " white space "),
            ("contains \" quote", "contains \" quote"),
            ("contains \\\"\"\" triple quote", "contains \"\"\" triple quote"),
            ("unescaped \\n\\r\\b\\t\\f\\u1234", "unescaped \\n\\r\\b\\t\\f\\u1234"),
            ("multi\nline", "multi\nline"),
            ("multi\rline\r\nnormalized", "multi\nline\nnormalized"),
            (
                "\n\n        spans\n          multiple\n            lines\n\n        ",
                "spans\n  multiple\n    lines",
            ),
            (
                "\n    Hello,\n      World!\n\n    Yours,\n      GraphQL.\n  ",
                "Hello,\n  World!\n\nYours,\n  GraphQL.",
            ),
            ("    a\n  b\n   \n  c", "    a\nb\n \nc"),
            ("a\n    b\n  \n    c", "a\nb\n\nc"),
            ("\n\t\u{e9}\n\t\u{1f600}", "\u{e9}\n\u{1f600}"),
            (" \n\t\n ", ""),
        ] {
            assert_eq!(of(&format!("\"\"\"{raw}\"\"\"")).as_deref(), Some(expected), "{raw:?}");
        }
    }
}
