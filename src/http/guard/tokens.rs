//! A document's lexical tokens, counted as the language has them, and how deep its brackets nest:
//! before anything parses it.

/// What a document is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Lexed {
    /// Tokens: names, numbers, strings, punctuation.
    pub tokens: usize,
    /// Brackets of any kind that are open at once, at most.
    pub nesting: usize,
}

/// Counts; white space, commas and comments are no tokens.
pub(super) fn lex(document: &str) -> Lexed {
    let bytes = document.as_bytes();
    let (mut at, mut open, mut lexed) = (0, 0usize, Lexed::default());
    while at < bytes.len() {
        match bytes[at] {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at += bytes[at..].iter().position(|byte| is_line_end(*byte)).unwrap_or(bytes.len() - at);
                continue;
            }
            b'"' => at = end_of_string(bytes, at),
            byte if is_word(byte) => {
                while at < bytes.len() && (is_word(bytes[at]) || bytes[at] == b'.') {
                    at += 1;
                }
            }
            b'.' if bytes[at..].starts_with(b"...") => at += 3,
            byte => {
                match byte {
                    b'{' | b'(' | b'[' => open += 1,
                    b'}' | b')' | b']' => open = open.saturating_sub(1),
                    _ => {}
                }
                lexed.nesting = lexed.nesting.max(open);
                at += 1;
            }
        }
        lexed.tokens += 1;
    }
    lexed
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+')
}

/// Where the string that begins at `at` ends. In a block string only `\"""` is an escape; in another one a
/// backslash escapes what follows, and the line's end ends what is not a string.
fn end_of_string(bytes: &[u8], at: usize) -> usize {
    if bytes[at..].starts_with(b"\"\"\"") {
        return end_of_block(bytes, at + 3);
    }
    let mut here = at + 1;
    while here < bytes.len() && !is_line_end(bytes[here]) {
        match bytes[here] {
            b'"' => return here + 1,
            b'\\' => here += 2,
            _ => here += 1,
        }
    }
    here.min(bytes.len())
}

fn end_of_block(bytes: &[u8], mut here: usize) -> usize {
    while here < bytes.len() {
        if bytes[here..].starts_with(b"\\\"\"\"") {
            here += 4;
        } else if bytes[here..].starts_with(b"\"\"\"") {
            return here + 3;
        } else {
            here += 1;
        }
    }
    here
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(document: &str) -> usize {
        lex(document).tokens
    }

    #[test]
    fn tokens_are_counted_as_the_language_does() {
        assert_eq!(tokens("{ a(b: \"x } y\") , # c d e\n ...F }"), 10);
        assert_eq!(tokens("\"\"\" a \"b\" \\\"\"\" \"\"\" x"), 2);
        assert_eq!(tokens("\"never ends"), 1);
        assert_eq!(tokens("#\r{ a }"), 3, "a carriage return ends a comment too");
        assert_eq!(tokens("\"\"\"\\\"\"\" x \"\"\" y z"), 3, "an escaped quote ends no block string");
        assert_eq!(tokens("\"\"\"a\\ \"\"\" x y"), 3, "and a backslash escapes nothing else there");
        assert_eq!(tokens("\"a\\\"b\" x"), 2);
        assert_eq!(tokens("\"a\n b c"), 3, "a line's end ends a string");
    }

    #[test]
    fn brackets_are_counted_where_they_are_open_at_once() {
        assert_eq!(lex("{ a(b: [[1], {c: 2}]) { d } }").nesting, 4);
        assert_eq!(lex("}}} { \"{{{{\" # {{{\n }").nesting, 1);
        assert_eq!(lex(&"[".repeat(5_000)).nesting, 5_000);
    }
}
